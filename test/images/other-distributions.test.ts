import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { defaultLimits } from '../../src/archive/index.ts';
import { elfFixture } from '../../src/catalog/executable/program.fixture.ts';
import { catalog } from '../../src/catalog/index.ts';
import { listImages } from '../../src/image/index.ts';
import type { Evidence, Request } from '../../src/model/index.ts';
import { judgeImage } from '../faults/judge-image.ts';
import { temporaryDirectory } from '../support/cli.ts';
import { debianStanza, osRelease } from '../support/debian.ts';
import { compress, dockerArchive, type LayerItem, layer } from '../support/image-builder.ts';

// Distributions beside Debian's, Alpine's and Red Hat's: what they have, whose it is, what was changed, and what is gone.

function imageOf(...layers: readonly (readonly LayerItem[])[]): string {
  return dockerArchive([{ layers: layers.map((items) => layer(items)) }]).writeTo(join(temporaryDirectory(), 'image.tar'));
}

async function read(path: string, requests: readonly Request[] = [{ kind: 'drift' }, { kind: 'packages', detail: { licenses: true } }]): Promise<Evidence> {
  const [found] = await listImages(path, { platform: null, tag: null, limits: defaultLimits });
  return catalog(await (found as NonNullable<typeof found>).open(), requests, { limits: defaultLimits, dockerfile: null });
}

const purls = ({ facts }: Evidence): string[] =>
  (facts.packages ?? []).map(({ purl, licenses, ownedBy }) => [purl, ...licenses, ...(ownedBy === null ? [] : ['owned'])].join(' '));
const drift = ({ facts }: Evidence): string[] => (facts.drift ?? []).map(({ kind, location }) => `${kind} ${location.path}`);
const problems = ({ problems: found }: Evidence): string[] => found.map(({ evidence, kind, scope }) => `${evidence} ${kind} ${scope.ecosystem ?? ''}`.trim());

const digest = (algorithm: string, text: string): string => createHash(algorithm).update(text).digest('hex');
const sha256 = (text: string): string => digest('sha256', text);
const md5 = (text: string): string => digest('md5', text);
const python = (root: string): LayerItem => ({
  path: `${root}/requests-2.31.0.dist-info/METADATA`,
  content: 'Metadata-Version: 2.1\nName: requests\nVersion: 2.31.0\n',
});
const name = `p${randomBytes(4).toString('hex')}`;

describe('Arch Linux', () => {
  const local = 'var/lib/pacman/local';
  const site = 'usr/lib/python3.12/site-packages';
  const files = `%FILES%\nusr/\nusr/bin/${name}\nusr/bin/kept\netc/x.conf\n${site}/requests-2.31.0.dist-info/METADATA\n\n%BACKUP%\netc/x.conf\t00\n\n`;
  const tree = `#mtree\n/set type=file mode=755\n./usr/bin/${name} sha256digest=${sha256('a')}\n./usr/bin/kept sha256digest=${sha256('kept')}\n./etc/x.conf sha256digest=${sha256('x')}\n`;
  const base: LayerItem[] = [
    { path: 'etc/os-release', content: 'NAME="Arch Linux"\nPRETTY_NAME="Arch Linux"\nID=arch\n' },
    { path: `${local}/ALPM_DB_VERSION`, content: '9\n' },
    { path: `${local}/${name}-1:2-3/desc`, content: `%NAME%\n${name}\n\n%VERSION%\n1:2-3\n\n%ARCH%\nany\n\n%LICENSE%\nMIT\n\n` },
    { path: `${local}/${name}-1:2-3/files`, content: files },
    { path: `${local}/${name}-1:2-3/mtree`, content: gzipSync(tree) },
    { path: `usr/bin/${name}`, content: 'a', mode: 0o755 },
    { path: 'usr/bin/kept', content: 'kept', mode: 0o755 },
    { path: 'etc/x.conf', content: 'x', mode: 0o755 },
    python(site),
  ];

  test('packages, owners, licences, drift', async () => {
    const evidence = await read(
      imageOf(base, [
        { path: `usr/bin/${name}`, content: 'other', mode: 0o755 },
        { path: 'etc/x.conf', content: 'changed', mode: 0o755 },
        { path: 'usr/bin/mine', content: 'x', mode: 0o755 },
      ]),
    );
    expect(purls(evidence)).toEqual([`pkg:alpm/arch/${name}@1:2-3?arch=any&distro=arch MIT`, 'pkg:pypi/requests@2.31.0 owned']);
    expect(drift(evidence)).toEqual(['unowned /usr/bin/mine', `changed /usr/bin/${name}`]);
    expect(problems(evidence)).toEqual([]);
  });

  test('a database that is gone is no image without packages', async () => {
    const path = imageOf(base, [{ whiteout: local }]);
    expect(problems(await read(path))).toEqual(['packages removed alpm', 'drift removed alpm']);
    expect(await judgeImage(path, 'PKGBLACKLIST:PKGNAMEMATCH:STOP:BLACKLIST_NAMEMATCH=openssh')).toMatchObject({ verdict: 'stop' });
  });

  test('a forbidden package is found, vulnerabilities are undecided', async () => {
    const path = imageOf(base);
    expect(await judgeImage(path, `PKGBLACKLIST:PKGNAMEMATCH:STOP:BLACKLIST_NAMEMATCH=${name}`)).toMatchObject({
      verdict: 'stop',
      counts: { stop: 1, undecided: 0 },
    });
    expect(await judgeImage(path, 'ANCHORESEC:VULNCRITICAL:STOP')).toMatchObject({ verdict: 'warn' });
  });
});

