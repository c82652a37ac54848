import type { NamedTrigger } from '../../gates/index.ts';
import type { Diagnostics } from '../diagnostic.ts';
import type { Vocabulary } from '../vocabulary.ts';
import { quoted } from './text-lines.ts';

/** `CVE-2016-2108`, `RHSA-2016:0996`, `GHSA-…`: an advisory without the package that a finding's id adds. */
const advisory = /^[A-Z][A-Z0-9]*-[^+*]+$/;
const md5 = /^[0-9a-f]{32}$/;

/** Where a whitelist's id stands. */
export interface IdPlace {
  readonly gate: string;
  readonly line: number;
  readonly column: number;
}

function constantIds(triggers: ReadonlyMap<string, NamedTrigger> | undefined): ReadonlySet<string> {
  return new Set([...(triggers?.values() ?? [])].flatMap(({ line }) => (line.legacyId === undefined ? [] : [line.legacyId])));
}

/**
 * The pattern that a whitelist's id stands for. An advisory's id alone covers that advisory, exactly, in any package;
 * ids of the old tool that hang on its wording can't be found again and are reported.
 */
export function readWhitelistId(id: string, place: IdPlace, vocabulary: Vocabulary, diagnostics: Diagnostics): string {
  const warn = (code: string, message: string, hint: string): void =>
    diagnostics.add({ level: 'warning', code, message, line: place.line, column: place.column, hint });
  const triggers = vocabulary.gates.get(place.gate);
  if (md5.test(id) && triggers !== undefined && !constantIds(triggers).has(id)) {
    warn(
      'wording-id',
      `${id} was made from the old tool’s wording and covers nothing here`,
      'judge the image with --show-triggerids and put the new id in its place',
    );
  }
  if (!advisory.test(id)) return id;
  if (/^CVE-/.test(id) && !/^CVE-\d{4}-\d{4,}$/.test(id)) {
    warn(
      'incomplete-id',
      `${quoted(id)} is no whole CVE id; the old tool took it for a beginning, here it covers that id alone`,
      'write the CVE ids that are meant, or end it with *',
    );
  }
  return `${id}+*`;
}
