import type { Package } from '../model/index.ts';
import type { DistributionEcosystem } from './ecosystem.ts';
import { languageCompanions } from './ecosystem.ts';
import { normalizeName } from './package-name.ts';

/** A name under which a package is looked up, and the version that is compared then. */
export interface LookupName {
  readonly name: string;
  /** As the index has it. */
  readonly key: string;
  readonly version: string;
  readonly through: 'package' | 'source';
  /** True when the version has no epoch because its place is elsewhere (rpm's SOURCERPM), not because it is 0. */
  readonly epochUnknown: boolean;
}

/** How one package is looked up. The first name that a record has an entry for is the one that counts. */
export interface Subject {
  readonly package: Package;
  /** In which ecosystems; the first is the one that findings name. */
  readonly ecosystems: readonly string[];
  readonly base: string;
  readonly subscription: string | null;
  readonly names: readonly LookupName[];
}

/**
 * A distribution's package. Debian and Ubuntu name source packages; Alpine names origins, Wolfi also packages; rpm
 * distributions name binary packages, or sources, or both.
 */
export function distributionSubject(pkg: Package, found: DistributionEcosystem): Subject {
  return {
    package: pkg,
    ecosystems: [...new Set([found.ecosystem, ...found.companions, found.base])],
    base: found.base,
    subscription: found.subscription,
    names: pkg.type === 'deb' ? debNames(pkg) : pkg.type === 'apk' ? apkNames(pkg) : rpmNames(pkg, found.listsBinaries),
  };
}

/** A language's package. */
export function languageSubject(pkg: Package, ecosystem: string): Subject {
  return {
    package: pkg,
    ecosystems: [ecosystem, ...languageCompanions(pkg.type, pkg.name)],
    base: ecosystem,
    subscription: null,
    names: [{ ...named(pkg.name, pkg.version, 'package'), key: normalizeName(ecosystem, pkg.name) }],
  };
}

function named(name: string, version: string, through: LookupName['through'], epochUnknown = false): LookupName {
  return { name, key: name, version, through, epochUnknown };
}

function debNames(pkg: Package): LookupName[] {
  const source = pkg.source ?? { name: pkg.name, version: pkg.version };
  // A binary rebuild counts the binary's version up, not the source's (Debian policy 5.6.12: +bN).
  const version = source.version.replace(/\+b\d+$/, '');
  return [named(source.name, version, pkg.source === null ? 'package' : 'source')];
}

function apkNames(pkg: Package): LookupName[] {
  const own = named(pkg.name, pkg.version, 'package');
  if (pkg.source === null || pkg.source.name === pkg.name) return [own];
  return [own, named(pkg.source.name, pkg.source.version === '' ? pkg.version : pkg.source.version, 'source')];
}

function rpmNames(pkg: Package, binariesOnly: boolean): LookupName[] {
  const own = named(pkg.name, pkg.version, 'package');
  if (pkg.source === null || pkg.source.name === pkg.name || binariesOnly) return [own];
  // SOURCERPM has no epoch. Where version and release are the binary's own, so is the epoch; else it can't be known.
  const epoch = /^(\d+):(.*)$/.exec(pkg.version);
  if (/^\d+:/.test(pkg.source.version)) return [own, named(pkg.source.name, pkg.source.version, 'source')];
  if (epoch === null && pkg.source.version === pkg.version) return [own, named(pkg.source.name, pkg.source.version, 'source')];
  if (epoch?.[2] === pkg.source.version) return [own, named(pkg.source.name, pkg.version, 'source')];
  return [own, named(pkg.source.name, pkg.source.version, 'source', true)];
}
