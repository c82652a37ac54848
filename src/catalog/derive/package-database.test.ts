import { describe, expect, test } from 'vitest';
import { imageFiles, type RecordedEntry, Squash } from '../../layer/index.ts';
import type { Distribution, Package, Problem } from '../../model/index.ts';
import { distributionTypes } from '../package-types.ts';
import { type PackageDatabaseContext, packageDatabaseProblems } from './package-database.ts';
import { packageFamilies } from './package-family.ts';

function entry(path: string, given: Partial<RecordedEntry> = {}): RecordedEntry {
  const isDirectory = path.endsWith('/');
  return { path: path.replace(/\/$/, ''), type: isDirectory ? 'directory' : 'file', mode: 0o644, uid: 0, gid: 0, size: 5, linkName: '', ...given };
}

const distribution = (id: string, version = '', like: string[] = []): Distribution => ({
  id,
  version,
  name: id,
  like,
  codename: null,
  location: { path: '/etc/os-release', layer: 0 },
});

function pkg(type: Package['type'], name: string, version = '1'): Package {
  return {
    purl: `pkg:${type}/${name}@${version}`,
    type,
    name,
    version,
    source: null,
    architecture: null,
    licenses: [],
    locations: [],
    ownedBy: null,
    lockfile: false,
    cataloger: 'test',
  };
}

/** `kind ecosystem` of each problem of an image with these layers. */
function problemsOf(layers: readonly (readonly RecordedEntry[])[], given: Partial<PackageDatabaseContext> & { readonly world?: string } = {}): string[] {
  const squash = new Squash(() => true);
  for (const [index, entries] of layers.entries()) squash.apply(index, entries, new Set());
  const files = imageFiles(squash, (node) => (node.name === 'world' ? Buffer.from(given.world ?? '') : undefined));
  const context: PackageDatabaseContext = {
    distribution: null,
    packages: [],
    provided: [],
    files,
    removals: squash.removals,
    problems: [],
    read: new Set(distributionTypes),
    hasLayers: true,
    ...given,
  };
  return [...packageDatabaseProblems(context)].map(({ kind, scope }) => `${kind} ${scope.ecosystem ?? ''}`.trim());
}

const status = entry('var/lib/dpkg/status');
const apk = entry('lib/apk/db/installed');
const rpm = entry('var/lib/rpm/rpmdb.sqlite');

