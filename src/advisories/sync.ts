import { readdir, stat } from 'node:fs/promises';
import { PortcullisError } from '../errors.ts';
import type { FeedClientOptions } from '../transport/index.ts';
import { FeedClient, publicFeeds } from '../transport/index.ts';
import { type Bucket, localBucket, remoteBucket } from './bucket.ts';
import { defaultDataDir } from './data-directory.ts';
import { changeState, type ImportOptions } from './import.ts';
import { archiveSource, folderSource, type RecordSource } from './import-source.ts';
import type { KnowledgeSource } from './knowledge.ts';
import { knowledgeKindOf, readKnowledge } from './knowledge-file.ts';
import { compareListings, readListing } from './listing.ts';
import { rememberedEcosystems } from './needed-ecosystems.ts';
import type { ImportResult } from './new-state.ts';
import { parseOsv } from './osv.ts';
import { Store } from './store.ts';
import type { SourceSet } from './store-file.ts';
import { unwritable } from './writer-lock.ts';

/** What is to be brought, and from where. */
export interface SyncRequest {
  /** `needed`: those that images seen so far need. */
  readonly ecosystems: readonly string[] | 'all' | 'needed';
  /** A bucket's address or a mirror's directory; default: OSV's own. */
  readonly source?: string;
  /** Leave out what is there already, whatever its age. */
  readonly missingOnly?: boolean;
}

export interface SyncOptions extends ImportOptions, Partial<FeedClientOptions> {}

/** What became of one ecosystem, or of `kev` and `epss`. */
export interface SyncedSource {
  readonly name: string;
  /** `whole`: its archive; `changes`: the records that changed; `unchanged`; `absent`: the source doesn't have it; `failed`. */
  readonly how: 'whole' | 'changes' | 'unchanged' | 'absent' | 'failed';
  /** Records that were fetched one by one. */
  readonly fetched: number;
  /** Why it failed. */
  readonly error: PortcullisError | null;
}

export interface SyncResult {
  readonly sources: readonly SyncedSource[];
  /** null: nothing was to be changed. */
  readonly state: ImportResult | null;
}

/** A request for one record costs about as much as so many bytes of an archive. */
const bytesPerRecord = 32 * 1024;
/** So few records are always fetched one by one. */
const fewRecords = 20;
/** Requests under way at a time. */
const parallel = 8;

/**
 * Brings advisories from OSV's bucket or a mirror, with CISA's and FIRST's data: of an ecosystem that was fetched before only the
 * records that changed, where that is cheaper than its archive. A source that fails leaves what was there and doesn't keep the
 * others from being stored. An interrupted download is gone on with by the next call.
 *
 * The time of a source's state is what the server says of the list and the archive (`Last-Modified`), in a directory what
 * `state.json` or the files' times say; EPSS and KEV say their own.
 * @throws {PortcullisError} FEED_NOT_FOUND when the list of ecosystems is needed and can't be had, STORE_UNREADABLE, STORE_DAMAGED
 */
export async function syncFeeds(request: SyncRequest, options: SyncOptions = {}): Promise<SyncResult> {
  const now = options.now ?? new Date();
  const dataDir = options.dataDir ?? defaultDataDir();
  const source = request.source ?? publicFeeds.osv;
  const isRemote = /^https?:\/\//i.test(source);
  if (!isRemote && !(await stat(source).catch(() => undefined))?.isDirectory()) {
    throw new PortcullisError('FEED_NOT_FOUND', `${source} is neither a directory nor an http or https address.`, {
      hint: "Give --source the root of a mirror of OSV's bucket.",
    });
  }
  const signal = options.signal ?? new AbortController().signal;
  const client = new FeedClient({
    env: options.env ?? process.env,
    caFile: options.caFile ?? null,
    ...(options.limits === undefined ? {} : { limits: options.limits }),
  });
  const opened: { close(): void }[] = [];
  const outcomes: SyncedSource[] = [];
  let bucket: Bucket | undefined;
  try {
    const state = await changeState(
      dataDir,
      async (directory) => {
        const previous = await Store.open(dataDir);
        if (previous !== null) opened.push(previous);
        bucket = isRemote ? remoteBucket(source, client, directory, signal) : await localBucket(source, now);
        const wanted = await namesOf(request, bucket, dataDir, previous);
        const records: RecordSource[] = [];
        const confirmed = new Map<number, string | null>();
        // Who waits for a judgement isn't kept waiting for each ecosystem of a source that can't be reached.
        let lost: PortcullisError | null = null;
        for (const name of wanted) {
          if (lost !== null) {
            outcomes.push({ name, how: 'failed', fetched: 0, error: lost });
            continue;
          }
          const synced = await attempted(name, directory, signal, () => new EcosystemSync(name, bucket as Bucket, previous, options, signal).run());
          outcomes.push(synced.outcome);
          if (request.missingOnly === true && synced.outcome.error?.code === 'FEED_NOT_FOUND') lost = synced.outcome.error;
          if (synced.value?.records !== undefined) {
            records.push(synced.value.records);
            opened.push(synced.value.records);
          }
          if (synced.value?.confirmed !== undefined) confirmed.set(...synced.value.confirmed);
        }
        const knowledge: KnowledgeSource[] = [];
        for (const kind of ['kev', 'epss'] as const) {
          if (request.missingOnly === true && (wanted.length === 0 || lost !== null || previous?.sets.some((set) => set.kind === kind))) continue;
          const synced = await attempted(kind, directory, signal, async () => {
            const value = await fetchKnowledge(kind, bucket as Bucket, request.source === undefined);
            return { how: value === null ? ('absent' as const) : ('whole' as const), fetched: 0, ...(value === null ? {} : { knowledge: value }) };
          });
          outcomes.push(synced.outcome);
          if (synced.value?.knowledge !== undefined) knowledge.push(synced.value.knowledge);
        }
        if (records.length === 0 && knowledge.length === 0 && confirmed.size === 0) return null;
        const leaveOut = (left: RecordSource, error: PortcullisError): void => {
          const at = outcomes.findIndex((outcome) => outcome.name === left.name);
          outcomes[at] = { name: left.name, how: 'failed', fetched: 0, error };
        };
        return { records, knowledge, confirmed, leaveOut };
      },
      { ...options, now },
    );
    return { sources: outcomes, state };
  } finally {
    for (const each of opened) each.close();
    await bucket?.clean();
    await client.close();
  }
}

