import Tinypool from 'tinypool';
import { PortcullisError } from '../errors.ts';
import { encodeLayerRecord, readLayer } from '../layer/index.ts';
import type { LayerBlob } from '../model/index.ts';
import { type ReadPlan, selectorFor } from './plan.ts';

/** An error as plain data: classes don't survive the way between threads. */
export interface WorkerError {
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
}

/** Entry of a worker thread: reads one layer, gives its record encoded, or the error that a user can act on. */
export default async function readLayerInWorker(task: { blob: LayerBlob; plan: ReadPlan }): Promise<unknown> {
  try {
    const record = encodeLayerRecord(await readLayer(task.blob, selectorFor(task.plan), task.plan.limits));
    return Tinypool.move(record.buffer);
  } catch (error) {
    if (!(error instanceof PortcullisError)) throw error;
    return { code: error.code, message: error.message, hint: error.hint } satisfies WorkerError;
  }
}
