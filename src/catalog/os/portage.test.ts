import { test } from 'vitest';
import { testCataloger } from '../../testing/index.ts';
import portage from './portage.ts';

const path = (directory: string, file = 'CONTENTS'): string => `var/db/pkg/${directory}/${file}`;
const sums = { kind: 'packages', detail: { checksums: true, ownership: true } } as const;
const md5 = 'd41d8cd98f00b204e9800998ecf8427e';

testCataloger(
  portage,
  {
    takes: [path('sys-apps/sed-4.9'), path('sys-apps/sed-4.9', 'LICENSE')],
    leaves: [path('sys-apps/sed-4.9', 'PF'), 'var/db/pkg/CONTENTS', 'var/db/pkg/sys-apps/CONTENTS', `x/${path('a/b-1')}`, path('a/b-1/c')],
    files: [
      ...(
        [
          ['app-containers/skopeo-1.5.1', 'app-containers/skopeo', '1.5.1'],
          ['sys-libs/ncurses-6.4_p20230401-r2', 'sys-libs/ncurses', '6.4_p20230401-r2'],
          ['dev-libs/openssl-1.1.1w_alpha1_beta2-r1', 'dev-libs/openssl', '1.1.1w_alpha1_beta2-r1'],
          ['media-fonts/font-adobe-100dpi-1.0.4', 'media-fonts/font-adobe-100dpi', '1.0.4'],
          ['acct-group/sshd-0-r2', 'acct-group/sshd', '0-r2'],
          ['dev-lang/c++-2a', 'dev-lang/c++', '2a'],
        ] as const
      ).map(([directory, name, version]) => ({
        title: directory,
        path: path(directory),
        content: '',
        facts: { packages: [{ type: 'ebuild' as const, name, version, source: null, licenses: [], locations: [{ path: `/${path(directory)}` }] }] },
      })),
      {
        title: 'files with blanks, links, and what stands in /etc',
        path: path('a/b-1'),
        request: sums,
        content: `dir /usr\nobj /usr/bin/a b ${md5} 1700000000\nsym /usr/bin/l -> a b 1700000000\nobj /etc/x.conf ${md5} 1\nfif /run/p\n`,
        facts: {
          packages: [{ name: 'a/b' }],
          checksums: [
            {
              package: 'a/b',
              type: 'ebuild',
              files: [
                ['/usr', '', ''],
                ['/usr/bin/a b', 'md5', md5],
                ['/usr/bin/l', 'link', 'a b'],
                ['/etc/x.conf', 'md5', md5],
                ['/run/p', '', ''],
              ],
              configuration: ['/etc/x.conf'],
            },
          ],
          ownership: [{ package: 'a/b', files: ['/usr/bin/a b', '/usr/bin/l'] }],
        },
      },
      {
        title: 'licences',
        path: path('a/b-1', 'LICENSE'),
        content: '|| ( GPL-2 MIT )\n',
        facts: { licenses: [{ path: `/${path('a/b-1', 'LICENSE')}`, licenses: ['|| ( GPL-2 MIT )'] }] },
      },
      { title: 'an empty licence', path: path('a/b-1', 'LICENSE'), content: '\n', facts: { licenses: [{ licenses: [] }] } },
      { title: 'a directory without a version', path: path('a/b'), content: '', problems: [{ kind: 'unreadable' }] },
      {
        title: 'lines that are no files',
        path: path('a/b-1'),
        content: `obj /usr/bin/x\nsym /a\nnonsense\nobj ${md5} 1\n`,
        facts: { packages: [{ name: 'a/b' }] },
        problems: [{ kind: 'unreadable', why: '4 of its lines name no file' }],
      },
      { title: 'not text', path: path('a/b-1'), content: Uint8Array.of(0, 255, 10), facts: { packages: [{}] }, problems: [{ kind: 'unreadable' }] },
    ],
  },
  test,
);
