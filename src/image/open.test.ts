import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { temporaryDirectory, writeIn } from '../../test/support/cli.ts';
import { compress, layer, ociArchive } from '../../test/support/image-builder.ts';
import { tar } from '../../test/support/tar.ts';
import { openAll, refusal } from './open-image.fixture.ts';

const image = { layers: [layer([{ path: 'etc/os-release', content: 'ID=x\n' }])] };

describe('what is no image says what it is', () => {
  test.each([
    ['an empty file', Buffer.alloc(0), '0 bytes'],
    ['text', Buffer.from('hello\n'.repeat(200)), 'not a tar archive'],
    ['zeros', Buffer.alloc(10_240), 'not a tar archive'],
    ['another tar', tar([{ path: 'readme', content: 'x' }]), 'neither manifest.json'],
    ['an archive that is compressed twice', gzipSync(gzipSync(tar([{ path: 'manifest.json', content: '[]' }]))), 'gunzip'],
    ['text that is compressed', gzipSync('hello\n'.repeat(200)), 'not a tar archive'],
    ['an xz archive', Buffer.concat([Buffer.from('fd377a585a0000', 'hex'), Buffer.alloc(600)]), 'unxz'],
    ['a bzip2 archive', Buffer.concat([Buffer.from('BZh9'), Buffer.alloc(600)]), 'bunzip2'],
  ])('%s', async (_, bytes, word) => {
    const refused = await refusal(writeIn(temporaryDirectory(), 'file', bytes));
    expect(refused.code).toBe('IMAGE_FORMAT');
    expect(`${refused.message} ${refused.hint}`).toContain(word);
    expect(refused.hint).not.toBeNull();
  });

  test('nothing there, also where only files are looked for', async () => {
    expect(await refusal(join(temporaryDirectory(), 'gone.tar'))).toMatchObject({ code: 'IMAGE_NOT_FOUND', hint: 'Check the path.' });
    expect((await refusal('nginx:1.27')).code).toBe('IMAGE_NOT_FOUND');
    expect((await refusal(join(writeIn(temporaryDirectory(), 'file', 'x'), 'below'))).code).toBe('IMAGE_NOT_FOUND');
  });

  test.each(['/dev/null', '/dev/zero'])('%s', async (path) => expect((await refusal(path)).code).toBe('IMAGE_FORMAT'));

  test('an empty directory, and one that is neither', async () => {
    const refused = await refusal(temporaryDirectory());
    expect(refused.code).toBe('IMAGE_FORMAT');
    expect(refused.hint).toContain('dir:');
  });
});

test('a compressed archive is read, unless it is damaged', async () => {
  const bytes = ociArchive([image]).tar();
  const directory = temporaryDirectory();
  for (const compression of ['gzip', 'zstd'] as const) {
    const whole = compress(bytes, compression);
    expect(await openAll(writeIn(directory, 'whole', whole))).toHaveLength(1);
    expect((await refusal(writeIn(directory, 'cut', whole.subarray(0, whole.length >> 1)))).code).toBe('IMAGE_INVALID');
    const flipped = Buffer.from(whole);
    flipped.fill(0xff, 30, 60);
    expect((await refusal(writeIn(directory, 'flipped', flipped))).code).toMatch(/^IMAGE_(INVALID|FORMAT|DIGEST|LIMIT)$/);
  }
});

describe('prefixes', () => {
  test('force a form', async () => {
    const path = ociArchive([image]).writeTo(join(temporaryDirectory(), 'image.tar'));
    expect(await openAll(`oci:${path}`)).toHaveLength(1);
    expect(await openAll(`oci-archive:${path}`)).toHaveLength(1);
    expect((await refusal(`docker-archive:${path}`)).code).toBe('IMAGE_INVALID');
    expect((await refusal(`dir:${path}`)).code).toBe('IMAGE_FORMAT');
  });

  test('that are none are part of the path', async () => {
    const directory = temporaryDirectory();
    for (const name of ['constructor:x.tar', 'toString:x', 'x:y']) {
      expect(await openAll(ociArchive([image]).writeTo(join(directory, name)))).toHaveLength(1);
    }
    expect((await refusal('constructor:x')).code).toBe('IMAGE_NOT_FOUND');
    expect((await refusal('oci:')).code).toBe('USAGE');
  });
});

test('a root file system is taken for one, without a digest; it has no tags', async () => {
  const path = temporaryDirectory();
  mkdirSync(join(path, 'etc'));
  writeFileSync(join(path, 'etc/os-release'), 'ID=x\n');
  expect((await openAll(path))[0]?.facts).toMatchObject({ digest: null, imageId: null, verified: false });
  expect((await refusal(path, { tag: 'x' })).code).toBe('IMAGE_CHOICE');
});
