import { test } from 'vitest';
import { testCataloger } from '../../testing/index.ts';
import apkFiles from './apk-files.ts';
import dpkgFiles from './dpkg-files.ts';

const drift = { kind: 'drift' } as const;
const info = 'var/lib/dpkg/info/';
const md5 = 'd41d8cd98f00b204e9800998ecf8427e';

testCataloger(
  dpkgFiles,
  {
    takes: [
      'var/lib/dpkg/status',
      'var/lib/dpkg/diversions',
      `${info}a.list`,
      `${info}a:amd64.md5sums`,
      `${info}a.conffiles`,
      'var/lib/dpkg/status.d/a.md5sums',
      'var/lib/dpkg/status.d/a.conffiles',
      'usr/lib/dpkg/info/a.list',
    ],
    leaves: [`${info}a.postinst`, 'var/lib/dpkg/status.d/a', 'var/lib/dpkg/diversions-old', 'var/lib/dpkg/info/x/a.list', `x/${info}a.list`],
    files: [
      {
        title: 'digests, with whatever stands before the path',
        path: `${info}libc6:amd64.md5sums`,
        request: drift,
        content: `${md5}  usr/bin/a b\n${md5} *./usr/c\n${md5}  /usr/d\r\n`,
        facts: {
          checksums: [
            {
              package: 'libc6',
              type: 'deb',
              files: [
                ['/usr/bin/a b', 'md5', md5],
                ['/usr/c', 'md5', md5],
                ['/usr/d', 'md5', md5],
              ],
              configuration: [],
            },
          ],
        },
      },
      { title: 'no digests', path: `${info}a.md5sums`, request: drift, content: '', facts: { checksums: [{ package: 'a', files: [] }] } },
      {
        title: 'lines that are no digests',
        path: `${info}a.md5sums`,
        request: drift,
        content: `nonsense\n${md5}\n`,
        facts: { checksums: [{ files: [] }] },
        problems: [{ kind: 'unreadable', why: '2 of its lines are no checksums' }],
      },
      {
        title: 'paths',
        path: `${info}a.list`,
        request: drift,
        content: '/.\n/usr\n/usr/bin/a\n',
        facts: {
          checksums: [
            {
              files: [
                ['/usr', '', ''],
                ['/usr/bin/a', '', ''],
              ],
            },
          ],
        },
      },
      {
        title: 'configuration',
        path: `${info}a.conffiles`,
        request: drift,
        content: '/etc/a\nremove-on-upgrade /etc/old\n',
        facts: { checksums: [{ package: 'a', files: null, configuration: ['/etc/a', '/etc/old'] }] },
      },
      {
        title: 'configuration that the database names',
        path: 'var/lib/dpkg/status',
        request: drift,
        content: `Package: a\nConffiles:\n /etc/a b ${md5}\n /etc/gone ${md5} obsolete\nVersion: 1\n\nPackage: b\n`,
        facts: { checksums: [{ package: 'a', files: null, configuration: ['/etc/a b', '/etc/gone'] }] },
      },
      {
        title: 'diversions by a package and by an administrator',
        path: 'var/lib/dpkg/diversions',
        request: drift,
        content: '/bin/sh\n/bin/sh.distrib\ndash\n/usr/bin/ssh\n/usr/bin/ssh.distrib\n:\n',
        facts: {
          diversions: [
            { from: '/bin/sh', to: '/bin/sh.distrib', package: 'dash' },
            { from: '/usr/bin/ssh', to: '/usr/bin/ssh.distrib', package: null },
          ],
        },
      },
      { title: 'no diversions', path: 'var/lib/dpkg/diversions', request: drift, content: '' },
      {
        title: 'diversions that are cut off',
        path: 'var/lib/dpkg/diversions',
        request: drift,
        content: '/a\n/b\n:\n/bin/sh\n/bin/sh.distrib\n',
        facts: { diversions: [{ from: '/a' }] },
        problems: [{ kind: 'unreadable', line: 4 }],
      },
    ],
  },
  test,
);

testCataloger(
  apkFiles,
  {
    takes: ['lib/apk/db/installed', 'usr/lib/apk/db/installed'],
    leaves: ['lib/apk/db/scripts.tar', 'x/lib/apk/db/installed'],
    files: [
      {
        title: 'files with digests of both kinds, without one, and what stands in /etc',
        path: 'lib/apk/db/installed',
        request: drift,
        content: `P:a\nF:\nR:top\nF:etc\nR:x.conf\na:0:0:600\nZ:Q1${Buffer.alloc(20, 1).toString('base64')}\nF:usr/bin\nR:b\nZ:Q2${Buffer.alloc(32, 2).toString('base64')}\n\nP:virtual\nV:1\n\n`,
        facts: {
          checksums: [
            {
              package: 'a',
              type: 'apk',
              files: [
                ['/top', '', ''],
                ['/etc', '', ''],
                ['/etc/x.conf', 'sha1', '01'.repeat(20)],
                ['/usr/bin', '', ''],
                ['/usr/bin/b', 'sha256', '02'.repeat(32)],
              ],
              configuration: ['/etc/x.conf'],
            },
          ],
        },
      },
      { title: 'empty', path: 'lib/apk/db/installed', request: drift, content: '' },
      {
        title: 'a digest that is none',
        path: 'lib/apk/db/installed',
        request: drift,
        content: 'P:a\nF:a\nR:b\nZ:Q1AA\n',
        facts: {
          checksums: [
            {
              files: [
                ['/a', '', ''],
                ['/a/b', '', ''],
              ],
            },
          ],
        },
      },
    ],
  },
  test,
);
