import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { VerdictDocument } from '../../src/model/index.ts';
import { type CommandResult, portcullis, temporaryDirectory, writeIn } from '../support/cli.ts';
import { debianRoot, debianStanza, debianStatus, osRelease } from '../support/debian.ts';
import { dockerArchive, type LayerItem, layer } from '../support/image-builder.ts';

// A package database that cannot be trusted is never "no packages": a STOP rule that needed it stops.

const STATUS = 'var/lib/dpkg/status';
const APK = 'lib/apk/db/installed';
const RPM = 'var/lib/rpm/rpmdb.sqlite';

const debianPackages = [
  { name: 'coreutils', version: '9.1-1', files: ['/usr/bin/ls'] },
  { name: 'openssl', version: '3.0.11-1~deb12u2', files: ['/usr/bin/openssl'] },
  { name: 'zlib1g', version: '1:1.2.13.dfsg-1', source: 'zlib', files: ['/usr/lib/libz.so.1'] },
];
const debian = debianRoot(12, debianPackages);

const apkPackages =
  'C:Q1a\nP:musl\nV:1.2.4-r2\nA:x86_64\nL:MIT\no:musl\nF:lib\nR:libc.so\n\nC:Q1b\nP:busybox\nV:1.36.1-r5\nA:x86_64\no:busybox\np:cmd:sh=1.36.1-r5\n\n';
const alpineRelease = osRelease('alpine', '3.18.5', 'Alpine Linux v3.18');
const alpine: LayerItem[] = [alpineRelease, { path: 'etc/apk/world', content: 'busybox\nmusl\n' }, { path: APK, content: apkPackages }];

const distroless: LayerItem[] = [
  osRelease('debian', '12', 'Debian GNU/Linux 12 (bookworm)'),
  { path: 'var/lib/dpkg/status.d/base', content: debianStanza({ name: 'base-files', version: '12.4+deb12u5' }) },
  { path: 'var/lib/dpkg/status.d/libc6', content: debianStanza({ name: 'libc6', version: '2.36-9' }) },
  { path: 'var/lib/dpkg/status.d/libc6.md5sums', content: '' },
];

const almaRelease = osRelease('almalinux', '9.3', 'AlmaLinux 9.3 (Shamrock Pampas Cat)');
const status = debianStatus([{ name: 'base-files', version: '12.4+deb12u5' }, ...debianPackages]);

interface Broken {
  readonly name: string;
  readonly base: readonly LayerItem[];
  /** The layer above, which breaks the database; null: the base itself is broken. */
  readonly top: readonly LayerItem[] | null;
}

