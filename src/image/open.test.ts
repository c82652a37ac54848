import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { hasTool, temporaryDirectory, writeIn } from '../../test/support/cli.ts';
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
    [
      'a compressed archive',
      gzipSync(Buffer.concat([tar([{ path: 'manifest.json', content: '[]' }]), Buffer.from(Array.from({ length: 3000 }, (_, at) => (at * 7919) % 251))])),
      'gunzip',
    ],
    [
      'a zstd archive',
      compress(Buffer.alloc(5000, 'xyz'), 'zstd').length < 512
        ? Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), Buffer.alloc(600)])
        : compress(Buffer.alloc(5000, 'xyz'), 'zstd'),
      'unzstd',
    ],
    ['an xz archive', Buffer.concat([Buffer.from('fd377a585a0000', 'hex'), Buffer.alloc(600)]), 'unxz'],
    ['a bzip2 archive', Buffer.concat([Buffer.from('BZh9'), Buffer.alloc(600)]), 'bunzip2'],
  ])('%s', async (_, bytes, word) => {
    const refused = await refusal(writeIn(temporaryDirectory(), 'file', bytes));
    expect(refused.code).toBe('IMAGE_FORMAT');
    expect(`${refused.message} ${refused.hint}`).toContain(word);
    expect(refused.hint).not.toBeNull();
  });

  test('nothing there; a name of a registry gets told how to save it', async () => {
    expect(await refusal(join(temporaryDirectory(), 'gone.tar'))).toMatchObject({ code: 'IMAGE_NOT_FOUND', hint: 'Check the path.' });
    expect((await refusal('nginx:1.27')).hint).toContain('docker save nginx:1.27');
    expect((await refusal(join(writeIn(temporaryDirectory(), 'file', 'x'), 'below'))).code).toBe('IMAGE_NOT_FOUND');
  });

  test.each(['/dev/null', '/dev/zero'])('%s', async (path) => expect((await refusal(path)).code).toBe('IMAGE_FORMAT'));

  test.skipIf(!hasTool('mkfifo'))('a fifo is not waited for (needs mkfifo)', async () => {
    const path = join(temporaryDirectory(), 'fifo');
    execFileSync('mkfifo', [path]);
    expect((await refusal(path)).code).toBe('IMAGE_FORMAT');
    expect((await refusal(`oci:${path}`)).code).toBe('IMAGE_FORMAT');
  });

  test('an empty directory, and one that is neither', async () => {
    const refused = await refusal(temporaryDirectory());
    expect(refused.code).toBe('IMAGE_FORMAT');
    expect(refused.hint).toContain('dir:');
  });
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