describe('no problem where there is none', () => {
  test.each<[string, Parameters<typeof problemsOf>]>([
    ['a bare image', [[]]],
    ['Debian', [[[status]], { distribution: distribution('debian', '12'), packages: [pkg('deb', 'base-files', '12.4+deb12u5')] }]],
    ['Debian testing', [[[status]], { distribution: distribution('debian'), packages: [pkg('deb', 'base-files', '13.2')] }]],
    ['OpenWrt with either database', [[[apk]], { distribution: distribution('openwrt'), packages: [pkg('apk', 'a')] }]],
    ['an older OpenWrt', [[[entry('usr/lib/opkg/status')]], { distribution: distribution('openwrt'), packages: [pkg('opkg', 'a')] }]],
    [
      'a chiselled Ubuntu',
      [[[entry('var/lib/chisel/manifest.wall')]], { distribution: distribution('ubuntu', '24.04'), packages: [pkg('deb', 'base-files', '13ubuntu10')] }],
    ],
    [
      'Nix beside Debian’s packages',
      [[[status, entry('nix/store/')]], { distribution: distribution('debian', '12'), packages: [pkg('deb', 'a'), pkg('nix', 'b')] }],
    ],
    ['a store of Nix swept', [[[entry('nix/store/a')], [entry('nix/store/.wh.a'), entry('nix/store/b')]], { packages: [pkg('nix', 'b')] }]],
    [
      'an Arch from which a package was removed',
      [
        [
          [entry('var/lib/pacman/local/ALPM_DB_VERSION'), entry('var/lib/pacman/local/a-1-1/desc'), entry('var/lib/pacman/local/b-1-1/desc')],
          [entry('var/lib/pacman/local/.wh.b-1-1')],
        ],
        { distribution: distribution('arch'), packages: [pkg('alpm', 'a', '1-1')] },
      ],
    ],
    ['Ubuntu', [[[status]], { distribution: distribution('ubuntu', '22.04'), packages: [pkg('deb', 'base-files', '12ubuntu4.6')] }]],
    [
      'a derivative with Debian’s base-files',
      [[[status]], { distribution: distribution('kali', '2024.1', ['debian']), packages: [pkg('deb', 'base-files', '1:2024.1.0')] }],
    ],
    ['Alpine without os-release', [[[apk]], { packages: [pkg('apk', 'musl')] }]],
    ['Fedora with dpkg installed', [[[rpm, status]], { distribution: distribution('fedora', '40'), packages: [pkg('rpm', 'dpkg')] }]],
    [
      'Debian with rpm and packages in its database',
      [[[status, rpm]], { distribution: distribution('debian', '12'), packages: [pkg('deb', 'rpm'), pkg('rpm', 'tool')] }],
    ],
    [
      'rpm’s database in another format after a rebuild',
      [
        [[entry('var/lib/rpm/Packages')], [entry('var/lib/rpm/.wh.Packages'), rpm]],
        { distribution: distribution('centos', '7'), packages: [pkg('rpm', 'bash')] },
      ],
    ],
    [
      'an unreadable database has its problem already',
      [[[status]], { distribution: distribution('debian', '12'), problems: [{ evidence: 'packages', scope: { ecosystem: 'deb' } } as Problem] }],
    ],
    ['a distribution that nobody knows, with packages', [[[apk]], { distribution: distribution('example'), packages: [pkg('apk', 'musl')] }]],
    ['databases that were not read', [[[apk, status]], { distribution: distribution('debian', '12'), read: new Set(['rpm'] as const) }]],
    ['an empty directory of rpm', [[[status, entry('var/lib/rpm/')]], { distribution: distribution('debian', '12'), packages: [pkg('deb', 'a')] }]],
    [
      'world: versions, repositories, conflicts, virtual packages, what is provided',
      [
        [[apk, entry('etc/apk/world')]],
        {
          packages: [pkg('apk', 'musl'), pkg('apk', 'a.b+c-d_e')],
          provided: ['cmd:sh', 'virtual'],
          world: 'musl>=1 a.b+c-d_e@edge virtual !gone .build-deps so:x.so cmd:sh\n\n',
        },
      ],
    ],
    [
      'checksums of two architectures',
      [[[status, entry('var/lib/dpkg/info/libc6:amd64.md5sums'), entry('var/lib/dpkg/info/gone.list')]], { packages: [pkg('deb', 'libc6')] }],
    ],
  ])('%s', (_, given) => expect(problemsOf(...given)).toEqual([]));
});

