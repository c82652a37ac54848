import type { EvidenceKind, Location, Problem, ProblemKind } from '../../model/index.ts';
import { problemOf } from '../problem.ts';
import { isFields, layerOf, parsed, type SbomReading, text, texts } from './reading.ts';

const kinds: readonly ProblemKind[] = ['unreadable', 'unsupported', 'incomparable', 'limit', 'removed', 'contradiction', 'no-data', 'stale'];

/** A place as an SBOM's author claims it; undefined where it is none. */
export function locationOf(value: unknown): Location | undefined {
  if (!isFields(value) || text(value.path)?.startsWith('/') !== true) return undefined;
  const whole = (given: unknown, from: number): number | undefined =>
    typeof given === 'number' && Number.isSafeInteger(given) && given >= from ? given : undefined;
  const layer = whole(value.layer, 0);
  const line = whole(value.line, 1);
  const member = text(value.member);
  return {
    path: value.path as string,
    ...(layer === undefined ? {} : { layer }),
    ...(line === undefined ? {} : { line }),
    ...(member === undefined ? {} : { member }),
  };
}

/** What could not be read when the SBOM was written still is not known: a problem goes on as one. */
function problemIn(value: unknown, subject: string): Problem[] {
  const fields = isFields(value) ? value : {};
  const touched = text(fields.evidence) ?? 'packages';
  // Of other kinds an SBOM holds nothing anyway.
  if (touched !== 'packages' && touched !== 'distribution') return [];
  const evidence: EvidenceKind = touched;
  const scope = isFields(fields.scope) ? fields.scope : {};
  const ecosystem = text(scope.ecosystem);
  const ecosystems = texts(scope.ecosystems);
  const kind = kinds.find((each) => each === fields.kind) ?? 'unreadable';
  const problem = problemOf({
    kind,
    evidence,
    cause: fields.cause === 'image' ? 'image' : 'outside',
    ...(ecosystem === undefined ? {} : { ecosystem }),
    ...(ecosystems.length === 0 ? {} : { ecosystems }),
    what: text(fields.what) ?? 'something in the image',
    why: text(fields.why) ?? 'it could not be read when the SBOM was written',
    location: locationOf(fields.location) ?? null,
    subject,
  });
  const id = text(fields.id);
  return [id !== undefined && id.length <= 300 ? { ...problem, id } : problem];
}

/** Takes in what Portcullis writes beside the words of a format: `portcullis:NAME` and a value. True when it was one of these. */
export function takeOwnWord(reading: SbomReading, name: string, value: string): boolean {
  switch (name) {
    case 'portcullis:platform':
      reading.platform = value;
      return true;
    case 'portcullis:tag':
      if (value !== '') reading.tags.push(value);
      return true;
    case 'portcullis:layer':
      reading.layers.push(layerOf(parsed(value), reading.layers.length));
      return true;
    case 'portcullis:searched':
      reading.searched = value.split(',').filter((type) => type !== '');
      return true;
    case 'portcullis:problem':
      reading.problems.push(...problemIn(parsed(value), `${reading.problems.length}`));
      return true;
    default:
      return name.startsWith('portcullis:');
  }
}