const broken: readonly Broken[] = [
  { name: 'dpkg: unreadable bytes', base: debian, top: [{ path: STATUS, content: randomBytes(4000) }] },
  { name: 'dpkg: removed', base: debian, top: [{ whiteout: STATUS }] },
  { name: 'dpkg: removed with its directory', base: debian, top: [{ whiteout: 'var/lib/dpkg' }] },
  { name: 'dpkg: hidden by an opaque directory', base: debian, top: [{ opaque: 'var/lib/dpkg' }] },
  {
    name: 'dpkg: removed, and another put beside it',
    base: debian,
    top: [{ whiteout: STATUS }, { path: 'var/lib/dpkg/status.d/fake', content: debianStanza({ name: 'fake', version: '1' }) }],
  },
  { name: 'dpkg: truncated in the middle of a line', base: debian, top: [{ path: STATUS, content: status.slice(0, -9) }] },
  {
    name: 'dpkg: truncated between two packages',
    base: debian,
    top: [{ path: STATUS, content: debianStatus([{ name: 'base-files', version: '12.4+deb12u5' }]) }],
  },
  { name: 'dpkg: a package taken out', base: debian, top: [{ path: STATUS, content: status.replace(/Package: openssl\n(?:.+\n)+\n/, '') }] },
  { name: 'dpkg: a package without its version', base: debian, top: [{ path: STATUS, content: status.replace(/Version: 3.*\n/, '') }] },
  { name: 'dpkg: emptied', base: debian, top: [{ path: STATUS, content: '' }] },
  { name: 'dpkg: blank lines alone', base: debian, top: [{ path: STATUS, content: '\n\n\n' }] },
  { name: 'dpkg: replaced by Alpine’s', base: debian, top: [{ whiteout: 'var/lib/dpkg' }, { path: APK, content: apkPackages }] },
  { name: 'dpkg: replaced by Ubuntu’s', base: debian, top: [{ path: STATUS, content: status.replace('12.4+deb12u5', '12ubuntu4.6') }] },
  { name: 'dpkg: replaced by another release’s', base: debian, top: [{ path: STATUS, content: status.replace('12.4+deb12u5', '11.1+deb11u9') }] },
  { name: 'dpkg: contradicted by os-release', base: debian, top: [alpineRelease] },
  { name: 'dpkg: a link that leads nowhere', base: debian, top: [{ path: STATUS, link: '/nowhere/status' }] },
  { name: 'dpkg: a link that leads nowhere, without os-release', base: [{ path: STATUS, link: 'status-new' }], top: null },
  { name: 'dpkg: its directory is a link that leads nowhere', base: [{ path: 'var/lib/dpkg', link: '/mnt/dpkg' }], top: null },
  { name: 'dpkg: a link in a circle', base: debian, top: [{ path: STATUS, link: 'status' }] },
  { name: 'dpkg: a directory in its place', base: debian, top: [{ path: `${STATUS}/`, directory: true }] },
  {
    name: 'dpkg: a directory with files in its place',
    base: debian,
    top: [
      { path: `${STATUS}/a`, content: 'x' },
      { path: `${STATUS}/`, directory: true },
    ].reverse() as LayerItem[],
  },
  { name: 'dpkg: a directory in its place, without os-release', base: [{ path: `${STATUS}/`, directory: true }], top: null },
  { name: 'dpkg: a fifo in its place', base: debian, top: [{ path: STATUS, fifo: true }] },
  { name: 'dpkg: a hard link to nothing in its place', base: debian, top: [{ path: STATUS, hardlink: 'var/lib/dpkg/status-gone' }] },
  { name: 'dpkg: never there', base: debian.filter((item) => !('path' in item) || item.path !== STATUS), top: null },
  { name: 'status.d: one record removed', base: distroless, top: [{ whiteout: 'var/lib/dpkg/status.d/libc6' }] },
  { name: 'status.d: one record never there', base: distroless.filter((item) => !('path' in item) || !item.path.endsWith('libc6')), top: null },
  { name: 'status.d: emptied', base: distroless, top: [{ opaque: 'var/lib/dpkg/status.d' }] },
  { name: 'status.d: an empty record', base: distroless, top: [{ path: 'var/lib/dpkg/status.d/libc6', content: '' }] },
  { name: 'apk: unreadable bytes', base: alpine, top: [{ path: APK, content: randomBytes(4000) }] },
  { name: 'apk: removed', base: alpine, top: [{ whiteout: 'lib/apk' }] },
  { name: 'apk: truncated in the middle of a line', base: alpine, top: [{ path: APK, content: apkPackages.slice(0, -9) }] },
  { name: 'apk: a package taken out', base: alpine, top: [{ path: APK, content: apkPackages.slice(0, apkPackages.indexOf('C:Q1b')) }] },
  { name: 'apk: emptied', base: alpine, top: [{ path: APK, content: '' }] },
  { name: 'apk: two packages run into one', base: alpine, top: [{ path: APK, content: apkPackages.replace('\n\n', '\n') }] },
  { name: 'apk: replaced by Debian’s', base: alpine, top: [{ whiteout: APK }, { path: STATUS, content: status }] },
  { name: 'apk: a link that leads nowhere', base: alpine, top: [{ path: APK, link: '../../../../../../nowhere' }] },
  { name: 'apk: a directory in its place', base: alpine, top: [{ path: `${APK}/`, directory: true }] },
  { name: 'rpm: unreadable bytes', base: [almaRelease, { path: RPM, content: randomBytes(8192) }], top: null },
  { name: 'rpm: emptied', base: [almaRelease, { path: RPM, content: '' }], top: null },
  { name: 'rpm: never there', base: [almaRelease], top: null },
  { name: 'rpm: a directory in its place', base: [almaRelease, { path: `${RPM}/`, directory: true }], top: null },
  { name: 'rpm: its directory is a link that leads nowhere', base: [almaRelease, { path: 'var/lib/rpm', link: '../../usr/lib/sysimage/rpm' }], top: null },
];

const healthy = { Healthcheck: { Test: ['CMD', 'true'] } };

async function gate(layers: readonly (readonly LayerItem[])[]): Promise<{ readonly table: CommandResult; readonly document: VerdictDocument }> {
  const directory = temporaryDirectory();
  const image = dockerArchive([{ layers: layers.map((items, index) => layer(items, { createdBy: `step ${index}` })), config: healthy }]);
  const file = image.writeTo(`${directory}/image.tar`);
  const output = `${directory}/verdict.json`;
  const table = await portcullis(['gate', file, '--platform', 'linux/amd64', '--policy', 'basic-policy', '-o', 'table', '-o', `json=${output}`]);
  return { table, document: JSON.parse(readFileSync(output, 'utf8')) as VerdictDocument };
}

