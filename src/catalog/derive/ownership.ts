import type { ImageFiles, Package } from '../../model/index.ts';
import type { OwnershipFact } from '../cataloger.ts';

const LANGUAGES = new Set(['npm', 'pypi', 'maven', 'gem', 'composer', 'nuget', 'golang', 'cargo', 'conda', 'cran']);

/** A program that was recognised by what it says of itself, without a package manager. */
const RECOGNISED = 'generic';

/**
 * Owners of whole directories: a package of the Nix store owns what lies in its path; a component of Bitnami brought the programs in its
 * directory, not what a language's package manager put there.
 */
function directoryOwners(packages: readonly Package[]): (path: string, type: Package['type']) => string | undefined {
  const stores = new Map<string, string>();
  const components = new Map<string, string>();
  for (const { type, purl, locations } of packages) {
    const path = locations[0]?.path ?? '';
    if (type === 'nix') stores.set(path, purl);
    const directory = type === 'bitnami' ? /^(\/opt\/bitnami\/[^/]+)\/\.spdx-/.exec(path)?.[1] : undefined;
    if (directory !== undefined) components.set(directory, purl);
  }
  const above = (path: string, depth: number): string => path.split('/', depth + 1).join('/');
  return (path, type) => stores.get(above(path, 3)) ?? (type === RECOGNISED ? components.get(above(path, 3)) : undefined);
}

/**
 * Gives each language package the distribution package that owns the file it was read from. Paths are compared as
 * they really are: a database may write `/lib/…` where `/lib` is a link to `usr/lib`. A recognised program that a distribution package
 * owns is that package, and isn't listed a second time.
 */
export function withOwners(packages: readonly Package[], ownership: readonly OwnershipFact[], files: ImageFiles): Package[] {
  if (!packages.some((item) => LANGUAGES.has(item.type) || item.type === RECOGNISED)) return [...packages];
  const within = directoryOwners(packages);
  const installed = new Map<string, string>();
  for (const item of packages) {
    installed.set(`${item.type} ${item.name}`, item.purl);
    if (item.architecture !== null) installed.set(`${item.type} ${item.name} ${item.architecture}`, item.purl);
  }
  const owners = new Map<string, string>();
  for (const fact of ownership) {
    const purl =
      (fact.architecture === null ? undefined : installed.get(`${fact.type} ${fact.package} ${fact.architecture}`)) ??
      installed.get(`${fact.type} ${fact.package}`);
    if (purl === undefined) continue; // a list that a removed package left behind owns nothing
    for (const path of fact.files) {
      owners.set(path, purl);
      const real = files.stat(path)?.path;
      if (real !== undefined) owners.set(real, purl);
    }
  }
  return packages.flatMap((item) => {
    if (!LANGUAGES.has(item.type) && item.type !== RECOGNISED) return [item];
    const owner = item.locations
      .map(({ path }) => {
        const real = files.stat(path)?.path ?? path;
        return owners.get(path) ?? owners.get(real) ?? within(real, item.type);
      })
      .find((purl) => purl !== undefined);
    if (owner === undefined) return [item];
    return item.type === RECOGNISED ? [] : [{ ...item, ownedBy: owner }];
  });
}
