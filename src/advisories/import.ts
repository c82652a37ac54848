import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PortcullisError } from '../errors.ts';
import { download, shownUrl } from '../transport/index.ts';
import { createAdvisoriesDir, defaultDataDir } from './data-directory.ts';
import { findKnowledge, findRecordSources, type RecordSource, readOneFile } from './import-source.ts';
import type { KnowledgeSource } from './knowledge.ts';
import { readKnowledge } from './knowledge-file.ts';
import { type ImportProgress, type ImportResult, type StateChange, writeState } from './new-state.ts';
import { isStoreFile, Store } from './store.ts';
import { asOnlyWriter } from './writer-lock.ts';

export interface ImportOptions {
  /** Default: `defaultDataDir()`. */
  readonly dataDir?: string;
  /** The time of the import; default: the clock. */
  readonly now?: Date;
  readonly signal?: AbortSignal;
  /** Called now and then with what is being read. */
  readonly onProgress?: (progress: ImportProgress) => void;
  /** Milliseconds that another import is waited for; default one minute. */
  readonly wait?: number;
}

/** What is to be imported together. */
export interface ImportRequest {
  /** Advisories in OSV format, or a file that `exportFeeds` wrote: a directory, a file or an http(s) URL. */
  readonly sources?: readonly string[];
  /** CISA's catalogue of known exploited vulnerabilities, a file. */
  readonly kev?: string;
  /** EPSS scores, a file. */
  readonly epss?: string;
  /** Severities in the form of NVD's CVE API 2.0, files. */
  readonly severities?: readonly string[];
}

const temporary = /^(?:new|download)-/;

/** `importFeeds` of one source. */
export async function importAdvisories(source: string, options: ImportOptions = {}): Promise<ImportResult> {
  return await importFeeds({ sources: [source] }, options);
}

/**
 * Imports advisories in OSV format from directories, archives, single records or http(s) URLs of the latter, with what tells
 * whether vulnerabilities are exploited and how severe they are.
 *
 * What belongs to an ecosystem replaces that ecosystem's records; loose records (a folder of `*.json`, an archive under
 * another name than `all.zip`) are a source of their own, replaced when imported again from one of the same name. Everything
 * else is kept. A directory's `kev.json` and `epss_scores-*.csv.gz` are taken along. An exported file brings every source that
 * it holds. The new state is a new file, complete and on the disk before it takes the old one's name: readers have one
 * or the other. A damaged source ends the import and changes nothing; a file that isn't a record is left out and counted.
 * @throws {PortcullisError} FEED_NOT_FOUND, FEED_INVALID, STORE_UNREADABLE, STORE_DAMAGED
 */
export async function importFeeds(request: ImportRequest, options: ImportOptions = {}): Promise<ImportResult> {
  const now = options.now ?? new Date();
  const dataDir = options.dataDir ?? defaultDataDir();
  const isUrl = (source: string): boolean => /^https?:\/\//i.test(source);
  const opened: { close(): void }[] = [];
  try {
    const records: RecordSource[] = [];
    const knowledge: KnowledgeSource[] = [];
    let storeFile: Store | undefined;
    for (const source of request.sources ?? []) {
      if (isUrl(source)) continue;
      if (await isStoreFile(source)) {
        if (storeFile !== undefined) throw new PortcullisError('USAGE', 'Only one exported file can be imported at a time.');
        storeFile = await openExported(source);
        opened.push(storeFile);
        continue;
      }
      const found = await findKnowledge(source);
      knowledge.push(...found);
      const sources = await findRecordSources(source, now, found.length > 0);
      records.push(...sources);
      opened.push(...sources);
    }
    if (request.kev !== undefined) knowledge.push(await readKnowledge(request.kev, 'kev'));
    if (request.epss !== undefined) knowledge.push(await readKnowledge(request.epss, 'epss'));
    for (const path of request.severities ?? []) knowledge.push(await readKnowledge(path, 'severity'));
    const change: StateChange = { knowledge: lastOfEach(knowledge), ...(storeFile === undefined ? {} : { storeFile }) };
    return await changeState(
      dataDir,
      async (directory) => {
        for (const source of request.sources ?? []) {
          if (!isUrl(source)) continue;
          const fetched = await fetchSource(source, directory, records.length, options.signal);
          records.push(fetched);
          opened.push(fetched);
        }
        return { ...change, records };
      },
      { ...options, now },
    );
  } finally {
    for (const each of opened) each.close();
  }
}

/** Files named on the command line come after those that were found, and replace them. */
function lastOfEach(knowledge: readonly KnowledgeSource[]): KnowledgeSource[] {
  return [...new Map(knowledge.map((each) => [`${each.kind}:${each.name}`, each])).values()];
}

/**
 * Changes the state of a data directory as its only writer. `prepare` gets the store's folder, in which it may write files
 * whose names begin with `download-`; they are gone afterwards. Null leaves everything as it is.
 */
export async function changeState<T extends StateChange | null>(
  dataDir: string,
  prepare: (directory: string) => Promise<T>,
  options: ImportOptions & { readonly now: Date },
): Promise<ImportResult | (T extends null ? null : never)> {
  const directory = await createAdvisoriesDir(dataDir);
  return await asOnlyWriter(
    directory,
    options.wait ?? 60_000,
    async () => {
      await removeTemporary(directory);
      try {
        const change = await prepare(directory);
        return change === null ? (null as T extends null ? null : never) : await writeState(directory, dataDir, change, options);
      } finally {
        await removeTemporary(directory);
      }
    },
    options.signal,
  );
}

/** A writer that was killed leaves its unfinished file; only the one writer may take it away. */
async function removeTemporary(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    if (temporary.test(name)) await rm(join(directory, name), { force: true });
  }
}

async function fetchSource(url: string, directory: string, index: number, signal: AbortSignal | undefined): Promise<RecordSource> {
  const path = join(directory, `download-${process.pid}-${index}`);
  const { lastModified } = await download(url, path, signal === undefined ? {} : { signal });
  return await readOneFile(path, shownUrl(url), lastModified);
}

/** An exported file, read to the last byte before anything relies on it. */
async function openExported(path: string): Promise<Store> {
  let store: Store | null = null;
  try {
    store = await Store.openFile(path);
    store?.verify();
  } catch (cause) {
    store?.close();
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new PortcullisError('FEED_INVALID', `The exported feeds ${path} can't be used: ${why}`, {
      hint: 'Export or copy them again; nothing was changed.',
      cause,
    });
  }
  if (store === null) throw new PortcullisError('FEED_NOT_FOUND', `There are no exported feeds at ${path}.`);
  return store;
}
