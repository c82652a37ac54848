import type { Distribution, DistributionPackageType, PackageType } from '../model/index.ts';
import { lastSupportedDay } from './end-of-life.ts';

/** Where the advisories of a distribution's release stand. */
export interface DistributionEcosystem {
  /** The name that stands for all of it: `Debian:12`, `Red Hat:enterprise_linux:9::baseos`. */
  readonly ecosystem: string;
  readonly base: string;
  readonly packages: DistributionPackageType;
  /** Further ecosystems of the same release: modules of SUSE, repositories of Red Hat. */
  readonly companions: readonly string[];
  /** The one whose fixes need a subscription (Ubuntu Pro). */
  readonly subscription: string | null;
  /** True when records name binary packages and a source package's name proves nothing. */
  readonly listsBinaries: boolean;
  /** `2028-06-30`; null when it isn't known. */
  readonly lastSupportedDay: string | null;
}

export type DistributionLookup =
  | { readonly state: 'known'; readonly found: DistributionEcosystem }
  /** OSV has the distribution, but the image doesn't say a release that has advisories (edge, unstable, none at all). */
  | { readonly state: 'no-release'; readonly ecosystem: string; readonly why: string }
  | { readonly state: 'unsupported'; readonly ecosystem: string; readonly why: string };

const longestVersion = 64;

const debianCodenames: Readonly<Record<string, string>> = {
  squeeze: '6',
  wheezy: '7',
  jessie: '8',
  stretch: '9',
  buster: '10',
  bullseye: '11',
  bookworm: '12',
  trixie: '13',
  forky: '14',
  duke: '15',
};
const suseModules = [
  'Basesystem',
  'Certifications',
  'Containers',
  'Desktop Applications',
  'Development Tools',
  'Legacy',
  'Package Hub',
  'Public Cloud',
  'Python 3',
  'Server Applications',
  'Web and Scripting',
];

type Reader = (distribution: Distribution) => Partial<DistributionEcosystem> & { readonly release: string | undefined; readonly why?: string };

interface Family {
  readonly base: string;
  readonly packages: DistributionPackageType;
  readonly read: Reader;
}

const number = (text: string): string | undefined => /^\d+/.exec(text)?.[0];
const major: Reader = ({ version }) => ({ release: number(version) });
const whole: Reader = ({ version }) => ({ release: version === '' ? undefined : version });
const rolling: Reader = () => ({ release: '' });

const debian: Reader = ({ version, codename }) => {
  const name = (codename ?? '').split('/')[0] ?? '';
  if (version !== '') return { release: number(version) };
  if (name === 'sid' || name === 'unstable') return { release: 'sid' };
  return { release: Object.hasOwn(debianCodenames, name) ? debianCodenames[name] : undefined };
};

const ubuntu: Reader = ({ version, name }) => {
  const release = /^\d{2}\.\d{2}/.exec(version)?.[0];
  if (release === undefined) return { release };
  // Every second April release is a long-term one; the image's own words decide where the rule would not.
  const longTerm = /\bLTS\b/.test(name) || (/\.04$/.test(release) && Number(release.slice(0, 2)) % 2 === 0);
  const suffix = longTerm ? `${release}:LTS` : release;
  return { release: suffix, subscription: `Ubuntu:Pro:${suffix}` };
};

const alpine: Reader = ({ version }) => {
  const release = /^(\d+\.\d+)(?:\.\d+)?$/.exec(version)?.[1];
  return release === undefined ? { release, why: 'only stable releases have advisories (edge has none)' } : { release: `v${release}` };
};

const suse: Reader = ({ version, name }) => {
  const [release, pack] = version.split('.');
  if (release === undefined || !/^\d+$/.test(release)) return { release: undefined };
  const level = pack === undefined || pack === '0' ? release : Number(release) >= 16 ? `${release}.${pack}` : `${release} SP${pack}`;
  const product = /SUSE (Linux Enterprise (?:Server|Desktop|Micro|High Performance Computing))/.exec(name)?.[1] ?? 'Linux Enterprise Server';
  return {
    release: `${product} ${level}`,
    companions: [
      ...(product === 'Linux Enterprise Server' ? [] : [`SUSE:Linux Enterprise Server ${level}`]),
      `SUSE:Linux Enterprise Server ${level}-LTSS`,
      ...suseModules.map((module) => `SUSE:Linux Enterprise Module for ${module} ${level}`),
    ],
  };
};

const redHat: Reader = ({ version }) => {
  const release = number(version);
  if (release === undefined) return { release };
  // Without the image's content sets: what every subscription of the major version can install.
  const of = (name: string): string => `enterprise_linux:${release}::${name}`;
  return {
    release: of('baseos'),
    companions: [`Red Hat:enterprise_linux:${release}`, `Red Hat:${of('appstream')}`, `Red Hat:${of('crb')}`],
    listsBinaries: true,
    lastSupportedDay: lastSupportedDay('Red Hat', release) ?? null,
  };
};

const openEuler: Reader = ({ version, name }) => {
  const long = /\((LTS(?:-SP\d+)?)\)/.exec(name)?.[1];
  return { release: version === '' ? undefined : long === undefined ? version : `${version}-${long}` };
};

