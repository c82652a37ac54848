import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { byCause, compareWithGrype, type GrypeMatch } from '../scripts/comparison/grype.ts';
import { importAdvisories, openAdvisories } from '../src/index.ts';
import type { Distribution, Package } from '../src/model/index.ts';
import { temporaryDirectory } from './support/cli.ts';

// Grype can't be had everywhere: the comparison is tested with matches in its form, written here.

const debian: Distribution = { id: 'debian', version: '12', name: 'Debian 12', like: [], codename: 'bookworm', location: { path: '/etc/os-release' } };
const deb = (name: string, version: string): Package => ({
  purl: `pkg:deb/debian/${name}@${version}`,
  type: 'deb',
  name,
  version,
  source: { name, version },
  architecture: 'amd64',
  licenses: [],
  locations: [{ path: '/var/lib/dpkg/status' }],
  ownedBy: null,
  lockfile: false,
  cataloger: 'os/dpkg',
});
const python = (name: string, version: string, ownedBy: string | null): Package => ({
  ...deb(name, version),
  type: 'pypi',
  purl: `pkg:pypi/${name}@${version}`,
  source: null,
  ownedBy,
});
const match = (id: string, name: string, version: string, ...related: string[]): GrypeMatch => ({
  vulnerability: { id },
  relatedVulnerabilities: related.map((each) => ({ id: each })),
  artifact: { name, version },
});

test('differences from grype are listed by cause', async () => {
  const root = temporaryDirectory();
  const feed = join(root, 'feed');
  mkdirSync(feed);
  const record = (id: string, cve: string, name: string, fixed: string, more: object = {}) =>
    writeFileSync(
      join(feed, `${id}.json`),
      JSON.stringify({
        id,
        modified: '2026-01-01T00:00:00Z',
        aliases: [cve],
        affected: [{ package: { ecosystem: 'Debian:12', name }, ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed }] }] }],
        ...more,
      }),
    );
  record('x_A-1', 'CVE-2026-1111', 'openssl', '3.0.2');
  record('x_A-2', 'CVE-2026-2222', 'openssl', '3.0.0');
  record('x_A-3', 'CVE-2026-3333', 'openssl', '3.0.9', { withdrawn: '2026-01-02T00:00:00Z' });
  record('x_A-4', 'CVE-2026-4444', 'bash', '9');
  const dataDir = join(root, 'data');
  await importAdvisories(feed, { dataDir });
  const advisories = await openAdvisories({ dataDir });
  if (advisories === null) throw new Error('nothing was imported');
  try {
    const packages = [deb('openssl', '3.0.1'), deb('bash', '5.2'), python('pyyaml', '6.0', 'pkg:deb/debian/python3-yaml@6.0')];
    const { matches } = advisories.match(packages, debian, new Date('2026-02-01'));
    const differences = compareWithGrype(
      matches,
      [
        match('CVE-2026-1111', 'openssl', '3.0.1'),
        match('CVE-2026-2222', 'openssl', '3.0.1'),
        match('CVE-2026-3333', 'openssl', '3.0.1'),
        match('CVE-2026-9999', 'openssl', '3.0.1'),
        match('GHSA-aaaa', 'pyyaml', '6.0', 'CVE-2020-14343'),
        match('CVE-2020-0001', 'node', '18.0.0'),
      ],
      packages,
      debian,
      advisories,
    );
    expect(differences.map(({ only, id, cause }) => `${only} ${id}: ${cause}`)).toEqual([
      'grype CVE-2026-2222: the version lies outside the ranges of the loaded advisory',
      'grype CVE-2026-3333: the advisory is withdrawn',
      'grype CVE-2026-9999: no advisory of the loaded feeds names it for this package',
      "grype CVE-2020-14343: a distribution packaged it: only the distribution's advisories count",
      'grype CVE-2020-0001: we do not list the package under this name and version',
      'portcullis CVE-2026-4444: grype tells nothing of this package',
    ]);
    expect(byCause(differences)).toHaveLength(6);
  } finally {
    advisories.close();
  }
});
