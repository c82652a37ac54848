import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RpmHeader, tags } from './header.ts';
import { filesOf } from './header-files.ts';
import { rpmBdb, rpmNdb, rpmSqlite } from './index.ts';
import { sqliteHeaders } from './sqlite.ts';
import { expectMutationsToShow, type Reading, readWith, seeded } from './testing/index.ts';

const canBuild =
  ['rpm', 'rpmbuild'].every((tool) => spawnSync(tool, ['--version']).status === 0) &&
  execFileSync('rpm', ['--eval', '%_db_backend'], { encoding: 'utf8' }).trim() === 'sqlite';
const images = resolve(import.meta.dirname, '../../../../../shared/images');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'portcullis-rpm-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A row that `rpm -qa` would print with `format`. */
function rows(reading: Reading): string[] {
  return reading.packages
    .map(({ name, version, architecture, licenses, source, module, purl }) =>
      [name, version, architecture, licenses.join(), purl?.qualifiers?.upstream, source === null ? undefined : `${source.name}-${source.version}`, module]
        .map((field) => field ?? '(none)')
        .join('|'),
    )
    .sort();
}
const format = '%{NAME}|%|EPOCH?{%{EPOCH}:}||%{VERSION}-%{RELEASE}|%{ARCH}|%{LICENSE}|%{SOURCERPM}|%{SOURCERPM}|%{MODULARITYLABEL}\\n';

describe.skipIf(!canBuild)('a database that rpm writes (needs rpm with sqlite, and rpmbuild)', () => {
  let bytes: Buffer;
  let database: string;
  const random = seeded(Date.now());
  const word = (): string =>
    Array.from({ length: 3 + Math.floor(random() * 12) }, () => 'abcdefghijklmnopqrstuvwxyz0123456789'[Math.floor(random() * 36)]).join('');

  beforeAll(() => {
    database = join(folder, 'database');
    const root = join(folder, 'root');
    mkdirSync(root, { recursive: true });
    const main = `m${word()}`;
    const subpackages = Array.from({ length: 25 }, (_, index) => ({
      name: `s${word()}-${index}`,
      epoch: [null, 0, 1, 17][index % 4],
      files: index === 7 ? 4000 : index % 6,
    }));
    const many = (name: string, count: number): string => Array.from({ length: count }, (_, index) => `/opt/${name}/d${index % 5}/ü ${index}`).join('\n');
    const spec = [
      `Name: ${main}\nVersion: 1.${Math.floor(random() * 100)}~rc1\nRelease: 3^git.el9\nSummary: x\nLicense: MIT AND (GPL-2.0-or-later OR BSD)\nVendor: Somebody\nModularityLabel: nodejs:18:82${Math.floor(random() * 1e6)}:abc\n%description\nx`,
      ...subpackages.map(
        ({ name, epoch }) =>
          `%package -n ${name}\nSummary: x\n${epoch === null ? '' : `Epoch: ${epoch}\n`}${epoch === 1 ? 'BuildArch: noarch\n' : ''}%description -n ${name}\nx`,
      ),
      '%install',
      ...subpackages.map(({ name, files }) =>
        files === 0
          ? 'true'
          : `for d in 0 1 2 3 4; do mkdir -p %{buildroot}/opt/${name}/d$d; done; for i in $(seq 0 ${files - 1}); do : > "%{buildroot}/opt/${name}/d$((i % 5))/ü $i"; done`,
      ),
      `ln -s nowhere %{buildroot}/opt/${main}; mkdir -p %{buildroot}/var/log %{buildroot}/usr/share/doc/x; touch %{buildroot}/usr/share/doc/x/readme`,
      `%files\n/opt/${main}\n%ghost /var/log/${main}.log\n%doc /usr/share/doc/x/readme`,
      ...subpackages.map(({ name, files }) => `%files -n ${name}\n${files === 0 ? '' : `%dir /opt/${name}\n${many(name, files).replace(/^(.*)$/gm, '"$1"')}`}`),
    ].join('\n');
    writeFileSync(join(folder, 'x.spec'), spec);
    const options = { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] as ['ignore', 'pipe', 'pipe'], maxBuffer: 64 * 1024 * 1024 };
    execFileSync(
      'rpmbuild',
      [
        '-bb',
        '--quiet',
        '--define',
        `_topdir ${folder}/build`,
        '--define',
        '__os_install_post %{nil}',
        '--define',
        '_unpackaged_files_terminate_build 0',
        'x.spec',
      ],
      options,
    );
    const built = execFileSync('find', [join(folder, 'build/RPMS'), '-name', '*.rpm'], { encoding: 'utf8' })
      .trim()
      .split('\n');
    expect(built.length).toBe(26);
    execFileSync('rpm', ['--dbpath', database, '-i', '--force-debian', '--justdb', '--nodeps', '--noscripts', ...built], options);
    // What was removed must be gone, and the log written back.
    execFileSync('rpm', ['--dbpath', database, '-e', '--force-debian', '--justdb', '--nodeps', '--noscripts', subpackages[3]?.name as string], options);
    bytes = readFileSync(join(database, 'rpmdb.sqlite'));
  });

  const query = (text: string): string[] =>
    execFileSync('rpm', ['--dbpath', database, '-qa', '--qf', text], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
      .trim()
      .split('\n');

  test('holds the packages that rpm lists', () => {
    const reading = readWith(rpmSqlite, 'var/lib/rpm/rpmdb.sqlite', bytes);
    expect(reading.problems).toEqual([]);
    const expected = query(format).map((row) => {
      const [name, epoch, version, arch, license, upstream, source, module] = row.split('|');
      return [name, `${epoch === '0:' ? '' : epoch}${version}`, arch, license, upstream, source?.replace(/\.src\.rpm$/, ''), module].join('|');
    });
    expect(expected.length).toBe(25);
    expect(expected.some((row) => row.includes('|17:1.'))).toBe(true);
    expect(rows(reading)).toEqual(expected.sort());
  });

  test('owns the files that rpm lists as installed, without directories', () => {
    const found = [...sqliteHeaders(bytes)].flatMap((record) => {
      if ('damage' in record) throw record.damage;
      const header = new RpmHeader(record.blob);
      return filesOf(header, 1e9).map((file) => `${header.string(tags.name)} ${file}`);
    });
    const expected = query('[%{=NAME}|%{FILENAMES}|%{FILEMODES:perms}|%{FILEFLAGS:fflags}|%{FILESTATES:fstate}\\n]')
      .map((row) => row.split('|'))
      .filter(([, , mode, flags, state]) => !mode?.startsWith('d') && !flags?.includes('g') && state === 'normal')
      .map(([name, file]) => `${name} ${file}`);
    expect(expected.length).toBeGreaterThan(4000);
    expect(found.sort()).toEqual(expected.sort());
    expect(found.some((line) => line.includes('/var/log/'))).toBe(false);
  });

  test('shows damage', () => {
    expectMutationsToShow(bytes, (damaged) => readWith(rpmSqlite, 'var/lib/rpm/rpmdb.sqlite', damaged), { rounds: 200, focus: 20_000, seed: 5 });
  });
});

