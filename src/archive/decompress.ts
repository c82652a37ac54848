import { MessageChannel, type MessagePort } from 'node:worker_threads';
import * as zlib from 'node:zlib';
import { Decompress } from 'fzstd';
import { PortcullisError } from '../errors.ts';
import { ZstdFrames } from './zstd-frames.ts';

export type Compression = 'none' | 'gzip' | 'zstd';

const CHUNK = 262_144;

/**
 * Tells the compression from the first bytes.
 * @throws PortcullisError IMAGE_FORMAT for a compression that isn't read (bzip2, xz, lz4)
 */
export function detectCompression(head: Uint8Array): Compression {
  const [a, b, c, d] = head;
  if (a === 0x1f && b === 0x8b) return 'gzip';
  if (a === 0x28 && b === 0xb5 && c === 0x2f && d === 0xfd) return 'zstd';
  if (a !== undefined && (a & 0xf0) === 0x50 && b === 0x2a && c === 0x4d && d === 0x18) return 'zstd';
  const name =
    a === 0x42 && b === 0x5a && c === 0x68
      ? 'bzip2'
      : a === 0xfd && b === 0x37 && c === 0x7a
        ? 'xz'
        : a === 0x04 && b === 0x22 && c === 0x4d && d === 0x18
          ? 'lz4'
          : null;
  if (name !== null) {
    throw new PortcullisError('IMAGE_FORMAT', `The data is compressed with ${name}, which is not supported.`, { hint: 'Use gzip, zstd or no compression.' });
  }
  return 'none';
}

/** Waits until the stream has done with the chunk, or takes nothing any more. */
function taken(stream: zlib.Gunzip, chunk: Buffer): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      for (const event of ['close', 'end']) stream.off(event, done);
      resolve();
    };
    for (const event of ['close', 'end']) stream.on(event, done);
    stream.write(chunk, done);
  });
}

/** A port without another end. */
let nowhere: MessagePort | null = null;

function closedPort(): MessagePort {
  const { port1, port2 } = new MessageChannel();
  port2.close();
  return port1;
}

/**
 * Frees the memory of a chunk that nobody needs any more, by moving it to where nobody is (`ArrayBuffer.prototype.transfer` is not in
 * Node 20). Left to the garbage collector it would be freed late, and a gigabyte of chunks would have the collector walk everything
 * that is kept, over and over. As long as a buffer isn't full the decompressor goes on with it.
 */
function release({ buffer, byteOffset, length }: Buffer): void {
  if (buffer.byteLength !== CHUNK || byteOffset + length !== CHUNK) return;
  nowhere ??= closedPort();
  nowhere.postMessage(null, [buffer as ArrayBuffer]);
}

async function* gunzipped(source: AsyncIterable<Buffer>, create: () => zlib.Gunzip): AsyncGenerator<Buffer> {
  const stream = create();
  let failed: unknown;
  const progress: { state: 'running' | 'ended' | 'aborted' } = { state: 'running' };
  // Feeds the decompressor, whose output the loop below takes. What follows the compressed data is still read to
  // its end: it belongs to the blob whose digest the source computes.
  const feeding = (async () => {
    try {
      for await (const chunk of source) {
        if (progress.state === 'aborted') return;
        if (progress.state === 'ended' || stream.destroyed || stream.readableEnded) continue;
        await taken(stream, chunk);
      }
      stream.end();
    } catch (error) {
      failed = error;
      stream.destroy();
    }
  })();
  try {
    for await (const chunk of stream) {
      yield chunk as Buffer;
      release(chunk as Buffer);
    }
    progress.state = 'ended';
    if (failed !== undefined) throw failed;
  } catch (error) {
    if (failed !== undefined) throw failed;
    if (error instanceof PortcullisError) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    if (
      typeof code === 'string' &&
      (code.startsWith('Z_') || code.startsWith('ERR_ZSTD') || code.startsWith('ZSTD_') || code === 'ERR_STREAM_PREMATURE_CLOSE')
    ) {
      throw new PortcullisError('IMAGE_INVALID', `The compressed data is damaged: ${(error as Error).message}.`, { cause: error });
    }
    throw error;
  } finally {
    if (progress.state === 'running') progress.state = 'aborted';
    stream.destroy();
    await feeding;
  }
}

function earlyEnd(): PortcullisError {
  return new PortcullisError('IMAGE_INVALID', 'The compressed data is damaged: it ends too early.');
}

/**
 * fzstd makes each frame's window anew and moves all of it for each block. Blocks as large as they should be cost at
 * most 1024 bytes of window for a byte; data that asks for far more is made to cost time.
 */
class WindowWork {
  #frames = 0;
  #moved = 0;
  #unpacked = 0;
  /** @throws PortcullisError IMAGE_LIMIT */
  add(frames: ZstdFrames, unpacked: number): void {
    this.#moved += frames.window * (frames.frames - this.#frames + 1);
    this.#frames = frames.frames;
    this.#unpacked += unpacked;
    if (this.#moved > 2 ** 36 + 1024 * this.#unpacked) {
      throw new PortcullisError('IMAGE_LIMIT', 'The zstd data has tiny blocks in large windows, which would take too long to unpack.', {
        hint: 'Compress the layer again.',
      });
    }
  }
}