/**
 * The ecosystems that a source offers.
 * @throws {PortcullisError} FEED_NOT_FOUND
 */
export async function availableEcosystems(source: string = publicFeeds.osv, options: SyncOptions = {}): Promise<readonly string[]> {
  const signal = options.signal ?? new AbortController().signal;
  const client = new FeedClient({
    env: options.env ?? process.env,
    caFile: options.caFile ?? null,
    ...(options.limits === undefined ? {} : { limits: options.limits }),
  });
  try {
    const isRemote = /^https?:\/\//i.test(source);
    const bucket = isRemote ? remoteBucket(source, client, '', signal) : await localBucket(source, options.now ?? new Date());
    return await bucket.ecosystems();
  } finally {
    await client.close();
  }
}

async function namesOf(request: SyncRequest, bucket: Bucket, dataDir: string, previous: Store | null): Promise<readonly string[]> {
  const { ecosystems } = request;
  const names = ecosystems === 'all' ? await bucket.ecosystems() : ecosystems === 'needed' ? await rememberedEcosystems(dataDir) : ecosystems;
  const bases = [...new Set(names.map((name) => name.split(':')[0] ?? ''))].filter((name) => /^[^/\\\0]{1,100}$/.test(name) && name !== '.' && name !== '..');
  if (request.missingOnly !== true) return bases.sort();
  const present = new Set((previous?.sets ?? []).filter((set) => set.kind === 'ecosystem').map((set) => set.name));
  return bases.filter((name) => !present.has(name)).sort();
}

interface Synced {
  readonly how: SyncedSource['how'];
  readonly fetched: number;
  readonly records?: RecordSource;
  readonly confirmed?: readonly [number: number, asOf: string | null];
  readonly knowledge?: KnowledgeSource;
}

/** A source that can't be had is told, and the others go on; a full disk ends all. */
async function attempted(
  name: string,
  directory: string,
  signal: AbortSignal,
  work: () => Promise<Synced>,
): Promise<{ readonly outcome: SyncedSource; readonly value?: Synced }> {
  try {
    const value = await work();
    return { outcome: { name, how: value.how, fetched: value.fetched, error: null }, value };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof PortcullisError)) throw unwritable(directory, error);
    if (error.code !== 'FEED_NOT_FOUND' && error.code !== 'FEED_INVALID') throw error;
    return { outcome: { name, how: 'failed', fetched: 0, error } };
  }
}

async function fetchKnowledge(kind: 'kev' | 'epss', bucket: Bucket, isPublic: boolean): Promise<KnowledgeSource | null> {
  const names = kind === 'kev' ? ['kev.json', 'known_exploited_vulnerabilities.json'] : ['epss_scores-current.csv.gz'];
  for (const name of isPublic ? [publicFeeds[kind]] : names) {
    const found = await bucket.file(name);
    if (found !== null) return await readKnowledge(found.path, kind, found.origin);
  }
  // A directory may hold the scores under the name of their day.
  if (!isPublic && kind === 'epss') {
    const listed = (await readdir(bucket.shown).catch(() => [])).filter((name) => knowledgeKindOf(name) === 'epss').sort();
    const found = listed.length === 0 ? null : await bucket.file(listed.at(-1) ?? '');
    if (found !== null) return await readKnowledge(found.path, kind, found.origin);
  }
  return null;
}

