import { PortcullisError } from '../errors.ts';
import type { Comparison, Distribution, ExploitationState, FeedSource, Package } from '../model/index.ts';
import { comparePackages } from './comparison.ts';
import { defaultDataDir } from './data-directory.ts';
import { exploitationState } from './exploitation.ts';
import { feedSources, loadedEcosystems } from './feed-sources.ts';
import { type MatchOptions, type MatchResult, matchPackages } from './match.ts';
import { baseEcosystem } from './package-name.ts';
import { Store } from './store.ts';

/** An opened, immutable state of the advisory store. Close it after use. */
export interface Advisories {
  readonly state: { readonly digest: string; readonly sources: readonly FeedSource[]; readonly exploitation: ExploitationState };
  /** The ecosystems that advisories are loaded of, by base name: `Debian`, `npm`; see `loadedEcosystems`. */
  readonly ecosystems: ReadonlySet<string>;
  /** See `matchPackages`. */
  match(packages: readonly Package[], distribution: Distribution | null, now: Date, options?: MatchOptions): MatchResult;
  /** See `comparePackages`. */
  compare(name: string, packages: readonly Package[], distribution: Distribution | null): readonly Comparison[];
  close(): void;
}

export interface OpenOptions {
  /** Default: `defaultDataDir()`. */
  readonly dataDir?: string;
  /** An exported file that is used as it is, in place of the data directory's state. */
  readonly file?: string;
}

/**
 * Opens the advisory store; null when nothing was imported yet. Whoever has it open keeps this state while others import.
 * @throws {PortcullisError} STORE_UNREADABLE, STORE_DAMAGED
 */
export async function openAdvisories(options: OpenOptions = {}): Promise<Advisories | null> {
  const store = options.file === undefined ? await Store.open(options.dataDir ?? defaultDataDir()) : await openGiven(options.file);
  if (store === null) return null;
  return {
    state: { digest: store.digest, sources: feedSources(store.sets), exploitation: exploitationState(store.sets) },
    ecosystems: new Set([...loadedEcosystems(store.sets)].map(baseEcosystem)),
    match: (packages, distribution, now, matchOptions) => matchPackages(packages, distribution, store, now, matchOptions),
    compare: (name, packages, distribution) => comparePackages(name, packages, distribution, store),
    close: () => store.close(),
  };
}

async function openGiven(path: string): Promise<Store> {
  const store = await Store.openFile(path);
  if (store !== null) return store;
  throw new PortcullisError('FEED_NOT_FOUND', `There are no exported feeds at ${path}.`, { hint: 'Export them with: portcullis feeds export FILE' });
}

/** The matching stage, with or without advisories: without, every ecosystem that the packages need is a problem `no-data`. */
export function matchAdvisories(
  advisories: Advisories | null,
  packages: readonly Package[],
  distribution: Distribution | null,
  now: Date,
  options: MatchOptions = {},
): MatchResult {
  return advisories === null ? matchPackages(packages, distribution, null, now, options) : advisories.match(packages, distribution, now, options);
}