/** By os-release `ID`; OSV's own names (osv-schema, defined ecosystems). */
const families: Readonly<Record<string, Family>> = {
  debian: { base: 'Debian', packages: 'deb', read: debian },
  ubuntu: { base: 'Ubuntu', packages: 'deb', read: ubuntu },
  echo: { base: 'Echo', packages: 'deb', read: rolling },
  alpine: { base: 'Alpine', packages: 'apk', read: alpine },
  wolfi: { base: 'Wolfi', packages: 'apk', read: rolling },
  chainguard: { base: 'Chainguard', packages: 'apk', read: rolling },
  minimos: { base: 'MinimOS', packages: 'apk', read: rolling },
  cleanstart: { base: 'CleanStart', packages: 'apk', read: rolling },
  alpaquita: { base: 'Alpaquita', packages: 'apk', read: whole },
  'bellsoft-hardened-containers': { base: 'BellSoft Hardened Containers', packages: 'apk', read: whole },
  almalinux: { base: 'AlmaLinux', packages: 'rpm', read: (distribution) => ({ ...major(distribution), listsBinaries: true }) },
  rocky: { base: 'Rocky Linux', packages: 'rpm', read: major },
  rhel: { base: 'Red Hat', packages: 'rpm', read: redHat },
  azurelinux: { base: 'Azure Linux', packages: 'rpm', read: major },
  mariner: { base: 'Azure Linux', packages: 'rpm', read: major },
  photon: { base: 'Photon OS', packages: 'rpm', read: whole },
  openeuler: { base: 'openEuler', packages: 'rpm', read: openEuler },
  mageia: { base: 'Mageia', packages: 'rpm', read: major },
  sles: { base: 'SUSE', packages: 'rpm', read: suse },
  sled: { base: 'SUSE', packages: 'rpm', read: suse },
  'sle-micro': { base: 'SUSE', packages: 'rpm', read: suse },
  'opensuse-leap': {
    base: 'openSUSE',
    packages: 'rpm',
    read: ({ version }) => ({ release: version === '' ? undefined : `Leap ${version}` }),
  },
  'opensuse-tumbleweed': { base: 'openSUSE', packages: 'rpm', read: () => ({ release: 'Tumbleweed' }) },
};

/** Base ecosystems whose records belong to a release. */
export const releasedBases: ReadonlySet<string> = new Set(
  Object.values(families)
    .filter((family) => family.read !== rolling)
    .map((family) => family.base),
);

/** Known to have no advisories in OSV: said by name, so that nobody waits for a feed. */
const withoutFeed: Readonly<Record<string, string>> = {
  amzn: 'Amazon Linux',
  fedora: 'Fedora',
  ol: 'Oracle Linux',
  centos: 'CentOS',
  arch: 'Arch Linux',
  gentoo: 'Gentoo',
  bottlerocket: 'Bottlerocket',
  scientific: 'Scientific Linux',
  clearlinux: 'Clear Linux',
  nixos: 'NixOS',
};

/**
 * Which OSV ecosystem holds the advisories of the image's distribution. A derivative (`ID_LIKE`) never gets its parent's:
 * its packages may be built otherwise and its fixes come at other versions.
 */
export function distributionEcosystem(distribution: Distribution): DistributionLookup {
  const family = Object.hasOwn(families, distribution.id) ? families[distribution.id] : undefined;
  // The image writes them; what is longer names no release.
  const id = distribution.id.slice(0, longestVersion);
  const version = distribution.version.length > longestVersion ? '' : distribution.version;
  if (family === undefined) {
    const ecosystem = version === '' ? id : `${id}:${version}`;
    const known = Object.hasOwn(withoutFeed, id) ? withoutFeed[id] : undefined;
    const parent = distribution.like[0]?.slice(0, longestVersion);
    if (known !== undefined) return { state: 'unsupported', ecosystem, why: `OSV has no advisories for ${known}` };
    return {
      state: 'unsupported',
      ecosystem,
      why:
        parent === undefined
          ? 'OSV has no advisories for it'
          : `OSV has no advisories for it, and those of ${parent}, which it derives from, don't hold for it`,
    };
  }
  const { release, why, ...rest } = family.read({ ...distribution, version });
  if (release === undefined) {
    return {
      state: 'no-release',
      ecosystem: version === '' ? family.base : `${family.base}:${version}`,
      why: why ?? "the image doesn't say which release it is",
    };
  }
  return {
    state: 'known',
    found: {
      ecosystem: release === '' ? family.base : `${family.base}:${release}`,
      base: family.base,
      packages: family.packages,
      companions: [],
      subscription: null,
      listsBinaries: false,
      lastSupportedDay: lastSupportedDay(family.base, release) ?? null,
      ...rest,
    },
  };
}

const languageEcosystems: Readonly<Partial<Record<PackageType, string>>> = {
  npm: 'npm',
  pypi: 'PyPI',
  maven: 'Maven',
  golang: 'Go',
  cargo: 'crates.io',
  gem: 'RubyGems',
  composer: 'Packagist',
  nuget: 'NuGet',
  cran: 'CRAN',
  bitnami: 'Bitnami',
};

/** The OSV ecosystem of a language's packages; undefined for `generic`, which has none, and for distribution packages. */
export function languageEcosystem(type: PackageType): string | undefined {
  return languageEcosystems[type];
}

/** Further ecosystems that hold advisories of a language's package: Drupal's own package repository. */
export function languageCompanions(type: PackageType, name: string): readonly string[] {
  return type === 'composer' && name.toLowerCase().startsWith('drupal/')
    ? ['Packagist:https://packages.drupal.org/8', 'Packagist:https://packages.drupal.org/7']
    : [];
}

const withoutAdvisories: readonly PackageType[] = ['alpm', 'ebuild', 'opkg', 'nix'];

/** Whether OSV has advisories for no distribution that installs packages of this type. */
export function isWithoutAdvisories(type: PackageType): type is Exclude<DistributionPackageType, 'deb' | 'apk' | 'rpm'> {
  return withoutAdvisories.includes(type);
}

export function isDistributionType(type: PackageType): type is DistributionPackageType {
  return type === 'deb' || type === 'apk' || type === 'rpm' || isWithoutAdvisories(type);
}
