import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { PortcullisError } from '../../errors.ts';
import type { Match, VexDocument, VexMark } from '../../model/index.ts';
import { fieldsOf, type VexClaim, type VexReading } from './claim.ts';
import { isCsaf, readCsaf } from './csaf.ts';
import { isCycloneDx, readCycloneDx } from './cyclonedx.ts';
import { isOpenVex, readOpenVex } from './openvex.ts';
import { isProduct, type VexSubject } from './product.ts';

const maxBytes = 128 * 1024 * 1024;
const mostClaims = 1_000_000;
const unmatchedShown = 100;

interface Entry {
  readonly claim: VexClaim;
  readonly document: LoadedDocument;
  /** Later ones win: by time, then by place. */
  readonly time: number;
  readonly place: number;
  matched: boolean;
}

interface LoadedDocument {
  readonly source: string;
  readonly format: VexDocument['format'];
  readonly digest: string;
  readonly reading: VexReading;
  readonly entries: Entry[];
}

/** The statements of some VEX documents: marks the matches that they say don't count. */
export class VexSet {
  readonly #documents: LoadedDocument[] = [];
  readonly #byName = new Map<string, Entry[]>();

  /**
   * Reads VEX documents: OpenVEX, CycloneDX or CSAF, told by their content.
   * @throws {PortcullisError} VEX_INVALID
   */
  static async load(paths: readonly string[]): Promise<VexSet> {
    const set = new VexSet();
    for (const path of paths) set.#add(path, await readBytes(path));
    return set;
  }

  get isEmpty(): boolean {
    return this.#documents.length === 0;
  }

  #add(source: string, bytes: Buffer): void {
    const { format, reading } = readDocument(source, bytes);
    const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    const document: LoadedDocument = { source, format, digest, reading, entries: [] };
    this.#documents.push(document);
    let place = this.#documents.reduce((sum, each) => sum + each.entries.length, 0);
    for (const claim of reading.claims) {
      if (place >= mostClaims) throw invalid(source, `makes more than ${mostClaims} statements`);
      const time = claim.timestamp === null ? Number.NaN : Date.parse(claim.timestamp);
      const entry: Entry = { claim, document, time: Number.isNaN(time) ? Number.NEGATIVE_INFINITY : time, place: place++, matched: false };
      document.entries.push(entry);
      for (const name of new Set(claim.names.map(spelling))) {
        const known = this.#byName.get(name);
        if (known === undefined) this.#byName.set(name, [entry]);
        else known.push(entry);
      }
    }
  }

  /**
   * Marks the matches of an image that a statement says don't count; none is removed. Of several statements about the same
   * vulnerability and product the latest decides. A match that is about several CVEs is marked only when each of them is answered, or
   * the advisory itself.
   */
  mark(matches: readonly Match[], subject: VexSubject): readonly Match[] {
    if (this.isEmpty) return matches;
    return matches.map((match) => {
      const names = [...new Set([match.id, ...match.aliases])];
      const cves = names.filter((name) => name.startsWith('CVE-'));
      const latest = new Map(names.map((name) => [name, this.#latest(name, match, subject)]));
      const whole = newest((cves.length > 1 ? names.filter((name) => !cves.includes(name)) : names).map((name) => latest.get(name)));
      if (whole !== undefined) return whole.claim.excepts ? { ...match, vex: markOf(whole) } : match;
      const parts = cves.length > 1 ? cves.map((name) => latest.get(name)) : [];
      const last = newest(parts);
      return last !== undefined && parts.every((entry) => entry?.claim.excepts === true) ? { ...match, vex: markOf(last) } : match;
    });
  }

  #latest(name: string, match: Match, subject: VexSubject): Entry | undefined {
    const found = (this.#byName.get(spelling(name)) ?? []).filter((entry) => isProduct(entry.claim.product, match, subject));
    for (const entry of found) entry.matched = true;
    return newest(found);
  }

  /** What became of each document's statements, over all matches that were marked so far. */
  report(): readonly VexDocument[] {
    return this.#documents.map(({ source, format, digest, reading, entries }) => {
      const idle = entries.filter((entry) => !entry.matched).map(({ claim }) => ({ vulnerability: claim.names[0] ?? '', product: claim.product.text }));
      const refused = reading.refused.map(({ vulnerability, product, why }) => ({ vulnerability, product: `${product} (${why})` }));
      return {
        source,
        format,
        author: reading.author,
        digest,
        statements: entries.length + refused.length,
        matched: entries.length - idle.length,
        unmatched: [...refused, ...idle].slice(0, unmatchedShown),
      };
    });
  }
}

const spelling = (name: string): string => name.trim().toUpperCase();

function newest(entries: readonly (Entry | undefined)[]): Entry | undefined {
  let latest: Entry | undefined;
  for (const entry of entries) {
    if (entry === undefined) continue;
    if (latest === undefined || entry.time > latest.time || (entry.time === latest.time && entry.place > latest.place)) latest = entry;
  }
  return latest;
}

function markOf({ claim, document }: Entry): VexMark {
  const { status, justification, timestamp } = claim;
  return { source: document.source, author: document.reading.author, status, justification, timestamp };
}

function readDocument(source: string, bytes: Buffer): { readonly format: VexDocument['format']; readonly reading: VexReading } {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw invalid(source, 'is not JSON in UTF-8', cause);
  }
  const document = fieldsOf(json);
  if (isOpenVex(document)) return { format: 'openvex', reading: readOpenVex(document) };
  if (isCycloneDx(document)) return { format: 'cyclonedx', reading: readCycloneDx(document) };
  if (isCsaf(document)) return { format: 'csaf', reading: readCsaf(document) };
  throw invalid(source, 'is neither OpenVEX nor CycloneDX with vulnerabilities nor CSAF');
}

async function readBytes(path: string): Promise<Buffer> {
  try {
    const file = await open(path, 'r');
    try {
      if ((await file.stat()).size > maxBytes) throw new Error(`it is larger than ${maxBytes} bytes`);
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw invalid(path, `can't be read (${cause instanceof Error ? cause.message : String(cause)})`, cause);
  }
}

function invalid(source: string, why: string, cause?: unknown): PortcullisError {
  return new PortcullisError('VEX_INVALID', `The VEX document ${source} ${why}.`, {
    hint: 'Known are OpenVEX, CycloneDX and CSAF in JSON (docs/vulnerabilities.md).',
    ...(cause === undefined ? {} : { cause }),
  });
}
