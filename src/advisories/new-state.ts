import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { PortcullisError } from '../errors.ts';
import { sqlDriver } from './driver.ts';
import type { RecordSource } from './import-source.ts';
import type { KnowledgeSource } from './knowledge.ts';
import { homeEcosystem, parseOsv } from './osv.ts';
import { baseEcosystem } from './package-name.ts';
import { Store, storePath } from './store.ts';
import { type SourceSet, storeFileName } from './store-file.ts';
import { type SetWriter, StoreWriter } from './store-writer.ts';
import { unwritable } from './writer-lock.ts';

/** What a new state has that the previous one hasn't. */
export interface StateChange {
  readonly records?: readonly RecordSource[];
  readonly knowledge?: readonly KnowledgeSource[];
  /** A store file whose sets are taken over. */
  readonly storeFile?: Store;
  /** Sets of the previous state that were found unchanged at their source, with the time of that. */
  readonly confirmed?: ReadonlyMap<number, string | null>;
  /** Told of a source of records that is damaged or holds none: it is left out then. Absent: such a source ends the import. */
  readonly leaveOut?: (source: RecordSource, error: PortcullisError) => void;
  /** Which sets of the previous state go. */
  readonly drop?: (set: SourceSet) => boolean;
}

export interface WriteOptions {
  readonly now: Date;
  readonly signal?: AbortSignal;
  /** Called now and then with what is being read. */
  readonly onProgress?: (progress: ImportProgress) => void;
}

export interface ImportProgress {
  readonly source: string;
  readonly done: number;
  readonly total: number;
  /** Absent: records. */
  readonly unit?: 'bytes';
}

/** A file that holds no usable record. */
export interface RejectedFile {
  readonly source: string;
  readonly file: string;
  readonly why: string;
}

export interface ImportResult {
  /** Of the new state. */
  readonly digest: string;
  /** What was imported. */
  readonly imported: readonly SourceSet[];
  /** What was kept from the previous state. */
  readonly kept: readonly SourceSet[];
  /** The first hundred refused files; `SourceSet.rejected` counts all. */
  readonly rejected: readonly RejectedFile[];
}

const rejectedShown = 100;
/** Records between two looks at the signal and the event loop. */
const pace = 1000;
/** Records that are looked at to tell what an `all.zip` is. */
const sampleSize = 2000;

const identity = (set: Pick<SourceSet, 'kind' | 'name'>): string => `${set.kind}:${set.name}`;

/**
 * Writes a new state beside the previous one and puts it in its place when it is complete. Only the one writer may call it
 * (`asOnlyWriter`). `directory`: the store's folder in `dataDir`.
 * @throws {PortcullisError} FEED_INVALID, STORE_UNREADABLE, STORE_DAMAGED
 */
export async function writeState(directory: string, dataDir: string, change: StateChange, options: WriteOptions): Promise<ImportResult> {
  const previous = await Store.open(dataDir);
  const previousSets = previous?.sets ?? [];
  previous?.close();
  const path = join(directory, `new-${process.pid}.db`);
  const driver = await sqlDriver();
  const rejected: RejectedFile[] = [];
  try {
    const database = driver.open(path);
    try {
      const writer = new StoreWriter(database);
      const taken = change.storeFile?.sets ?? [];
      let number = [...previousSets, ...taken].reduce((highest, set) => Math.max(highest, set.number), 0);
      const imported: SourceSet[] = [...taken];
      for (const source of change.records ?? []) {
        const begun: number[] = [];
        const importer = new SourceImporter(source, options, rejected, () => {
          begun.push(++number);
          return writer.begin(number);
        });
        try {
          for (const set of await importer.run()) {
            const listed = source.listing === undefined ? set : { ...set, listing: writer.keepListing(set.number, source.listing) };
            imported.push(listed);
            writer.add(listed);
          }
        } catch (error) {
          if (!(error instanceof PortcullisError) || error.code !== 'FEED_INVALID' || change.leaveOut === undefined) throw error;
          for (const each of begun) writer.abandon(each);
          change.leaveOut(source, error);
        }
      }
      for (const { entries, ...about } of change.knowledge ?? []) {
        imported.push(writer.putKnowledge(++number, entries, { ...about, importedAt: options.now.toISOString() }));
      }
      const replaced = new Set(imported.map(identity));
      const kept = previousSets.filter((set) => !replaced.has(identity(set)) && change.drop?.(set) !== true);
      const takenNumbers = new Set(taken.map((set) => set.number));
      const changes = new Map<number, Partial<Pick<SourceSet, 'number' | 'asOf'>>>();
      for (const set of kept) {
        const asOf = change.confirmed?.get(set.number);
        changes.set(set.number, { ...(takenNumbers.has(set.number) ? { number: ++number } : {}), ...(asOf === undefined ? {} : { asOf }) });
      }
      if (change.storeFile !== undefined) writer.carryOver(change.storeFile.path, taken);
      writer.carryOver(storePath(dataDir), kept, changes);
      const digest = writer.finish();
      options.signal?.throwIfAborted();
      await putInPlace(path, join(directory, storeFileName), directory);
      return { digest, imported, kept, rejected };
    } catch (error) {
      try {
        database.close();
      } catch {
        // already closed
      }
      throw error;
    }
  } catch (error) {
    if (error instanceof PortcullisError || options.signal?.aborted) throw error;
    throw unwritable(directory, error);
  }
}

