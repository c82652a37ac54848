import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openHashList, parseHashList } from './hash-list.ts';

const [md5, sha1, sha256] = [32, 40, 64].map((length) => 'a1'.repeat(length / 2)) as [string, string, string];

test.each([
  [md5, md5, ''],
  [sha1.toUpperCase(), sha1, ''],
  [`sha256:${sha256}`, sha256, ''],
  [`${sha256}  a name of several words`, sha256, 'a name of several words'],
  [`${sha256} *file.bin`, sha256, 'file.bin'],
  [`${sha256},Unix.Miner`, sha256, 'Unix.Miner'],
  [`\\${sha256}  a\\nb`, sha256, 'a\\nb'],
  [`SHA256 (dir/a (1).bin) = ${sha256}`, sha256, 'dir/a (1).bin'],
  [`MD5 () = ${md5}`, md5, ''],
  [`${md5}:68:Eicar-Test`, md5, 'Eicar-Test'],
  [`${sha256}:*:Any-Size:73`, sha256, 'Any-Size'],
])('the line %s', (line, digest, name) => {
  expect([...parseHashList(`\uFEFF# a comment\r\n\r\n  ${line}\r\n`, 'list')]).toEqual([[digest, name]]);
});

test.each(['a', `${md5}a`, `sha512:${sha256}`, `${md5}:x:Name`, 'sha256', `"${sha256}"`, `"2026-01-01","${sha256}"`, `SHA512 (a) = ${sha256}`])(
  '%s is no such line',
  (line) => {
    expect(() => parseHashList(`${sha256}\n${line}`, 'list')).toThrow(
      expect.objectContaining({ code: 'USAGE_FILE', message: expect.stringContaining('Line 2 of list') }),
    );
  },
);

test('a million lines', () => {
  const text = Array.from({ length: 1_000_000 }, (_, index) => index.toString(16).padStart(64, '0')).join('\n');
  expect(parseHashList(text, 'list').size).toBe(1_000_000);
});

test('holes are hashed as zeros, but not whatever number of them a file claims', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'portcullis-test-'));
  const path = join(directory, 'list');
  writeFileSync(path, `${createHash('sha1').update(Buffer.alloc(300_000)).digest('hex')}\n`);
  const scanner = await openHashList(path);
  const results: unknown[] = [];
  for (const holes of [300_000, 1e15]) {
    const scan = scanner.scan((result) => results.push(result));
    scan.skip(holes);
    scan.end();
  }
  rmSync(directory, { recursive: true });
  expect(results).toMatchObject([{ state: 'infected' }, { state: 'unscanned' }]);
});
