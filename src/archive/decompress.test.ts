import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import * as zlib from 'node:zlib';
import { gzipSync } from 'node:zlib';
import { describe, expect, test, vi } from 'vitest';
import { compress } from '../../test/support/image-builder.ts';
import { PortcullisError } from '../errors.ts';
import { decompress, detectCompression, unpackWhole } from './decompress.ts';
import { bytesOf, chunksOf, rleBlock, storedFrame, zstdFrame, zstdSkippable } from './zstd.fixture.ts';

async function unpack(bytes: Buffer, compression: 'gzip' | 'zstd', size = 65_536): Promise<Buffer> {
  return bytesOf(decompress(chunksOf(bytes, size), compression));
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'nothing was thrown';
  } catch (error) {
    return error instanceof PortcullisError ? error.code : String(error);
  }
}

const text = Buffer.from('a line of text that repeats\n'.repeat(20_000));
const noise = randomBytes(300_000);

describe('detection', () => {
  test.each([
    ['gzip', '1f8b08', 'gzip'],
    ['zstd', '28b52ffd', 'zstd'],
    ['a skippable zstd frame', '5a2a4d18', 'zstd'],
    ['tar', '6574632f', 'none'],
    ['nothing', '', 'none'],
  ])('%s', (_, hex, expected) => expect(detectCompression(Buffer.from(hex, 'hex'))).toBe(expected));

  test.each([
    ['bzip2', '425a68'],
    ['xz', 'fd377a585a00'],
    ['lz4', '04224d18'],
  ])('%s is named and refused', (name, hex) => expect(() => detectCompression(Buffer.from(hex, 'hex'))).toThrow(name));
});

describe('gzip', () => {
  test.each([1, 7, 65_536])('in chunks of %i bytes', async (size) => {
    const bytes = noise.subarray(0, size * 3000);
    expect((await unpack(gzipSync(bytes), 'gzip', size)).equals(bytes)).toBe(true);
  });

  test('several members are one stream', async () => {
    expect((await unpack(Buffer.concat([gzipSync(text), gzipSync(noise), gzipSync('')]), 'gzip', 1000)).equals(Buffer.concat([text, noise]))).toBe(true);
  });

  test('the source is read to its end, also when megabytes follow the compressed data', async () => {
    let taken = 0;
    const blob = Buffer.concat([gzipSync(text), Buffer.alloc(5_000_000)]);
    const source = async function* () {
      for await (const chunk of chunksOf(blob, 65_536)) {
        taken += chunk.length;
        yield chunk;
      }
    };
    expect((await bytesOf(decompress(source(), 'gzip'))).equals(text)).toBe(true);
    expect(taken).toBe(blob.length);
  });

  test('cut off at any place it is damaged', async () => {
    const blob = gzipSync(text);
    for (let length = 0; length < blob.length; length += 1 + Math.floor(blob.length / 40)) {
      expect(await codeOf(unpack(blob.subarray(0, length), 'gzip')), `at ${length}`).toBe('IMAGE_INVALID');
    }
  });

  test('with a byte changed it is damaged or the same', async () => {
    const blob = gzipSync(noise.subarray(0, 5000));
    for (let at = 10; at < blob.length; at += 97) {
      const flipped = Buffer.from(blob);
      flipped[at] = (flipped[at] as number) ^ 0x11;
      const code = await codeOf(unpack(flipped, 'gzip'));
      expect(code, `at ${at}`).toBe('IMAGE_INVALID');
    }
  });

  test('an error of the source is that error', async () => {
    const source = async function* () {
      yield gzipSync(text).subarray(0, 50);
      throw new PortcullisError('IMAGE_UNREADABLE', 'the disk is gone');
    };
    expect(await codeOf(bytesOf(decompress(source(), 'gzip')))).toBe('IMAGE_UNREADABLE');
  });

  test('whoever stops early ends the source too', async () => {
    let ended = false;
    const source = async function* () {
      try {
        for (;;) yield gzipSync(text);
      } finally {
        ended = true;
      }
    };
    for await (const _ of decompress(source(), 'gzip')) break;
    expect(ended).toBe(true);
  });
});

const hasZstd = 'createZstdDecompress' in zlib;
const hasTool = spawnSync('zstd', ['--version'], { stdio: 'ignore' }).status === 0;
const readers = [
  ['fzstd', false],
  ['Node', true],
] as const;

test('fzstd is not made to move huge windows for tiny blocks for hours', async () => {
  const slow = zstdFrame([...Array.from({ length: 60_000 }, () => rleBlock(1, false)), rleBlock(1, true)], 0x70);
  const stream = await withoutNative(slow);
  await expect(bytesOf(stream)).rejects.toMatchObject({ code: 'IMAGE_LIMIT' });
});

