import { compareDigits, digits, isDigits } from './digits.ts';
import { defineOrder } from './order.ts';

const modifier = '[._-]?(?:(stable|beta|b|rc|alpha|a|patch|pl|p)((?:[.-]?\\d+(?:[.-]\\d+)*)?))?([.-]?dev)?$';
const classic = new RegExp(`^v?(\\d{1,5})(\\.\\d+)?(\\.\\d+)?(\\.\\d+)?${modifier}`, 'i');
const dated = new RegExp(`^v?(\\d{4}(?:[.:-]?\\d{2}){1,6}(?:[.:-]?\\d{1,3}){0,2})${modifier}`, 'i');
const numericBranch = /^v?(\d+(?:\.(?:\d+|[x*])){0,3})[.-]?dev$/i;

/** The place of a missing part is `end`: pre-releases stand before it, further numbers and patches behind. */
const weights: Readonly<Record<string, number>> = { dev: 0, a: 1, alpha: 1, b: 2, beta: 2, rc: 3, p: 6, pl: 6, patch: 6 };
const end = 4;
const numberWeight = 5;

/** What Composer puts for the `x` of a branch (`1.x-dev`), so that it stands behind every release. */
const branchNumber = '9999999';

/**
 * Composer's order: the text normalised as `VersionParser` does (one to four numbers, or a date; `-dev`, `-alpha`, `-beta`,
 * `-RC`, `-patch`; `1.x-dev`), then PHP's `version_compare`. Build metadata is ignored.
 * A branch by name (`dev-main`, `master`) has no place in the order and is not valid.
 */
export const composer = defineOrder<readonly string[]>({
  name: 'composer',
  specification: 'https://getcomposer.org/doc/articles/versions.md',
  parse(text) {
    const version = withoutBuildMetadata(text.trim());
    return parseClassic(version) ?? parseDated(version) ?? parseBranch(version);
  },
  compare(a, b) {
    const length = Math.max(a.length, b.length);
    for (let i = 0; i < length; i++) {
      const left = a[i];
      const right = b[i];
      const difference = weight(left) - weight(right);
      if (difference !== 0) return difference;
      if (left !== undefined && right !== undefined && isDigits(left)) {
        const numeric = compareDigits(digits(left), digits(right));
        if (numeric !== 0) return numeric;
      }
    }
    return 0;
  },
});

function withoutBuildMetadata(text: string): string {
  const plus = text.indexOf('+');
  return plus > 0 && /^[^,\s]+$/.test(text.slice(0, plus)) && /^\S+$/.test(text.slice(plus + 1)) ? text.slice(0, plus) : text;
}

function parseClassic(version: string): readonly string[] | undefined {
  const match = classic.exec(version);
  if (match === null) return undefined;
  const [, major = '', second = '.0', third = '.0', fourth = '.0', stability, number, dev] = match;
  return [major, second.slice(1), third.slice(1), fourth.slice(1), ...modifierParts(stability, number, dev)];
}

function parseDated(version: string): readonly string[] | undefined {
  const match = dated.exec(version);
  if (match === null) return undefined;
  const [, date = '', stability, number, dev] = match;
  return [...date.split(/\D/), ...modifierParts(stability, number, dev)];
}

function parseBranch(version: string): readonly string[] | undefined {
  const match = numericBranch.exec(version);
  if (match === null) return undefined;
  const numbers = (match[1] ?? '').split('.');
  return [0, 1, 2, 3].map((i) => (isDigits(numbers[i] ?? '') ? (numbers[i] ?? '') : branchNumber)).concat('dev');
}

function modifierParts(stability: string | undefined, number: string | undefined, dev: string | undefined): string[] {
  const word = stability?.toLowerCase();
  if (word === 'stable') return [];
  const parts = word === undefined ? [] : [word, ...(number?.match(/\d+/g) ?? [])];
  return dev === undefined ? parts : [...parts, 'dev'];
}

function weight(part: string | undefined): number {
  if (part === undefined) return end;
  return weights[part] ?? numberWeight;
}