describe('a problem where there is one', () => {
  test.each<[string, string[], Parameters<typeof problemsOf>]>([
    ['no database', ['removed deb'], [[], { distribution: distribution('debian', '12') }]],
    ['no database of a relative', ['removed rpm'], [[], { distribution: distribution('example', '1', ['rhel', 'fedora']) }]],
    ['an empty one', ['unreadable apk'], [[[apk]], { distribution: distribution('alpine') }]],
    ['an empty one without os-release', ['unreadable deb'], [[[status]]]],
    ['of another family', ['removed deb', 'contradiction apk'], [[[apk]], { distribution: distribution('debian', '12'), packages: [pkg('apk', 'musl')] }]],
    [
      'Debian that was Ubuntu',
      ['contradiction deb'],
      [[[status]], { distribution: distribution('debian', '12'), packages: [pkg('deb', 'base-files', '12ubuntu4.6')] }],
    ],
    [
      'Ubuntu that was Debian',
      ['contradiction deb'],
      [[[status]], { distribution: distribution('ubuntu', '24.04'), packages: [pkg('deb', 'base-files', '12.4+deb12u5')] }],
    ],
    [
      'a Debian of another release',
      ['contradiction deb'],
      [[[status]], { distribution: distribution('debian', '11'), packages: [pkg('deb', 'base-files', '12.4+deb12u5')] }],
    ],
    ['an Arch without its database', ['removed alpm'], [[[entry('var/lib/pacman/sync/core.db')]], { distribution: distribution('arch') }]],
    [
      'an Arch whose database a layer took away',
      ['removed alpm'],
      [
        [[entry('var/lib/pacman/local/ALPM_DB_VERSION'), entry('var/lib/pacman/local/a-1-1/desc')], [entry('var/lib/pacman/.wh.local')]],
        { distribution: distribution('arch') },
      ],
    ],
    [
      'pacman’s directory of a package without a description',
      ['contradiction alpm'],
      [
        [[entry('var/lib/pacman/local/a-1-1/desc'), entry('var/lib/pacman/local/openssh-8-1/files')]],
        { distribution: distribution('manjaro', '', ['arch']), packages: [pkg('alpm', 'a', '1-1')] },
      ],
    ],
    ['a Gentoo without its database', ['removed ebuild'], [[], { distribution: distribution('gentoo') }]],
    [
      'portage’s directory of a package without contents',
      ['contradiction ebuild'],
      [
        [[entry('var/db/pkg/a/b-1/CONTENTS'), entry('var/db/pkg/a/c-1/SIZE'), entry('var/db/pkg/a/-MERGING-d-1/SIZE')]],
        { distribution: distribution('gentoo'), packages: [pkg('ebuild', 'a/b', '1')] },
      ],
    ],
    ['a NixOS without a store', ['removed nix'], [[], { distribution: distribution('nixos') }]],
    ['an OpenWrt without a database', ['removed apk'], [[], { distribution: distribution('openwrt') }]],
    ['an OpenWrt with an empty one', ['unreadable opkg'], [[[entry('usr/lib/opkg/status', { size: 0 })]], { distribution: distribution('openwrt') }]],
    ['a distribution that nobody knows', ['unsupported'], [[], { distribution: distribution('example') }]],
    ['removed, without os-release', ['removed apk'], [[[apk], [entry('lib/.wh.apk')]]]],
    [
      'removed, another place still there',
      ['removed apk'],
      [[[apk], [entry('lib/apk/db/.wh.installed'), entry('usr/lib/apk/db/installed')]], { packages: [pkg('apk', 'musl')] }],
    ],
    [
      'a package’s checksums are left',
      ['contradiction deb'],
      [[[status, entry('var/lib/dpkg/info/openssh-server.md5sums')]], { packages: [pkg('deb', 'bash')] }],
    ],
    ['world names what is not there', ['contradiction apk'], [[[apk, entry('etc/apk/world')]], { packages: [pkg('apk', 'musl')], world: 'musl openssh' }]],
    ['rpm’s directory leads nowhere', ['unreadable rpm'], [[[entry('var/lib/rpm', { type: 'symlink', linkName: '/nowhere' })]]]],
  ])('%s', (_, expected, given) => expect(problemsOf(...given)).toEqual(expected));
});

test('families by id, by relatives, by what openSUSE and SUSE call themselves', () => {
  const of = (id: string, ...like: string[]): string[] => packageFamilies(distribution(id, '', like));
  expect([of('debian'), of('wolfi'), of('rocky'), of('opensuse-leap'), of('sles_sap'), of('mint', 'ubuntu', 'debian'), of('void'), of('x', 'y')]).toEqual([
    ['deb'],
    ['apk'],
    ['rpm'],
    ['rpm'],
    ['rpm'],
    ['deb'],
    [],
    [],
  ]);
  expect([of('arch'), of('manjaro', 'arch'), of('gentoo'), of('nixos')]).toEqual([['alpm'], ['alpm'], ['ebuild'], ['nix']]);
  expect(of('openwrt').sort()).toEqual(['apk', 'opkg']);
});