describe.each(readers)('zstd by %s', (_, native) => {
  const it = test.skipIf(native && !hasZstd);
  const why = native && !hasZstd ? ' (this Node has none)' : '';
  const read = async (bytes: Buffer, size?: number): Promise<Buffer> => {
    if (native) return unpack(bytes, 'zstd', size);
    vi.resetModules();
    vi.doMock('node:zlib', () => ({ ...zlib, createZstdDecompress: undefined }));
    const { decompress: without } = await import('./decompress.ts');
    const { PortcullisError: Other } = await import('../errors.ts');
    try {
      return await bytesOf(without(chunksOf(bytes, size ?? 65_536), 'zstd'));
    } catch (error) {
      if (error instanceof Other) throw new PortcullisError(error.code, error.message);
      throw error;
    } finally {
      vi.doUnmock('node:zlib');
    }
  };

  it(`stored blocks, in chunks of any size${why}`, async () => {
    for (const size of [1, 3, 1000, 1 << 20]) {
      const bytes = noise.subarray(0, 500 * size);
      expect((await read(storedFrame(bytes), size)).equals(bytes)).toBe(true);
    }
  });

  it(`several frames and skippable ones are one stream${why}`, async () => {
    const bytes = Buffer.concat([zstdSkippable(100), storedFrame(text), zstdSkippable(0), storedFrame(noise), zstdSkippable(70_000)]);
    expect((await read(bytes, 999)).equals(Buffer.concat([text, noise]))).toBe(true);
  });

  it(`thousands of tiny frames${why}`, async () => {
    const frames = Buffer.concat(Array.from({ length: 3000 }, () => zstdFrame([rleBlock(1, true)], 0)));
    expect((await read(frames, 1 << 20)).length).toBe(3000);
  });

  test.skipIf((native && !hasZstd) || !hasTool)(`what the zstd tool writes${why || (hasTool ? '' : ' (needs zstd)')}`, async () => {
    for (const parameters of [['-1'], ['-19'], ['-3', '--check'], ['-3', '--no-check'], ['--long=27', '-3']]) {
      const { stdout } = spawnSync('zstd', [...parameters, '-c'], { input: Buffer.concat([text, noise]), maxBuffer: 1 << 26 });
      expect((await read(stdout, 5000)).equals(Buffer.concat([text, noise])), parameters.join(' ')).toBe(true);
    }
  });

  it(`cut off at any place it is damaged${why}`, async () => {
    const blob = Buffer.concat([storedFrame(noise.subarray(0, 2000)), storedFrame(noise.subarray(0, 10))]);
    for (let length = 1; length < blob.length; length += 1 + Math.floor(blob.length / 30)) {
      expect(await codeOf(read(blob.subarray(0, length))), `at ${length}`).toBe('IMAGE_INVALID');
    }
    expect(await codeOf(read(blob.subarray(0, blob.length - 1)))).toBe('IMAGE_INVALID');
  });

  it(`bytes that are no frame after the last one are damage${why}`, async () => {
    expect(await codeOf(read(Buffer.concat([storedFrame(text), Buffer.from('garbage after it')])))).toBe('IMAGE_INVALID');
  });

  it(`a huge window is refused in the first frame and in a later one, before anything is allocated${why}`, async () => {
    for (const window of [0xa0, 0xff]) {
      const huge = zstdFrame([rleBlock(10, true)], window);
      expect(await codeOf(read(huge))).toBe('IMAGE_LIMIT');
      expect(await codeOf(read(Buffer.concat([storedFrame(noise.subarray(0, 500)), huge]), 7))).toBe('IMAGE_LIMIT');
      expect(await codeOf(read(Buffer.concat([zstdSkippable(3), huge])))).toBe('IMAGE_LIMIT');
    }
  });

  it(`a bomb comes out piece by piece, so that a limit can stop it${why}`, async () => {
    // 4 bytes of each block make 128 KiB.
    const bomb = zstdFrame([...Array.from({ length: 50_000 }, () => rleBlock(131_072, false)), rleBlock(1, true)], 0x58);
    let most = 0;
    let total = 0;
    const stream = native ? decompress(chunksOf(bomb, 262_144), 'zstd') : await withoutNative(bomb);
    for await (const chunk of stream) {
      most = Math.max(most, chunk.length);
      total += chunk.length;
      if (total > 64 * 1024 * 1024) break;
    }
    expect(most).toBeLessThanOrEqual(262_144);
    expect(process.memoryUsage().arrayBuffers).toBeLessThan(512 * 1024 * 1024);
  });
});

async function withoutNative(bytes: Buffer): Promise<AsyncGenerator<Buffer>> {
  vi.resetModules();
  vi.doMock('node:zlib', () => ({ ...zlib, createZstdDecompress: undefined }));
  const { decompress: without } = await import('./decompress.ts');
  vi.doUnmock('node:zlib');
  return without(chunksOf(bytes, 262_144), 'zstd');
}

describe('what is unpacked at once', () => {
  const packed = { gzip: gzipSync(text), zstd: compress(text, 'zstd') };
  test.each(['gzip', 'zstd'] as const)('%s, up to a bound, and not when it is damaged', (compression) => {
    const bytes = packed[compression];
    expect(unpackWhole(bytes, text.length).equals(text)).toBe(true);
    expect(() => unpackWhole(bytes, text.length - 1)).toThrow(`more than ${text.length - 1} bytes`);
    expect(() => unpackWhole(bytes.subarray(0, bytes.length - 6), text.length)).toThrow('damaged');
  });
  test('other data is refused', () => expect(() => unpackWhole(Buffer.from('text'), 10)).toThrow('not compressed by gzip or zstd'));
});
