import { describe, expect, test } from 'vitest';
import type { CatalogerCase } from '../../testing/index.ts';
import { testCataloger } from '../../testing/index.ts';
import type { DistributionFact } from '../cataloger.ts';
import { distributionOf } from '../derive/distribution.ts';
import { releasePaths } from '../release-paths.ts';
import release from './release.ts';

type Expected = Partial<DistributionFact> | null;

/** A case whose file names this distribution, or none. */
function names(title: string, path: string, content: string, distribution: Expected): CatalogerCase {
  return {
    title: `${path}: ${title}`,
    path,
    content,
    request: { kind: 'distribution' },
    ...(distribution === null ? {} : { facts: { distribution: [distribution] } }),
  };
}

const noId = [{ kind: 'unreadable' as const }];

testCataloger(
  release,
  {
    takes: [...releasePaths],
    leaves: ['etc/os-release.bak', 'usr/etc/os-release', 'os-release', 'etc/issue', 'etc/constructor', 'toString'],
    files: [
      names(
        'quoted',
        'etc/os-release',
        'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\nVERSION="12 (bookworm)"\nVERSION_CODENAME=bookworm\nID=debian\n',
        {
          id: 'debian',
          version: '12',
          name: 'Debian GNU/Linux 12 (bookworm)',
          codename: 'bookworm',
          like: [],
          location: { path: '/etc/os-release' },
        },
      ),
      names('relatives', 'usr/lib/os-release', "ID='almalinux'\nID_LIKE=\"rhel  centos fedora\"\nVERSION_ID='9.3'\n", {
        id: 'almalinux',
        version: '9.3',
        name: 'almalinux',
        like: ['rhel', 'centos', 'fedora'],
      }),
      names('escapes', 'etc/os-release', 'ID=x\nPRETTY_NAME="a \\"b\\" \\$c \\\\ \\d"\n', { name: 'a "b" $c \\ \\d' }),
      names('words put together', 'etc/os-release', 'ID=de\'bi\'"an"\nPRETTY_NAME=A\\ B\n', { id: 'debian', name: 'A B' }),
      names('capitals', 'etc/os-release', 'ID=Debian\n', { id: 'debian' }),
      names('no version, as testing and rolling releases have it', 'etc/os-release', 'ID=arch\nNAME="Arch Linux"\n', {
        id: 'arch',
        version: '',
        name: 'Arch Linux',
      }),
      names('comments, blanks, CRLF, a byte order mark', 'etc/os-release', '\uFEFF# ID=no\r\n  ID=wolfi  \r\n\r\nVERSION_ID=20230201\r\n', {
        id: 'wolfi',
        version: '20230201',
      }),
      names('the last of two counts', 'etc/os-release', 'ID=a\nID=b\n', { id: 'b' }),
      names('a name that only ends in ID', 'etc/os-release', 'BUILD_ID=7\nVARIANT_ID=server\nID=fedora\n', { id: 'fedora' }),
      { ...names('empty', 'etc/os-release', '', null), problems: noId },
      { ...names('no ID', 'usr/lib/os-release', 'NAME=x\n', null), problems: noId },
      { ...names('an ID that is none', 'etc/os-release', 'ID="a b"\n', null), problems: noId },
      { ...names('a quote without end', 'etc/os-release', 'ID="debian\n', null), problems: noId },
      { ...names('not text', 'etc/os-release', '\0\xff=\n', null), problems: noId },
      names(
        'Ubuntu before os-release',
        'etc/lsb-release',
        'DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=10.04\nDISTRIB_CODENAME=lucid\nDISTRIB_DESCRIPTION="Ubuntu 10.04.4 LTS"\n',
        { id: 'ubuntu', version: '10.04', name: 'Ubuntu 10.04.4 LTS', codename: 'lucid' },
      ),
      names('no distribution in it', 'etc/lsb-release', 'LSB_VERSION=base-4.0\n', null),
      names('a version alone', 'etc/alpine-release', '3.4.6\n', { id: 'alpine', version: '3.4.6' }),
      names('edge', 'etc/alpine-release', '3.23.0_alpha20250612\n', { version: '3.23.0_alpha20250612' }),
      names('empty', 'etc/alpine-release', '\n', null),
      names('a point release', 'etc/debian_version', '6.0.10\n', { id: 'debian', version: '6', name: 'debian 6.0.10' }),
      names('testing', 'etc/debian_version', 'bookworm/sid\n', { id: 'debian', version: '', codename: 'bookworm' }),
      names('CentOS 6', 'etc/redhat-release', 'CentOS release 6.9 (Final)\n', {
        id: 'centos',
        version: '6.9',
        like: ['rhel', 'fedora'],
        name: 'CentOS release 6.9 (Final)',
      }),
      names('CentOS 7', 'etc/centos-release', 'CentOS Linux release 7.9.2009 (Core)\nDerived from Red Hat Enterprise Linux 7.9 (Source)\n', {
        id: 'centos',
        version: '7.9.2009',
      }),
      names('RHEL', 'etc/redhat-release', 'Red Hat Enterprise Linux Server release 7.4 (Maipo)\n', { id: 'rhel', version: '7.4' }),
      names('Fedora', 'etc/redhat-release', 'Fedora release 20 (Heisenbug)\n', { id: 'fedora', version: '20', like: [] }),
      names('Oracle', 'etc/redhat-release', 'Oracle Linux Server release 6.10\n', { id: 'ol', version: '6.10' }),
      names('Rocky', 'etc/redhat-release', 'Rocky Linux release 8.9 (Green Obsidian)\n', { id: 'rocky', version: '8.9' }),
      names('AlmaLinux', 'etc/redhat-release', 'AlmaLinux release 8.4 (Electric Cheetah)\n', { id: 'almalinux', version: '8.4' }),
      names('Amazon', 'etc/system-release', 'Amazon Linux AMI release 2018.03\n', { id: 'amzn', version: '2018.03' }),
      names('nobody that is known', 'etc/redhat-release', 'Example OS release 1\n', null),
      names('no release', 'etc/redhat-release', 'CentOS Stream\n', null),
      names('CPE', 'etc/system-release-cpe', 'cpe:/o:centos:linux:6:GA\n', { id: 'centos', version: '6' }),
      names('CPE of RHEL 6', 'etc/system-release-cpe', 'cpe:/o:redhat:enterprise_linux:6server:ga:server\n', { id: 'rhel', version: '6' }),
      names('CPE of Oracle', 'etc/system-release-cpe', 'cpe:/o:oracle:linux:6:10:server\n', { id: 'ol', version: '6' }),
      names('not a CPE of a system', 'etc/system-release-cpe', 'cpe:/a:centos:linux:6\n', null),
      names('SLES 11', 'etc/SuSE-release', 'SUSE Linux Enterprise Server 11 (x86_64)\nVERSION = 11\nPATCHLEVEL = 4\n', {
        id: 'sles',
        version: '11.4',
        like: ['suse'],
      }),
      names('openSUSE', 'etc/SuSE-release', 'openSUSE 13.2 (x86_64)\nVERSION = 13.2\nCODENAME = Harlequin\n', { id: 'opensuse', version: '13.2' }),
      names('SLES without a service pack', 'etc/SuSE-release', 'SUSE Linux Enterprise Server 10 (i586)\nVERSION = 10\nPATCHLEVEL = 0\n', { version: '10' }),
      names('nothing', 'etc/SuSE-release', '', null),
    ],
  },
  test,
);

