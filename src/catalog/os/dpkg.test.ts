import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Package } from '../../model/index.ts';
import { testCataloger } from '../../testing/index.ts';
import type { OwnershipFact, PackageFact, SelectedFile } from '../cataloger.ts';
import dpkg from './dpkg.ts';

const status = 'var/lib/dpkg/status';
const ownership = { kind: 'packages', detail: { ownership: true } } as const;

/** A paragraph of the database. */
function stanza(name: string, fields: Record<string, string> = {}): string {
  const all = { Package: name, Status: 'install ok installed', Architecture: 'amd64', Version: '1.0-1', ...fields };
  return `${Object.entries(all)
    .map(([key, value]) => `${key}: ${value}`)
    .join('\n')}\n`;
}

testCataloger(
  dpkg,
  {
    takes: [status, 'var/lib/dpkg/status.d/base-files', 'var/lib/dpkg/status.d/libc6', 'var/lib/dpkg/updates/0001'],
    leaves: [
      'var/lib/dpkg/status-old',
      'var/lib/dpkg/updates/tmp.i',
      'var/lib/dpkg/status.d/base-files.md5sums',
      'var/lib/dpkg/status.d/sub/a',
      'var/lib/dpkg/info/a.list',
      'usr/var/lib/dpkg/status',
      'var/lib/dpkg/available',
    ],
    files: [
      {
        title: 'typical',
        path: status,
        content: `${stanza('a', { Priority: 'required', Description: 'a\n .\n Package: not-one', Depends: 'b (>= 1)' })}\n${stanza('b', { Architecture: 'all', Version: '2:1.0~rc1+dfsg-1', Source: 'src-b' })}`,
        facts: {
          packages: [
            {
              type: 'deb',
              name: 'a',
              version: '1.0-1',
              architecture: 'amd64',
              source: { name: 'a', version: '1.0-1' },
              lockfile: false,
              locations: [{ path: `/${status}`, line: 1 }],
            },
            {
              name: 'b',
              version: '2:1.0~rc1+dfsg-1',
              architecture: 'all',
              source: { name: 'src-b', version: '2:1.0~rc1+dfsg-1' },
              locations: [{ path: `/${status}`, line: 11 }],
            },
          ],
        },
      },
      {
        title: 'a source with a version of its own, as binary rebuilds have',
        path: status,
        content: `${stanza('zlib1g', { Version: '1:1.2.13-1+b2', Source: 'zlib (1:1.2.13-1)' })}\n${stanza('libgcc-s1', { Version: '12.2.0-14', Source: 'gcc-12 (12.2.0)' })}`,
        facts: {
          packages: [
            { name: 'zlib1g', version: '1:1.2.13-1+b2', source: { name: 'zlib', version: '1:1.2.13-1' } },
            { name: 'libgcc-s1', source: { name: 'gcc-12', version: '12.2.0' } },
          ],
        },
      },
      {
        title: 'states: what lies in the image, wholly or in part, and what does not',
        path: status,
        content: [
          stanza('half', { Status: 'install reinstreq half-installed' }),
          stanza('unpacked', { Status: 'install ok unpacked' }),
          stanza('pending', { Status: 'hold ok triggers-pending' }),
          stanza('held', { Status: 'hold ok installed' }),
          stanza('removed', { Status: 'deinstall ok config-files' }),
          stanza('purged', { Status: 'purge ok not-installed' }).replace(/Version: .*\n/, ''),
        ].join('\n'),
        facts: { packages: [{ name: 'half' }, { name: 'unpacked' }, { name: 'pending' }, { name: 'held' }] },
      },
      {
        title: 'distroless: one package a file, no Status, no final newline',
        path: 'var/lib/dpkg/status.d/tzdata',
        content: 'Package: tzdata\nVersion: 2024a-0+deb12u1\nArchitecture: all\nMaintainer: x',
        facts: { packages: [{ name: 'tzdata', version: '2024a-0+deb12u1', locations: [{ path: '/var/lib/dpkg/status.d/tzdata', line: 1 }] }] },
      },
      { title: 'an empty record of distroless', path: 'var/lib/dpkg/status.d/a', content: '', problems: [{ kind: 'unreadable', why: 'it holds no package' }] },
      {
        title: 'CRLF, blanks and fields in any case',
        path: status,
        content: 'PACKAGE:a\r\nversion:   1\r\nSTATUS: install ok installed\r\n\r\n\r\nPackage: b\r\nVersion: 2\r\n',
        facts: {
          packages: [
            { name: 'a', version: '1' },
            { name: 'b', version: '2' },
          ],
        },
      },
      { title: 'empty: judged from the whole image', path: status, content: '' },
      { title: 'blank lines', path: status, content: '\n\n\n' },
      {
        title: 'no version',
        path: status,
        content: `${stanza('ok')}\n${stanza('a').replace(/Version: .*\n/, '')}`,
        facts: { packages: [{ name: 'ok' }] },
        problems: [{ kind: 'unreadable', line: 6, why: 'it has the package a without a version at line 6' }],
      },
      { title: 'no name', path: status, content: stanza('a').replace(/Package: .*\n/, ''), problems: [{ line: 1 }] },
      { title: 'a blank in the version', path: status, content: stanza('a', { Version: '1.0 evil' }), problems: [{ line: 1 }] },
      {
        title: 'cut off in a line',
        path: status,
        content: stanza('a').slice(0, -1),
        facts: { packages: [{ name: 'a' }] },
        problems: [{ why: 'it ends in the middle of a line, so it was cut off' }],
      },
      { title: 'cut off in a field name', path: status, content: `${stanza('a')}Descri`, facts: { packages: [{ name: 'a' }] }, problems: [{ line: 1 }, {}] },
      {
        title: 'a field twice, which dpkg refuses: two packages that no empty line divides',
        path: status,
        content: `${stanza('openssh-server')}${stanza('harmless')}`,
        facts: { packages: [{ name: 'harmless' }] },
        problems: [{ line: 1 }],
      },
      { title: 'not a database', path: status, content: Uint8Array.of(0, 1, 2, 255, 254, 10, 0, 0, 10), problems: [{ line: 1 }] },
      {
        title: 'names of the language, not of the file',
        path: status,
        content: 'Package: constructor\nVersion: 1\n__proto__: x\n',
        facts: { packages: [{ name: 'constructor' }] },
      },
      {
        title: 'states that dpkg does not know: the package is listed, and that is told',
        path: status,
        content: `${stanza('a', { Status: 'install ok instaled' })}\n${stanza('b', { Status: '' })}`,
        facts: { packages: [{ name: 'a' }, { name: 'b' }] },
        problems: [{ kind: 'unreadable', line: 1 }, { line: 6 }],
      },
      {
        title: 'what an interrupted dpkg had not yet written into its database',
        path: 'var/lib/dpkg/updates/0001',
        content: stanza('a'),
        problems: [{ kind: 'unreadable', what: '/var/lib/dpkg/updates/0001' }],
      },
      {
        title: 'the files of a package of distroless',
        path: 'var/lib/dpkg/status.d/openssl.md5sums',
        request: ownership,
        content: 'ac66ccd22f6182152356c8e5190b9841  usr/bin/openssl\n403ef15f9ca0a8634046b82a9fac9118  usr/share/man/man1/openssl.1ssl.gz\n',
        facts: { ownership: [{ package: 'openssl', architecture: null, type: 'deb', files: ['/usr/bin/openssl'] }] },
      },
      {
        title: 'the files of a package, as far as they tell whose a language package is',
        path: 'var/lib/dpkg/info/python3-yaml:amd64.list',
        request: ownership,
        content: '/.\n/usr/lib/python3/dist-packages/PyYAML-6.0.dist-info/METADATA\n/usr/share/doc/x.txt\n',
        facts: {
          ownership: [{ package: 'python3-yaml', architecture: 'amd64', type: 'deb', files: ['/usr/lib/python3/dist-packages/PyYAML-6.0.dist-info/METADATA'] }],
        },
      },
    ],
  },
  test,
);

