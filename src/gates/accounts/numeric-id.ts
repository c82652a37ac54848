/** Longer numbers are no ids of anybody's: it also bounds the arithmetic. */
const LONGEST = 40;

/**
 * An id as the C libraries read it, so that ids written otherwise are the same: `00` and `+0` are 0, and so is 4294967296 for musl,
 * which keeps the last 32 bits. What is no number stays as it is.
 */
export function numericId(text: string): string {
  const digits = /^\s*\+?(\d+)$/.exec(text)?.[1];
  return digits === undefined || digits.length > LONGEST ? text : String(BigInt(digits) % 2n ** 32n);
}
