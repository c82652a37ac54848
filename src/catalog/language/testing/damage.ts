import fc from 'fast-check';
import { expect } from 'vitest';
import { type PackageCataloger, readWith } from './read-with.ts';

/**
 * Reads damaged copies of a file: cut off, with bytes changed, with a piece written twice. Nothing may be thrown, and no copy may be read
 * as a file that is whole and holds nothing.
 */
export function expectDamageToShow(cataloger: PackageCataloger, path: string, content: Uint8Array | string, rounds = 300): void {
  const whole = Buffer.from(content as string);
  expect(readWith(cataloger, path, whole).packages).not.toEqual([]);
  expect(readWith(cataloger, path, whole).problems).toEqual([]);
  const place = fc.nat(whole.length - 1);
  const change = fc.oneof(
    fc.record({ kind: fc.constant('cut' as const), at: place }),
    fc.record({ kind: fc.constant('change' as const), at: place, bytes: fc.uint8Array({ minLength: 1, maxLength: 8 }) }),
    fc.record({ kind: fc.constant('repeat' as const), at: place, length: fc.integer({ min: 1, max: 64 }) }),
  );
  fc.assert(
    fc.property(change, (given) => {
      const { packages, problems } = readWith(cataloger, path, damaged(whole, given));
      return packages.length + problems.length > 0;
    }),
    { numRuns: rounds },
  );
}

function damaged(
  whole: Buffer,
  change: { kind: 'cut'; at: number } | { kind: 'change'; at: number; bytes: Uint8Array } | { kind: 'repeat'; at: number; length: number },
): Buffer {
  const { at } = change;
  if (change.kind === 'cut') return whole.subarray(0, at);
  if (change.kind === 'change') return Buffer.concat([whole.subarray(0, at), change.bytes, whole.subarray(at + change.bytes.length)]);
  return Buffer.concat([whole.subarray(0, at + change.length), whole.subarray(at)]);
}
