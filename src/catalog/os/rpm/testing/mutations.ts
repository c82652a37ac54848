import { expect } from 'vitest';
import { namesAndVersions, type Reading } from './read-with.ts';

/** A reproducible source of numbers from 0 up to 1 (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Reads damaged copies of a database and expects of each: nothing thrown; either the same packages as before or a
 * problem; and no package that the whole database doesn't have. `focus` bytes at the start get half of the changes.
 */
export function expectMutationsToShow(
  whole: Uint8Array,
  read: (bytes: Uint8Array) => Reading,
  options: { readonly rounds: number; readonly focus: number; readonly seed: number },
): void {
  const truth = namesAndVersions(read(whole));
  expect(truth.length).toBeGreaterThan(0);
  expect(read(whole).problems).toEqual([]);
  const random = seeded(options.seed);
  const below = (end: number): number => Math.floor(random() * end);
  for (let round = 0; round < options.rounds; round++) {
    let bytes = Uint8Array.from(whole);
    let change: string;
    if (round % 4 === 3) {
      bytes = bytes.subarray(0, below(bytes.length));
      change = `cut off at ${bytes.length}`;
    } else {
      const at = below(round % 2 === 0 ? bytes.length : options.focus);
      const value = round % 4 === 0 ? below(256) : round % 4 === 1 ? 0xff : 0;
      change = `byte ${at} is ${value} for ${bytes[at]}`;
      bytes[at] = value;
    }
    const reading = read(bytes);
    const found = namesAndVersions(reading);
    if (reading.problems.length === 0) expect(found, change).toEqual(truth);
    else for (const name of found) expect(truth, change).toContain(name);
  }
}
