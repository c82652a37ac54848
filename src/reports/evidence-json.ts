import type { EvidenceDocument } from '../model/index.ts';
import { jsonPieces } from './json-pieces.ts';
import { defineReporter } from './reporter.ts';

/** The same value with the members of every object in the order of their names' code units. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([key, member]) => [key, sorted(member)]),
  );
}

/** JSON text in one order of members, in pieces: the same value gives the same text. */
export function* orderedJson(value: unknown): Iterable<string> {
  // document, images, image, facts, packages
  yield* jsonPieces(sorted(value), 5);
}

/** Stored evidence (`schemas/evidence.v1.json`) in one order of members: the same evidence gives the same bytes. */
export const evidenceJson = defineReporter<EvidenceDocument>({
  name: 'json',
  summary: 'Everything known about an image, to be judged again.',
  mediaType: 'application/json',
  *render(document) {
    yield* orderedJson(document);
    yield '\n';
  },
});