test('a megabyte of blanks is read in one pass, in every file', () => {
  const blanks = ' '.repeat(1_000_000);
  for (const path of releasePaths) {
    for (const text of [
      `ID=a${blanks}b`,
      `${blanks}x`,
      `CentOS${blanks}release${blanks}x`,
      `VERSION${blanks}=`,
      `ID=${'"'.repeat(999_999)}`,
      `ID=${'\\'.repeat(999_999)}`,
    ]) {
      const given = [
        ...release.read({ path, mode: 0o644, bytes: Buffer.from(text), text: () => text }, { kind: 'distribution' }, { limits: { facts: 10, depth: 10 } }),
      ];
      expect(given.length).toBeLessThan(2);
    }
  }
});

describe('which file counts', () => {
  const of = (path: string, id: string): DistributionFact => ({ id, version: '', name: id, like: [], codename: null, location: { path } });
  test('os-release before its relatives, that of /etc before that of /usr', () => {
    const facts = [of('/etc/debian_version', 'd'), of('/usr/lib/os-release', 'u'), of('/etc/os-release', 'e'), of('/etc/redhat-release', 'r')];
    expect(distributionOf(facts)?.id).toBe('e');
    expect(distributionOf(facts.filter(({ id }) => id !== 'e'))?.id).toBe('u');
    expect(distributionOf(facts.filter(({ id }) => id === 'd' || id === 'r'))?.id).toBe('r');
  });
  test('none', () => expect(distributionOf([])).toBeNull());
});
