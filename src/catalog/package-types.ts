import type { DistributionPackageType, PackageType } from '../model/index.ts';

/** The package types that a distribution's package manager installs. */
export const distributionTypes = ['deb', 'apk', 'rpm', 'alpm', 'ebuild', 'opkg', 'nix'] as const satisfies readonly DistributionPackageType[];

export function isDistributionType(type: PackageType | undefined): type is DistributionPackageType {
  return distributionTypes.some((each) => each === type);
}

const namedByDistribution: ReadonlySet<PackageType> = new Set(['deb', 'apk', 'rpm', 'alpm', 'opkg']);

/** Whether the distribution is the namespace of purls of this type. */
export function isNamedByDistribution(type: PackageType): boolean {
  return namedByDistribution.has(type);
}
