import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as zlib from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { defaultLimits } from '../../src/archive/index.ts';
import { base256, endBlocks, entry, headerBlock, pax } from '../../src/archive/tar-blocks.fixture.ts';
import { rleBlock, storedFrame, zstdFrame } from '../../src/archive/zstd.fixture.ts';
import { readLayers } from '../../src/catalog/read-layers.ts';
import { PortcullisError } from '../../src/errors.ts';
import { readLayer } from '../../src/layer/index.ts';
import type { Digest, LayerBlob } from '../../src/model/index.ts';
import { temporaryDirectory } from '../support/cli.ts';
import { compress, dockerArchive, layer, layerOfTar, ociArchive, sha256 } from '../support/image-builder.ts';
import { tar } from '../support/tar.ts';
import { codeOf, debianLayer, judgeImage } from './judge-image.ts';

const content = tar([
  { path: 'a', content: 'x'.repeat(3000) },
  { path: 'b', content: 'y'.repeat(100_000) },
]);

function blobOf(bytes: Buffer, claims: Partial<LayerBlob> = {}): LayerBlob {
  const path = join(temporaryDirectory(), 'blob');
  writeFileSync(path, bytes);
  return {
    index: 3,
    source: { kind: 'file', path, offset: 0, length: bytes.length },
    digest: sha256(bytes) as Digest,
    diffId: sha256(content) as Digest,
    createdBy: null,
    ...claims,
  };
}

async function refusal(blob: LayerBlob, limits: Partial<typeof defaultLimits> = {}): Promise<string> {
  try {
    await readLayer(blob, () => null, { ...defaultLimits, ...limits });
    return 'read';
  } catch (error) {
    if (!(error instanceof PortcullisError)) throw error;
    expect(error.message).toMatch(/layer/i);
    return error.code;
  }
}

describe.each(['none', 'gzip', 'zstd'] as const)('a layer with compression %s', (compression) => {
  const blob = compress(content, compression);

  test('is read when both digests hold', async () => expect(await refusal(blobOf(blob))).toBe('read'));

  test('with another digest or diff id it is refused', async () => {
    const wrong = sha256(Buffer.from('other')) as Digest;
    expect(await refusal(blobOf(blob, { digest: wrong }))).toBe('IMAGE_DIGEST');
    expect(await refusal(blobOf(blob, { diffId: wrong }))).toBe('IMAGE_DIGEST');
    expect(await refusal(blobOf(blob, { digest: null, diffId: wrong }))).toBe('IMAGE_DIGEST');
  });

  test('with any byte changed it is refused, also when the blob has the digest that it is named by', async () => {
    for (let at = 0; at < blob.length; at += 1 + Math.floor(blob.length / 60)) {
      const flipped = Buffer.from(blob);
      flipped[at] = (flipped[at] as number) ^ 0x20;
      expect(await refusal(blobOf(flipped, { digest: sha256(blob) as Digest }))).toMatch(/^IMAGE_(DIGEST|INVALID|LIMIT|FORMAT)$/);
      // What decompresses to the same bytes all the same is the same layer (a gzip header's time stamp, say).
      if (compression !== 'gzip' || at > 9)
        expect(await refusal(blobOf(flipped)), `at ${at}`).toMatch(compression === 'zstd' ? /^(read|IMAGE_\w+)$/ : /^IMAGE_(DIGEST|INVALID|LIMIT|FORMAT)$/);
    }
  });

  test('cut off it is refused', async () => {
    for (let length = 0; length < blob.length; length += 1 + Math.floor(blob.length / 40)) {
      const cut = blob.subarray(0, length);
      expect(await refusal(blobOf(cut)), `at ${length}`).toMatch(/^IMAGE_(DIGEST|INVALID)$/);
    }
  });

  test('with anything after it, it has another digest', async () => {
    const more = Buffer.concat([blob, Buffer.alloc(700_000, 1)]);
    expect(await refusal(blobOf(more, { digest: sha256(blob) as Digest }))).toMatch(/^IMAGE_(DIGEST|INVALID)$/);
  });

  test('whose file has become shorter is truncated', async () => {
    const good = blobOf(blob);
    if (good.source.kind !== 'file') throw new Error('no file');
    expect(await refusal({ ...good, source: { ...good.source, length: blob.length + 10 } })).toBe('IMAGE_INVALID');
    expect(await refusal({ ...good, source: { ...good.source, path: `${good.source.path}.gone` } })).toBe('IMAGE_UNREADABLE');
  });

  test('that is no tar is damaged', async () => {
    const text = Buffer.from('this is not a tar archive. '.repeat(1000));
    expect(await refusal(blobOf(compress(text, compression), { diffId: sha256(text) as Digest }))).toBe('IMAGE_INVALID');
  });
});

