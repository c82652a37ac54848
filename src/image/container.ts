import { type FileHandle, open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { indexTar, type Limits } from '../archive/index.ts';
import { PortcullisError } from '../errors.ts';
import type { LayerSource } from '../model/index.ts';

export type Region = Extract<LayerSource, { kind: 'file' }>;

/** The files of an archive or layout directory by name, wherever they lie. */
export interface Container {
  /** For messages: what the user typed. */
  readonly path: string;
  find(name: string): Promise<Region | undefined>;
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
  const file = await open(region.path, 'r').catch((error: NodeJS.ErrnoException) => {
    throw cannotOpen(region.path, error);
  });
  try {
    return await readAt(file, region.offset, region.length);
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

/** A tar archive on disk. @throws PortcullisError IMAGE_INVALID, IMAGE_LIMIT, IMAGE_UNREADABLE */
export async function tarContainer(path: string, limits: Limits): Promise<Container> {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    throw cannotOpen(path, error);
  });
  try {
    const { size } = await file.stat();
    const index = await indexTar((offset, length) => readAt(file, offset, length), size, limits);
    return {
      path,
      find: async (name) => {
        const member = index.members.get(name);
        return member === undefined ? undefined : { kind: 'file', path, ...member };
      },
      isRepeated: (name) => index.repeated.has(name),
    };
  } finally {
    await file.close();
  }
}

/** A layout directory on disk. */
export function directoryContainer(path: string): Container {
  return {
    path,
    find: async (name) => {
      const full = join(path, name);
      const stats = await stat(full).catch(() => undefined);
      return stats?.isFile() ? { kind: 'file', path: full, offset: 0, length: stats.size } : undefined;
    },
    isRepeated: () => false,
  };
}

/** The first bytes of a file. */
export async function headOf(path: string, length: number): Promise<Buffer> {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    throw cannotOpen(path, error);
  });
  try {
    return await readAt(file, 0, length);
  } finally {
    await file.close();
  }
}
