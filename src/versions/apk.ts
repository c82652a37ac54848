import { compareDigits, compareText, type Digits, digits } from './digits.ts';
import { defineOrder } from './order.ts';

/** What can stand at one place of a version, oldest first: `1.0_rc1 < 1.0 < 1.0-r0 < 1.0~a1 < 1.0_p1 < 1.0a < 1.0.1`. */
const rank = { preSuffix: 0, end: 1, revision: 2, commit: 3, suffixNumber: 4, suffix: 5, letter: 6, number: 7 } as const;

const suffixes = ['alpha', 'beta', 'pre', 'rc', 'cvs', 'svn', 'git', 'hg', 'p'];
const preSuffixes = 4;

interface Token {
  readonly rank: number;
  /** Number for `preSuffix` and `suffix`: the place in `suffixes`. */
  readonly suffix: number;
  readonly number: Digits;
  readonly text: string;
}

const end: Token = { rank: rank.end, suffix: 0, number: '0', text: '' };

const grammar = /^(\d+)((?:\.\d+)*)(?:([a-z])(\d*))?((?:_[a-z]+\d*)*)(?:~([0-9a-f]+))?(?:-r(\d+))?$/;

/**
 * The order of apk-tools 3: `number{.number}{letter}{_suffix{number}}{~commit}{-rN}`.
 * After the first number, one with a leading zero is compared as text; else as numbers of any size.
 * It also takes the number behind a letter (`1.2b3`) that apk-tools 2 knew. The two generations differ only where a
 * number begins with zero (`1.010` and `1.02`; a bare `1.0` and `1.0_rc1`); this is the present one.
 */
export const apk = defineOrder<readonly Token[]>({
  name: 'apk',
  specification: 'https://gitlab.alpinelinux.org/alpine/apk-tools/-/blob/master/doc/apk-package.5.scd',
  parse(text) {
    const match = grammar.exec(text);
    if (match === null) return undefined;
    const [, first = '', numbers = '', letter, afterLetter, suffixText = '', commit, revision] = match;
    const tokens: Token[] = [{ rank: rank.number, suffix: 0, number: digits(first), text: '' }];
    const dotted = numbers === '' ? [] : numbers.slice(1).split('.');
    for (const run of dotted) tokens.push({ rank: rank.number, suffix: 0, number: digits(run), text: run });
    if (letter !== undefined) tokens.push({ rank: rank.letter, suffix: 0, number: '0', text: letter });
    if (afterLetter) tokens.push({ rank: rank.number, suffix: 0, number: digits(afterLetter), text: afterLetter });
    for (const [, name = '', run] of suffixText.matchAll(/_([a-z]+)(\d*)/g)) {
      const suffix = suffixes.indexOf(name);
      if (suffix < 0) return undefined;
      tokens.push({ rank: suffix < preSuffixes ? rank.preSuffix : rank.suffix, suffix, number: '0', text: '' });
      if (run) tokens.push({ rank: rank.suffixNumber, suffix: 0, number: digits(run), text: '' });
    }
    if (commit !== undefined) tokens.push({ rank: rank.commit, suffix: 0, number: '0', text: commit });
    if (revision !== undefined) tokens.push({ rank: rank.revision, suffix: 0, number: digits(revision), text: '' });
    return tokens;
  },
  compare(a, b) {
    const length = Math.max(a.length, b.length);
    for (let i = 0; i < length; i++) {
      const difference = compareTokens(a[i] ?? end, b[i] ?? end);
      if (difference !== 0) return difference;
    }
    return 0;
  },
});

function compareTokens(a: Token, b: Token): number {
  if (a.rank !== b.rank) return a.rank - b.rank;
  if (a.suffix !== b.suffix) return a.suffix - b.suffix;
  if (a.text.startsWith('0') || b.text.startsWith('0') || a.rank === rank.letter || a.rank === rank.commit) return compareText(a.text, b.text);
  return compareDigits(a.number, b.number);
}
