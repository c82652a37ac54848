import type { Match, Severity } from '../../model/index.ts';

/** From worst to best, with what is not known at the end. */
export const severities = ['critical', 'high', 'medium', 'low', 'negligible', 'unknown'] as const satisfies readonly Severity[];

/** One vulnerability in one package: every advisory that says so, as one. */
export interface Flaw {
  /** How it is shown: its CVE, else the advisory's own id. */
  readonly id: string;
  /** The match that says most: the worst severity, and a fixing version where one is known. */
  readonly match: Match;
  /** The CVEs that it is about; empty when no advisory names one. */
  readonly cves: readonly string[];
  /** Every other name. */
  readonly names: readonly string[];
}

const isCve = (name: string): boolean => /^CVE-\d{4}-\d{4,}$/i.test(name);

const namesOf = (match: Match): string[] => [...new Set([match.id, ...match.aliases])];

const rank = (severity: Severity): number => severities.indexOf(severity);

/** The better of two matches of one flaw, completed by what the other knows of a fix. */
function merge(a: Match, b: Match): Match {
  const [first, second] = rank(b.severity) < rank(a.severity) ? [b, a] : [a, b];
  const aliases = [...new Set([...namesOf(first), ...namesOf(second)])].filter((name) => name !== first.id);
  const fix = first.fixedIn === null && second.fixedIn !== null ? second : first;
  // A VEX statement about either is about the vulnerability that both tell of.
  const vex = first.vex ?? second.vex;
  return { ...first, aliases, fixState: fix.fixState, fixedIn: fix.fixedIn, ...(vex === undefined ? {} : { vex }) };
}

/**
 * Joins the matches that tell of the same vulnerability in the same package at the same place, so that a CVE that
 * two advisories know is one finding with one severity. In the order of their first match.
 */
export function joinMatches(matches: readonly Match[]): readonly Flaw[] {
  const known = remembered.get(matches);
  if (known !== undefined) return known;
  const flaws = join(matches);
  remembered.set(matches, flaws);
  return flaws;
}

/** Each severity's rule asks the same of the same evidence. */
const remembered = new WeakMap<readonly Match[], readonly Flaw[]>();

function join(matches: readonly Match[]): Flaw[] {
  const joined = new Map<string, { id: string; match: Match }>();
  for (const match of matches) {
    const id = namesOf(match).find(isCve) ?? match.id;
    const key = JSON.stringify([id, match.package.purl, match.package.name, match.package.version, match.location?.path ?? '']);
    const known = joined.get(key);
    if (known === undefined) joined.set(key, { id, match });
    else known.match = merge(known.match, match);
  }
  return Array.from(joined.values(), ({ id, match }) => {
    const names = namesOf(match);
    return { id, match, cves: names.filter(isCve), names: names.filter((name) => !isCve(name)) };
  });
}

/** Whether a version is known that mends it. */
export function isFixable(match: Match): boolean {
  return match.fixState === 'fixed' || match.fixedIn !== null;
}

/** `CVE-2016-2108+openssl` and the like: the ids of an exception, one list for each CVE that it is about. */
export function legacyIdsOf(flaw: Flaw): string[][] {
  const idOf = (name: string): string => `${name}+${flaw.match.package.name}`;
  const others = flaw.names.map(idOf);
  return flaw.cves.length === 0 ? [others] : flaw.cves.map((cve) => [idOf(cve), ...others]);
}
