/** Words that many names have: that two share one says nothing. */
const common: ReadonlySet<string> = new Set(
  'all annotation annotations api app client common commons com core impl io jar java javax jakarta lib main net org parent plugin server spec support util utils'.split(
    ' ',
  ),
);

/** The words of a name, in lower case. */
export function words(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}

/** Whether two names share a word that isn't common, or one begins with another's (`h2` and `h2database`). */
export function isRelated(a: string, b: string): boolean {
  const others = words(b).filter((word) => !common.has(word));
  return words(a).some((word) => !common.has(word) && others.some((other) => isOneWord(word, other)));
}

function isOneWord(a: string, b: string): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  return a === b || (long.startsWith(short) && /^(?:[a-z]{3}|[a-z]+\d)/.test(short));
}
