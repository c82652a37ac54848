import { compareDigits, compareText, digits, isDigits } from './digits.ts';
import { defineOrder } from './order.ts';

const grammar = /^[0-9]+(?:\.[0-9a-zA-Z]+)*(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/;

/**
 * The order of gems, `Gem::Version`: segments of digits or letters; a word means pre-release and stands before every number;
 * a missing segment is 0; a hyphen reads `.pre.`.
 * The platform is no part of a version: cut `-x86_64-linux` or `-java` off first (the latter would read as a pre-release).
 */
export const rubygems = defineOrder<readonly string[]>({
  name: 'rubygems',
  specification: 'https://docs.ruby-lang.org/en/master/Gem/Version.html',
  parse(text) {
    const trimmed = text.trim();
    if (!grammar.test(trimmed)) return undefined;
    const segments = trimmed.replaceAll('-', '.pre.').match(/[0-9]+|[a-zA-Z]+/g) ?? [];
    const word = segments.findIndex((segment) => !isDigits(segment));
    const numbers = word < 0 ? segments : segments.slice(0, word);
    const rest = word < 0 ? [] : segments.slice(word);
    return [...withoutTrailingZeros(numbers), ...withoutTrailingZeros(rest)];
  },
  compare(a, b) {
    const length = Math.max(a.length, b.length);
    for (let i = 0; i < length; i++) {
      const left = a[i] ?? '0';
      const right = b[i] ?? '0';
      const numeric = isDigits(left);
      if (numeric !== isDigits(right)) return numeric ? 1 : -1;
      const difference = numeric ? compareDigits(digits(left), digits(right)) : compareText(left, right);
      if (difference !== 0) return difference;
    }
    return 0;
  },
});

function withoutTrailingZeros(segments: readonly string[]): readonly string[] {
  let length = segments.length;
  while (length > 0 && /^0+$/.test(segments[length - 1] ?? '')) length--;
  return segments.slice(0, length);
}
