import type { Distribution, DistributionPackageType } from '../../model/index.ts';

/** os-release IDs by the kind of packages that these distributions install. */
const families: readonly (readonly [DistributionPackageType, readonly string[]])[] = [
  ['deb', ['debian', 'ubuntu', 'devuan', 'raspbian', 'kali', 'linuxmint', 'pop', 'deepin', 'mx']],
  ['apk', ['alpine', 'wolfi', 'chainguard', 'postmarketos', 'alpaquita', 'bellsoft-hardened-containers', 'minimos', 'cleanstart']],
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
    ],
  ],
];

/** The kind of packages that the distribution installs; undefined when it isn't known. */
export function packageFamily(distribution: Distribution): DistributionPackageType | undefined {
  for (const id of [distribution.id, ...distribution.like]) {
    const family = families.find(
      ([, ids]) => ids.includes(id) || (id.startsWith('opensuse') && ids.includes('opensuse')) || (id.startsWith('sle') && ids.includes('sles')),
    );
    if (family !== undefined) return family[0];
  }
  return undefined;
}
