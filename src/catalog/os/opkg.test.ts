import { test } from 'vitest';
import { testCataloger } from '../../testing/index.ts';
import opkg from './opkg.ts';

const status = 'usr/lib/opkg/status';
const all = { kind: 'packages', detail: { checksums: true, ownership: true, licenses: true } } as const;
const stanza = (name: string, state = 'install user installed'): string =>
  `Package: ${name}\nVersion: 1.36.1-r2\nDepends: libc\nStatus: ${state}\nArchitecture: x86_64\nConffiles:\n /etc/x abc\nInstalled-Time: 1\n`;

testCataloger(
  opkg,
  {
    takes: [status, 'var/lib/opkg/status', 'opt/lib/opkg/status'],
    leaves: ['usr/lib/opkg/info/busybox.list', 'usr/lib/opkg/info/busybox.control', 'usr/lib/opkg/lists/core', 'var/lib/dpkg/status', `x/${status}`],
    files: [
      {
        title: 'typical, with states',
        path: status,
        content: [stanza('busybox'), stanza('half', 'install user half-installed'), stanza('gone', 'deinstall user not-installed')].join('\n'),
        facts: {
          packages: [
            { type: 'opkg', name: 'busybox', version: '1.36.1-r2', source: null, architecture: 'x86_64', locations: [{ path: `/${status}`, line: 1 }] },
            { name: 'half', locations: [{ line: 10 }] },
          ],
        },
      },
      {
        title: 'files, with modes behind them',
        path: 'var/lib/opkg/info/busybox.list',
        request: all,
        content: '/usr/bin/a\n/usr/share/b\t0100644\n\n',
        facts: {
          checksums: [
            {
              package: 'busybox',
              type: 'opkg',
              files: [
                ['/usr/bin/a', '', ''],
                ['/usr/share/b', '', ''],
              ],
            },
          ],
          ownership: [{ package: 'busybox', files: ['/usr/bin/a'] }],
        },
      },
      {
        title: 'configuration',
        path: 'usr/lib/opkg/info/a.b.conffiles',
        request: all,
        content: '/etc/config/x\n',
        facts: { checksums: [{ package: 'a.b', files: null, configuration: ['/etc/config/x'] }] },
      },
      {
        title: 'licences',
        path: 'usr/lib/opkg/info/a.control',
        request: all,
        content: 'Package: a\nLicense: GPL-2.0\nDescription:  x\n',
        facts: { licenses: [{ path: '/usr/lib/opkg/info/a.control', licenses: ['GPL-2.0'] }] },
      },
      { title: 'empty: judged from the whole image', path: status, content: '' },
      { title: 'no version', path: status, content: 'Package: a\nStatus: install user installed\n', problems: [{ line: 1 }] },
      { title: 'no name', path: status, content: 'Version: 1\nStatus: install user installed\n', problems: [{ line: 1 }] },
      { title: 'cut off', path: status, content: stanza('a').slice(0, -1), facts: { packages: [{ name: 'a' }] }, problems: [{ kind: 'unreadable' }] },
      {
        title: 'two packages that no empty line divides',
        path: status,
        content: `${stanza('a')}${stanza('b')}`,
        facts: { packages: [{ name: 'b' }] },
        problems: [{ line: 1 }],
      },
      { title: 'not text', path: status, content: Uint8Array.of(0, 255, 10), problems: [{ line: 1 }] },
    ],
  },
  test,
);
