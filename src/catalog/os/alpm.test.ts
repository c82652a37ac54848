import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { testCataloger } from '../../testing/index.ts';
import type { ChecksumsFact, PackageFact } from '../cataloger.ts';
import alpm from './alpm.ts';

const local = 'var/lib/pacman/local/';
const sums = { kind: 'packages', detail: { checksums: true, ownership: true } } as const;
const description = (name: string, version: string, more = ''): string => `%NAME%\n${name}\n\n%VERSION%\n${version}\n\n${more}`;

testCataloger(
  alpm,
  {
    takes: [`${local}gmp-6.2.1-2/desc`],
    leaves: [`${local}ALPM_DB_VERSION`, `${local}gmp-6.2.1-2/install`, `${local}gmp-6.2.1-2/x/desc`, 'var/lib/pacman/sync/core.db', `x/${local}a-1-1/desc`],
    files: [
      {
        title: 'typical',
        path: `${local}gtk-update-icon-cache-1:4.1-2/desc`,
        content: description(
          'gtk-update-icon-cache',
          '1:4.1-2',
          '%BASE%\ngtk4\n\n%ARCH%\nx86_64\n\n%LICENSE%\nLGPL-2.1-or-later\nMIT\n\n%DEPENDS%\nglibc\n%NAME%\n\n',
        ),
        facts: {
          packages: [
            {
              type: 'alpm',
              name: 'gtk-update-icon-cache',
              version: '1:4.1-2',
              source: { name: 'gtk4', version: '1:4.1-2' },
              architecture: 'x86_64',
              licenses: ['LGPL-2.1-or-later', 'MIT'],
              locations: [{ path: `/${local}gtk-update-icon-cache-1:4.1-2/desc` }],
            },
          ],
        },
      },
      {
        title: 'no base, no architecture, CRLF, no empty line at the end',
        path: `${local}a-1-1/desc`,
        content: '%NAME%\r\na\r\n\r\n%VERSION%\r\n1-1',
        facts: { packages: [{ name: 'a', version: '1-1', source: { name: 'a' }, architecture: null, licenses: [] }] },
      },
      {
        title: 'in another package’s directory',
        path: `${local}harmless-1-1/desc`,
        content: description('openssh', '8.0p1-1'),
        facts: { packages: [{ name: 'openssh' }] },
        problems: [{ kind: 'contradiction' }],
      },
      { title: 'empty', path: `${local}a-1-1/desc`, content: '', problems: [{ kind: 'unreadable', why: 'it has no name' }] },
      { title: 'cut off', path: `${local}a-1-1/desc`, content: '%NAME%\na\n\n%VERSI', problems: [{ why: 'it has no version' }] },
      { title: 'not text', path: `${local}a-1-1/desc`, content: Uint8Array.of(0, 255, 10, 37), problems: [{ kind: 'unreadable' }] },
      {
        title: 'files, and what is kept when it was changed',
        path: `${local}a-b-1-1/files`,
        request: sums,
        content: '%FILES%\netc/\netc/a.conf\nusr/bin/a\nusr/share/x y\n\n%BACKUP%\netc/a.conf\tabcdef\n\n',
        facts: {
          checksums: [
            {
              package: 'a-b',
              type: 'alpm',
              files: [
                ['/etc', '', ''],
                ['/etc/a.conf', '', ''],
                ['/usr/bin/a', '', ''],
                ['/usr/share/x y', '', ''],
              ],
              configuration: ['/etc/a.conf'],
            },
          ],
          ownership: [{ package: 'a-b', files: ['/usr/bin/a'] }],
        },
      },
      {
        title: 'digests, links, escapes and defaults of mtree',
        path: `${local}a-1-1/mtree`,
        request: sums,
        content: gzipSync(
          '#mtree\n/set type=file uid=0 gid=0 mode=644\n./.PKGINFO time=1.0 size=1 sha256digest=00\n./usr time=1.0 mode=755 type=dir\n' +
            './usr/a\\040\\303\\274 time=1.0 size=2 md5digest=11 sha256digest=22\n./usr/l time=1.0 mode=777 type=link link=a\\040\\303\\274\n./usr/n time=1.0\n',
        ),
        facts: {
          checksums: [
            {
              files: [
                ['/usr/a ü', 'sha256', '22'],
                ['/usr/l', 'link', 'a ü'],
                ['/usr/n', '', ''],
              ],
            },
          ],
        },
      },
      {
        title: 'a damaged mtree',
        path: `${local}a-1-1/mtree`,
        request: sums,
        content: gzipSync('#mtree\n').subarray(0, 12),
        problems: [{ kind: 'unreadable' }],
      },
    ],
  },
  test,
);

