import { apk } from './apk.ts';
import { bitnami } from './bitnami.ts';
import { cargo } from './cargo.ts';
import { composer } from './composer.ts';
import { dpkg } from './dpkg.ts';
import { go } from './go.ts';
import { maven } from './maven.ts';
import * as members from './members.ts';
import { npm } from './npm.ts';
import { nuget } from './nuget.ts';
import { numbers } from './numbers.ts';
import type { VersionOrder } from './order.ts';
import { pep440 } from './pep440.ts';
import { rpm } from './rpm.ts';
import { rubygems } from './rubygems.ts';
import { semver } from './semver.ts';

/** Every order, by name. */
export const orders: readonly VersionOrder[] = Object.values(members);

const byName: ReadonlyMap<string, VersionOrder> = new Map(orders.map((order) => [order.name, order]));

/** Base names of OSV's ecosystems (https://ossf.github.io/osv-schema/#defined-ecosystems). */
const byEcosystem: ReadonlyMap<string, VersionOrder> = new Map([
  ['AlmaLinux', rpm],
  ['Alpaquita', apk],
  ['Alpine', apk],
  ['Azure Linux', rpm],
  ['BellSoft', apk],
  ['BellSoft Hardened Containers', apk],
  ['Bitnami', bitnami],
  ['Chainguard', apk],
  ['CleanStart', apk],
  ['CRAN', numbers],
  ['crates.io', cargo],
  ['Debian', dpkg],
  ['Echo', dpkg],
  ['Go', go],
  ['Hackage', numbers],
  ['Hex', semver],
  ['Mageia', rpm],
  ['Maven', maven],
  ['MinimOS', apk],
  ['npm', npm],
  ['NuGet', nuget],
  ['openEuler', rpm],
  ['openSUSE', rpm],
  ['Packagist', composer],
  ['Photon OS', rpm],
  ['PyPI', pep440],
  ['Red Hat', rpm],
  ['Rocky Linux', rpm],
  ['RubyGems', rubygems],
  ['SUSE', rpm],
  ['SwiftURL', semver],
  ['Ubuntu', dpkg],
  ['Wolfi', apk],
]);

const byPackageType: ReadonlyMap<string, VersionOrder> = new Map([
  ['apk', apk],
  ['bitnami', bitnami],
  ['cargo', cargo],
  ['composer', composer],
  ['cran', numbers],
  ['deb', dpkg],
  ['gem', rubygems],
  ['golang', go],
  ['hackage', numbers],
  ['hex', semver],
  ['maven', maven],
  ['npm', npm],
  ['nuget', nuget],
  ['pypi', pep440],
  ['rpm', rpm],
  ['swift', semver],
]);

/** The order with this name (`dpkg`, `pep440`), or `undefined`. */
export function orderOf(name: string): VersionOrder | undefined {
  return byName.get(name);
}

/**
 * The order of an OSV ecosystem, with or without release: `Debian:12` and `Debian` are the same. In `Root:Debian:12`, whose
 * packages keep the versions of the ecosystem that they patch, that ecosystem decides. `undefined` for unknown ecosystems
 * and for those without an order of their own (`GIT`, `OSS-Fuzz`).
 */
export function orderForEcosystem(ecosystem: string): VersionOrder | undefined {
  const [base = '', second = ''] = ecosystem.split(':', 2);
  return byEcosystem.get(base === 'Root' ? second : base);
}

/** The order of a purl type (`deb`, `golang`), in lower case. `undefined` for `generic` and unknown types. */
export function orderForPackageType(type: string): VersionOrder | undefined {
  return byPackageType.get(type);
}
