import type { Distribution, FeedState, Match, Package, Problem } from '../model/index.ts';
import {
  type DistributionEcosystem,
  type DistributionLookup,
  distributionEcosystem,
  isDistributionType,
  isWithoutAdvisories,
  languageEcosystem,
} from './ecosystem.ts';
import { isPast } from './end-of-life.ts';
import { exploitationState } from './exploitation.ts';
import { ageProblem } from './feed-age.ts';
import { feedSources, loadedEcosystems } from './feed-sources.ts';
import { type Finding, toFindings } from './finding.ts';
import { type Doubt, findHits } from './hit.ts';
import type { Store } from './store.ts';
import { distributionSubject, languageSubject, type Subject } from './subject.ts';

export interface MatchResult {
  readonly matches: readonly Match[];
  readonly feeds: FeedState;
  readonly problems: readonly Problem[];
}

/** Bounds on what an image's packages can make matching do; real images stay a hundred times below. */
export interface MatchLimits {
  /** Records that are evaluated. */
  readonly records: number;
  readonly matches: number;
}

/** What else decides how packages are judged. */
export interface MatchOptions {
  readonly limits?: Partial<MatchLimits>;
  /** Days that a source's state may be old; beyond, its ecosystem's packages can't be judged for certain. Default: any. */
  readonly maxFeedAge?: number;
}

export const defaultMatchLimits: MatchLimits = { records: 10_000_000, matches: 500_000 };
/** Findings that are remembered for packages of the same source. */
const rememberedFindings = 100_000;

type Needed = FeedState['needed'][number];

const short = (text: string): string => (text.length > 120 ? `${text.slice(0, 120)}…` : text);

const nameOf = ({ name, id }: Distribution): string => short(name === '' ? id : name);

/**
 * Which advisories of the store apply to which packages.
 *
 * Distribution packages are judged by the advisories of exactly this distribution and release, through their source package
 * where records name sources. Packages of a language are judged by their ecosystem's, unless a distribution package owns them
 * (`ownedBy`): then that package's advisories speak for them. Each vulnerability is one match for each package, whatever its
 * names. What can't be judged is a problem: no advisories for the release, a release past its end of life, a version without
 * a place in the order. Problems are scoped to the package's type (`deb`, `npm`).
 *
 * More than `limits` allow is a problem too, for the packages that were left out.
 *
 * `store`: null when nothing was imported. `now` decides the end of life and the age of the feeds alone. Pure but for reading the store.
 * @throws {PortcullisError} STORE_DAMAGED
 */
export function matchPackages(
  packages: readonly Package[],
  distribution: Distribution | null,
  store: Store | null,
  now: Date,
  options: MatchOptions = {},
): MatchResult {
  const matcher = new Matcher(store, now, { ...defaultMatchLimits, ...options.limits }, options.maxFeedAge);
  const lookup = distribution === null ? undefined : distributionEcosystem(distribution);
  if (distribution !== null && lookup !== undefined) matcher.need(lookup, distribution);
  for (const pkg of packages) {
    if (isDistributionType(pkg.type)) matcher.distributionPackage(pkg, distribution, lookup);
    else matcher.languagePackage(pkg);
  }
  return matcher.result();
}

class Matcher {
  readonly #store: Store | null;
  readonly #now: Date;
  readonly #limits: MatchLimits;
  readonly #maxFeedAge: number | undefined;
  #considered = 0;
  #remembered = 0;
  readonly #matches: Match[] = [];
  readonly #problems = new Map<string, Problem>();
  readonly #needed = new Map<string, Needed>();
  readonly #sources: FeedState['sources'];
  readonly #available: ReadonlySet<string>;
  readonly #known = new Map<string, { readonly findings: readonly Finding[]; readonly doubts: readonly Doubt[] }>();

  constructor(store: Store | null, now: Date, limits: MatchLimits, maxFeedAge: number | undefined) {
    this.#store = store;
    this.#maxFeedAge = maxFeedAge;
    this.#now = now;
    this.#limits = limits;
    this.#sources = store === null ? [] : feedSources(store.sets);
    this.#available = store === null ? new Set() : loadedEcosystems(store.sets);
  }

  need(lookup: DistributionLookup, distribution: Distribution): void {
    const name = nameOf(distribution);
    if (lookup.state === 'known') {
      const { ecosystem, packages: type, lastSupportedDay: day } = lookup.found;
      const has = this.#hasAdvisories(lookup.found);
      const ended = day !== null && isPast(day, this.#now);
      this.#needed.set(ecosystem, { ecosystem, state: ended ? 'end-of-life' : has ? 'available' : 'no-data' });
      this.#checkAge(ecosystem, type);
      if (ended) {
        this.#problem(
          'stale',
          ecosystem,
          type,
          'outside',
          `${name} is past its end of life`,
          `since ${day} vulnerabilities found in it are no longer fixed, and may not be in the advisories`,
        );
      }
      return;
    }
    const unsupported = lookup.state === 'unsupported';
    this.#needed.set(lookup.ecosystem, { ecosystem: lookup.ecosystem, state: unsupported ? 'unsupported' : 'no-data' });
  }

