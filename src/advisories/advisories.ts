import type { Distribution, FeedSource, Package } from '../model/index.ts';
import { defaultDataDir } from './data-directory.ts';
import { feedSources } from './feed-sources.ts';
import { type MatchResult, matchPackages } from './match.ts';
import { Store } from './store.ts';

/** An opened, immutable state of the advisory store. Close it after use. */
export interface Advisories {
  readonly state: { readonly digest: string; readonly sources: readonly FeedSource[] };
  /** See `matchPackages`. */
  match(packages: readonly Package[], distribution: Distribution | null, now: Date): MatchResult;
  close(): void;
}

export interface OpenOptions {
  /** Default: `defaultDataDir()`. */
  readonly dataDir?: string;
}

/**
 * Opens the advisory store; null when nothing was imported yet. Whoever has it open keeps this state while others import.
 * @throws {PortcullisError} STORE_UNREADABLE, STORE_DAMAGED
 */
export async function openAdvisories(options: OpenOptions = {}): Promise<Advisories | null> {
  const store = await Store.open(options.dataDir ?? defaultDataDir());
  if (store === null) return null;
  return {
    state: { digest: store.digest, sources: feedSources(store.sets) },
    match: (packages, distribution, now) => matchPackages(packages, distribution, store, now),
    close: () => store.close(),
  };
}

/** The matching stage, with or without advisories: without, every ecosystem that the packages need is a problem `no-data`. */
export function matchAdvisories(advisories: Advisories | null, packages: readonly Package[], distribution: Distribution | null, now: Date): MatchResult {
  return advisories === null ? matchPackages(packages, distribution, null, now) : advisories.match(packages, distribution, now);
}