function packageRules({
  images,
}: VerdictDocument): { readonly trigger: string; readonly state: string; readonly action: string; readonly layer: number | undefined }[] {
  const [image] = images;
  if (image === undefined || !('findings' in image)) throw new Error('the image was not judged');
  return image.findings
    .filter((finding) => finding.gate === 'PKGBLACKLIST')
    .map(({ trigger, state, action, layer: where }) => ({ trigger, state, action, layer: where?.index }));
}

describe.concurrent('a database that cannot be trusted stops basic-policy', () => {
  test.each(broken)('$name', async ({ base, top }) => {
    const { table, document } = await gate(top === null ? [base] : [base, top]);
    expect(table.code, table.stdout + table.stderr).toBe(1);
    const layerIndex = top === null ? 0 : 1;
    const rules = packageRules(document);
    expect(rules).toContainEqual({ trigger: 'PKGNAMEMATCH', state: 'undecided', action: 'stop', layer: layerIndex });
    expect(rules).toContainEqual({ trigger: 'PKGFULLMATCH', state: 'undecided', action: 'stop', layer: layerIndex });
    expect(table.stdout).toContain(`layer ${layerIndex}`);
    expect(table.stdout.trimEnd().split('\n').at(-1)).toMatch(/^STOP/);
  });
});

const emptyForeign: LayerItem[] = [
  { path: APK, content: '' },
  { path: 'var/lib/rpm/', directory: true },
];

describe.concurrent('a healthy image is not stopped', () => {
  test.each<{ readonly name: string; readonly layers: readonly (readonly LayerItem[])[] }>([
    { name: 'Debian', layers: [debian] },
    { name: 'Debian, upgraded in a layer', layers: [debian, [{ path: STATUS, content: status.replace('9.1-1', '9.1-2') }]] },
    { name: 'Debian, removed and written again in one layer', layers: [debian, [{ whiteout: STATUS }, { path: STATUS, content: status }]] },
    {
      name: 'Debian, a package removed and not purged',
      layers: [
        debian,
        [
          { path: STATUS, content: status.replace(/(Package: openssl\nStatus: )install ok installed/, '$1deinstall ok config-files') },
          { whiteout: 'var/lib/dpkg/info/openssl.md5sums' },
        ],
      ],
    },
    { name: 'Debian with the tools of other families, whose databases are empty', layers: [debian, emptyForeign] },
    {
      name: 'Debian behind a linked directory',
      layers: [
        [
          ...debian.map((item) =>
            'path' in item && item.path.startsWith('var/lib/dpkg') ? { ...item, path: item.path.replace('var/lib/dpkg', 'usr/share/dpkg-db') } : item,
          ),
          { path: 'var/lib/dpkg', link: '../../usr/share/dpkg-db' },
        ],
      ],
    },
    { name: 'distroless', layers: [distroless] },
    {
      name: 'distroless, a record in a layer of its own',
      layers: [distroless, [{ path: 'var/lib/dpkg/status.d/tzdata', content: debianStanza({ name: 'tzdata', version: '2024a-0+deb12u1' }) }]],
    },
    { name: 'Alpine', layers: [alpine] },
    {
      name: 'Alpine with dpkg, whose database is empty',
      layers: [
        alpine,
        [
          { path: STATUS, content: '' },
          { path: 'var/lib/dpkg/info/', directory: true },
        ],
      ],
    },
    {
      name: 'Alpine, moved to a merged /usr',
      layers: [alpine, [{ whiteout: 'lib' }, { path: `usr/${APK}`, content: apkPackages }, { path: 'lib', link: 'usr/lib' }]],
    },
    { name: 'one static binary', layers: [[{ path: 'server', content: 'binary', mode: 0o755 }]] },
    { name: 'no layer at all', layers: [] },
  ])('$name', async ({ layers }) => {
    const { table, document } = await gate(layers);
    expect(packageRules(document), table.stdout).toEqual([]);
    expect(table.code).not.toBe(1);
  });
});

describe('a root file system directory', () => {
  const run = async (content: string): Promise<CommandResult> => {
    const directory = temporaryDirectory();
    writeIn(directory, 'etc/os-release', 'ID=debian\nVERSION_ID=12\n');
    writeIn(directory, STATUS, content);
    return await portcullis([
      'gate',
      `dir:${directory}`,
      '--policy',
      writeIn(temporaryDirectory(), 'p.policy', 'PKGBLACKLIST:PKGNAMEMATCH:STOP:BLACKLIST_NAMEMATCH=telnetd\n'),
    ]);
  };
  test('with an emptied database is stopped', async () => {
    const { code, stdout } = await run('');
    expect(stdout).toContain('the package database is empty');
    expect(code).toBe(1);
  });
  test('with a healthy one is not', async () => expect((await run(status)).code).toBe(0));
});
