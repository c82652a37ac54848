import type { FeedSource } from '../model/index.ts';
import { baseEcosystem } from './package-name.ts';
import type { SourceSet } from './store-file.ts';

/**
 * The state of each ecosystem, with its release, in a store. Where an ecosystem has a set of its own, that set's time counts,
 * and records that other ecosystems' sets repeat are not counted again; loose records always are. Withdrawn records don't count.
 */
export function feedSources(sets: readonly SourceSet[]): readonly FeedSource[] {
  const ecosystems = new Map<string, SourceSet[]>();
  for (const set of sets) {
    for (const ecosystem of Object.keys(set.ecosystems)) {
      const holders = ecosystems.get(ecosystem);
      if (holders === undefined) ecosystems.set(ecosystem, [set]);
      else holders.push(set);
    }
  }
  return [...ecosystems]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([ecosystem, holders]) => {
      const own = holders.filter((set) => set.kind === 'ecosystem' && set.name === baseEcosystem(ecosystem));
      const main = own.length > 0 ? own : holders;
      const counted = new Set([...main, ...holders.filter((set) => set.kind === 'records')]);
      let records = 0;
      for (const set of counted) records += set.ecosystems[ecosystem] ?? 0;
      // Several sets without one of the ecosystem's own: no better than the oldest of them.
      const times = main.map((set) => set.asOf);
      const asOf = times.every((time) => time !== null) ? (times.sort()[0] ?? null) : null;
      return { ecosystem, records, asOf, importedAt: main.map((set) => set.importedAt).sort()[0] ?? '' };
    });
}

/**
 * The ecosystems, with their releases, that a store has advisories of: by their own set, or by loose records. Records of another
 * ecosystem's set that happen to name one (a GitHub advisory about npm and Maven) are no advisories of it.
 */
export function loadedEcosystems(sets: readonly SourceSet[]): ReadonlySet<string> {
  return new Set(
    sets.flatMap((set) =>
      Object.entries(set.ecosystems).flatMap(([ecosystem, records]) =>
        records > 0 && (set.kind === 'records' || baseEcosystem(ecosystem) === set.name) ? [ecosystem] : [],
      ),
    ),
  );
}
