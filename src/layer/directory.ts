import { constants } from 'node:fs';
import { lstat, open, readdir, readlink } from 'node:fs/promises';
import type { Limits } from '../archive/index.ts';
import { PortcullisError } from '../errors.ts';
import type { RecordedType } from './record.ts';
import type { RecordBuilder } from './record-builder.ts';

/**
 * Walks a root file system in place of a layer. No link is followed; only regular files are opened, and only
 * those that are wanted.
 * @throws PortcullisError IMAGE_UNREADABLE, IMAGE_LIMIT
 */
export async function readDirectory(root: string, builder: RecordBuilder, limits: Limits): Promise<void> {
  const pending: string[] = [''];
  let entries = 0;
  while (pending.length > 0) {
    const directory = pending.pop() as string;
    const names = await readdir(`${root}/${directory}`).catch((error: NodeJS.ErrnoException) => {
      throw unreadable(`${root}/${directory}`, error);
    });
    names.sort();
    for (const name of names) {
      if (++entries > limits.entries) throw new PortcullisError('IMAGE_LIMIT', `${root} holds more than ${limits.entries} entries.`);
      const path = directory === '' ? name : `${directory}/${name}`;
      if (path.length > limits.pathBytes || path.split('/').length > limits.depth) {
        throw new PortcullisError('IMAGE_LIMIT', `A path in ${root} is too long or too deep.`);
      }
      await addEntry(root, path, builder, pending);
    }
  }
}

async function addEntry(root: string, path: string, builder: RecordBuilder, pending: string[]): Promise<void> {
  const full = `${root}/${path}`;
  const stats = await lstat(full).catch((error: NodeJS.ErrnoException) => {
    throw unreadable(full, error);
  });
  const type: RecordedType = stats.isFile()
    ? 'file'
    : stats.isDirectory()
      ? 'directory'
      : stats.isSymbolicLink()
        ? 'symlink'
        : stats.isFIFO()
          ? 'fifo'
          : stats.isBlockDevice() || stats.isCharacterDevice()
            ? 'device'
            : 'other';
  const linkName = type === 'symlink' ? await readlink(full) : '';
  const done = builder.add({ path, type, mode: stats.mode & 0o7777, uid: stats.uid, gid: stats.gid, size: type === 'file' ? stats.size : 0, linkName });
  if (type === 'directory') pending.push(path);
  if (done === null || type !== 'file') return;
  // O_NOFOLLOW and O_NONBLOCK: what was swapped for a link or a fifo since lstat is neither followed nor waited for.
  const file = await open(full, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch((error: NodeJS.ErrnoException) => {
    throw unreadable(full, error);
  });
  try {
    const opened = await file.stat();
    if (!opened.isFile()) throw new PortcullisError('IMAGE_UNREADABLE', `${full} changed while it was read.`);
    const buffer = Buffer.alloc(stats.size);
    let filled = 0;
    while (filled < buffer.length) {
      const { bytesRead } = await file.read(buffer, filled, buffer.length - filled, filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    done(buffer.subarray(0, filled));
  } finally {
    await file.close();
  }
}

function unreadable(path: string, error: NodeJS.ErrnoException): PortcullisError {
  return new PortcullisError('IMAGE_UNREADABLE', `Cannot read ${path}: ${error.code ?? error.message}.`, {
    hint: 'Run as a user who may read the whole tree, or save the image as an archive.',
    cause: error,
  });
}