const hasPacman = spawnSync('pacman', ['--version']).error === undefined && spawnSync('bsdtar', ['--version']).error === undefined && process.getuid?.() === 0;

test.skipIf(!hasPacman)('what pacman itself installed (needs pacman and bsdtar, and root)', () => {
  const work = mkdtempSync(join(tmpdir(), 'portcullis-pacman-'));
  try {
    const name = `p${randomBytes(4).toString('hex')}-x`;
    const tree = join(work, 'tree');
    for (const directory of ['usr/bin', 'etc']) mkdirSync(join(tree, directory), { recursive: true });
    writeFileSync(join(tree, 'usr/bin/a ü'), 'a\n');
    chmodSync(join(tree, 'usr/bin/a ü'), 0o755);
    symlinkSync('a ü', join(tree, 'usr/bin/link'));
    writeFileSync(join(tree, 'etc/x.conf'), 'x\n');
    const info = { pkgname: name, pkgbase: 'base', pkgver: '2:1.0rc1-3', pkgdesc: 'x', size: '4', arch: 'any', license: 'MIT', backup: 'etc/x.conf' };
    writeFileSync(
      join(tree, '.PKGINFO'),
      Object.entries(info)
        .map(([key, value]) => `${key} = ${value}\n`)
        .join(''),
    );
    const run = (command: string): void => void execFileSync('sh', ['-ec', command], { cwd: tree, stdio: 'ignore', env: { ...process.env, LANG: 'C.UTF-8' } });
    run("bsdtar -czf .MTREE --format=mtree --options='!all,use-set,type,uid,gid,mode,time,size,md5,sha256,link' .PKGINFO usr etc");
    run(`bsdtar -cf ${work}/p.pkg.tar .PKGINFO .MTREE usr etc`);
    const root = join(work, 'root');
    mkdirSync(join(root, local), { recursive: true });
    writeFileSync(join(work, 'pacman.conf'), '[options]\nArchitecture = auto\nSigLevel = Never\nLocalFileSigLevel = Never\n');
    const pacman = `pacman --config ${work}/pacman.conf --root ${root} --dbpath ${root}/var/lib/pacman --logfile /dev/null --hookdir ${work}`;
    run(`${pacman} --noconfirm --noprogressbar --noscriptlet -U ${work}/p.pkg.tar`);
    const [directory = ''] = readdirSync(join(root, local)).filter((entry) => entry.includes(name));
    const read = (file: string): unknown[] => {
      const bytes = readFileSync(join(root, local, directory, file));
      const selected = { path: `${local}${directory}/${file}`, mode: 0o644, bytes, text: () => bytes.toString('utf8') };
      return [...alpm.read(selected, sums, { limits: { facts: 1000, depth: 10 } })].map((given) => ('fact' in given ? given.fact : given));
    };
    const told = execFileSync('sh', ['-c', `${pacman} -Q`], { encoding: 'utf8' }).trim();
    const [found] = read('desc') as PackageFact[];
    expect(`${found?.name} ${found?.version}`).toBe(told);
    expect(found).toMatchObject({ source: { name: 'base' }, architecture: 'any', licenses: ['MIT'] });
    const files = execFileSync('sh', ['-c', `${pacman} -Ql`], { encoding: 'utf8' })
      .trim()
      .split('\n');
    const paths = files.map((line) => line.slice(name.length + 1 + root.length)).map((path) => path.replace(/\/$/, ''));
    const [listed] = read('files') as ChecksumsFact[];
    expect(listed?.files?.map(([path]) => path).sort()).toEqual(paths.sort());
    expect(listed?.configuration).toEqual(['/etc/x.conf']);
    const [known] = read('mtree') as ChecksumsFact[];
    const sha = (path: string): string => execFileSync('sha256sum', [join(tree, path)], { encoding: 'utf8' }).slice(0, 64);
    expect([...(known?.files ?? [])].sort()).toEqual([
      ['/etc/x.conf', 'sha256', sha('etc/x.conf')],
      ['/usr/bin/a ü', 'sha256', sha('usr/bin/a ü')],
      ['/usr/bin/link', 'link', 'a ü'],
    ]);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
});
