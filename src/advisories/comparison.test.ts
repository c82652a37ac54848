import { expect, test } from 'vitest';
import { affected, debian12, looseRecords, pkg, record, temporaryDirectory } from './advisories.fixture.ts';
import { type Advisories, openAdvisories } from './advisories.ts';
import { importAdvisories } from './import.ts';

async function opened(...records: Parameters<typeof looseRecords>[0]): Promise<Advisories> {
  const dataDir = temporaryDirectory();
  await importAdvisories(looseRecords(records), { dataDir });
  return (await openAdvisories({ dataDir })) as Advisories;
}

test('what was compared with what, in which order, through the source package', async () => {
  const advisories = await opened(
    record('DEBIAN-CVE-2026-1', [affected('Debian:12', 'openssl', ['introduced 0', 'fixed 3.0.11-1+deb12u2'])], { upstream: ['CVE-2026-1'] }),
    record('OTHER-1', [affected('Debian:11', 'openssl', ['introduced 0'])], { aliases: ['CVE-2026-1'] }),
  );
  const libssl = pkg('deb', 'libssl3', '3.0.11-1', { source: { name: 'openssl', version: '3.0.11-1' } });
  const [comparison, ...more] = advisories.compare('CVE-2026-1', [libssl, pkg('npm', 'a', '1.0.0')], debian12);
  expect(more).toEqual([]);
  expect(comparison).toMatchObject({
    purl: libssl.purl,
    advisory: 'DEBIAN-CVE-2026-1',
    ecosystem: 'Debian:12',
    name: 'openssl',
    through: 'source',
    version: '3.0.11-1',
    order: { name: 'dpkg' },
    ranges: [
      {
        type: 'ECOSYSTEM',
        events: [
          { event: 'introduced', version: '0', comparison: '>' },
          { event: 'fixed', version: '3.0.11-1+deb12u2', comparison: '<' },
        ],
      },
    ],
    listed: { count: 0, contains: false },
    result: 'affected',
  });
  advisories.close();
});

test('not affected, incomparable and withdrawn are answers too; what nobody names is none', async () => {
  const advisories = await opened(
    record('A-1', [affected('npm', 'a', ['introduced 0', 'fixed 1.0.0'])]),
    record('A-2', [affected('npm', 'a', ['introduced 0', 'fixed one'])]),
    record('A-3', [affected('npm', 'a', ['introduced 0'], { versions: ['1.0.0'] })], { withdrawn: '2026-01-01T00:00:00Z' }),
  );
  const result = (name: string, version = '1.0.0'): unknown =>
    advisories.compare(name, [pkg('npm', 'a', version)], null).map(({ result, withdrawn }) => [result, withdrawn]);
  expect(result('A-1')).toEqual([['unaffected', false]]);
  expect(result('A-2')).toEqual([['incomparable', false]]);
  expect(advisories.compare('A-2', [pkg('npm', 'a', '1.0.0')], null)[0]?.ranges[0]?.events[1]?.comparison).toBe('?');
  expect(result('A-3')).toEqual([['unaffected', true]]);
  expect(result('A-9')).toEqual([]);
  expect(advisories.compare('A-1', [pkg('npm', 'a', '0.9.0', { ownedBy: 'pkg:deb/debian/node-a@1' })], null)).toEqual([]);
  advisories.close();
});