/** fzstd hands out everything that a push holds: it is fed block by block, so that no more than a block waits in memory. */
class BlockwiseZstd {
  readonly #frames = new ZstdFrames();
  readonly #work = new WindowWork();
  #out: Buffer[] = [];
  readonly #decompressor = new Decompress((chunk) => {
    if (chunk.length > 0) this.#out.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length));
  });

  #push(chunk: Uint8Array, final: boolean): Buffer[] {
    try {
      this.#decompressor.push(chunk, final);
    } catch (error) {
      throw new PortcullisError('IMAGE_INVALID', `The compressed data is damaged: ${(error as Error).message}.`, { cause: error });
    }
    const pieces = this.#out;
    this.#out = [];
    return pieces;
  }

  /** @throws PortcullisError IMAGE_INVALID, IMAGE_LIMIT */
  *write(given: Uint8Array): Generator<Buffer> {
    // It keeps the part of a block that a push ends with.
    const chunk = Buffer.from(given);
    let from = 0;
    for (const end of this.#frames.ends(chunk, 'block')) {
      const pieces = this.#push(chunk.subarray(from, end), false);
      this.#work.add(
        this.#frames,
        pieces.reduce((sum, piece) => sum + piece.length, 0),
      );
      yield* pieces;
      from = end;
    }
    yield* this.#push(chunk.subarray(from), false);
  }

  /** @throws PortcullisError IMAGE_INVALID when the data ends too early */
  end(): Buffer[] {
    if (!this.#frames.isComplete) throw earlyEnd();
    return this.#push(new Uint8Array(0), true);
  }
}

async function* fzstdDecompressed(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const zstd = new BlockwiseZstd();
  for await (const chunk of source) yield* zstd.write(chunk);
  yield* zstd.end();
}

/**
 * All of what gzip or zstd data holds, at once: for small files. Damage that leaves zstd's frames whole isn't noticed.
 * @throws PortcullisError IMAGE_INVALID for damaged data or another compression, IMAGE_LIMIT for more than `most` bytes
 */
export function unpackWhole(bytes: Uint8Array, most: number): Buffer {
  const tooMuch = (): PortcullisError => new PortcullisError('IMAGE_LIMIT', `The compressed data unpacks to more than ${most} bytes.`);
  const compression = detectCompression(bytes);
  if (compression === 'gzip') {
    try {
      return zlib.gunzipSync(bytes, { maxOutputLength: most });
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === 'ERR_BUFFER_TOO_LARGE') throw tooMuch();
      throw new PortcullisError('IMAGE_INVALID', `The compressed data is damaged: ${message}.`, { cause: error });
    }
  }
  if (compression !== 'zstd') throw new PortcullisError('IMAGE_INVALID', 'The data is not compressed by gzip or zstd.');
  const zstd = new BlockwiseZstd();
  const pieces: Buffer[] = [];
  let size = 0;
  const take = (piece: Buffer): void => {
    size += piece.length;
    if (size > most) throw tooMuch();
    pieces.push(Buffer.from(piece));
  };
  for (const piece of zstd.write(bytes)) take(piece);
  for (const piece of zstd.end()) take(piece);
  return Buffer.concat(pieces);
}

/**
 * The data cut where frames end: Node's decompressor goes on with the next frame only when that begins a write.
 * Refuses a frame that asks for too much before the decompressor sees it.
 */
async function* byFrames(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const frames = new ZstdFrames();
  for await (const chunk of source) {
    let from = 0;
    for (const end of frames.ends(chunk, 'frame')) {
      yield chunk.subarray(from, end);
      from = end;
    }
    if (from < chunk.length) yield chunk.subarray(from);
  }
  if (!frames.isComplete) throw earlyEnd();
}

type ZstdFactory = (options: { chunkSize: number; params: Record<number, number> }) => zlib.Gunzip;

/**
 * Decompresses a stream of chunks. A chunk, taken or given, is valid until the next is asked for. zstd uses Node's own decompressor where there is one, else fzstd, which doesn't
 * notice every damage: callers verify the digest of the result.
 * @throws PortcullisError IMAGE_INVALID for damaged data, IMAGE_LIMIT for a zstd window over 128 MiB
 */
export async function* decompress(source: AsyncIterable<Buffer>, compression: Compression): AsyncGenerator<Buffer> {
  if (compression === 'none') {
    yield* source;
    return;
  }
  if (compression === 'gzip') {
    yield* gunzipped(source, () => zlib.createGunzip({ chunkSize: CHUNK }));
    return;
  }
  const create = (zlib as unknown as { createZstdDecompress?: ZstdFactory }).createZstdDecompress;
  const windowLogMax = (zlib.constants as unknown as Record<string, number | undefined>).ZSTD_d_windowLogMax;
  if (create !== undefined && windowLogMax !== undefined)
    yield* gunzipped(byFrames(source), () => create({ chunkSize: CHUNK, params: { [windowLogMax]: 27 } }));
  else yield* fzstdDecompressed(source);
}
