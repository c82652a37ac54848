import type { ImageFiles } from '../model/index.ts';

/** How much a reader may still look at; one for each run of a reader. */
export interface GlobBudget {
  /** Names in directories. */
  names: number;
}

/**
 * The paths that a pattern matches, as glob(3) without flags gives them: `*`, `?`, `[a-z]`, `[!…]` and `\` within one
 * path segment, a leading dot only by a dot, sorted by bytes. A pattern without wildcards gives the path if it exists.
 *
 * @param pattern absolute
 * @returns undefined when the budget is used up
 */
export function globPaths(files: ImageFiles, pattern: string, budget: GlobBudget): string[] | undefined {
  let found = [''];
  const segments = pattern.split('/').filter((segment) => segment !== '');
  for (const segment of segments) {
    const next: string[] = [];
    for (const directory of found) {
      if (!hasWildcard(segment)) {
        budget.names -= 1;
        const path = `${directory}/${unescaped(segment)}`;
        if (files.lstat(path) !== undefined) next.push(path);
        continue;
      }
      const names = files.list(directory === '' ? '/' : directory);
      budget.names -= names.length + 1;
      if (budget.names < 0) return undefined;
      for (const name of names) if (matchesSegment(segment, name)) next.push(`${directory}/${name}`);
    }
    if (budget.names < 0) return undefined;
    found = next;
  }
  return found.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

/** Whether a path or segment holds a wildcard of glob(3): `*`, `?` or `[`. */
export function hasWildcard(text: string): boolean {
  return /[*?[]/.test(text);
}

function unescaped(segment: string): string {
  return segment.replace(/\\(.)/gs, '$1');
}

/** Whether one name matches one segment of a pattern. Linear in practice: at most one step back for each `*`. */
export function matchesSegment(pattern: string, name: string): boolean {
  if (name.startsWith('.') && !/^\\?\./.test(pattern)) return false;
  let at = 0;
  let index = 0;
  let starAt = -1;
  let starIndex = 0;
  while (index < name.length) {
    if (pattern[at] === '*') {
      starAt = at;
      starIndex = index;
      at += 1;
      continue;
    }
    const one = at < pattern.length ? matchOne(pattern, at, name[index] as string) : undefined;
    if (one?.matches) {
      at = one.end;
      index += 1;
    } else if (starAt >= 0) {
      starIndex += 1;
      index = starIndex;
      at = starAt + 1;
    } else {
      return false;
    }
  }
  while (pattern[at] === '*') at += 1;
  return at === pattern.length;
}

function matchOne(pattern: string, at: number, char: string): { matches: boolean; end: number } {
  if (pattern[at] === '?') return { matches: true, end: at + 1 };
  if (pattern[at] === '\\' && at + 1 < pattern.length) return { matches: pattern[at + 1] === char, end: at + 2 };
  if (pattern[at] !== '[') return { matches: pattern[at] === char, end: at + 1 };
  const negated = pattern[at + 1] === '!' || pattern[at + 1] === '^';
  const start = at + (negated ? 2 : 1);
  const close = pattern.indexOf(']', start + 1);
  if (close < 0) return { matches: char === '[', end: at + 1 };
  let inside = false;
  for (let index = start; index < close; index += 1) {
    const low = pattern[index] as string;
    const high = pattern[index + 2];
    if (pattern[index + 1] === '-' && index + 2 < close && high !== undefined) {
      if (low <= char && char <= high) inside = true;
      index += 2;
    } else if (low === char) {
      inside = true;
    }
  }
  return { matches: inside !== negated, end: close + 1 };
}
