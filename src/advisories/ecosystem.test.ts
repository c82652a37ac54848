import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Distribution } from '../model/index.ts';
import { orderForEcosystem } from '../versions/index.ts';
import { distribution } from './advisories.fixture.ts';
import { distributionEcosystem } from './ecosystem.ts';
import { isPast, lastSupportedDay } from './end-of-life.ts';

const ecosystemOf = (id: string, version: string, more: Partial<Distribution> = {}): string => {
  const lookup = distributionEcosystem(distribution(id, version, more));
  return lookup.state === 'known' ? lookup.found.ecosystem : `${lookup.state} ${lookup.ecosystem}`;
};

test.each([
  ['debian', '12', {}, 'Debian:12'],
  ['debian', '', { codename: 'bookworm' }, 'Debian:12'],
  ['debian', '', { codename: 'forky' }, 'Debian:14'],
  ['debian', '', { codename: 'forky/sid' }, 'Debian:14'],
  ['debian', '', { codename: 'sid' }, 'Debian:sid'],
  ['debian', '', {}, 'no-release Debian'],
  ['debian', '', { codename: 'constructor' }, 'no-release Debian'],
  ['ubuntu', '22.04', { name: 'Ubuntu 22.04.3 LTS' }, 'Ubuntu:22.04:LTS'],
  ['ubuntu', '24.04', { name: '' }, 'Ubuntu:24.04:LTS'],
  ['ubuntu', '25.04', { name: 'Ubuntu 25.04' }, 'Ubuntu:25.04'],
  ['ubuntu', '25.10', { name: 'Ubuntu 25.10' }, 'Ubuntu:25.10'],
  ['alpine', '3.19.1', {}, 'Alpine:v3.19'],
  ['alpine', '3.6.5', {}, 'Alpine:v3.6'],
  ['alpine', '3.22.0_alpha20250108', {}, 'no-release Alpine:3.22.0_alpha20250108'],
  ['almalinux', '9.4', {}, 'AlmaLinux:9'],
  ['rocky', '8.10', {}, 'Rocky Linux:8'],
  ['rhel', '9.4', {}, 'Red Hat:enterprise_linux:9::baseos'],
  ['azurelinux', '3.0', {}, 'Azure Linux:3'],
  ['mariner', '2.0', {}, 'Azure Linux:2'],
  ['photon', '3.0', {}, 'Photon OS:3.0'],
  ['openeuler', '24.03', { name: 'openEuler 24.03 (LTS)' }, 'openEuler:24.03-LTS'],
  ['openeuler', '22.03', { name: 'openEuler 22.03 (LTS-SP1)' }, 'openEuler:22.03-LTS-SP1'],
  ['mageia', '9', {}, 'Mageia:9'],
  ['sles', '15.5', { name: 'SUSE Linux Enterprise Server 15 SP5' }, 'SUSE:Linux Enterprise Server 15 SP5'],
  ['sles', '15', { name: 'SUSE Linux Enterprise Server 15' }, 'SUSE:Linux Enterprise Server 15'],
  ['opensuse-leap', '15.6', {}, 'openSUSE:Leap 15.6'],
  ['opensuse-tumbleweed', '20260101', {}, 'openSUSE:Tumbleweed'],
  ['wolfi', '20230201', {}, 'Wolfi'],
  ['chainguard', '20230214', {}, 'Chainguard'],
  ['alpaquita', 'stream', {}, 'Alpaquita:stream'],
  ['bellsoft-hardened-containers', '23', {}, 'BellSoft Hardened Containers:23'],
  ['amzn', '2023', {}, 'unsupported amzn:2023'],
  ['centos', '7', { like: ['rhel', 'fedora'] }, 'unsupported centos:7'],
  ['kali', '2026.1', { like: ['debian'] }, 'unsupported kali:2026.1'],
  ['toString', '', {}, 'unsupported toString'],
  ['photon', '9'.repeat(1000), {}, 'no-release Photon OS'],
])('%s %s %j', (id, version, more, ecosystem) => {
  expect(ecosystemOf(id, version, more)).toBe(ecosystem);
});

test('a derivative is told whose advisories it does not get', () => {
  expect(distributionEcosystem(distribution('kali', '2026.1', { like: ['debian'] }))).toMatchObject({
    why: expect.stringContaining("those of debian, which it derives from, don't hold"),
  });
});

test('every ecosystem has an order for its versions', () => {
  for (const id of [
    'debian',
    'ubuntu',
    'alpine',
    'almalinux',
    'rocky',
    'rhel',
    'azurelinux',
    'photon',
    'openeuler',
    'mageia',
    'sles',
    'opensuse-leap',
    'wolfi',
    'chainguard',
    'minimos',
    'cleanstart',
    'alpaquita',
    'bellsoft-hardened-containers',
    'echo',
  ]) {
    const lookup = distributionEcosystem(distribution(id, id === 'alpine' ? '3.19.1' : '12.04'));
    if (lookup.state !== 'known') throw new Error(id);
    expect(orderForEcosystem(lookup.found.base), id).toBeDefined();
  }
});

describe('end of life', () => {
  test('the last day still counts', () => {
    expect(isPast('2024-06-30', new Date('2024-06-30T23:59:59Z'))).toBe(false);
    expect(isPast('2024-06-30', new Date('2024-07-01T00:00:00Z'))).toBe(true);
    expect(lastSupportedDay('Debian', 'constructor')).toBeUndefined();
  });
  const data = '/usr/share/distro-info';
  test.skipIf(!existsSync(data))("Debian and Ubuntu agree with distro-info-data (skipped where that package isn't installed)", () => {
    const rows = (name: string): Record<string, string>[] => {
      const [head = '', ...lines] = readFileSync(`${data}/${name}.csv`, 'utf8').trim().split('\n');
      return lines.map((line) => Object.fromEntries(head.split(',').map((column, index) => [column, line.split(',')[index] ?? ''])));
    };
    expect(readdirSync(data)).toContain('debian.csv');
    for (const row of rows('debian')) {
      const day = lastSupportedDay('Debian', row.version ?? '');
      if (day !== undefined) expect(`${row.version} ${row['eol-lts'] || row.eol}`).toBe(`${row.version} ${day}`);
    }
    for (const row of rows('ubuntu')) {
      const day = lastSupportedDay('Ubuntu', (row.version ?? '').replace(' LTS', ':LTS'));
      if (day !== undefined) expect(`${row.version} ${row.eol}`).toBe(`${row.version} ${day}`);
    }
  });
});
