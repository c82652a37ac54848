import type { DistributionPackageType, PackageType } from '../model/index.ts';

/** Every package type. */
export const packageTypes = [
  'deb',
  'apk',
  'rpm',
  'alpm',
  'ebuild',
  'opkg',
  'nix',
  'npm',
  'pypi',
  'maven',
  'golang',
  'cargo',
  'gem',
  'composer',
  'nuget',
  'conda',
  'cran',
  'bitnami',
  'generic',
] as const satisfies readonly PackageType[];

/** Those that a distribution's package manager installs. */
export const distributionPackageTypes = ['deb', 'apk', 'rpm', 'alpm', 'ebuild', 'opkg', 'nix'] as const satisfies readonly DistributionPackageType[];

/** OSV's names of language ecosystems (OSV schema, "Defined ecosystems"). */
const languages: Readonly<Record<string, PackageType>> = {
  npm: 'npm',
  PyPI: 'pypi',
  Maven: 'maven',
  Go: 'golang',
  'crates.io': 'cargo',
  RubyGems: 'gem',
  Packagist: 'composer',
  NuGet: 'nuget',
  CRAN: 'cran',
  Bitnami: 'bitnami',
};

const distributions: Readonly<Record<string, DistributionPackageType>> = {
  Debian: 'deb',
  Ubuntu: 'deb',
  Echo: 'deb',
  Alpine: 'apk',
  Alpaquita: 'apk',
  'BellSoft Hardened Containers': 'apk',
  Chainguard: 'apk',
  MinimOS: 'apk',
  Wolfi: 'apk',
  AlmaLinux: 'rpm',
  'Azure Linux': 'rpm',
  Mageia: 'rpm',
  'Photon OS': 'rpm',
  'Red Hat': 'rpm',
  'Rocky Linux': 'rpm',
  SUSE: 'rpm',
  openEuler: 'rpm',
  openSUSE: 'rpm',
};

const stem = (ecosystem: string): string => ecosystem.split(':', 1)[0] ?? '';

/** The package type that an OSV ecosystem (`Debian:12`, `npm`) or a package type's own name stands for; undefined when it is neither. */
export function packageTypeOf(ecosystem: string): PackageType | undefined {
  const name = stem(ecosystem);
  const own = packageTypes.find((type) => type === name);
  if (own !== undefined) return own;
  if (Object.hasOwn(languages, name)) return languages[name];
  return Object.hasOwn(distributions, name) ? distributions[name] : undefined;
}

/** Whether an OSV ecosystem is a programming language's: all others are taken for distributions. */
export function isLanguageEcosystem(ecosystem: string): boolean {
  return Object.hasOwn(languages, stem(ecosystem));
}