test('Gentoo', async () => {
  const pkg = `var/db/pkg/app-misc/${name}-1.2-r3`;
  const image = imageOf(
    [
      { path: 'etc/os-release', content: 'NAME=Gentoo\nID=gentoo\n' },
      { path: `${pkg}/CONTENTS`, content: `dir /usr\nobj /usr/bin/a ${md5('a')} 1\nobj /usr/bin/b ${md5('b')} 1\nsym /usr/bin/c -> a 1\n` },
      { path: `${pkg}/LICENSE`, content: 'MIT\n' },
      { path: 'usr/bin/a', content: 'a', mode: 0o755 },
      { path: 'usr/bin/b', content: 'b', mode: 0o755 },
      { path: 'usr/bin/c', link: 'a' },
    ],
    [
      { path: 'usr/bin/b', content: 'other', mode: 0o755 },
      { path: 'usr/bin/c', link: 'b' },
    ],
  );
  const evidence = await read(image);
  expect(purls(evidence)).toEqual([`pkg:ebuild/app-misc/${name}@1.2-r3 MIT`]);
  expect(drift(evidence)).toEqual(['changed /usr/bin/b', 'changed /usr/bin/c']);
  expect(problems(evidence)).toEqual([]);
});

test('OpenWrt', async () => {
  const image = imageOf([
    { path: 'etc/os-release', content: 'NAME="OpenWrt"\nID="openwrt"\nID_LIKE="lede openwrt"\nVERSION_ID="23.05.3"\n' },
    { path: 'usr/lib/opkg/status', content: `Package: ${name}\nVersion: 1-r2\nStatus: install user installed\nArchitecture: x86_64\n\n` },
    { path: `usr/lib/opkg/info/${name}.list`, content: '/bin/a\n' },
    { path: `usr/lib/opkg/info/${name}.control`, content: `Package: ${name}\nLicense: GPL-2.0\n` },
    { path: 'bin/a', content: 'a', mode: 0o755 },
    { path: 'bin/b', content: 'b', mode: 0o755 },
  ]);
  const evidence = await read(image);
  expect(purls(evidence)).toEqual([`pkg:opkg/openwrt/${name}@1-r2?arch=x86_64&distro=openwrt-23.05.3 GPL-2.0`]);
  expect(drift(evidence)).toEqual(['unowned /bin/b']);
  expect(problems(evidence)).toEqual([]);
});

test('a store of Nix, without any other database: what lies in a path belongs to its package, and no list tells what was changed', async () => {
  const hash = 'h0cnbmfcn93xm5dg2x27ixhag1cwndga';
  const store = `nix/store/${hash}-python3.11-requests-2.31.0`;
  const evidence = await read(
    imageOf([python(`${store}/lib/python3.11/site-packages`), { path: `nix/store/${hash}-glibc-2.38-44-bin/bin/ldd`, content: 'x', mode: 0o755 }]),
  );
  expect(purls(evidence)).toEqual([
    `pkg:nix/glibc@2.38-44?output=bin&outputhash=${hash}`,
    `pkg:nix/python3.11-requests@2.31.0?outputhash=${hash}`,
    'pkg:pypi/requests@2.31.0 owned',
  ]);
  expect(drift(evidence)).toEqual([]);
  expect(problems(evidence)).toEqual(['drift no-data']);
});

