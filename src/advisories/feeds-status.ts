import { stat } from 'node:fs/promises';
import type { FeedSource } from '../model/index.ts';
import type { OpenOptions } from './advisories.ts';
import { defaultDataDir } from './data-directory.ts';
import { ageProblem } from './feed-age.ts';
import { feedSources } from './feed-sources.ts';
import { Store, storePath } from './store.ts';
import type { SourceSet } from './store-file.ts';

/** What the advisory store holds. */
export interface FeedsStatus {
  /** Of the store file, whether it is there or not. */
  readonly path: string;
  /** null: nothing was imported yet. */
  readonly state: {
    readonly digest: string;
    /** Bytes of the store file. */
    readonly size: number;
    /** What was imported together. */
    readonly sets: readonly SourceSet[];
    /** By ecosystem and release. */
    readonly sources: readonly FeedSource[];
  } | null;
}

/**
 * What the store of a data directory holds, and how old each source's state is.
 * @throws {PortcullisError} STORE_UNREADABLE, STORE_DAMAGED
 */
export async function feedsStatus(options: OpenOptions = {}): Promise<FeedsStatus> {
  const dataDir = options.dataDir ?? defaultDataDir();
  const path = storePath(dataDir);
  const store = await Store.open(dataDir);
  if (store === null) return { path, state: null };
  try {
    const { size } = await stat(path);
    return { path, state: { digest: store.digest, size, sets: store.sets, sources: feedSources(store.sets) } };
  } finally {
    store.close();
  }
}

/**
 * Reads the whole store and compares it with its digests.
 * @throws {PortcullisError} STORE_UNREADABLE, STORE_DAMAGED
 */
export async function verifyStore(options: OpenOptions = {}): Promise<void> {
  const store = await Store.open(options.dataDir ?? defaultDataDir());
  try {
    store?.verify();
  } finally {
    store?.close();
  }
}

/** What a check found. */
export interface FeedsCheck {
  /** null: nothing is loaded. */
  readonly digest: string | null;
  /** Sources whose state is older than allowed. */
  readonly stale: readonly { readonly name: string; readonly why: string }[];
}

/**
 * Reads the whole store, compares it with its digests, and each source's age with `maxFeedAge` (days; absent: any).
 * @throws {PortcullisError} STORE_UNREADABLE, STORE_DAMAGED
 */
export async function checkFeeds(options: OpenOptions & { readonly now?: Date; readonly maxFeedAge?: number } = {}): Promise<FeedsCheck> {
  const store = await Store.open(options.dataDir ?? defaultDataDir());
  if (store === null) return { digest: null, stale: [] };
  try {
    store.verify();
    const { maxFeedAge, now = new Date() } = options;
    const stale = store.sets.flatMap(({ name, kind, asOf }) => {
      const why = maxFeedAge === undefined || kind === 'records' || kind === 'severity' ? undefined : ageProblem(asOf, now, maxFeedAge);
      return why === undefined ? [] : [{ name, why }];
    });
    return { digest: store.digest, stale };
  } finally {
    store.close();
  }
}
