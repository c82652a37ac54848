import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openAdvisories } from '../src/advisories/index.ts';
import { openZip } from '../src/archive/index.ts';
import type { Distribution, Package } from '../src/model/index.ts';

const debian: Distribution = { id: 'debian', version: '12', name: 'Debian 12', like: [], codename: 'bookworm', location: { path: '/etc/os-release' } };

/** Packages of Debian 12 with names that the feed knows, as an image of that many packages would have. */
export function debianPackages(feeds: string, count: number): Package[] {
  const zip = openZip(readFileSync(join(feeds, 'osv', 'Debian', 'all.zip')));
  const names = new Set<string>();
  for (const entry of zip.entries) {
    if (names.size >= count) break;
    const record = JSON.parse(Buffer.from(zip.read(entry)).toString('utf8')) as { affected?: { package?: { ecosystem?: string; name?: string } }[] };
    for (const { package: named } of record.affected ?? []) if (named?.ecosystem === 'Debian:12' && named.name !== undefined) names.add(named.name);
  }
  const known = [...names];
  return Array.from({ length: count }, (_, index) => {
    const name = index < known.length ? (known[index] as string) : `package-${index}`;
    return {
      purl: `pkg:deb/debian/${name}@99`,
      type: 'deb',
      name,
      version: '99:99-1',
      source: { name, version: '99:99-1' },
      architecture: 'amd64',
      licenses: [],
      locations: [{ path: '/var/lib/dpkg/status' }],
      ownedBy: null,
      lockfile: false,
      cataloger: 'bench',
    };
  });
}

/** Milliseconds to open the store (the driver loaded) and to match so many packages, cold. */
export async function timeMatching(
  dataDir: string,
  packages: readonly Package[],
): Promise<{ readonly open: number; readonly match: number; readonly matches: number }> {
  (await openAdvisories({ dataDir }))?.close(); // loads the driver
  const started = performance.now();
  const advisories = await openAdvisories({ dataDir });
  if (advisories === null) throw new Error('Nothing is loaded.');
  const opened = performance.now();
  const { matches } = advisories.match(packages, debian, new Date());
  const matched = performance.now();
  advisories.close();
  return { open: opened - started, match: matched - opened, matches: matches.length };
}
