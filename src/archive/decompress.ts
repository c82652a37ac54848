import * as zlib from 'node:zlib';
import { Decompress } from 'fzstd';
import { PortcullisError } from '../errors.ts';

export type Compression = 'none' | 'gzip' | 'zstd';

const CHUNK = 262_144;
/** zstd's own default limit for a frame's window (`--memory`): 128 MiB. */
const ZSTD_WINDOW = 128 * 1024 * 1024;

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

/** The window size that a zstd frame header asks for (RFC 8878, 3.1.1.1); 0 where the bytes hold no frame header. */
function zstdWindow(head: Uint8Array): number {
  if (head.length < 6 || head[0] !== 0x28) return 0;
  const descriptor = head[4] as number;
  const singleSegment = (descriptor & 0x20) !== 0;
  if (!singleSegment) {
    const window = head[5] as number;
    const base = 2 ** (10 + (window >> 3));
    return base + (base / 8) * (window & 7);
  }
  const dictionary = [0, 1, 2, 4][descriptor & 3] as number;
  const sizeBytes = [1, 2, 4, 8][descriptor >> 6] as number;
  let size = 0;
  for (let index = sizeBytes - 1; index >= 0; index--) size = size * 256 + (head[5 + dictionary + index] ?? 0);
  return sizeBytes === 2 ? size + 256 : size;
}

/** Waits until the stream takes more, or takes nothing any more. */
function roomOrEnd(stream: zlib.Gunzip): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      for (const event of ['drain', 'close', 'end']) stream.off(event, done);
      resolve();
    };
    for (const event of ['drain', 'close', 'end']) stream.on(event, done);
  });
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
        if (!stream.write(chunk)) {
          await roomOrEnd(stream);
        }
      }
      stream.end();
    } catch (error) {
      failed = error;
      stream.destroy();
    }
  })();
  try {
    for await (const chunk of stream) yield chunk as Buffer;
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

async function* fzstdDecompressed(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let out: Buffer[] = [];
  let ended = false;
  const decompressor = new Decompress((chunk, final) => {
    if (chunk.length > 0) out.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length));
    ended = final ?? false;
  });
  const push = (chunk: Uint8Array, final: boolean): void => {
    try {
      decompressor.push(chunk, final);
    } catch (error) {
      throw new PortcullisError('IMAGE_INVALID', `The compressed data is damaged: ${(error as Error).message}.`, { cause: error });
    }
  };
  for await (const chunk of source) {
    push(chunk, false);
    for (const piece of out) yield piece;
    out = [];
  }
  push(new Uint8Array(0), true);
  for (const piece of out) yield piece;
  if (!ended) throw new PortcullisError('IMAGE_INVALID', 'The compressed data ends too early.');
}

type ZstdFactory = (options: { chunkSize: number; params: Record<number, number> }) => zlib.Gunzip;

/**
 * Decompresses a stream of chunks. zstd uses Node's own decompressor where there is one, else fzstd, which doesn't
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
  const guarded = (async function* () {
    let first = true;
    for await (const chunk of source) {
      if (first && zstdWindow(chunk) > ZSTD_WINDOW) {
        throw new PortcullisError('IMAGE_LIMIT', 'The zstd data asks for a window over 128 MiB.', { hint: 'Compress the layer without --ultra or --long.' });
      }
      first = false;
      yield chunk;
    }
  })();
  const create = (zlib as unknown as { createZstdDecompress?: ZstdFactory }).createZstdDecompress;
  const windowLogMax = (zlib.constants as unknown as Record<string, number | undefined>).ZSTD_d_windowLogMax;
  if (create !== undefined && windowLogMax !== undefined) yield* gunzipped(guarded, () => create({ chunkSize: CHUNK, params: { [windowLogMax]: 27 } }));
  else yield* fzstdDecompressed(guarded);
}