function fileOf(path: string, bytes: Uint8Array): SelectedFile {
  return { path, mode: 0o644, bytes, text: () => Buffer.from(bytes).toString('utf8') };
}

function read(path: string, bytes: Uint8Array): { packages: PackageFact[]; ownership: OwnershipFact[]; problems: number } {
  const all = [...dpkg.read(fileOf(path, bytes), ownership, { limits: { facts: 1_000_000, depth: 100 } })];
  return {
    packages: all.flatMap((one) => ('kind' in one && one.kind === 'packages' ? [one.fact] : [])),
    ownership: all.flatMap((one) => ('kind' in one && one.kind === 'ownership' ? [one.fact] : [])),
    problems: all.filter((one) => 'problem' in one).length,
  };
}

describe('hostile', () => {
  test('sixty-four megabytes without a single field are read in one pass', () => {
    const bytes = Buffer.alloc(64 * 1024 * 1024, 'a\n');
    expect(read(status, bytes)).toMatchObject({ packages: [], problems: 1 });
  });
  test('a field that continues over a million lines', () => {
    const bytes = Buffer.from(`${stanza('a')}Source: b\n${' c\n'.repeat(1_000_000)}`);
    expect(read(status, bytes).packages).toMatchObject([{ name: 'a' }]);
  });
});

