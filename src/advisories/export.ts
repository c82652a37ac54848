import { randomBytes } from 'node:crypto';
import { copyFile, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { PortcullisError } from '../errors.ts';
import { defaultDataDir } from './data-directory.ts';
import { Store, storePath } from './store.ts';

/** What was exported. */
export interface Exported {
  readonly path: string;
  /** Of the state: the same that a verdict carries which was made with it. */
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
}

/**
 * Writes the state of the advisory store into one file, whole or not at all: `importFeeds` takes it elsewhere, and `openAdvisories`
 * opens it as it is. Everything in it is compared with its digests first.
 * @throws {PortcullisError} STORE_UNREADABLE (also when nothing was loaded yet), STORE_DAMAGED, OUTPUT
 */
export async function exportFeeds(target: string, options: { readonly dataDir?: string } = {}): Promise<Exported> {
  const dataDir = options.dataDir ?? defaultDataDir();
  const path = resolve(target);
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}`);
  const source = storePath(dataDir);
  if ((await stat(source).catch(() => undefined)) === undefined) {
    throw new PortcullisError('STORE_UNREADABLE', 'There is nothing to export: no feeds are loaded.', { hint: 'Load them with: portcullis feeds sync' });
  }
  try {
    // The copy is checked, not the original: another process may replace that one meanwhile.
    await copyFile(source, temporary);
    const store = await Store.openFile(temporary);
    if (store === null) throw new Error('it vanished');
    let digest: string;
    try {
      store.verify();
      digest = store.digest;
    } finally {
      store.close();
    }
    const file = await open(temporary, 'r+');
    try {
      await file.chmod(0o644);
      await file.sync();
    } finally {
      await file.close();
    }
    const { size } = await stat(temporary);
    await rename(temporary, path);
    return { path: target, digest, size };
  } catch (error) {
    if (error instanceof PortcullisError) throw error;
    throw new PortcullisError('OUTPUT', `Cannot write ${target}: ${(error as NodeJS.ErrnoException).code ?? String(error)}.`, {
      hint: 'Check that its directory exists, can be written and has room.',
      cause: error,
    });
  } finally {
    await rm(temporary, { force: true });
  }
}