test('a chiselled Ubuntu: packages and files of the manifest, sources that it does not name', async () => {
  const lines = [
    { jsonwall: '1.0', schema: '1.0', count: 6 },
    { kind: 'package', name: 'base-files', version: '13ubuntu10.1', sha256: 'aa', arch: 'amd64' },
    { kind: 'package', name, version: '1.2-3ubuntu4', sha256: 'bb', arch: 'amd64' },
    { kind: 'path', path: '/usr/bin/a', mode: '0755', slices: [`${name}_bins`], sha256: sha256('a'), size: 1 },
    { kind: 'path', path: '/usr/bin/b', mode: '0755', slices: [`${name}_bins`], sha256: sha256('b'), size: 1 },
    { kind: 'slice', name: `${name}_bins` },
  ];
  const manifest = compress(Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join('')), 'zstd');
  const image = imageOf([
    osRelease('ubuntu', '24.04', 'Ubuntu 24.04.1 LTS'),
    { path: 'var/lib/chisel/manifest.wall', content: manifest },
    { path: 'usr/bin/a', content: 'a', mode: 0o755 },
    { path: 'usr/bin/b', content: 'other', mode: 0o755 },
    { path: 'usr/bin/c', content: 'c', mode: 0o755 },
  ]);
  const evidence = await read(image);
  expect(purls(evidence)).toEqual([
    'pkg:deb/ubuntu/base-files@13ubuntu10.1?arch=amd64&distro=ubuntu-24.04',
    `pkg:deb/ubuntu/${name}@1.2-3ubuntu4?arch=amd64&distro=ubuntu-24.04`,
  ]);
  expect(drift(evidence)).toEqual(['changed /usr/bin/b', 'unowned /usr/bin/c']);
  expect(problems(evidence)).toEqual(['vulnerabilities no-data deb']);
});

test('Bitnami: each component once, and no program of theirs beside it', async () => {
  const item = (component: string, version: string) => ({
    name: component,
    versionInfo: version,
    licenseDeclared: 'BSD-3-Clause',
    externalRefs: [{ referenceType: 'purl', referenceLocator: `pkg:bitnami/${component}@${version}?arch=amd64&distro=debian-12` }],
  });
  const base: LayerItem[] = [
    osRelease('debian', '12', 'Debian GNU/Linux 12 (bookworm)'),
    { path: 'var/lib/dpkg/status', content: debianStanza({ name: 'base-files', version: '12.4+deb12u5' }) },
    {
      path: 'opt/bitnami/.bitnami_components.json',
      content: JSON.stringify({ redis: { version: '7.2.4-9', arch: 'amd64', distro: 'debian-12' }, gosu: { version: '1.17.0-4' } }),
    },
    {
      path: 'opt/bitnami/redis/bin/redis-server',
      content: elfFixture(Buffer.from('\0redis_version:%s\0\x007.2.4\x007.2.4host-1700000000\0', 'latin1'), [], { wide: true, bigEndian: false }),
      mode: 0o755,
    },
  ];
  const document = { path: 'opt/bitnami/redis/.spdx-redis.spdx', content: JSON.stringify({ spdxVersion: 'SPDX-2.3', packages: [item('redis', '7.2.4')] }) };
  expect(purls(await read(imageOf(base), [{ kind: 'packages' }]))).toContain('pkg:generic/redis@7.2.4');
  const evidence = await read(imageOf([...base, document]), [{ kind: 'packages' }]);
  expect(purls(evidence)).toEqual([
    'pkg:bitnami/gosu@1.17.0-4',
    'pkg:bitnami/redis@7.2.4?arch=amd64&distro=debian-12 BSD-3-Clause',
    'pkg:deb/debian/base-files@12.4+deb12u5?arch=amd64&distro=debian-12',
  ]);
  expect(problems(evidence)).toEqual([]);
});
