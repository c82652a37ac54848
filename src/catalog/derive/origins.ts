import type { ImageFiles } from '../../model/index.ts';
import type { OriginFact, PackageFact } from '../cataloger.ts';

/** A package with the cataloger that read it. */
interface ReadPackage {
  readonly fact: PackageFact;
  readonly reader: string;
}

const parentOf = (path: string): string => path.slice(0, path.lastIndexOf('/'));
/** How names are compared (PyPA, names and normalization). */
const normalized = (name: string): string => name.toLowerCase().replace(/[-_.]+/g, '-');

/** Packages whose metadata lie in a source directory (`NAME.egg-info`), by that directory and name. */
function inSources(packages: Iterable<ReadPackage>): Map<string, ReadPackage> {
  const found = new Map<string, ReadPackage>();
  for (const item of packages) {
    const path = item.fact.locations[0]?.path ?? '';
    if (item.fact.type === 'pypi' && path.endsWith('.egg-info/PKG-INFO')) found.set(`${parentOf(parentOf(path))}/${normalized(item.fact.name)}`, item);
  }
  return found;
}

function withOrigin(fact: PackageFact, { origin, qualifiers, location }: OriginFact): PackageFact {
  const purl = { ...fact.purl, qualifiers: { ...fact.purl?.qualifiers, ...qualifiers } };
  return { ...fact, origin, purl, locations: [...fact.locations, location] };
}

/**
 * Gives packages the origin that their installer wrote down (PEP 610, setuptools' .egg-link). A package that is used where its source lies is
 * one package, wherever its metadata are; where the source is not in the image it has a name and no version.
 */
export function withOrigins(
  packages: readonly ReadPackage[],
  origins: readonly { readonly fact: OriginFact; readonly reader: string }[],
  files: ImageFiles,
): ReadPackage[] {
  if (origins.length === 0) return [...packages];
  const result = new Map(packages.map((item) => [item, item]));
  const byPath = new Map(packages.map((item) => [item.fact.locations[0]?.path, item]));
  const sources = inSources(packages);
  const inSource = ({ source = '', location }: OriginFact, name: string, below: readonly string[]): ReadPackage | undefined => {
    const directory = source.startsWith('/') ? source : `${parentOf(location.path)}/${source}`;
    return below.map((each) => sources.get(`${files.stat(`${directory}${each}`)?.path}/${normalized(name)}`)).find((item) => item !== undefined);
  };
  const added: ReadPackage[] = [];
  for (const { fact: origin, reader } of origins) {
    const { name, location } = origin;
    if (name === undefined) {
      const path = `${parentOf(location.path)}/METADATA`;
      const item = byPath.get(path) ?? byPath.get(files.stat(path)?.path);
      if (item === undefined) continue;
      let fact = withOrigin(item.fact, origin);
      const other = origin.source === undefined ? undefined : inSource(origin, fact.name, ['', '/src']);
      // What was built since has a version of its own.
      if (other !== undefined && other.fact.version === fact.version && result.delete(other)) {
        fact = { ...fact, locations: [...fact.locations, ...other.fact.locations] };
      }
      result.set(item, { ...item, fact });
      continue;
    }
    const item = inSource(origin, name, ['']);
    if (item !== undefined) {
      const known = result.get(item);
      if (known !== undefined) result.set(item, { ...item, fact: withOrigin(known.fact, origin) });
      continue;
    }
    const { origin: kind } = origin;
    added.push({
      reader,
      fact: { type: 'pypi', name, version: '', source: null, architecture: null, licenses: [], locations: [location], lockfile: false, origin: kind },
    });
  }
  return [...result.values(), ...added];
}
