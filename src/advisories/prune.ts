import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { defaultDataDir } from './data-directory.ts';
import { changeState, type ImportOptions } from './import.ts';
import { rememberedEcosystems } from './needed-ecosystems.ts';
import { Store } from './store.ts';
import type { SourceSet } from './store-file.ts';

/** What was taken away. */
export interface Pruned {
  readonly removed: readonly SourceSet[];
  /** Downloads that were never finished. */
  readonly downloads: number;
  /** Of the state that is left. */
  readonly digest: string | null;
}

/**
 * Takes away the advisories of ecosystems: those named, or else those that no image seen so far needs; and downloads that
 * were never finished. Records of the user's own, KEV, EPSS and severities stay. The state is replaced as by an import.
 * @throws {PortcullisError} STORE_UNREADABLE, STORE_DAMAGED
 */
export async function pruneFeeds(ecosystems: readonly string[] | null, options: ImportOptions = {}): Promise<Pruned> {
  const dataDir = options.dataDir ?? defaultDataDir();
  const removed: SourceSet[] = [];
  let downloads = 0;
  let digest: string | null = null;
  const result = await changeState(
    dataDir,
    async (directory) => {
      for (const name of await readdir(directory)) {
        if (!name.startsWith('partial-')) continue;
        await rm(join(directory, name), { force: true });
        if (!name.endsWith('.json')) downloads += 1;
      }
      const store = await Store.open(dataDir);
      digest = store?.digest ?? null;
      const sets = store?.sets ?? [];
      store?.close();
      const named = ecosystems?.map((name) => name.split(':')[0]);
      const needed = new Set(await rememberedEcosystems(dataDir));
      removed.push(...sets.filter((set) => set.kind === 'ecosystem' && (named === undefined ? !needed.has(set.name) : named.includes(set.name))));
      if (removed.length === 0) return null;
      const numbers = new Set(removed.map((set) => set.number));
      return { drop: (set: SourceSet) => numbers.has(set.number) };
    },
    { ...options, now: options.now ?? new Date() },
  );
  return { removed, downloads, digest: result?.digest ?? digest };
}
