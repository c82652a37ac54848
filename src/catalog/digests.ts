import { createHash, hash } from 'node:crypto';
import type { FileDigestAlgorithm } from '../model/index.ts';
import type { CatalogProblem, DigestsFact, Fact, PieceReader } from './cataloger.ts';

export const digestAlgorithms: readonly FileDigestAlgorithm[] = ['md5', 'sha1', 'sha256'];

/** Holes larger than this in all are not hashed: a sparse file can claim any size. */
const MAX_ZEROS = 16 * 1024 * 1024 * 1024;
const zeros = Buffer.alloc(64 * 1024);

/** The digests of a content that is there as a whole. */
export function digestsOf(bytes: Uint8Array, algorithms: readonly FileDigestAlgorithm[]): DigestsFact['digests'] {
  // In one call: an object for each file and algorithm would cost as much as hashing.
  return Object.fromEntries(algorithms.map((algorithm) => [algorithm, hash(algorithm, bytes, 'hex')]));
}

/** Computes the digests of a content that comes in pieces, and says what they give. */
export function digestReader(
  path: string,
  algorithms: readonly FileDigestAlgorithm[],
  give: (digests: DigestsFact['digests']) => Iterable<Fact<'digests'> | CatalogProblem>,
): PieceReader<'digests'> {
  const hashes = algorithms.map((algorithm) => [algorithm, createHash(algorithm)] as const);
  let skipped = 0;
  const write = (piece: Uint8Array): void => {
    for (const [, each] of hashes) each.update(piece);
  };
  return {
    write,
    skip: (count) => {
      skipped += count;
      if (skipped > MAX_ZEROS) return;
      for (let left = count; left > 0; left -= zeros.length) write(left >= zeros.length ? zeros : zeros.subarray(0, left));
    },
    *end() {
      if (skipped > MAX_ZEROS) yield { problem: { kind: 'limit', what: `/${path}`, why: `it has ${skipped} bytes of holes, more than are hashed` } };
      else yield* give(Object.fromEntries(hashes.map(([algorithm, each]) => [algorithm, each.digest('hex')])));
    },
  };
}
