import type { SecretRule } from './rule.ts';

/** A keyword that may stand at a place, and whose. */
export interface Candidate {
  /** Small letters. */
  readonly keyword: Uint8Array;
  readonly rule: SecretRule;
  /** The rule's place in the list: what comes first is more certain of what it is. */
  readonly order: number;
}

/** A-Z → a-z; every other byte stays. */
const folded = Uint8Array.from({ length: 256 }, (_, byte) => (byte >= 0x41 && byte <= 0x5a ? byte + 32 : byte));

/** A small letter, and the capital of it. */
const cases = (byte: number): number[] => (byte >= 0x61 && byte <= 0x7a ? [byte, byte - 32] : [byte]);

const hashOf = (a: number, b: number, c: number): number => ((a << 9) ^ (b << 5) ^ c) & 0xffff;

/**
 * Finds keywords in bytes, many at once (Wu and Manber's algorithm with blocks of two bytes over the first three of each
 * keyword): most bytes are jumped over.
 */
export class KeywordSearch {
  /** By block of two bytes, in capitals or small letters: how far the window may move. */
  readonly #shift = new Uint8Array(65_536).fill(2);
  /** By a hash of the first three folded bytes: whether a keyword may begin so. */
  readonly #begins = new Uint8Array(65_536);
  /** By the first three folded bytes. */
  readonly #candidates = new Map<number, Candidate[]>();

  constructor(rules: readonly SecretRule[]) {
    for (const [order, rule] of rules.entries()) {
      for (const text of rule.keywords) {
        const keyword = Uint8Array.from(Buffer.from(text, 'latin1'));
        const [a, b, c] = keyword as unknown as [number, number, number];
        if (keyword.length < 3) throw new Error(`the keyword ${text} of ${rule.name} is too short`);
        this.#allow(a, b, 1);
        this.#allow(b, c, 0);
        this.#begins[hashOf(a, b, c)] = 1;
        const prefix = (a << 16) | (b << 8) | c;
        const known = this.#candidates.get(prefix);
        if (known === undefined) this.#candidates.set(prefix, [{ keyword, rule, order }]);
        else known.push({ keyword, rule, order });
      }
    }
  }

  /** The window moves no farther at this block. */
  #allow(first: number, second: number, move: number): void {
    for (const a of cases(first)) for (const b of cases(second)) this.#shift[(a << 8) | b] = Math.min(this.#shift[(a << 8) | b] as number, move);
  }

  /** Calls `found` for each keyword that begins at `from` or behind it and before `to`, in order. */
  search(bytes: Uint8Array, from: number, to: number, found: (at: number, candidate: Candidate) => void): void {
    const shift = this.#shift;
    const begins = this.#begins;
    const last = Math.min(to + 2, bytes.length);
    let at = from + 2;
    while (at < last) {
      const move = shift[((bytes[at - 1] as number) << 8) | (bytes[at] as number)] as number;
      if (move > 0) {
        at += move;
        continue;
      }
      const second = folded[bytes[at - 1] as number] as number;
      const third = folded[bytes[at] as number] as number;
      const first = folded[bytes[at - 2] as number] as number;
      const candidates = begins[hashOf(first, second, third)] === 0 ? undefined : this.#candidates.get((first << 16) | (second << 8) | third);
      if (candidates !== undefined) for (const candidate of candidates) if (standsAt(bytes, at - 2, candidate.keyword)) found(at - 2, candidate);
      at++;
    }
  }
}

function standsAt(bytes: Uint8Array, at: number, keyword: Uint8Array): boolean {
  if (at + keyword.length > bytes.length) return false;
  for (let index = 3; index < keyword.length; index++) if (folded[bytes[at + index] as number] !== keyword[index]) return false;
  return true;
}
