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
const WORKERS_FROM = Number(process.env.WF ?? 100 * 1024 * 1024);
const MAX_WORKERS = 4;
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

/** In this thread: one after the other, or a few at a time where the network is what is waited for. */
async function readHere(tasks: readonly LayerTask[], counted: (record: LayerRecord) => LayerRecord): Promise<LayerRecord[]> {
  const records: LayerRecord[] = new Array(tasks.length);
  let next = 0;
  let hasFailed = false;
  const work = async (): Promise<void> => {
    for (let index = next++; index < tasks.length && !hasFailed; index = next++) {
      const { blob, plan } = tasks[index] as LayerTask;
      try {
        records[index] = counted(await readLayer(blob, selectorFor(plan), plan.limits));
      } catch (error) {
        hasFailed = true;
        throw error;
      }
    }
  };
  const isFetched = tasks.some((task) => task.blob.source.kind === 'stream');
  await Promise.all(Array.from({ length: isFetched ? MAX_STREAMS : 1 }, work));
  return records;
}

async function readAll(tasks: readonly LayerTask[]): Promise<LayerRecord[]> {
  const counted = entryCounter(tasks);
  const total = tasks.reduce((sum, task) => sum + storedBytes(task), 0);
  const file = workerFile();
  const threads = Math.min(tasks.length, availableParallelism(), MAX_WORKERS);
  const isPlain = tasks.every((task) => task.blob.source.kind !== 'stream');
  if (file === undefined || total < WORKERS_FROM || threads < 2 || !isPlain) {
    return readHere(tasks, counted);
  }
  const { default: Tinypool } = await import('tinypool');
  const pool = new Tinypool({ filename: file, minThreads: threads, maxThreads: threads, concurrentTasksPerWorker: 1 });
  try {
    // The largest first, so that none is left over at the end.
    const order = tasks.map((_, index) => index).sort((a, b) => storedBytes(tasks[b] as LayerTask) - storedBytes(tasks[a] as LayerTask));
    const records: LayerRecord[] = new Array(tasks.length);
    await Promise.all(
      order.map(async (index) => {
        const answer = (await pool.run(tasks[index])) as ArrayBuffer | WorkerError;
        if (!(answer instanceof ArrayBuffer)) {
          throw new PortcullisError(answer.code as ErrorCode, answer.message, answer.hint === null ? {} : { hint: answer.hint });
        }
        records[index] = counted(decodeLayerRecord(new Uint8Array(answer)));
      }),
    );
    return records;
  } finally {
    await pool.destroy();
  }
}
