import type { Location, Package } from '../../model/index.ts';

function byPath(a: Location, b: Location): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : (a.layer ?? 0) - (b.layer ?? 0);
}

/**
 * Files that say the same version of the same program (an interpreter and its library, names of one hard link) are one package with several
 * locations.
 */
export function asPrograms(packages: readonly Package[]): Package[] {
  const programs = new Map<string, Package>();
  const result: Package[] = [];
  for (const item of packages) {
    if (item.type !== 'generic') {
      result.push(item);
      continue;
    }
    const key = JSON.stringify([item.name, item.version]);
    const known = programs.get(key);
    programs.set(key, known === undefined ? item : { ...known, locations: [...known.locations, ...item.locations].sort(byPath) });
  }
  return [...result, ...programs.values()];
}
