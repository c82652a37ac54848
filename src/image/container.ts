import { constants } from 'node:fs';
import { type FileHandle, open, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { indexTar, type Limits, normalizePath } from '../archive/index.ts';
import { PortcullisError } from '../errors.ts';
import type { Descriptor, LayerSource } from '../model/index.ts';

export type Region = Exclude<LayerSource, { kind: 'directory' }>;

/** What a blob is looked for as; a registry keeps manifests and other blobs apart, and says no size by itself. */
export interface Wanted {
  readonly role: 'index' | 'manifest' | 'configuration' | 'layer';
  readonly descriptor: Descriptor;
}

/** The files of an archive, a layout directory or a repository by name, wherever they lie. */
export interface Container {
  /** For messages: what the user typed. */
  readonly path: string;
  /** @param wanted what is expected there, where an image names it */
  find(name: string, wanted?: Wanted): Promise<Region | undefined>;
  /** True when the container holds the name more than once. */
  isRepeated(name: string): boolean;
}

export function cannotOpen(path: string, error: NodeJS.ErrnoException): PortcullisError {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') {
    return new PortcullisError('IMAGE_NOT_FOUND', `No file or directory lies at ${path}.`, { cause: error });
  }
  return new PortcullisError('IMAGE_UNREADABLE', `Cannot open ${path}: ${error.code ?? error.message}.`, { cause: error });
}

/** The whole of a region that holds a document, never more than the limit. */
export async function readRegion(region: Region, what: string, limits: Limits): Promise<Buffer> {
  if (region.length > limits.documentBytes) {
    throw new PortcullisError('IMAGE_LIMIT', `${what} has ${region.length} bytes, over the limit of ${limits.documentBytes}.`);
  }
  if (region.kind === 'stream') return collected(region.open(), what, limits);
  return withFile(region.path, (file) => readAt(file, region.offset, region.length));
}

async function collected(chunks: AsyncIterable<Buffer>, what: string, limits: Limits): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of chunks) {
    size += part.length;
    if (size > limits.documentBytes) throw new PortcullisError('IMAGE_LIMIT', `${what} is larger than the limit of ${limits.documentBytes} bytes.`);
    parts.push(part);
  }
  return Buffer.concat(parts, size);
}

/** Opens a file for one use. What stands at the path now may not be what stood there: a fifo is not waited for. */
async function withFile<T>(path: string, use: (file: FileHandle) => Promise<T>): Promise<T> {
  const failed = (error: unknown): never => {
    throw error instanceof PortcullisError ? error : cannotOpen(path, error as NodeJS.ErrnoException);
  };
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch(failed);
  try {
    return await use(file).catch(failed);
  } finally {
    await file.close();
  }
}

async function readAt(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(buffer, filled, length - filled, offset + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

/**
 * A tar archive on disk.
 * @param name what it is called in messages, where that isn't its path
 * @throws PortcullisError IMAGE_INVALID, IMAGE_LIMIT, IMAGE_UNREADABLE
 */
export async function tarContainer(path: string, limits: Limits, name = path): Promise<Container> {
  return withFile(path, async (file) => {
    const { size } = await file.stat();
    const index = await indexTar((offset, length) => readAt(file, offset, length), size, limits);
    return {
      path: name,
      find: async (wanted) => {
        const member = index.members.get(normalizePath(wanted));
        return member === undefined ? undefined : { kind: 'file', path, ...member };
      },
      isRepeated: (wanted) => index.repeated.has(wanted),
    };
  });
}

/** A layout directory on disk. Names lead no further than the directory, nor do links in it. */
export function directoryContainer(path: string): Container {
  return {
    path,
    find: async (name) => {
      const [root, full] = await Promise.all([realpath(path), realpath(join(path, normalizePath(name)))].map((way) => way.catch(() => undefined)));
      if (root === undefined || full === undefined) return undefined;
      if (!full.startsWith(root.endsWith(sep) ? root : root + sep)) {
        throw new PortcullisError('IMAGE_INVALID', `In ${path} ${name} is a link that leads out of the directory, so it is not followed.`, {
          hint: 'Put the file itself in its place.',
        });
      }
      const stats = await stat(full).catch(() => undefined);
      return stats?.isFile() ? { kind: 'file', path: full, offset: 0, length: stats.size } : undefined;
    },
    isRepeated: () => false,
  };
}

/** The first bytes of a file. */
export async function headOf(path: string, length: number): Promise<Buffer> {
  return withFile(path, (file) => readAt(file, 0, length));
}
