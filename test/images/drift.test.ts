import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { defaultLimits } from '../../src/archive/index.ts';
import { catalog } from '../../src/catalog/index.ts';
import { listImages } from '../../src/image/index.ts';
import type { Evidence } from '../../src/model/index.ts';
import { hasTool, shared, temporaryDirectory, writeIn } from '../support/cli.ts';

// What a package manager itself says was changed since it put the files there.

const isRoot = process.getuid?.() === 0;
const random = (): string => `p${randomBytes(4).toString('hex')}`;

async function read(path: string): Promise<Evidence> {
  const [image] = await listImages(path, { platform: null, tag: null, limits: defaultLimits });
  const opened = await (image as NonNullable<typeof image>).open();
  return catalog(opened, [{ kind: 'drift' }, { kind: 'packages', detail: { types: ['deb', 'apk', 'rpm'] } }], { limits: defaultLimits, dockerfile: null });
}

function changedIn({ facts, coverage }: Evidence): string[] {
  expect(coverage.map(({ state }) => state)).toEqual(['collected', 'collected']);
  return (facts.drift ?? []).flatMap(({ kind, location }) => (kind === 'changed' ? [location.path] : []));
}

function unownedIn({ facts }: Evidence): string[] {
  return (facts.drift ?? []).flatMap(({ kind, location }) => (kind === 'unowned' ? [location.path] : []));
}

/** Puts another thing in a path's place. */
function replace(path: string, by: { readonly file: string } | { readonly link: string } | { readonly directory: true }): void {
  rmSync(path, { force: true, recursive: true });
  if ('file' in by) writeFileSync(path, by.file, { mode: 0o755 });
  else if ('link' in by) symlinkSync(by.link, path);
  else mkdirSync(path);
}

/** What a program prints, whatever it ends with: a verifier that finds something fails. */
function told(program: string, ...parameters: readonly string[]): string[] {
  return spawnSync(program, parameters, { encoding: 'utf8' }).stdout.split('\n');
}

const hasRpm = ['rpm', 'rpmbuild'].every((tool) => hasTool(tool)) && isRoot;

