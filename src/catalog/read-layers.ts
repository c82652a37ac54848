import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { type ErrorCode, PortcullisError } from '../errors.ts';
import { decodeLayerRecord, encodeLayerRecord, type LayerCache, type LayerRecord, readLayer, recordVersion, verifyBlob } from '../layer/index.ts';
import type { LayerBlob } from '../model/index.ts';
import { buildId } from '../version.ts';
import { type ReadPlan, selectorFor } from './plan.ts';
import { catalogerByName } from './registry.ts';
import type { WorkerError } from './worker.ts';

/** Below this many stored bytes one thread is faster than starting workers (measured). */
const WORKERS_FROM = 100 * 1024 * 1024;
const MAX_THREADS = 4;
/** Layers that come over the network at the same time. */
const MAX_STREAMS = 3;

/** One layer and what to take from it. */
export interface LayerTask {
  readonly blob: LayerBlob;
  readonly plan: ReadPlan;
}

/** The built worker's file; undefined when the program runs from its sources (tests), where threads can't load it. */
function workerFile(): string | undefined {
  const url = new URL('./worker.js', import.meta.url);
  return import.meta.url.endsWith('.ts') ? undefined : url.href;
}

function storedBytes(task: LayerTask): number {
  return task.blob.source.kind === 'file' ? task.blob.source.length : 0;
}

/** What the record of a task depends on besides its layer's bytes: readers with their versions, requests, limits. */
function cachePlan({ plan }: LayerTask): unknown {
  const readers = plan.readers.map(({ name, request }) => [name, catalogerByName.get(name)?.version ?? 0, request]);
  // Of the key only what tells it from another: it must not be found in a cache.
  const key = plan.fingerprintKey === undefined ? null : createHash('sha256').update('portcullis fingerprint key\n').update(plan.fingerprintKey).digest('hex');
  return [recordVersion, buildId ?? null, readers, plan.only ?? null, plan.limits, key];
}

/** A record that is known already. A registry's layer is addressed by its verified digest; a file's bytes are hashed on every run. */
async function cached(task: LayerTask, cache: LayerCache): Promise<LayerRecord | undefined> {
  const { digest, diffId } = task.blob;
  if (digest === null || diffId === null) return undefined;
  const bytes = await cache.get({ digest, diffId, plan: cachePlan(task) });
  if (bytes === undefined) return undefined;
  let record: LayerRecord;
  try {
    record = decodeLayerRecord(bytes);
  } catch {
    return undefined;
  }
  await verifyBlob(task.blob);
  return record;
}

/**
 * Reads layers, each as one stream, verified: on worker threads when there is enough to read, and not at all where the
 * cache knows what is in them. Gives the records in the order of the tasks.
 * @throws PortcullisError IMAGE_DIGEST, IMAGE_INVALID, IMAGE_LIMIT, IMAGE_FORMAT, IMAGE_UNREADABLE
 */
export async function readLayers(tasks: readonly LayerTask[], cache?: LayerCache): Promise<LayerRecord[]> {
  if (cache === undefined) return readAll(tasks);
  const records: (LayerRecord | undefined)[] = [];
  for (const task of tasks) records.push(await cached(task, cache));
  const missing = tasks.flatMap((task, index) => (records[index] === undefined ? [{ task, index }] : []));
  const read = await readAll(missing.map(({ task }) => task));
  for (const [at, { task, index }] of missing.entries()) {
    const record = read[at] as LayerRecord;
    records[index] = record;
    const { digest, diffId } = task.blob;
    if (digest !== null && diffId !== null) await cache.put({ digest, diffId, plan: cachePlan(task) }, encodeLayerRecord(record));
  }
  return records as LayerRecord[];
}

/** Counts the entries of an image while its layers are read. @throws PortcullisError IMAGE_LIMIT */
function entryCounter(tasks: readonly LayerTask[]): (record: LayerRecord) => LayerRecord {
  const most = tasks[0]?.plan.limits.imageEntries ?? 0;
  let entries = 0;
  return (record) => {
    entries += record.entries.length;
    if (entries > most) throw new PortcullisError('IMAGE_LIMIT', `The layers of the image have more than ${most} entries in all.`);
    return record;
  };
}

/** How one task is carried out. */
type ReadTask = (task: LayerTask) => Promise<LayerRecord>;

/** In this thread. */
const readHere: ReadTask = ({ blob, plan }) => readLayer(blob, selectorFor(plan), plan.limits);

/** Has several read the tasks in this order, each the next that is left. After a failure none is begun. */
async function shareOut(tasks: readonly LayerTask[], order: readonly number[], readers: readonly ReadTask[]): Promise<LayerRecord[]> {
  const counted = entryCounter(tasks);
  const records: LayerRecord[] = new Array(tasks.length);
  let next = 0;
  let hasFailed = false;
  const work = async (read: ReadTask): Promise<void> => {
    for (let index = order[next++]; index !== undefined && !hasFailed; index = order[next++]) {
      try {
        records[index] = counted(await read(tasks[index] as LayerTask));
      } catch (error) {
        hasFailed = true;
        throw error;
      }
    }
  };
  await Promise.all(readers.map(work));
  return records;
}

async function readAll(tasks: readonly LayerTask[]): Promise<LayerRecord[]> {
  const order = tasks.map((_, index) => index);
  // The network is what is waited for: a few layers at a time.
  if (tasks.some((task) => task.blob.source.kind === 'stream')) return shareOut(tasks, order, Array(MAX_STREAMS).fill(readHere));
  const total = tasks.reduce((sum, task) => sum + storedBytes(task), 0);
  const file = workerFile();
  const threads = Math.min(tasks.length, availableParallelism(), MAX_THREADS);
  if (file === undefined || total < WORKERS_FROM || threads < 2) return shareOut(tasks, order, [readHere]);
  const { default: Tinypool } = await import('tinypool');
  // This thread reads too: each thread compiles the readers for itself, and one that only waits would be a thread too many.
  const pool = new Tinypool({ filename: file, minThreads: threads - 1, maxThreads: threads - 1, concurrentTasksPerWorker: 1 });
  const readThere: ReadTask = async (task) => {
    const answer = (await pool.run(task)) as ArrayBuffer | WorkerError;
    if (answer instanceof ArrayBuffer) return decodeLayerRecord(new Uint8Array(answer));
    throw new PortcullisError(answer.code as ErrorCode, answer.message, answer.hint === null ? {} : { hint: answer.hint });
  };
  try {
    // The largest first, so that none is left over at the end.
    order.sort((a, b) => storedBytes(tasks[b] as LayerTask) - storedBytes(tasks[a] as LayerTask));
    return await shareOut(tasks, order, [...Array(threads - 1).fill(readThere), readHere]);
  } finally {
    await pool.destroy();
  }
}
