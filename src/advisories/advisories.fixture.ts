import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import type { Distribution, Match, Package, PackageType } from '../model/index.ts';
import { matchAdvisories, openAdvisories } from './advisories.ts';
import { importAdvisories } from './import.ts';
import type { MatchResult } from './match.ts';

export type Fields = Readonly<Record<string, unknown>>;

const temporary: string[] = [];
process.on('exit', () => {
  for (const path of temporary) rmSync(path, { recursive: true, force: true });
});

/** A folder that is gone when the process ends. */
export function temporaryDirectory(): string {
  const path = mkdtempSync(join(tmpdir(), 'portcullis-advisories-'));
  temporary.push(path);
  return path;
}

export function pkg(type: PackageType, name: string, version: string, more: Partial<Package> = {}): Package {
  return {
    purl: `pkg:${type}/${name}@${version}`,
    type,
    name,
    version,
    source: null,
    architecture: null,
    licenses: [],
    locations: [],
    ownedBy: null,
    lockfile: false,
    cataloger: 'test',
    ...more,
  };
}

export function distribution(id: string, version: string, more: Partial<Distribution> = {}): Distribution {
  return { id, version, name: `${id} ${version}`, like: [], codename: null, location: { path: '/etc/os-release' }, ...more };
}

export const debian12 = distribution('debian', '12');

/** An `affected` entry; events as `introduced 0`, `fixed 1.2`. */
export function affected(ecosystem: string, name: string, events: readonly string[], more: Fields = {}): Fields {
  const ranges = events.length === 0 ? [] : [{ type: 'ECOSYSTEM', events: events.map((event) => ({ [event.split(' ')[0] ?? '']: event.split(' ')[1] })) }];
  return { package: { ecosystem, name }, ranges, ...more };
}

export function record(id: string, entries: readonly Fields[], more: Fields = {}): Fields {
  return { schema_version: '1.7.3', id, modified: '2026-01-01T00:00:00Z', affected: entries, ...more };
}

/** Writes records as loose files into a new folder. */
export function looseRecords(records: readonly Fields[], name = 'own'): string {
  const directory = join(temporaryDirectory(), name);
  mkdirSync(directory);
  for (const [index, each] of records.entries()) writeFileSync(join(directory, `${index}.json`), JSON.stringify(each));
  return directory;
}

/** Writes an archive of records, one file each. */
export function recordsArchive(path: string, records: readonly Fields[]): void {
  const parts: Buffer[] = [];
  const central: Buffer[] = [];
  let at = 0;
  for (const [index, each] of records.entries()) {
    const content = Buffer.from(JSON.stringify(each));
    const data = deflateRawSync(content);
    const name = Buffer.from(`${String(each.id ?? index)}.json`);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(name.length, 22);
    parts.push(Buffer.from('PK\x03\x04', 'latin1'), common, name, data);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(at, 10);
    central.push(Buffer.from('PK\x01\x02\0\0', 'latin1'), common, rest, name);
    at += 30 + name.length + data.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(records.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  writeFileSync(path, Buffer.concat([...parts, directory, end]));
}

/** A mirror in the layout of OSV's bucket. */
export function bucket(ecosystems: Readonly<Record<string, readonly Fields[]>>): string {
  const directory = join(temporaryDirectory(), 'osv');
  for (const [name, records] of Object.entries(ecosystems)) {
    mkdirSync(join(directory, name), { recursive: true });
    recordsArchive(join(directory, name, 'all.zip'), records);
  }
  writeFileSync(join(directory, 'ecosystems.txt'), `${Object.keys(ecosystems).join('\n')}\n`);
  return directory;
}

/** Imports records into a store of their own and matches packages with it. */
export async function matchWith(
  records: readonly Fields[],
  packages: readonly Package[],
  where: Distribution | null = null,
  now = new Date('2026-06-01T00:00:00Z'),
): Promise<MatchResult> {
  const dataDir = temporaryDirectory();
  await importAdvisories(looseRecords(records), { dataDir });
  const advisories = await openAdvisories({ dataDir });
  try {
    return matchAdvisories(advisories, packages, where, now);
  } finally {
    advisories?.close();
  }
}

/** The ids of matches, in order. */
export async function idsWith(records: readonly Fields[], packages: readonly Package[], where: Distribution | null = null): Promise<string[]> {
  return (await matchWith(records, packages, where)).matches.map((match) => match.id).sort();
}

/** The only match; fails when there is another number. */
export async function onlyMatch(records: readonly Fields[], one: Package, where: Distribution | null = null): Promise<Match> {
  const { matches } = await matchWith(records, [one], where);
  if (matches.length !== 1 || matches[0] === undefined) throw new Error(`${matches.length} matches: ${matches.map((match) => match.id).join(', ')}`);
  return matches[0];
}