test.skipIf(!hasRpm)('drift of what rpm installed is what rpm -Va says (needs rpm and rpmbuild, and root)', async () => {
  const folder = temporaryDirectory();
  const name = random();
  const names = ['same', 'changed', 'emptied', 'gone', 'touched', 'shared', 'became', 'directory', 'kept', 'turned', 'replaced', 'odd'] as const;
  const lib = `/usr/lib/${name}`;
  const spec = (package_: string, install: string, files: string): string =>
    `Name: ${package_}\nVersion: 1\nRelease: 1\nEpoch: 3\nSummary: x\nLicense: MIT\nBuildArch: noarch\n%description\nx\n%install\n${install}\n%files\n${files}\n`;
  const install = [
    `mkdir -p %{buildroot}${lib} %{buildroot}/etc/${name} %{buildroot}/lib/${name}`,
    `for f in ${names.join(' ')} verified; do echo $f > %{buildroot}${lib}/$f; chmod 755 %{buildroot}${lib}/$f; done`,
    `for f in kept turned replaced odd; do ln -sf same %{buildroot}${lib}/$f; done`,
    `echo x > "%{buildroot}${lib}/with space"; echo x > %{buildroot}${lib}/ü; : > %{buildroot}${lib}/empty; echo x > %{buildroot}/lib/${name}/merged`,
    `for f in conf kept; do echo $f > %{buildroot}/etc/${name}/$f; done`,
  ];
  const listed = [
    ...names.map((file) => (file === 'odd' ? `%verify(not link) ${lib}/odd` : `${lib}/${file}`)),
    `%verify(not md5 size mtime) ${lib}/verified`,
    `"${lib}/with space"`,
    `${lib}/ü`,
    `${lib}/empty`,
    `/lib/${name}/merged`,
    `%config /etc/${name}/conf`,
    `%config(noreplace) /etc/${name}/kept`,
    `%ghost ${lib}/ghost`,
  ];
  writeIn(folder, 'a.spec', spec(name, install.join('\n'), listed.join('\n')));
  writeIn(folder, 'b.spec', spec(`${name}-b`, `mkdir -p %{buildroot}${lib}; echo other > %{buildroot}${lib}/shared`, `${lib}/shared`));
  const define = ['--define', `_topdir ${folder}/top`, '--define', '__os_install_post %{nil}', '--define', '_unpackaged_files_terminate_build 0'];
  for (const each of ['a.spec', 'b.spec']) execFileSync('rpmbuild', ['-bb', '--quiet', ...define, each], { cwd: folder, stdio: 'ignore' });

  const root = join(folder, 'root');
  mkdirSync(join(root, 'usr/lib'), { recursive: true });
  symlinkSync('usr/lib', join(root, 'lib'));
  writeIn(root, 'etc/os-release', 'ID=fedora\nVERSION_ID=41\n');
  const rpm = ['--root', root, '--dbpath', '/var/lib/rpm'];
  for (const each of [name, `${name}-b`]) {
    const file = join(folder, 'top/RPMS/noarch', `${each}-1-1.noarch.rpm`);
    execFileSync('rpm', [...rpm, '-i', '--force-debian', '--nodeps', '--nosignature', '--replacefiles', file], { stdio: 'ignore' });
  }
  const at = (file: string): string => join(root, lib, file);
  for (const file of ['changed', 'with space', 'ü', 'empty', 'verified']) appendFileSync(at(file), 'x');
  truncateSync(at('emptied'));
  appendFileSync(join(root, 'lib', name, 'merged'), 'x');
  appendFileSync(join(root, 'etc', name, 'conf'), 'x');
  rmSync(at('gone'));
  writeFileSync(at('touched'), 'touched\n');
  replace(at('became'), { link: 'same' });
  replace(at('turned'), { link: '/tmp/other' });
  replace(at('odd'), { link: '/tmp/other' });
  replace(at('replaced'), { file: 'x' });
  replace(at('ghost'), { file: 'x' });
  replace(join(root, 'usr/lib/mine'), { file: 'x' });

  const evidence = await read(root);
  const verified = told('rpm', ...rpm, '-Va', '--nodeps').flatMap((line) => {
    const match = /^(\S{9}) {2}([a-z ]) (\/.*)$/.exec(line);
    if (match === null || match[2] === 'c' || match[3]?.endsWith(' (replaced)') === true) return [];
    return /[5L]/.test(match[1] as string) ? [(match[3] as string).replace(/^\/lib\//, '/usr/lib/')] : [];
  });
  expect(verified.length).toBeGreaterThan(7);
  expect(changedIn(evidence)).toEqual(verified.sort());
  expect(unownedIn(evidence)).toEqual(['/usr/lib/mine']);
});

const hasDpkg = hasTool('dpkg-deb') && isRoot;

test.skipIf(!hasDpkg)('what an administrator diverted, and links in the place of files, as dpkg --verify says (needs dpkg, and root)', async () => {
  const folder = temporaryDirectory();
  const root = join(folder, 'root');
  for (const directory of ['info', 'updates', 'triggers']) mkdirSync(join(root, 'var/lib/dpkg', directory), { recursive: true });
  for (const file of ['status', 'available']) writeFileSync(join(root, 'var/lib/dpkg', file), '');
  writeIn(root, 'etc/os-release', 'ID=debian\nVERSION_ID="12"\n');
  const [one, two] = [random(), random()];
  const install = (name: string, files: readonly string[]): void => {
    const tree = join(folder, name);
    for (const file of files) writeIn(tree, file, `${name} ${file}\n`);
    execFileSync('chmod', ['-R', '755', tree]);
    const sums = execFileSync('sh', ['-c', `md5sum ${files.join(' ')}`], { cwd: tree, encoding: 'utf8' });
    writeIn(tree, 'DEBIAN/md5sums', sums);
    writeIn(tree, 'DEBIAN/control', `Package: ${name}\nVersion: 1\nArchitecture: all\nMaintainer: x <x@example.org>\nDescription: x\n`);
    execFileSync('chmod', ['755', join(tree, 'DEBIAN')]);
    execFileSync('dpkg-deb', ['--build', '--root-owner-group', tree, `${tree}.deb`], { stdio: 'ignore' });
    execFileSync('dpkg', [`--root=${root}`, '--log=/dev/null', '--force-not-root', '--force-bad-path', '-i', `${tree}.deb`], { stdio: 'ignore' });
  };
  const divert = (path: string, ...by: readonly string[]): void => {
    execFileSync('dpkg-divert', [`--root=${root}`, '--quiet', ...by, '--rename', '--add', path], { stdio: 'ignore' });
  };
  install(one, ['usr/bin/tool', 'usr/bin/taken', 'usr/bin/moved', 'usr/bin/became', 'usr/bin/nowhere']);
  divert('/usr/bin/taken', '--package', two);
  divert('/usr/bin/moved', '--local');
  install(two, ['usr/bin/taken']);
  writeFileSync(join(root, 'usr/bin/moved'), 'in its place\n', { mode: 0o755 });
  const before = await read(root);
  expect(changedIn(before)).toEqual([]);
  expect(unownedIn(before)).toEqual(['/usr/bin/moved']);

  appendFileSync(join(root, 'usr/bin/moved.distrib'), 'x');
  appendFileSync(join(root, 'usr/bin/taken.distrib'), 'x');
  replace(join(root, 'usr/bin/became'), { link: 'tool' });
  replace(join(root, 'usr/bin/nowhere'), { link: '/nowhere' });
  const evidence = await read(root);
  expect(changedIn(evidence)).toEqual(['/usr/bin/became', '/usr/bin/moved.distrib', '/usr/bin/nowhere', '/usr/bin/taken.distrib']);
  // dpkg follows the link, and calls what it leads nowhere missing; of diverted files it looks at the place that the package names.
  expect(told('dpkg', `--root=${root}`, '--verify', one).some((line) => /^\?.5\S* +\/usr\/bin\/became$/.test(line))).toBe(true);
});

const alpine = join(shared, 'images/alpine-3.16.tar');

test.skipIf(!isRoot || !existsSync(alpine) || !hasTool('zstd'))(
  'drift of what apk installed is what apk audit says (needs chroot, zstd and the image of Alpine)',
  async () => {
    const folder = temporaryDirectory();
    const root = join(folder, 'root');
    mkdirSync(root);
    execFileSync('tar', ['-xf', alpine, '-C', folder]);
    const [manifest] = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as { Layers: string[] }[];
    for (const layer of manifest?.Layers ?? []) {
      execFileSync('sh', ['-c', `zstd -dc ${join(folder, layer)} | tar -xf - -C ${root} --exclude=dev/*`], { stdio: 'ignore' });
    }
    appendFileSync(join(root, 'usr/bin/getent'), 'x');
    truncateSync(join(root, 'usr/bin/ldd'));
    rmSync(join(root, 'usr/bin/iconv'));
    replace(join(root, 'usr/bin/ssl_client'), { link: '/bin/busybox' });
    replace(join(root, 'lib/libc.musl-x86_64.so.1'), { file: 'x' });
    appendFileSync(join(root, 'etc/passwd'), 'x:x:1:1:::\n');
    const evidence = await read(root);
    const audited = execFileSync('chroot', [root, '/sbin/apk', 'audit', '--system'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { PATH: '/sbin:/bin' },
    });
    const changed = audited.split('\n').flatMap((line) => (/^U (?!etc\/)/.test(line) ? [`/${line.slice(2)}`] : []));
    expect(changed.length).toBeGreaterThan(2);
    expect(changedIn(evidence)).toEqual(changed.sort());
  },
);
