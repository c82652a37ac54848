import { expect, test } from 'vitest';
import { affected, looseRecords, pkg, record, temporaryDirectory } from './advisories/advisories.fixture.ts';
import { importAdvisories, openAdvisories } from './advisories/index.ts';
import { match } from './matching.ts';
import type { Evidence, Package } from './model/index.ts';

const now = new Date('2026-01-31T12:00:00Z');
const fork = 'vcs_url=git%2Bhttps%3A%2F%2Fgit.example%2Fflask.git%400a1b';
const python = (name: string, version: string, more: Partial<Package> = {}): Package =>
  pkg('pypi', name, version, { purl: `pkg:pypi/${name.toLowerCase()}${version === '' ? '' : `@${version}`}`, ...more });
const installed = python('Flask', '1.0', { purl: `pkg:pypi/flask@1.0?${fork}`, origin: 'vcs' });

async function found(...packages: readonly Package[]): Promise<string[]> {
  const dataDir = temporaryDirectory();
  await importAdvisories(looseRecords([record('PYSEC-1', [affected('PyPI', 'flask', ['introduced 0', 'fixed 2.0'])])]), { dataDir });
  const advisories = await openAdvisories({ dataDir });
  const request = { kind: 'vulnerabilities' } as const;
  const inventory = { image: {}, facts: { packages, distribution: null }, coverage: [{ request, state: 'not-asked', problems: [] }], problems: [] };
  const { evidence } = await match(inventory as unknown as Evidence, [request], { advisories, now });
  return [
    ...(evidence.facts.vulnerabilities ?? []).map(({ id, package: { purl }, lockfile }) => `${id} ${purl}${lockfile === true ? ' (lock file)' : ''}`),
    ...evidence.problems.map(({ kind, what }) => `${kind}: ${what}`),
  ];
}

test('a package from a repository is matched like the release of its name and version', async () => {
  expect(await found(installed)).toEqual([`PYSEC-1 ${installed.purl}`]);
});

test('what a lock file names is matched once, where it is installed, however it spells the name and wherever it comes from', async () => {
  const entries = [python('flask', '1.0', { lockfile: true }), python('flask', '', { purl: `pkg:pypi/flask?${fork}`, lockfile: true })];
  expect(await found(installed, ...entries)).toEqual([`PYSEC-1 ${installed.purl}`]);
});

test('what is not installed so is matched', async () => {
  expect(await found(python('flask', '2.1'), python('flask', '1.1', { lockfile: true }))).toEqual(['PYSEC-1 pkg:pypi/flask@1.1 (lock file)']);
  expect(await found(python('flasky', '1'), python('flask', '', { lockfile: true }))).toEqual([expect.stringMatching(/^incomparable: flask/)]);
});
