import type { Distribution, Package, PackageType } from '../../src/model/index.ts';
import {
  apkProgram,
  composerLibrary,
  dpkgLibrary,
  goLibrary,
  mavenLibrary,
  npmLibrary,
  type Oracle,
  type Pair,
  pythonPackaging,
  rpmProgram,
  rubyGems,
} from '../../src/versions/testing/index.ts';

/*
 * A slow and obvious evaluator of advisories: every record, every entry, straight from the OSV specification, with the ecosystems' own
 * tools as comparators. It shares nothing with the product but the facts about packages.
 */

/** An OSV record as JSON has it. */
export interface Osv {
  readonly id: string;
  readonly withdrawn?: string;
  readonly aliases?: string[] | null;
  readonly upstream?: string[] | null;
  readonly related?: string[] | null;
  readonly affected: readonly OsvEntry[];
}
interface OsvEntry {
  readonly package?: { readonly ecosystem: string; readonly name: string };
  readonly ranges?: readonly { readonly type: string; readonly events: readonly Readonly<Record<string, string>>[] }[] | null;
  readonly versions?: readonly string[] | null;
}

/** A package as it is looked for. */
interface Query {
  readonly package: Package;
  readonly ecosystem: string;
  /** In order: the first that a record has an entry for counts. */
  readonly names: readonly { readonly name: string; readonly version: string }[];
}

const tools: Readonly<Partial<Record<PackageType, Oracle>>> = {
  deb: dpkgLibrary,
  apk: apkProgram,
  rpm: rpmProgram,
  npm: npmLibrary,
  pypi: pythonPackaging,
  maven: mavenLibrary,
  golang: goLibrary,
  cargo: npmLibrary,
  gem: rubyGems,
  composer: composerLibrary,
};

const languages: Readonly<Partial<Record<PackageType, string>>> = {
  npm: 'npm',
  pypi: 'PyPI',
  maven: 'Maven',
  golang: 'Go',
  cargo: 'crates.io',
  gem: 'RubyGems',
  composer: 'Packagist',
};

/** What the documentation says of names: PEP 503, case of Go and Composer, dashes of Rust. */
const spellings: Readonly<Record<string, (name: string) => string>> = {
  PyPI: (name) => name.toLowerCase().replace(/[-_.]+/g, '-'),
  Go: (name) => name.toLowerCase(),
  Packagist: (name) => name.toLowerCase(),
  'crates.io': (name) => name.toLowerCase().replaceAll('_', '-'),
};
const spelling = (ecosystem: string, name: string): string => (spellings[ecosystem] ?? ((same: string) => same))(name);

function releaseOf({ id, version }: Distribution): string | undefined {
  if (id === 'debian') return `Debian:${version}`;
  if (id === 'alpine') return `Alpine:v${version.split('.').slice(0, 2).join('.')}`;
  if (id === 'almalinux') return `AlmaLinux:${version.split('.')[0]}`;
  return undefined;
}

function queryOf(pkg: Package, distribution: Distribution | null): Query | undefined {
  const own = { name: pkg.name, version: pkg.version };
  const source = pkg.source ?? own;
  if (pkg.type === 'deb' || pkg.type === 'apk' || pkg.type === 'rpm') {
    const ecosystem = distribution === null ? undefined : releaseOf(distribution);
    if (ecosystem === undefined) return undefined;
    // Debian names sources; a binary rebuild (+b1) isn't the source's. Alpine names origins, here and there packages. AlmaLinux names binaries.
    if (pkg.type === 'deb') return { package: pkg, ecosystem, names: [{ name: source.name, version: source.version.replace(/\+b\d+$/, '') }] };
    return { package: pkg, ecosystem, names: pkg.type === 'rpm' ? [own] : [own, { name: source.name, version: source.version }] };
  }
  const ecosystem = languages[pkg.type];
  return ecosystem === undefined || pkg.ownedBy !== null ? undefined : { package: pkg, ecosystem, names: [own] };
}

/** What documentation says about records that the specification would let match. */
function counts(record: Osv): boolean {
  const cves = [...(record.aliases ?? []), ...(record.upstream ?? []), ...(record.related ?? [])].some((name) => name.startsWith('CVE-'));
  return record.withdrawn === undefined && (cves || !/^AL[BE]A-/.test(record.id));
}

/** Answers of the tools, asked for all pairs of a type at once. */
class Answers {
  readonly #wanted = new Map<PackageType, Map<string, Pair>>();
  readonly #known = new Map<string, number | undefined>();
  #isAsked = false;