const hasDpkg =
  ['dpkg', 'dpkg-deb', 'dpkg-query'].every((tool) => spawnSync(tool, ['--version'], { stdio: 'ignore' }).error === undefined) && process.getuid?.() === 0;

describe.skipIf(!hasDpkg)('what dpkg itself wrote (needs dpkg, and root to install)', () => {
  const random = (): string => `p${randomBytes(4).toString('hex')}`;

  /** Builds a package and gives its file. */
  function build(work: string, name: string, fields: Record<string, string>, file: string): string {
    const tree = join(work, name);
    mkdirSync(join(tree, 'DEBIAN'), { recursive: true });
    const all = { Package: name, Version: '1.0', Architecture: 'all', Maintainer: 'Test <test@example.org>', Description: 'a test\n of dpkg', ...fields };
    writeFileSync(
      join(tree, 'DEBIAN/control'),
      `${Object.entries(all)
        .map(([key, value]) => `${key}: ${value}\n`)
        .join('')}`,
    );
    writeFileSync(join(tree, 'DEBIAN/conffiles'), `/etc/${name}.conf\n`);
    mkdirSync(join(tree, 'etc'));
    writeFileSync(join(tree, `etc/${name}.conf`), 'x\n');
    mkdirSync(join(tree, file, '..'), { recursive: true });
    writeFileSync(join(tree, file), 'x');
    execFileSync('dpkg-deb', ['--root-owner-group', '-b', tree, `${tree}.deb`], { stdio: 'ignore' });
    return `${tree}.deb`;
  }

  test('packages, sources, states and owned files are what dpkg-query says', () => {
    const work = mkdtempSync(join(tmpdir(), 'portcullis-dpkg-'));
    try {
      const root = join(work, 'root');
      for (const directory of ['info', 'updates', 'triggers']) mkdirSync(join(root, 'var/lib/dpkg', directory), { recursive: true });
      for (const file of ['status', 'available']) writeFileSync(join(root, 'var/lib/dpkg', file), '');
      const [plain, rebuilt, renamed, removed] = [random(), random(), random(), random()];
      const debs = [
        build(work, plain, { Version: '2:3.1~rc2+dfsg-4' }, `usr/lib/python3/dist-packages/${plain}-1.0.dist-info/METADATA`),
        build(work, rebuilt, { Version: '1.5-2+b3', Source: `${random()} (1.5-2)` }, 'usr/share/a'),
        build(work, renamed, { Version: '7.0+b1', Source: random() }, 'usr/share/b'),
        build(work, removed, {}, 'usr/share/c'),
      ];
      const run = (...parameters: string[]): void => {
        execFileSync('dpkg', [`--root=${root}`, '--force-not-root', '--force-bad-path', '--log=/dev/null', ...parameters], {
          stdio: ['ignore', 'ignore', 'pipe'],
        });
      };
      run('--install', ...debs);
      run('--remove', removed);
      const fields = ['Package', 'Version', 'Architecture', 'source:Package', 'source:Version', 'db:Status-Status'];
      const format = `${fields.map((field) => `\${${field}}`).join(' ')}\n`;
      const told = execFileSync('dpkg-query', [`--admindir=${root}/var/lib/dpkg`, '-W', '-f', format], { encoding: 'utf8' })
        .trimEnd()
        .split('\n');
      expect(told.some((line) => line.startsWith(`${removed} `) && line.endsWith(' config-files'))).toBe(true);

      const given = read(status, readFileSync(join(root, status)));
      expect(given.problems).toBe(0);
      const line = ({ name, version, architecture, source }: PackageFact): string =>
        `${name} ${version} ${architecture} ${(source as NonNullable<Package['source']>).name} ${source?.version} installed`;
      expect(given.packages.map(line).sort()).toEqual(told.filter((each) => each.endsWith(' installed')).sort());

      const lists = readdirSync(join(root, 'var/lib/dpkg/info')).filter((name) => name.endsWith('.list'));
      const owned = lists.flatMap((name) => read(`var/lib/dpkg/info/${name}`, readFileSync(join(root, 'var/lib/dpkg/info', name))).ownership);
      const metadata = `/usr/lib/python3/dist-packages/${plain}-1.0.dist-info/METADATA`;
      expect(owned.filter(({ files }) => files.includes(metadata))).toMatchObject([{ package: plain, architecture: null, type: 'deb' }]);
      expect(owned.every(({ package: name }) => [plain, rebuilt, renamed, removed].includes(name))).toBe(true);
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  });
});
