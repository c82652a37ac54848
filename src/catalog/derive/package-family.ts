import type { Distribution, DistributionPackageType } from '../../model/index.ts';

/** os-release IDs by the kind of packages that these distributions install. */
const families: readonly (readonly [DistributionPackageType, readonly string[]])[] = [
  ['deb', ['debian', 'ubuntu', 'devuan', 'raspbian', 'kali', 'linuxmint', 'pop', 'deepin', 'mx', 'echo']],
  ['apk', ['alpine', 'wolfi', 'chainguard', 'postmarketos', 'alpaquita', 'bellsoft-hardened-containers', 'minimos', 'cleanstart', 'openwrt']],
  [
    'rpm',
    [
      'rhel',
      'fedora',
      'centos',
      'almalinux',
      'rocky',
      'ol',
      'amzn',
      'scientific',
      'sles',
      'sled',
      'suse',
      'opensuse',
      'opensuse-leap',
      'opensuse-tumbleweed',
      'mariner',
      'azurelinux',
      'photon',
      'openeuler',
      'mageia',
      'virtuozzo',
      'cloudlinux',
      'eurolinux',
      'anolis',
      'openanolis',
      'alinux',
      'tencentos',
      'opencloudos',
      'euleros',
    ],
  ],
  ['alpm', ['arch', 'archarm', 'manjaro', 'manjaro-arm', 'endeavouros', 'cachyos', 'artix', 'blackarch', 'steamos']],
  ['ebuild', ['gentoo', 'funtoo', 'calculate', 'pentoo']],
  // Since its release of 2025 it has apk.
  ['opkg', ['openwrt', 'lede', 'immortalwrt', 'turris', 'poky']],
  ['nix', ['nixos']],
];

/** The kinds of packages that the distribution installs, its own first; empty when it isn't known. */
export function packageFamilies(distribution: Distribution): DistributionPackageType[] {
  for (const id of [distribution.id, ...distribution.like]) {
    const found = families.filter(
      ([, ids]) => ids.includes(id) || (id.startsWith('opensuse') && ids.includes('opensuse')) || (id.startsWith('sle') && ids.includes('sles')),
    );
    if (found.length > 0) return found.map(([family]) => family);
  }
  return [];
}