/** The new file is on the disk before it has the name, and the name before we say that it is done. */
async function putInPlace(path: string, target: string, directory: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.chmod(0o600);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(path, target);
  const parent = await open(directory, 'r');
  try {
    await parent.sync();
  } finally {
    await parent.close();
  }
}

/** Reads one source into one set, or, when it holds all ecosystems mixed, into a set for each. */
class SourceImporter {
  readonly #source: RecordSource;
  readonly #options: WriteOptions;
  readonly #rejected: RejectedFile[];
  readonly #begin: () => SetWriter;
  #rejectedCount = 0;

  constructor(source: RecordSource, options: WriteOptions, rejected: RejectedFile[], begin: () => SetWriter) {
    this.#source = source;
    this.#options = options;
    this.#rejected = rejected;
    this.#begin = begin;
  }

  async run(): Promise<SourceSet[]> {
    const source = this.#source;
    const name = source.kind === 'archive' ? ecosystemOfArchive(source) : source.name;
    const writers = new Map<string, SetWriter>();
    let done = 0;
    for (const file of source.files()) {
      const parsed = parseOsv(file.bytes);
      if ('record' in parsed && file.isStored === true && source.isGone?.(parsed.record.id) === true) {
        done += 1;
        continue;
      }
      if ('record' in parsed) {
        const set = name ?? homeEcosystem(parsed.record) ?? '[EMPTY]';
        let writer = writers.get(set);
        if (writer === undefined) {
          writer = this.#begin();
          writers.set(set, writer);
        }
        if (!writer.put({ ...file, record: parsed.record })) this.#reject(file.name, `repeats the id ${parsed.record.id}`);
      } else {
        this.#reject(file.name, parsed.rejected);
      }
      done += 1;
      if (done % pace === 0) await this.#pause(done);
    }
    this.#options.onProgress?.({ source: source.name, done, total: source.count });
    if (writers.size === 0) {
      throw new PortcullisError('FEED_INVALID', `${source.origin} holds no usable OSV record (${this.#rejectedCount} refused).`, {
        hint: 'Expected are JSON files in OSV format, one record each (https://ossf.github.io/osv-schema); nothing was changed.',
      });
    }
    const { origin, asOf } = source;
    const kind = source.kind === 'records' ? 'records' : 'ecosystem';
    // A mixed archive's refused files belong to no ecosystem: they are counted with the first.
    return [...writers].map(([set, writer], index) =>
      writer.finish({ name: set, kind, origin, asOf, importedAt: this.#options.now.toISOString(), rejected: index === 0 ? this.#rejectedCount : 0 }),
    );
  }

  #reject(file: string, why: string): void {
    this.#rejectedCount += 1;
    if (this.#rejected.length < rejectedShown) this.#rejected.push({ source: this.#source.name, file, why });
  }

  async #pause(done: number): Promise<void> {
    this.#options.signal?.throwIfAborted();
    this.#options.onProgress?.({ source: this.#source.name, done, total: this.#source.count });
    await setImmediate();
  }
}

/**
 * Which ecosystem an `all.zip` is of: the folder's name when the records confirm it, else the one that nearly all of them
 * name; undefined for the bucket's own `all.zip`, which holds every ecosystem.
 */
function ecosystemOfArchive(source: RecordSource): string | undefined {
  const stride = Math.max(1, Math.ceil(source.count / sampleSize));
  const counts = new Map<string, number>();
  let seen = 0;
  let index = 0;
  for (const file of source.files()) {
    if (index++ % stride !== 0) continue;
    const parsed = parseOsv(file.bytes);
    if (!('record' in parsed)) continue;
    seen += 1;
    const bases = new Set(parsed.record.affected.flatMap((entry) => (entry.package === null ? [] : [baseEcosystem(entry.package.ecosystem)])));
    for (const base of bases) counts.set(base, (counts.get(base) ?? 0) + 1);
  }
  if ((counts.get(source.name) ?? 0) * 2 > seen) return source.name;
  const [top] = [...counts].sort(([, a], [, b]) => b - a);
  return top !== undefined && top[1] >= seen * 0.9 ? top[0] : undefined;
}
