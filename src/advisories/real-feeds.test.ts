import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { openZip } from '../archive/index.ts';
import type { Distribution, Package, PackageType } from '../model/index.ts';
import { orderForEcosystem, type VersionOrder } from '../versions/index.ts';
import { distribution, type Fields, pkg, temporaryDirectory } from './advisories.fixture.ts';
import { type Advisories, openAdvisories } from './advisories.ts';
import { importAdvisories } from './import.ts';

/*
 * Every match over real feeds, derived again by the specification's pseudo code, record by record: no index, no store, no
 * reading of records but JSON.parse. Package names and versions are drawn at random from the feeds.
 */
const feeds = join(import.meta.dirname, '../../../shared/feeds/osv');
const seed = Number(process.env.PORTCULLIS_TEST_SEED ?? Date.now() % 1_000_000);
const namesPerEcosystem = Number(process.env.PORTCULLIS_TEST_NAMES ?? 60);
const versionsPerName = 4;

let state = seed;
/** Mulberry32. */
function random(): number {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
}
const draw = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;

interface Osv {
  readonly id: string;
  readonly withdrawn?: string;
  readonly summary?: string;
  readonly aliases?: string[] | null;
  readonly upstream?: string[] | null;
  readonly related?: string[] | null;
  readonly affected: readonly {
    readonly package?: { readonly ecosystem: string; readonly name: string };
    readonly ranges?: readonly { readonly type: string; readonly events: readonly Readonly<Record<string, string>>[] }[] | null;
    readonly versions?: readonly string[] | null;
  }[];
}
type Entry = Osv['affected'][number];

const cases: readonly (readonly [ecosystem: string, type: PackageType, where: Distribution | null])[] = [
  ['Debian:12', 'deb', distribution('debian', '12')],
  ['Debian:11', 'deb', distribution('debian', '11')],
  ['Debian:8', 'deb', distribution('debian', '8')],
  ['Ubuntu:16.04:LTS', 'deb', distribution('ubuntu', '16.04')],
  ['Ubuntu:18.04:LTS', 'deb', distribution('ubuntu', '18.04')],
  ['Alpine:v3.11', 'apk', distribution('alpine', '3.11.5')],
  ['Alpaquita:23', 'apk', distribution('alpaquita', '23')],
  ['AlmaLinux:9', 'rpm', distribution('almalinux', '9.2')],
  ['Azure Linux:3', 'rpm', distribution('azurelinux', '3.0')],
  ['npm', 'npm', null],
  ['PyPI', 'pypi', null],
  ['Maven', 'maven', null],
  ['Go', 'golang', null],
  ['crates.io', 'cargo', null],
  ['RubyGems', 'gem', null],
  ['Packagist', 'composer', null],
];

const spellings: Readonly<Record<string, (name: string) => string>> = {
  PyPI: (name) => name.toLowerCase().replace(/[-_.]+/g, '-'),
  Go: (name) => name.toLowerCase(),
  Packagist: (name) => name.toLowerCase(),
  'crates.io': (name) => name.toLowerCase().replaceAll('_', '-'),
};
const spelling = (ecosystem: string, name: string): string => (spellings[ecosystem] ?? ((same: string) => same))(name);

/** The specification's evaluation, word for word; `undefined`: some version can't be compared. */
function isVulnerable(version: string, entry: Entry, order: VersionOrder): boolean | undefined {
  const compare = (a: string, b: string): number => {
    if (b === '0') return 1;
    const result = order.compare(a, b);
    if (result === undefined) throw new Error('incomparable');
    return result;
  };
  const includedInRanges = (): boolean | undefined => {
    let doubt = false;
    for (const range of entry.ranges ?? []) {
      if (range.type === 'GIT') continue;
      try {
        const limits = range.events.flatMap((event) => event.limit ?? []);
        for (const event of range.events) for (const text of Object.values(event)) if (text !== '*') compare(version, text);
        if (limits.length > 0 && !limits.some((limit) => limit === '*' || compare(version, limit) < 0)) continue;
        const events = range.events
          .filter((event) => event.limit === undefined)
          .sort((a, b) => {
            const [x, y] = [Object.values(a)[0] ?? '', Object.values(b)[0] ?? ''];
            const byVersion = x === y ? 0 : x === '0' ? -1 : compare(x, y);
            return byVersion || Number(a.introduced === undefined) - Number(b.introduced === undefined);
          });
        let vulnerable = false;
        for (const event of events) {
          if (event.introduced !== undefined && compare(version, event.introduced) >= 0) vulnerable = true;
          if (event.fixed !== undefined && compare(version, event.fixed) >= 0) vulnerable = false;
          if (event.last_affected !== undefined && compare(version, event.last_affected) > 0) vulnerable = false;
        }
        if (vulnerable) return true;
      } catch {
        doubt = true;
      }
    }
    return doubt ? undefined : false;
  };
  if ((entry.versions ?? []).includes(version)) return true;
  // A list without ranges also names what is equal in the order (`1.0` and `1.0.0`).
  if ((entry.ranges ?? []).every((range) => range.type === 'GIT')) return (entry.versions ?? []).some((listed) => order.compare(version, listed) === 0);
  return includedInRanges();
}