  compare(type: PackageType, a: string, b: string): number | undefined {
    const key = JSON.stringify([type, a, b]);
    if (this.#isAsked) return this.#known.get(key);
    const pairs = this.#wanted.get(type) ?? new Map<string, Pair>();
    this.#wanted.set(type, pairs.set(key, [a, b]));
    return undefined;
  }

  ask(fallback: (type: PackageType, a: string, b: string) => number | undefined): { readonly byTools: number; readonly byOrders: number } {
    let byTools = 0;
    let byOrders = 0;
    for (const [type, wanted] of this.#wanted) {
      const tool = tools[type];
      const pairs = [...wanted].filter(([, [a, b]]) => tool?.skips?.(a, b) !== true);
      const answers = tool === undefined || tool.absent() !== undefined ? [] : tool.compare(pairs.map(([, pair]) => pair));
      for (const [index, [key]] of pairs.entries()) if (answers[index] !== undefined) this.#known.set(key, answers[index]);
      for (const [key, [a, b]] of wanted) {
        if (this.#known.has(key)) byTools += 1;
        else {
          byOrders += 1;
          this.#known.set(key, fallback(type, a, b));
        }
      }
    }
    this.#isAsked = true;
    return { byTools, byOrders };
  }
}

/** The specification's evaluation, word for word; `undefined`: some version can't be compared. */
function isAffected(version: string, entry: OsvEntry, compare: (a: string, b: string) => number | undefined): boolean | undefined {
  let doubt = false;
  // Every comparison is made, so that the tools can be asked for all at once.
  const listed = entry.versions ?? [];
  const ranges = (entry.ranges ?? []).filter(({ type }) => type !== 'GIT');
  let result = listed.includes(version);
  if (ranges.length === 0) for (const other of listed) if (compare(version, other) === 0) result = true;
  for (const { events } of ranges) {
    let isComplete = true;
    const against = (bound: string): number => {
      if (bound === '0') return 1;
      const answer = compare(version, bound);
      if (answer === undefined) isComplete = false;
      return answer ?? 0;
    };
    const placed = events.map((event) => ({ event, at: against(Object.values(event)[0] ?? '') }));
    const between = (a: string, b: string): number => (a === b ? 0 : a === '0' ? -1 : b === '0' ? 1 : (compare(a, b) ?? 0));
    const text = (event: Readonly<Record<string, string>>): string => Object.values(event)[0] ?? '';
    const sorted = [...placed].sort(
      (a, b) => between(text(a.event), text(b.event)) || Number(a.event.introduced === undefined) - Number(b.event.introduced === undefined),
    );
    let vulnerable = false;
    for (const { event, at } of sorted) {
      if (event.introduced !== undefined && at >= 0) vulnerable = true;
      if (event.fixed !== undefined && at >= 0) vulnerable = false;
      if (event.last_affected !== undefined && at > 0) vulnerable = false;
    }
    if (!isComplete) doubt = true;
    else if (vulnerable) result = true;
  }
  return result || (doubt ? undefined : false);
}

/** What must be found: ids of records for each purl, and those that can't be judged. */
export interface Expected {
  readonly affected: ReadonlyMap<string, ReadonlySet<string>>;
  readonly doubtful: ReadonlyMap<string, ReadonlySet<string>>;
  readonly comparisons: { readonly byTools: number; readonly byOrders: number };
}

/** Judges packages by records; `fallback` answers where a tool is absent or takes a text for no version. */
export function evaluatePlainly(
  packages: readonly Package[],
  distribution: Distribution | null,
  records: readonly Osv[],
  fallback: (type: PackageType, a: string, b: string) => number | undefined,
): Expected {
  const queries = packages.flatMap((pkg) => queryOf(pkg, distribution) ?? []);
  const wanted = new Map<string, Query[]>();
  for (const query of queries) {
    for (const { name } of query.names) {
      const key = `${query.ecosystem}\0${spelling(query.ecosystem, name)}`;
      wanted.set(key, [...new Set([...(wanted.get(key) ?? []), query])]);
    }
  }
  const pairs: { query: Query; record: Osv; version: string; entries: OsvEntry[] }[] = [];
  for (const record of records.filter(counts)) {
    const touched = new Set(
      record.affected.flatMap(({ package: named }) =>
        named === undefined ? [] : (wanted.get(`${named.ecosystem}\0${spelling(named.ecosystem, named.name.trim())}`) ?? []),
      ),
    );
    for (const query of touched) {
      for (const { name, version } of query.names) {
        const entries = record.affected.filter(
          (entry) => entry.package?.ecosystem === query.ecosystem && spelling(query.ecosystem, entry.package.name.trim()) === spelling(query.ecosystem, name),
        );
        // A module's build says nothing about a package outside modules.
        const usable = entries.filter((entry) => !JSON.stringify(entry.ranges ?? []).includes('.module') || version.includes('.module'));
        if (entries.length === 0) continue;
        pairs.push({ query, record, version, entries: usable });
        break;
      }
    }
  }
  const answers = new Answers();
  const judge = (): { affected: Map<string, Set<string>>; doubtful: Map<string, Set<string>> } => {
    const result = { affected: new Map<string, Set<string>>(), doubtful: new Map<string, Set<string>>() };
    for (const { query, record, version, entries } of pairs) {
      const { purl, type } = query.package;
      const verdicts = entries.map((entry) => isAffected(version, entry, (a, b) => answers.compare(type, a, b)));
      const where = verdicts.includes(true) ? result.affected : verdicts.includes(undefined) ? result.doubtful : undefined;
      where?.set(purl, (where.get(purl) ?? new Set<string>()).add(record.id));
    }
    return result;
  };
  judge();
  // Sorting asks for further pairs of bounds: all of a record's.
  for (const { query, entries } of pairs) {
    for (const { ranges } of entries) {
      for (const { events, type } of ranges ?? []) {
        if (type === 'GIT') continue;
        const bounds = events.flatMap((event) => Object.values(event)).filter((bound) => bound !== '0');
        for (const a of bounds) for (const b of bounds) if (a !== b) answers.compare(query.package.type, a, b);
      }
    }
  }
  const comparisons = answers.ask(fallback);
  return { ...judge(), comparisons };
}
