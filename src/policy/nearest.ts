const longest = 80;

/** How many single-letter changes or swaps of neighbours lead from one text to the other (restricted Damerau-Levenshtein). */
function distance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min((row[j - 1] ?? 0) + 1, (last[j] ?? 0) + 1, (last[j - 1] ?? 0) + change);
      if (a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, (beforeLast[j - 2] ?? 0) + 1);
      row.push(best);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}

/**
 * The known name that was most likely meant: the same but for case and `-` or `_`, or a third of its letters away at
 * most. Undefined when none is near.
 */
export function nearestName(written: string, known: Iterable<string>): string | undefined {
  if (written === '' || written.length > longest) return undefined;
  const plain = (name: string): string => name.toUpperCase().replaceAll(/[-_.\s]/g, '');
  const wanted = plain(written);
  let best: { name: string; distance: number } | undefined;
  for (const name of known) {
    const candidate = plain(name);
    const far = candidate === wanted ? 0 : distance(wanted, candidate);
    if (far <= Math.floor(Math.max(wanted.length, candidate.length) / 3) && (best === undefined || far < best.distance)) best = { name, distance: far };
  }
  return best?.name;
}