test('sha512 digests are verified', async () => {
  const { createHash } = await import('node:crypto');
  const digest = `sha512:${createHash('sha512').update(content).digest('hex')}` as Digest;
  expect(await refusal(blobOf(content, { digest, diffId: digest }))).toBe('read');
  expect(await refusal(blobOf(content, { digest, diffId: digest.replace(/.$/, (last) => (last === '0' ? '1' : '0')) as Digest }))).toBe('IMAGE_DIGEST');
});

test.each(['425a6839', 'fd377a585a00', '04224d18'])('a layer in a compression that is not supported (%s) is named', async (magic) => {
  expect(await refusal(blobOf(Buffer.concat([Buffer.from(magic, 'hex'), Buffer.alloc(1000)])))).toBe('IMAGE_FORMAT');
});

describe('bombs', () => {
  const limits = { ratioFrom: 4 * 2 ** 20, layerBytes: 2 ** 30 };

  test('gzip', async () => {
    const member = zlib.gzipSync(Buffer.alloc(2 ** 20));
    expect(await refusal(blobOf(Buffer.concat(Array.from({ length: 40 }, () => member))), limits)).toMatch(/IMAGE_(LIMIT|DIGEST)/);
    const file = Buffer.concat([headerBlock({ name: 'zeros', size: 2 ** 33 - 1 }), Buffer.alloc(2 ** 20)]);
    expect(await refusal(blobOf(Buffer.concat([zlib.gzipSync(file, { level: 9 }), ...Array.from({ length: 40 }, () => member)])), limits)).toBe('IMAGE_LIMIT');
  });

  test('zstd', async () => {
    const file = storedFrame(headerBlock({ name: 'zeros', size: 2 ** 33 - 1 }));
    const blocks = Array.from({ length: 3000 }, () => rleBlock(131_072, false));
    expect(await refusal(blobOf(Buffer.concat([file, zstdFrame([...blocks, rleBlock(1, true)], 0x58)])), limits)).toBe('IMAGE_LIMIT');
  });

  test('bytes of a layer, however well stored', async () => {
    const big = Buffer.concat([headerBlock({ name: 'zeros', size: 3 * 2 ** 20 }), Buffer.alloc(3 * 2 ** 20), endBlocks]);
    expect(await refusal(blobOf(big, { diffId: sha256(big) as Digest }), { layerBytes: 2 ** 20 })).toBe('IMAGE_LIMIT');
  });

  test('entries', async () => {
    const many = Buffer.concat([...Array.from({ length: 1001 }, (_, index) => headerBlock({ name: `f${index}` })), endBlocks]);
    expect(await refusal(blobOf(many, { diffId: sha256(many) as Digest }), { entries: 1000 })).toBe('IMAGE_LIMIT');
  });

  test('names', async () => {
    const many = Buffer.concat([
      ...Array.from({ length: 100 }, (_, index) => headerBlock({ name: `${'n'.repeat(90)}${index}`, link: 'l'.repeat(90), type: '2' })),
      endBlocks,
    ]);
    const blob = blobOf(many, { diffId: sha256(many) as Digest });
    expect(await refusal(blob, { nameBytes: 15_000 })).toBe('IMAGE_LIMIT');
    expect(await refusal(blob, { nameBytes: 20_000 })).toBe('read');
  });

  test('entries of all layers together', async () => {
    const many = Buffer.concat([...Array.from({ length: 100 }, (_, index) => headerBlock({ name: `f${index}` })), endBlocks]);
    const blob = blobOf(many, { diffId: sha256(many) as Digest });
    const plan = (imageEntries: number) => ({ readers: [], limits: { ...defaultLimits, imageEntries } });
    const read = (imageEntries: number) => readLayers([1, 2, 3].map((index) => ({ blob: { ...blob, index }, plan: plan(imageEntries) })));
    expect(await read(300)).toHaveLength(3);
    await expect(read(299)).rejects.toMatchObject({ code: 'IMAGE_LIMIT' });
  });

  test('a package database that claims a tebibyte is a problem, not an allocation', async () => {
    const octal = (value: number): string => `${value.toString(8).padStart(11, '0')}\0`;
    const rest = tar(debianLayer.filter((item) => 'path' in item && item.path !== 'var/lib/dpkg/status') as never[]);
    for (const database of [
      Buffer.concat([
        headerBlock({ name: 'var/lib/dpkg/status', type: 'S', magic: 'gnu', size: 3, patch: { 386: octal(0) + octal(3), 483: base256(1n << 40n) } }),
        Buffer.concat([Buffer.from('abc'), Buffer.alloc(509)]),
      ]),
      Buffer.concat([
        pax([
          ['GNU.sparse.major', '1'],
          ['GNU.sparse.minor', '0'],
          ['GNU.sparse.realsize', String(2 ** 40)],
          ['GNU.sparse.name', 'var/lib/dpkg/status'],
        ]),
        entry({ name: 'x' }, '0\n'),
      ]),
    ]) {
      const path = dockerArchive([{ layers: [layerOfTar(Buffer.concat([rest.subarray(0, rest.length - 1024), database, endBlocks]))] }]).writeTo(
        join(temporaryDirectory(), 'image.tar'),
      );
      const block = await judgeImage(path);
      expect(codeOf(block)).toBe('judged');
      if ('error' in block) continue;
      expect(block.verdict).toBe('stop');
      expect(block.problems).toContainEqual(expect.objectContaining({ kind: 'limit', why: expect.stringContaining('1099511627776 bytes') }));
    }
    expect(process.memoryUsage().arrayBuffers).toBeLessThan(2 ** 30);
  });
});

