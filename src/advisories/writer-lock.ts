import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PortcullisError } from '../errors.ts';
import { type SqlDatabase, sqlDriver } from './driver.ts';

/**
 * Runs `work` as the only writer of a store folder. The lock is SQLite's exclusive lock on a file of its own: the system
 * releases it when its process ends, however it ends, so there is no stale lock and no process number that could have been
 * taken over. Readers need no lock. `wait`: milliseconds that another writer is waited for.
 * @throws {PortcullisError} STORE_UNREADABLE when another process goes on writing
 */
export async function asOnlyWriter<T>(directory: string, wait: number, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  const driver = await sqlDriver();
  const holder = join(directory, 'writer.pid');
  const deadline = Date.now() + wait;
  let lock: SqlDatabase | undefined;
  try {
    for (;;) {
      signal?.throwIfAborted();
      try {
        lock = driver.open(join(directory, 'writer.lock'));
        lock.exec('PRAGMA busy_timeout = 0; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
        break;
      } catch (cause) {
        lock?.close();
        lock = undefined;
        if (!/lock|busy/i.test(String(cause))) throw unwritable(directory, cause);
        if (Date.now() >= deadline) throw await occupied(holder, cause);
        await sleep(100);
      }
    }
    await writeFile(holder, `${process.pid}\n`, { mode: 0o600 });
    return await work();
  } finally {
    lock?.close();
  }
}

async function occupied(holder: string, cause: unknown): Promise<PortcullisError> {
  const pid = /^\d+/.exec(await readFile(holder, 'utf8').catch(() => ''))?.[0];
  return new PortcullisError('STORE_UNREADABLE', `Another process${pid === undefined ? '' : ` (${pid})`} is importing advisories into this store.`, {
    hint: 'Wait until it is done and try again; nothing was changed.',
    cause,
  });
}

/** The error for a store that can't be written: permissions, a full disk. */
export function unwritable(path: string, cause: unknown): PortcullisError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new PortcullisError('STORE_UNREADABLE', `The advisory store in ${path} can't be written: ${why}. What was there before is unchanged.`, {
    hint: 'Check permissions and free space, or set PORTCULLIS_DATA_DIR to another directory.',
    cause,
  });
}
