import { expect, test } from 'vitest';
import { temporaryDirectory } from '../../test/support/cli.ts';
import { debianStatus, osRelease } from '../../test/support/debian.ts';
import { dockerArchive, type LayerItem, layer } from '../../test/support/image-builder.ts';
import { defaultLimits } from '../archive/index.ts';
import { listImages } from '../image/index.ts';
import type { BinaryRule, Evidence, Request } from '../model/index.ts';
import { catalog } from './collect.ts';
import { elfFixture } from './executable/program.fixture.ts';

const program = (text: string): Buffer => elfFixture(Buffer.from(`\0before\0${text}\0after\0`, 'latin1'), [], { wide: true, bigEndian: false });

async function evidenceOf(layers: readonly (readonly LayerItem[])[], request: Request = { kind: 'packages' }): Promise<Evidence> {
  const file = dockerArchive([{ layers: layers.map((items) => layer(items, { compression: 'none' })) }]).writeTo(`${temporaryDirectory()}/image.tar`);
  const [candidate] = await listImages(file, { platform: { os: 'linux', architecture: 'amd64' }, tag: null, limits: defaultLimits });
  const image = await (candidate as NonNullable<typeof candidate>).open();
  return await catalog(image, [request], { limits: defaultLimits, dockerfile: null });
}

const programs = ({ facts }: Evidence): string[] =>
  (facts.packages ?? [])
    .filter(({ type }) => type === 'generic')
    .map(({ name, version, locations }) => `${name} ${version} ${locations.map(({ path, layer: index }) => `${path}@${index}`).join(',')}`);

const openssl = (version: string) => program(`OpenSSL ${version} 30 Jan 2024`);

test('files that say the same version of a program are one package, in whatever layers', async () => {
  const evidence = await evidenceOf([
    [
      { path: 'usr/local/bin/python3.11', content: program('x\x003.11.7'), mode: 0o755 },
      { path: 'usr/local/bin/openssl', content: openssl('3.0.13'), mode: 0o755 },
    ],
    [
      { path: 'usr/local/lib/libpython3.11.so.1.0', content: program('3.11.7') },
      { path: 'usr/local/lib/libcrypto.so.3', content: openssl('3.0.14') },
      { path: 'opt/a/lib/libssl.so.3', content: openssl('3.0.13') },
    ],
  ]);
  expect(programs(evidence)).toEqual([
    'openssl 3.0.13 /opt/a/lib/libssl.so.3@1,/usr/local/bin/openssl@0',
    'openssl 3.0.14 /usr/local/lib/libcrypto.so.3@1',
    'python 3.11.7 /usr/local/bin/python3.11@0,/usr/local/lib/libpython3.11.so.1.0@1',
  ]);
  expect(evidence.problems).toEqual([]);
});

test('a program that a package owns is that package; a copy of it elsewhere is listed', async () => {
  const evidence = await evidenceOf([
    [
      osRelease('debian', '12', 'Debian'),
      { path: 'var/lib/dpkg/status', content: debianStatus([{ name: 'openssl', version: '3.0.13-1' }]) },
      { path: 'var/lib/dpkg/info/openssl.list', content: '/.\n/usr\n/usr/bin\n/usr/bin/openssl\n' },
      { path: 'usr/bin/openssl', content: openssl('3.0.13'), mode: 0o755 },
      { path: 'srv/bin/openssl', content: openssl('3.0.13'), mode: 0o755 },
    ],
  ]);
  expect(programs(evidence)).toEqual(['openssl 3.0.13 /srv/bin/openssl@0']);
});

test('a link by the name of a program stands for the file it leads to, a hard link too', async () => {
  const evidence = await evidenceOf([
    [{ path: 'opt/releases/7/server', content: program('node.js/v20.11.1'), mode: 0o755 }],
    [
      { path: 'usr/local/bin/node', link: '/opt/releases/7/server' },
      { path: 'bin/[', content: program('BusyBox v1.36.1 (2023)'), mode: 0o755 },
      { path: 'bin/busybox', hardlink: 'bin/[' },
      { path: 'bin/gzip', link: 'busybox' },
      { path: 'usr/bin/nodejs', link: 'nowhere' },
      { path: 'usr/bin/git', link: '/opt' },
    ],
  ]);
  expect(programs(evidence)).toEqual(['busybox 1.36.1 /bin/busybox@1', 'node 20.11.1 /usr/local/bin/node@0']);
});

const acme: BinaryRule = { name: 'acme-server', paths: ['bin/acme-server'], before: 'acme-server/', version: '\\d+\\.\\d+' };
const other: BinaryRule = { ...acme, name: 'other' };
const asking = (...binaryRules: BinaryRule[]): Request => ({ kind: 'packages', detail: { binaryRules } });

test('by rules of one’s own too, wherever it lies', async () => {
  const root: LayerItem[] = [
    osRelease('debian', '12', 'Debian'),
    { path: 'var/lib/dpkg/status', content: debianStatus([{ name: 'acme', version: '1' }]) },
    { path: 'var/lib/dpkg/info/acme.list', content: '/.\n/srv\n/srv/acme-1.2.bin\n' },
    { path: 'srv/acme-1.2.bin', content: 'acme-server/1.2' },
    { path: 'srv/acme-1.3.bin', content: 'acme-server/1.3' },
  ];
  const evidence = await evidenceOf([root], asking({ ...acme, paths: ['/srv/*.bin'] }));
  expect(programs(evidence)).toEqual(['acme-server 1.3 /srv/acme-1.3.bin@0']);
  const alpine: LayerItem[] = [
    osRelease('alpine', '3.20.1', 'Alpine'),
    { path: 'lib/apk/db/installed', content: 'P:acme\nV:1-r0\nA:x\nF:srv\nR:acme-1.2.bin\n\n' },
    ...root.slice(3),
  ];
  expect(programs(await evidenceOf([alpine], asking({ ...acme, paths: ['/srv/*.bin'] })))).toEqual(['acme-server 1.3 /srv/acme-1.3.bin@0']);
});

test('a program larger than what is read at once', async () => {
  const large = Buffer.concat([Buffer.alloc(3 * 1024 * 1024), Buffer.from('acme-server/1.2 '), Buffer.alloc(1024 * 1024)]);
  expect(programs(await evidenceOf([[{ path: 'bin/acme-server', content: large }]], asking(acme)))).toEqual(['acme-server 1.2 /bin/acme-server@0']);
});

test('what stands in place of an image and was made without a rule leaves open what it would have found', async () => {
  const stored = await evidenceOf([[{ path: 'bin/acme-server', content: 'acme-server/1.2' }]], asking(acme));
  expect(programs(stored)).toEqual(['acme-server 1.2 /bin/acme-server@0']);
  const again = async (request: Request) => await catalog({ evidence: stored } as never, [request], { limits: defaultLimits, dockerfile: null });
  expect(await again({ kind: 'packages' })).toEqual(stored);
  expect(await again(asking(acme))).toEqual(stored);
  const open = await again(asking(other, acme));
  expect(open.problems).toMatchObject([{ kind: 'no-data', evidence: 'packages', cause: 'outside', scope: { ecosystem: 'generic' } }]);
  expect(open.problems[0]?.what).toBe('the programs of the given rules (other)');
  expect(open.coverage).toMatchObject([{ request: { kind: 'packages' }, state: 'incomplete', problems: [open.problems[0]?.id] }]);
});