/** Brings one ecosystem. */
class EcosystemSync {
  readonly #name: string;
  readonly #bucket: Bucket;
  readonly #previous: Store | null;
  readonly #options: SyncOptions;
  readonly #signal: AbortSignal;

  constructor(name: string, bucket: Bucket, previous: Store | null, options: SyncOptions, signal: AbortSignal) {
    this.#name = name;
    this.#bucket = bucket;
    this.#previous = previous;
    this.#options = options;
    this.#signal = signal;
  }

  async run(): Promise<Synced> {
    // The list first: what changes between it and the archive is in the archive, and changes again for the next sync.
    const listed = await this.#bucket.listing(this.#name);
    const listing = listed === null ? undefined : readListing(listed.bytes);
    const set = this.#previous?.sets.find((each) => each.kind === 'ecosystem' && each.name === this.#name);
    if (set !== undefined && listed !== null && listing !== undefined) {
      const known = this.#previous?.listing(set);
      const before = known === null || known === undefined ? undefined : readListing(known);
      if (before !== undefined) {
        const { changed, removed } = compareListings(before, listing);
        if (changed.length === 0 && removed.length === 0) return { how: 'unchanged', fetched: 0, confirmed: [set.number, later(set.asOf, listed.asOf)] };
        if (await this.#isCheaper(changed.length)) {
          const records = await this.#changes(set, changed, removed, listed);
          if (records !== null) return { how: 'changes', fetched: changed.length, records };
        }
      }
    }
    return await this.#whole(listing === undefined ? undefined : listed?.bytes, listed?.asOf ?? null);
  }

  async #isCheaper(changed: number): Promise<boolean> {
    const size = await this.#bucket.archiveSize(this.#name);
    if (size === 0) return false;
    return changed <= Math.max(fewRecords, (size ?? 0) / bytesPerRecord);
  }

  async #whole(listing: Buffer | undefined, listedAsOf: string | null): Promise<Synced> {
    const archive = await this.#bucket.archive(this.#name, (done, total) =>
      this.#options.onProgress?.({ source: this.#name, done, total: total ?? done, unit: 'bytes' }),
    );
    if (archive === null) return { how: 'absent', fetched: 0 };
    const about = { name: this.#name, kind: 'ecosystem' as const, asOf: later(archive.asOf, listedAsOf) };
    const isFolder = (await stat(archive.path)).isDirectory();
    const records = isFolder ? await folderSource(archive.path, this.#name, about.asOf) : await archiveSource(archive.path, archive.origin, about);
    return { how: 'whole', fetched: 0, records: listing === undefined ? records : { ...records, listing } };
  }

  /** What was there with the changes put in; null when a record can't be had or is another one: then the archive decides. */
  async #changes(
    set: SourceSet,
    changed: readonly string[],
    removed: readonly string[],
    listed: { readonly bytes: Buffer; readonly asOf: string | null },
  ): Promise<RecordSource | null> {
    const fetched = await this.#fetch(changed);
    if (fetched === null) return null;
    const previous = this.#previous as Store;
    const gone = new Set([...changed, ...removed]);
    return {
      name: this.#name,
      kind: 'ecosystem',
      origin: set.origin,
      asOf: later(set.asOf, listed.asOf),
      count: set.records + fetched.length,
      listing: listed.bytes,
      isGone: (id) => gone.has(id),
      *files() {
        for (const { bytes, deflated } of previous.recordsOf(set)) yield { name: 'a stored record', bytes, deflated, isStored: true };
        for (const { id, bytes } of fetched) yield { name: `${id}.json`, bytes };
      },
      close: () => {},
    };
  }

  async #fetch(ids: readonly string[]): Promise<{ id: string; bytes: Buffer }[] | null> {
    const found: { id: string; bytes: Buffer }[] = [];
    let next = 0;
    let isWhole = true;
    const worker = async (): Promise<void> => {
      while (isWhole && next < ids.length) {
        const id = ids[next++] as string;
        const bytes = await this.#bucket.record(this.#name, id).catch((error: unknown) => {
          if (error instanceof PortcullisError) return null;
          throw error;
        });
        this.#signal.throwIfAborted();
        const parsed = bytes === null ? undefined : parseOsv(bytes);
        if (bytes === null || parsed === undefined || !('record' in parsed) || parsed.record.id !== id) isWhole = false;
        else found.push({ id, bytes });
        this.#options.onProgress?.({ source: this.#name, done: found.length, total: ids.length });
      }
    };
    await Promise.all(Array.from({ length: parallel }, worker));
    return isWhole ? found.sort((a, b) => (a.id < b.id ? -1 : 1)) : null;
  }
}

/** Of two times the later; one that isn't known doesn't count. */
function later(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return Date.parse(a) >= Date.parse(b) ? a : b;
}