/** What this project's documentation says about records that the specification would let match. */
function counts(record: Osv): boolean {
  const cves = [...(record.aliases ?? []), ...(record.upstream ?? []), ...(record.related ?? [])].some((name) => name.startsWith('CVE-'));
  return record.withdrawn === undefined && (cves || !/^AL[BE]A-/.test(record.id));
}

describe.skipIf(!existsSync(feeds))(`matches over ../shared/feeds, seed ${seed} (skipped where that folder is absent)`, () => {
  let advisories: Advisories;
  const records: Osv[] = [];
  beforeAll(async () => {
    const dataDir = temporaryDirectory();
    const result = await importAdvisories(feeds, { dataDir });
    expect(result.rejected).toEqual([]);
    advisories = (await openAdvisories({ dataDir })) as Advisories;
    for (const name of readdirSync(feeds)) {
      if (!existsSync(join(feeds, name, 'all.zip'))) continue;
      const zip = openZip(readFileSync(join(feeds, name, 'all.zip')));
      for (const entry of zip.entries) {
        const record = JSON.parse(Buffer.from(zip.read(entry)).toString()) as Osv & Fields;
        const { id, withdrawn, aliases, upstream, related } = record;
        records.push({ id, affected: record.affected, aliases, upstream, related, ...(withdrawn === undefined ? {} : { withdrawn }) } as Osv);
      }
    }
  });

  test.each(cases)('%s', (ecosystem, type, where) => {
    const base = ecosystem.split(':')[0] ?? '';
    const order = orderForEcosystem(base) as VersionOrder;
    const about = new Map<string, { record: Osv; entry: Entry }[]>();
    for (const record of records) {
      for (const entry of record.affected) {
        if (entry.package?.ecosystem !== ecosystem && entry.package?.ecosystem !== ecosystem.replace('Ubuntu:', 'Ubuntu:Pro:')) continue;
        // Ubuntu Pro: an entry for the plain release of the same package goes before.
        const plain = record.affected.some((other) => other.package?.ecosystem === ecosystem && other.package.name === entry.package?.name);
        if (entry.package.ecosystem !== ecosystem && plain) continue;
        const name = spelling(base, entry.package.name.trim());
        const list = about.get(name) ?? [];
        list.push({ record, entry });
        about.set(name, list);
      }
    }
    const names = [...about.keys()];
    let compared = 0;
    let affected = 0;
    for (let index = 0; index < namesPerEcosystem; index++) {
      const name = draw(names);
      const entries = about.get(name) ?? [];
      const versions = entries.flatMap(({ entry }) => [
        ...(entry.versions ?? []),
        ...(entry.ranges ?? []).flatMap((range) => (range.type === 'GIT' ? [] : range.events.flatMap((event) => Object.values(event)))),
      ]);
      for (let each = 0; each < versionsPerName; each++) {
        const version = draw([...versions, '1.0.0']);
        // Module streams have tests of their own.
        if (!order.valid(version) || version.includes('.module')) continue;
        const source = type === 'deb' || type === 'apk' ? { name, version } : null;
        const one: Package = pkg(type, name, version, { source });
        const expected = new Set<string>();
        for (const { record, entry } of entries) {
          const modular = (entry.ranges ?? []).some((range) => range.events.some((event) => event.fixed?.includes('.module')));
          if (counts(record) && !modular && isVulnerable(version, entry, order) === true) expected.add(record.id);
        }
        const { matches } = advisories.match([one], where, new Date());
        const told = new Set(matches.flatMap((match) => [match.id, ...match.aliases]));
        const about = `${ecosystem} ${name} ${version}, seed ${seed}`;
        expect(
          [...expected].filter((id) => !told.has(id)),
          `missed: ${about}`,
        ).toEqual([]);
        expect(
          matches.map((match) => match.id).filter((id) => !expected.has(id)),
          `invented: ${about}`,
        ).toEqual([]);
        compared += 1;
        affected += expected.size;
      }
    }
    expect(compared).toBeGreaterThan(namesPerEcosystem);
    expect(affected).toBeGreaterThan(0);
    if (process.env.PORTCULLIS_TEST_NAMES !== undefined) console.log(`${ecosystem}: ${compared} packages, ${affected} records`);
  });
});