interface Truth {
  readonly packages: {
    readonly rpm: readonly {
      readonly name: string;
      readonly epoch: number | null;
      readonly version: string;
      readonly release: string;
      readonly arch: string;
      readonly sourceRpm: string;
      readonly license: string;
    }[];
  };
}

describe.each([
  ['alma8-db', rpmBdb, 'var/lib/rpm/Packages'],
  ['alma9-micro', rpmSqlite, 'var/lib/rpm/rpmdb.sqlite'],
  ['mariner2-db', rpmSqlite, 'var/lib/rpm/rpmdb.sqlite'],
  ['sles15-db', rpmNdb, 'usr/lib/sysimage/rpm/Packages.db'],
] as const)('the image %s', (name, cataloger, path) => {
  const image = join(images, `${name}.tar`);
  test.skipIf(!existsSync(image))('has the packages that rpm lists (needs ../shared/images)', () => {
    const manifest = JSON.parse(execFileSync('tar', ['-xOf', image, 'manifest.json'], { encoding: 'utf8' })) as [{ Layers: [string] }];
    const layer = execFileSync('tar', ['-xOf', image, manifest[0].Layers[0]], { maxBuffer: 1e9 });
    const bytes = execFileSync('tar', ['-xzOf', '-', path], { input: layer, maxBuffer: 1e9 });
    const truth = JSON.parse(readFileSync(join(images, `truth/${name}.truth.json`), 'utf8')) as Truth;
    const reading = readWith(cataloger, path, bytes);
    expect(reading.problems).toEqual([]);
    const expected = truth.packages.rpm.map(({ name, epoch, version, release, arch, license, sourceRpm }) =>
      [name, `${epoch === null ? '' : `${epoch}:`}${version}-${release}`, arch, license, sourceRpm, sourceRpm.replace(/\.src\.rpm$/, ''), '(none)'].join('|'),
    );
    expect(rows(reading)).toEqual(expected.sort());
  });
});

describe('the catalogers of rpm databases', () => {
  const accepts = (cataloger: typeof rpmBdb, path: string, type: 'file' | 'symlink' = 'file'): boolean =>
    cataloger.selects({ path, type, mode: 0o644, size: 1 }, { kind: 'packages' });

  test.each([
    [rpmBdb, ['Packages']],
    [rpmNdb, ['Packages.db']],
    [rpmSqlite, ['rpmdb.sqlite', 'rpmdb.sqlite-wal', 'rpmdb.sqlite-journal']],
  ] as const)('select their files in the places where rpm keeps them, and no others', (cataloger, names) => {
    const paths = ['var/lib/rpm', 'usr/lib/sysimage/rpm', 'usr/share/rpm'].flatMap((folder) => names.map((name) => `${folder}/${name}`));
    for (const path of paths) expect(accepts(cataloger, path)).toBe(true);
    expect(cataloger.wellKnown).toEqual(paths);
    expect(accepts(cataloger, paths[0] as string, 'symlink')).toBe(false);
    for (const path of ['var/lib/rpm/Name', 'var/lib/rpm/rpmdb.sqlite-shm', `opt/${paths[0]}`, 'Packages', 'var/lib/rpm/Packages/x'])
      expect(accepts(cataloger, path)).toBe(false);
  });
});
