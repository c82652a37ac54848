import { compareDigits, compareText, digits, isDigitCode } from './digits.ts';
import { defineOrder } from './order.ts';

/** A number, or a qualifier with its rank. */
type Item = { readonly number: string } | { readonly rank: number; readonly word: string };

/**
 * Maven's nested lists. A list is always the last item of the one around it, so they are kept side by side: level 1 stands
 * as the last item of level 0, and so on.
 */
type Levels = readonly (readonly Item[])[];

const ranks: ReadonlyMap<string, number> = new Map([
  ['alpha', 0],
  ['beta', 1],
  ['milestone', 2],
  ['rc', 3],
  ['cr', 3],
  ['snapshot', 4],
  ['', 5],
  ['ga', 5],
  ['final', 5],
  ['release', 5],
  ['sp', 6],
]);
const releaseRank = 5;
const unknownRank = 7;
const shortNames: ReadonlyMap<string, string> = new Map([
  ['a', 'alpha'],
  ['b', 'beta'],
  ['m', 'milestone'],
]);

// ASCII without white space and without the signs that Maven refuses in a version.
const grammar = /^[!#-'+\-.0-9;=@A-Z^_`a-z~]+$/;

/**
 * The order of Maven 3.8 and 3.9 (`ComparableVersion`): tokens split at `.`, `-` and between digits and letters;
 * alpha < beta < milestone < rc = cr < snapshot < none = ga = final = release < sp < other words < numbers; case does not count.
 * Maven itself has circles where a word stands between dots (`1.0.alpha.0 < 1.0 < 1.0-a < 1.0.alpha.0`); they are kept.
 * Not valid: what Maven refuses as a version, so an unresolved `${project.version}` too.
 */
export const maven = defineOrder<Levels>({
  name: 'maven',
  specification: 'https://maven.apache.org/pom.html#version-order-specification',
  parse: (text) => (grammar.test(text) ? normalized(tokenize(text.toLowerCase())) : undefined),
  compare: compareLevels,
});

function number(run: string): Item {
  return { number: digits(run === '' ? '0' : run) };
}

function qualifier(run: string, beforeDigit: boolean): Item {
  const word = beforeDigit ? (shortNames.get(run) ?? run) : run;
  const rank = ranks.get(word);
  return rank === undefined ? { rank: unknownRank, word } : { rank, word: '' };
}

function tokenize(text: string): Item[][] {
  let level: Item[] = [];
  const levels = [level];
  const deeper = () => {
    level = [];
    levels.push(level);
  };
  let start = 0;
  let inDigits = false;
  const take = (end: number) => level.push(inDigits || end === start ? number(text.slice(start, end)) : qualifier(text.slice(start, end), false));
  for (let i = 0; i < text.length; i++) {
    const sign = text[i];
    if (sign === '.' || sign === '-') {
      take(i);
      start = i + 1;
      if (sign === '-') deeper();
    } else if (isDigitCode(text.charCodeAt(i))) {
      if (!inDigits && i > start) {
        if (level.length > 0) deeper();
        level.push(qualifier(text.slice(start, i), true));
        start = i;
        deeper();
      }
      inDigits = true;
    } else {
      if (inDigits && i > start) {
        take(i);
        start = i;
        deeper();
      }
      inDigits = false;
    }
  }
  if (start < text.length) {
    if (!inDigits && level.length > 0) deeper();
    take(text.length);
  }
  return levels;
}

function isNull(item: Item): boolean {
  return 'number' in item ? item.number === '0' : item.rank === releaseRank;
}

/** Drops what means nothing at the end of each list, from the innermost out, and then the empty lists. */
function normalized(levels: Item[][]): Levels {
  for (const level of levels) {
    for (let last = level.at(-1); last !== undefined && isNull(last); last = level.at(-1)) level.pop();
  }
  while (levels.length > 1 && levels.at(-1)?.length === 0) levels.pop();
  return levels;
}

function compareLevels(a: Levels, b: Levels): number {
  for (let depth = 0; ; depth++) {
    const left = a[depth] ?? [];
    const right = b[depth] ?? [];
    const shared = Math.min(left.length, right.length);
    for (let i = 0; i < shared; i++) {
      const difference = compareItems(left[i], right[i]);
      if (difference !== 0) return difference;
    }
    const leftDeeper = depth + 1 < a.length;
    const rightDeeper = depth + 1 < b.length;
    if (left.length > shared) return rightDeeper ? compareWithList(left[shared]) : compareRestWithNothing(a, depth, shared);
    if (right.length > shared) return leftDeeper ? -compareWithList(right[shared]) : -compareRestWithNothing(b, depth, shared);
    if (!leftDeeper) return -compareRestWithNothing(b, depth + 1, 0);
    if (!rightDeeper) return compareRestWithNothing(a, depth + 1, 0);
  }
}

function compareItems(a: Item | undefined, b: Item | undefined): number {
  if (a === undefined || b === undefined) return 0;
  if ('number' in a) return 'number' in b ? compareDigits(a.number, b.number) : 1;
  if ('number' in b) return -1;
  return a.rank - b.rank || compareText(a.word, b.word);
}

function compareWithList(item: Item | undefined): number {
  return item !== undefined && 'number' in item ? 1 : -1;
}

/** Compares the items of a level from `at` on, and of the levels below it, with an absent item each. */
function compareRestWithNothing(levels: Levels, depth: number, at: number): number {
  for (let i = depth; i < levels.length; i++) {
    const level = levels[i] ?? [];
    for (let k = i === depth ? at : 0; k < level.length; k++) {
      const item = level[k];
      if (item === undefined || isNull(item)) continue;
      return 'number' in item ? 1 : item.rank - releaseRank;
    }
  }
  return 0;
}
