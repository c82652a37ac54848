import { compareDigits, compareText, type Digits, digits, isDigits } from './digits.ts';

/** A version as Semantic Versioning 2.0.0 sees it, without its build metadata. */
export interface SemanticVersion {
  readonly core: readonly [Digits, Digits, Digits];
  /** Dot-separated identifiers; empty for a release. */
  readonly preRelease: readonly string[];
}

const grammar = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/;

/**
 * Reads a semantic version. Beyond the specification it takes what has only one reading and occurs in advisories and
 * manifests: one leading `v`, missing parts of the core (`1.2` is `1.2.0`) and leading zeros. Numbers may have any size.
 * `undefined` for all else, so for four numbers.
 */
export function parseSemanticVersion(text: string): SemanticVersion | undefined {
  const match = grammar.exec(text);
  if (match === null) return undefined;
  const [, major = '', minor = '0', patch = '0', preRelease] = match;
  return { core: [digits(major), digits(minor), digits(patch)], preRelease: preRelease === undefined ? [] : preRelease.split('.') };
}

/** Precedence by section 11 of the specification. Negative, zero or positive. */
export function compareSemanticVersions(a: SemanticVersion, b: SemanticVersion): number {
  const difference = compareCores(a.core, b.core);
  if (difference !== 0) return difference;
  if (a.preRelease.length === 0 || b.preRelease.length === 0) return b.preRelease.length - a.preRelease.length;
  return compareIdentifiers(a.preRelease, b.preRelease);
}

/** Compares number by number; a missing one is 0. */
export function compareCores(a: readonly Digits[], b: readonly Digits[]): number {
  const length = Math.max(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const difference = compareDigits(a[i] ?? '0', b[i] ?? '0');
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Numbers by value and before words, words by ASCII, and fewer identifiers before more. */
export function compareIdentifiers(a: readonly string[], b: readonly string[]): number {
  for (let i = 0; i < a.length && i < b.length; i++) {
    const left = a[i] ?? '';
    const right = b[i] ?? '';
    const numeric = isDigits(left);
    if (numeric !== isDigits(right)) return numeric ? -1 : 1;
    const difference = numeric ? compareDigits(digits(left), digits(right)) : compareText(left, right);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
