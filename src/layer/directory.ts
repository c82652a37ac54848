import { constants, type Stats } from 'node:fs';
import { lstat, open, readdir, readlink } from 'node:fs/promises';
import { decodeName, type Limits } from '../archive/index.ts';
import { PortcullisError } from '../errors.ts';
import type { RecordedType } from './record.ts';
import type { RecordBuilder } from './record-builder.ts';

const SLASH = Buffer.from('/');
/** Bytes that are read at once of a file that is taken piece by piece. */
const PIECE = 256 * 1024;

/** Where an entry lies: its path in the image as text, and the bytes that open it, which need not be UTF-8. */
interface Place {
  readonly path: string;
  readonly full: Buffer;
}

/**
 * Walks a root file system in place of a layer. No link is followed; only regular files are opened, and only
 * those that are wanted.
 * @throws PortcullisError IMAGE_UNREADABLE, IMAGE_LIMIT
 */
export async function readDirectory(root: string, builder: RecordBuilder, limits: Limits, ready?: () => Promise<void>): Promise<void> {
  const pending: Place[] = [{ path: '', full: Buffer.from(root) }];
  let entries = 0;
  for (let directory = pending.pop(); directory !== undefined; directory = pending.pop()) {
    const { path: above, full: place } = directory;
    const names = await readdir(place, { encoding: 'buffer' }).catch((error: NodeJS.ErrnoException) => {
      throw unreadable(place, error);
    });
    names.sort(Buffer.compare);
    for (const name of names) {
      if (++entries > limits.entries) throw new PortcullisError('IMAGE_LIMIT', `${root} holds more than ${limits.entries} entries.`);
      const path = above === '' ? decodeName(name) : `${above}/${decodeName(name)}`;
      if (path.length > limits.pathBytes || path.split('/').length > limits.depth) {
        throw new PortcullisError('IMAGE_LIMIT', `A path in ${root} is too long or too deep.`);
      }
      await addEntry({ path, full: Buffer.concat([place, SLASH, name]) }, builder, pending, ready);
    }
  }
}

async function addEntry(place: Place, builder: RecordBuilder, pending: Place[], ready?: () => Promise<void>): Promise<void> {
  const { path, full } = place;
  const failed = (error: NodeJS.ErrnoException): never => {
    throw unreadable(full, error);
  };
  const stats = await lstat(full).catch(failed);
  const type = typeOf(stats);
  const linkName = type === 'symlink' ? decodeName(await readlink(full, { encoding: 'buffer' }).catch(failed)) : '';
  const done = builder.add({ path, type, mode: stats.mode & 0o7777, uid: stats.uid, gid: stats.gid, size: type === 'file' ? stats.size : 0, linkName });
  if (type === 'directory') pending.push(place);
  if (done === null || type !== 'file') return;
  // O_NOFOLLOW and O_NONBLOCK: what was swapped for a link or a fifo since lstat is neither followed nor waited for.
  const file = await open(full, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(failed);
  try {
    const opened = await file.stat();
    if (!opened.isFile()) throw new PortcullisError('IMAGE_UNREADABLE', `${decodeName(full)} changed while it was read.`);
    if (typeof done !== 'function') {
      const piece = Buffer.allocUnsafe(PIECE);
      // Never more than the size that was announced: a log that grows while it is read would not end.
      for (let at = 0; at < stats.size; ) {
        const { bytesRead } = await file.read(piece, 0, Math.min(PIECE, stats.size - at), at).catch(failed);
        if (bytesRead === 0) break;
        done.write(piece.subarray(0, bytesRead));
        await ready?.();
        at += bytesRead;
      }
      done.end();
      return;
    }
    const buffer = Buffer.alloc(stats.size);
    let filled = 0;
    while (filled < buffer.length) {
      const { bytesRead } = await file.read(buffer, filled, buffer.length - filled, filled).catch(failed);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    done(buffer.subarray(0, filled));
  } finally {
    await file.close();
  }
}

function typeOf(stats: Stats): RecordedType {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  if (stats.isSymbolicLink()) return 'symlink';
  if (stats.isFIFO()) return 'fifo';
  return stats.isBlockDevice() || stats.isCharacterDevice() ? 'device' : 'other';
}

function unreadable(path: Buffer, error: NodeJS.ErrnoException): PortcullisError {
  return new PortcullisError('IMAGE_UNREADABLE', `Cannot read ${decodeName(path)}: ${error.code ?? error.message}.`, {
    hint: 'Run as a user who may read the whole tree, or save the image as an archive.',
    cause: error,
  });
}