describe('links', () => {
  const judged = async (items: Parameters<typeof layer>[0]) =>
    judgeImage(ociArchive([{ layers: [layer([...debianLayer, ...items])] }]).writeTo(join(temporaryDirectory(), 'image.tar')));

  test.each([
    [
      'in a circle',
      [
        { path: 'a', link: 'b' },
        { path: 'b', link: 'a' },
        { path: 'a/x', content: 'x' },
      ],
    ],
    [
      'to themselves',
      [
        { path: 'self', link: 'self' },
        { path: 'self/x', content: 'x' },
      ],
    ],
    [
      'out of the root',
      [
        { path: 'out', link: '../../../../../../etc' },
        { path: 'out/passwd', content: 'root::0:0::/:/bin/sh\n' },
        { path: 'shadow', link: '/etc/shadow' },
      ],
    ],
    ['hard, to nothing', [{ path: 'h', hardlink: 'nowhere' }]],
    ['hard, to themselves', [{ path: 'h', hardlink: 'h' }]],
    ['hard, out of the root', [{ path: 'h', hardlink: '../../../etc/shadow' }]],
    ['long chains', Array.from({ length: 200 }, (_, index) => ({ path: `l${index}`, link: `l${index + 1}` }))],
  ])('%s end in a verdict with the same packages found', async (_, items) => {
    const block = await judged(items);
    expect(codeOf(block)).toBe('judged');
    if ('error' in block) return;
    expect(block.findings).toContainEqual(expect.objectContaining({ trigger: 'PKGNAMEMATCH', action: 'stop', state: 'fired' }));
  });

  test('the database that is a link in a circle, or to a directory, is not "no packages"', async () => {
    for (const link of ['status', '/', 'gone', '../../../../../../../proc/self/environ']) {
      const items = debianLayer.map((item) => ('path' in item && item.path.endsWith('status') ? { path: item.path, link } : item));
      const block = await judgeImage(ociArchive([{ layers: [layer(items)] }]).writeTo(join(temporaryDirectory(), 'image.tar')));
      expect(block).toMatchObject({ verdict: 'stop' });
    }
  });
});

test('a directory of a hundred and fifty thousand files can be taken away', async () => {
  const many = Array.from({ length: 150_000 }, (_, index) => headerBlock({ name: `srv/${index}` }));
  const path = ociArchive([
    { layers: [layerOfTar(Buffer.concat([tar(debianLayer as never[]).subarray(0, -1024), ...many, endBlocks])), layer([{ whiteout: 'srv' }])] },
  ]).writeTo(join(temporaryDirectory(), 'image.tar'));
  expect(await judgeImage(path)).toMatchObject({ verdict: 'stop' });
});
