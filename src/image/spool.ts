import { constants } from 'node:fs';
import { type FileHandle, mkdtemp, open, rm, stat } from 'node:fs/promises';
import { platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { decompress, detectCompression } from '../archive/index.ts';
import { PortcullisError } from '../errors.ts';
import { cannotOpen } from './container.ts';
import type { OpenOptions } from './open-options.ts';
import { pipeBytes } from './pipe.ts';

const CHUNK = 262_144;

/** A file without a name that only this process can read. */
export interface Spooled {
  /** By which this process, its worker threads too, opens it. */
  readonly path: string;
  readonly size: number;
}

/** Files are closed when they are left, never by the garbage collector while their path is still in use. */
const kept = new Set<FileHandle>();

/** The bytes of a file, pipe or descriptor from where it stands. @throws PortcullisError IMAGE_NOT_FOUND, IMAGE_UNREADABLE */
export async function* fileBytes(path: string): AsyncGenerator<Buffer> {
  if ((await stat(path).catch(() => undefined))?.isFIFO()) {
    try {
      yield* pipeBytes(path);
    } catch (error) {
      throw error instanceof PortcullisError ? error : cannotOpen(path, error as NodeJS.ErrnoException);
    }
    return;
  }
  const file = await open(path, constants.O_RDONLY).catch((error: NodeJS.ErrnoException) => {
    throw cannotOpen(path, error);
  });
  try {
    for (;;) {
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(CHUNK), 0, CHUNK, null);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } catch (error) {
    throw error instanceof PortcullisError ? error : cannotOpen(path, error as NodeJS.ErrnoException);
  } finally {
    await file.close();
  }
}

/** A file that has no name any more when this returns. */
async function namelessFile(): Promise<FileHandle> {
  const directory = await mkdtemp(join(tmpdir(), 'portcullis-'));
  try {
    return await open(join(directory, 'spool'), constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, 0o600);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Joins the first chunks until the compression can be told, and gives all on. */
async function withHead(source: AsyncIterator<Buffer>): Promise<{ head: Buffer; all: AsyncGenerator<Buffer> }> {
  const first: Buffer[] = [];
  let size = 0;
  while (size < 4) {
    const next = await source.next();
    if (next.done) break;
    first.push(next.value);
    size += next.value.length;
  }
  const head = Buffer.concat(first, size);
  return {
    head,
    all: (async function* () {
      if (head.length > 0) yield head;
      for (let next = await source.next(); !next.done; next = await source.next()) yield next.value;
    })(),
  };
}

/**
 * Copies what can be read only once, decompressed if it is compressed with gzip or zstd, into a private temporary file
 * that is already unlinked: it goes with the process, however that ends.
 * @param what the source, for messages
 * @throws PortcullisError IMAGE_LIMIT for too many bytes, IMAGE_INVALID for damaged compression, IMAGE_UNREADABLE when it can't be written
 */
export async function spool(source: AsyncGenerator<Buffer>, what: string, options: Pick<OpenOptions, 'limits' | 'onClose'>): Promise<Spooled> {
  const { limits } = options;
  const file = await namelessFile().catch((error: NodeJS.ErrnoException) => {
    throw cannotWrite(error);
  });
  kept.add(file);
  const close = async (): Promise<void> => {
    if (kept.delete(file)) await file.close();
  };
  try {
    const { head, all } = await withHead(source);
    let taken = 0;
    const counted = (async function* () {
      for await (const part of all) {
        taken += part.length;
        yield part;
      }
    })();
    let size = 0;
    for await (const part of decompress(counted, detectCompression(head))) {
      size += part.length;
      if (size > limits.layerBytes || size > Math.max(limits.ratioFrom, taken * limits.ratio)) {
        throw new PortcullisError('IMAGE_LIMIT', `${what} unpacks to more than ${size - part.length} bytes from ${taken}, over the limit.`, {
          hint: 'That is the mark of a decompression bomb. Look at what it holds before you trust it.',
        });
      }
      await file.writeFile(part).catch((error: NodeJS.ErrnoException) => {
        throw cannotWrite(error);
      });
    }
    options.onClose?.(close);
    return { path: platform() === 'linux' ? `/proc/self/fd/${file.fd}` : `/dev/fd/${file.fd}`, size };
  } catch (error) {
    await close();
    throw error;
  } finally {
    await source.return(undefined);
  }
}

function cannotWrite(error: NodeJS.ErrnoException): PortcullisError {
  return new PortcullisError('IMAGE_UNREADABLE', `The image can't be copied to a temporary file in ${tmpdir()}: ${error.code ?? error.message}.`, {
    hint: 'Name a directory with more room in TMPDIR.',
    cause: error,
  });
}