  distributionPackage(pkg: Package, distribution: Distribution | null, lookup: DistributionLookup | undefined): void {
    if (isWithoutAdvisories(pkg.type)) {
      const what = `no advisories can be had for packages of the type ${pkg.type}`;
      this.#problem('unsupported', pkg.type, pkg.type, 'outside', what, 'OSV has none for the distributions that install them');
    } else if (distribution === null || lookup === undefined) {
      this.#problem(
        'unsupported',
        pkg.type,
        pkg.type,
        'image',
        `the ${pkg.type} packages can't be judged`,
        "the image doesn't say which distribution they are from",
      );
    } else if (lookup.state !== 'known') {
      const kind = lookup.state === 'unsupported' ? 'unsupported' : 'no-data';
      this.#problem(kind, `${lookup.ecosystem}:${pkg.type}`, pkg.type, 'outside', `no advisories can be had for ${nameOf(distribution)}`, lookup.why);
    } else if (lookup.found.packages !== pkg.type) {
      const what = `the ${pkg.type} packages can't be judged`;
      this.#problem(
        'contradiction',
        `${lookup.found.ecosystem}:${pkg.type}`,
        pkg.type,
        'image',
        what,
        `${nameOf(distribution)} has ${lookup.found.packages} packages`,
      );
    } else {
      if (!this.#hasAdvisories(lookup.found)) this.#noData(lookup.found.ecosystem, pkg.type);
      if (this.#store !== null) this.#judge(distributionSubject(pkg, lookup.found), this.#store);
    }
  }

  languagePackage(pkg: Package): void {
    if (pkg.ownedBy !== null) return;
    const ecosystem = languageEcosystem(pkg.type);
    if (ecosystem === undefined) {
      this.#problem(
        'unsupported',
        pkg.type,
        pkg.type,
        'outside',
        `no advisories can be had for packages of the type ${pkg.type}`,
        'they belong to no ecosystem',
      );
      return;
    }
    if (!this.#needed.has(ecosystem)) {
      const has = this.#available.has(ecosystem);
      this.#needed.set(ecosystem, { ecosystem, state: has ? 'available' : 'no-data' });
      if (!has) this.#noData(ecosystem, pkg.type);
      this.#checkAge(ecosystem, pkg.type);
    }
    if (this.#store !== null) this.#judge(languageSubject(pkg, ecosystem), this.#store);
  }

  #judge(subject: Subject, store: Store): void {
    const pkg = subject.package;
    if (this.#considered > this.#limits.records || this.#matches.length > this.#limits.matches) {
      this.#problem(
        'limit',
        pkg.type,
        pkg.type,
        'image',
        `not all ${pkg.type} packages were matched with advisories`,
        'the image makes matching exceed its limits',
      );
      return;
    }
    const { findings, doubts } = this.#findings(subject, store);
    for (const finding of findings) {
      const { purl, name, version, type } = pkg;
      this.#matches.push({
        ...finding,
        package: { purl, name, version, type },
        location: pkg.locations[0] ?? null,
        ...(pkg.lockfile ? { lockfile: true } : {}),
      });
    }
    for (const cause of ['image', 'outside'] as const) {
      const some = doubts.filter((doubt) => doubt.cause === cause);
      const first = some[0];
      if (first === undefined) continue;
      const records = some.length === 1 ? first.record : `${first.record} and ${some.length - 1} more`;
      const what = `${short(pkg.name)} ${short(pkg.version)} can't be compared with ${records}`;
      this.#problem('incomparable', `${cause}:${pkg.purl}`, pkg.type, cause, what, short(first.why), pkg.locations[0] ?? null);
    }
  }

  /** Packages of one source and version have the same findings: they are looked for once. */
  #findings(subject: Subject, store: Store): { readonly findings: readonly Finding[]; readonly doubts: readonly Doubt[] } {
    const key = JSON.stringify([
      subject.ecosystems[0],
      subject.package.module ?? null,
      subject.package.type === 'rpm' ? subject.package.version : null,
      subject.names.map((looked) => [looked.key, looked.name, looked.version, looked.through, looked.epochUnknown]),
    ]);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const { hits, doubts, considered } = findHits(subject, store);
    const found = { findings: toFindings(hits, store), doubts };
    this.#considered += considered;
    this.#remembered += found.findings.length + 1;
    if (this.#remembered > rememberedFindings) {
      this.#known.clear();
      this.#remembered = 0;
    }
    this.#known.set(key, found);
    return found;
  }

  #hasAdvisories({ ecosystem, companions, subscription, base }: DistributionEcosystem): boolean {
    return [ecosystem, ...companions, base].some((each) => this.#available.has(each)) || (subscription !== null && this.#available.has(subscription));
  }

  #checkAge(ecosystem: string, type: string): void {
    const source = this.#sources.find((each) => each.ecosystem === ecosystem);
    if (this.#maxFeedAge === undefined || source === undefined) return;
    const why = ageProblem(source.asOf, this.#now, this.#maxFeedAge);
    if (why !== undefined) this.#problem('stale', `age:${ecosystem}`, type, 'outside', `the advisories for ${ecosystem} may be out of date`, why);
  }

  #noData(ecosystem: string, type: string): void {
    const why = this.#store === null ? 'nothing was imported into the advisory store yet' : 'the advisory store has no records for it';
    this.#problem('no-data', ecosystem, type, 'outside', `no advisories are loaded for ${ecosystem}`, why);
  }

  #problem(kind: Problem['kind'], place: string, type: string, cause: Problem['cause'], what: string, why: string, location: Problem['location'] = null): void {
    const id = `${kind}:vulnerabilities:${place}`;
    if (!this.#problems.has(id)) this.#problems.set(id, { id, kind, evidence: 'vulnerabilities', scope: { ecosystem: type }, cause, what, why, location });
  }

  result(): MatchResult {
    return {
      matches: this.#matches,
      feeds: {
        digest: this.#store?.digest ?? null,
        sources: this.#sources,
        ...(this.#store === null ? {} : { exploitation: exploitationState(this.#store.sets) }),
        needed: [...this.#needed.values()],
      },
      problems: [...this.#problems.values()],
    };
  }
}
