import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { zipFixture } from './zip.fixture.ts';
import { defaultZipLimits, openZip, ZipError } from './zip.ts';

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');
const reasonOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return error instanceof ZipError ? error.reason : `other: ${String(error)}`;
  }
  return 'none';
};
const readAll = (bytes: Uint8Array): string[] => {
  const zip = openZip(bytes);
  return zip.entries.map((entry) => text(zip.read(entry)));
};

test('an archive that names fewer entries than it has is damaged: Java loads them all', () => {
  const bytes = zipFixture([
    { name: 'a', content: 'a' },
    { name: 'b', content: 'b' },
  ]);
  for (const count of [0, 1, 3]) {
    const changed = Buffer.from(bytes);
    changed.writeUInt16LE(count, changed.length - 12);
    expect(reasonOf(() => openZip(changed))).toBe('damaged');
  }
});

describe('what is read', () => {
  const entries = [
    { name: 'a.txt', content: 'hello' },
    { name: 'dir/', content: '', stored: true },
    { name: 'dir/ü.txt', content: 'x'.repeat(10_000) },
    { name: 'stored', content: 'as it is', stored: true },
  ];
  test('deflated and stored entries, directories, UTF-8 names', () => {
    const zip = openZip(zipFixture(entries));
    expect(zip.entries.map((entry) => [entry.name, entry.directory, entry.size])).toEqual([
      ['a.txt', false, 5],
      ['dir/', true, 0],
      ['dir/ü.txt', false, 10_000],
      ['stored', false, 8],
    ]);
    expect(readAll(zipFixture(entries))).toEqual(entries.map((entry) => entry.content));
  });
  test('bytes before the archive, a comment that holds a signature, an empty archive', () => {
    expect(readAll(zipFixture(entries, { prefix: Buffer.from('#!/bin/sh\n'), comment: 'PK\x05\x06 no end' }))).toHaveLength(4);
    expect(openZip(zipFixture([])).entries).toEqual([]);
  });
  test('zip64 entries and end record, also behind a prefix', () => {
    const wide = entries.map((entry) => ({ ...entry, zip64: true }));
    expect(readAll(zipFixture(wide, { zip64: true }))).toEqual(entries.map((entry) => entry.content));
    expect(readAll(zipFixture(wide, { zip64: true, prefix: Buffer.alloc(99) }))).toEqual(entries.map((entry) => entry.content));
  });
  test('a source with random access is read like memory', () => {
    const bytes = zipFixture(entries);
    const zip = openZip({ size: bytes.length, read: (offset, length) => bytes.subarray(offset, offset + length) });
    expect(zip.entries.map((entry) => text(zip.read(entry)))).toEqual(entries.map((entry) => entry.content));
  });
  const python = spawnSync('python3', ['--version']).status === 0;
  test.skipIf(!python)("what Python's zipfile writes, and refuses or reads alike (skipped where python3 is absent)", () => {
    const directory = mkdtempSync(join(tmpdir(), 'portcullis-zip-'));
    try {
      const path = join(directory, 'x.zip');
      const names = Array.from({ length: 20 }, (_, index) => `n${index}-${Math.random().toString(36)}`);
      const script = `import zipfile,sys
with zipfile.ZipFile(sys.argv[1],'w',zipfile.ZIP_DEFLATED) as z:
    for n in sys.argv[2:]: z.writestr(n, n*50)
    with z.open('forced', 'w', force_zip64=True) as f: f.write(b'wide')`;
      execFileSync('python3', ['-c', script, path, ...names]);
      expect(readAll(readFileSync(path))).toEqual([...names.map((name) => name.repeat(50)), 'wide']);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});

test('bytes behind an archive', () => {
  const entries = [{ name: 'a', content: 'text' }];
  for (const options of [{}, { comment: 'said' }, { zip64: true }, { prefix: Buffer.from('#!/bin/sh\n') }]) {
    for (const behind of ['\n', 'signed by somebody', '\0'.repeat(4096)]) {
      expect(readAll(Buffer.concat([zipFixture(entries, options), Buffer.from(behind)]))).toEqual(['text']);
    }
  }
});

describe('what is refused', () => {
  const one = { name: 'a', content: 'hello, hello, hello, hello' };
  const inner = zipFixture([one]);
  const outer = zipFixture([{ name: 'inner.jar', content: inner, stored: true }]);
  const cutOff = (rest: string) => Buffer.concat([outer.subarray(0, outer.indexOf(inner) + inner.length), Buffer.from(rest)]);
  test.each([
    ['nothing', Buffer.alloc(0), 'damaged'],
    ['no archive', Buffer.from('PK is not enough'), 'damaged'],
    ['a wrong checksum', zipFixture([{ ...one, crc32: 1 }]), 'damaged'],
    ['a size too small', zipFixture([{ ...one, size: 3 }]), 'damaged'],
    ['a size too large', zipFixture([{ ...one, size: 300 }]), 'damaged'],
    ['an entry beyond its data', zipFixture([{ ...one, compressedSize: 4000 }]), 'damaged'],
    ['an encrypted entry', zipFixture([{ ...one, flags: 0x801 }]), 'unsupported'],
    ['an unknown compression', zipFixture([{ ...one, method: 12 }]), 'unsupported'],
    ['a local header elsewhere', zipFixture([{ ...one, offset: 1 }]), 'damaged'],
    ['two entries over the same bytes', zipFixture([one, { ...one, name: 'b', offset: 0 }]), 'damaged'],
    ['one that was cut off behind an archive in it', cutOff(''), 'damaged'],
    ['one that was cut off within the next entry', cutOff('PK\u0003\u0004 the next'), 'damaged'],
    ['more entries announced than there are', zipFixture([one], { count: 2 }), 'damaged'],
  ])('%s', (_, bytes, reason) => {
    expect(reasonOf(() => readAll(bytes))).toBe(reason);
  });
  test('limits: entries, size of one, of all, ratio, names', () => {
    const bytes = zipFixture([one, { name: 'b'.repeat(50), content: Buffer.alloc(100_000) }]);
    const reason = (limits: Partial<typeof defaultZipLimits>): string =>
      reasonOf(() => {
        const zip = openZip(bytes, { ...defaultZipLimits, ...limits });
        for (const entry of zip.entries) zip.read(entry);
      });
    expect(reason({})).toBe('none');
    expect(reason({ entries: 1 })).toBe('limit');
    expect(reason({ entryBytes: 99_999 })).toBe('limit');
    expect(reason({ totalBytes: 100_000 })).toBe('limit');
    expect(reason({ ratio: 10, ratioFrom: 1000 })).toBe('limit');
    expect(reason({ nameBytes: 49 })).toBe('limit');
  });
  test('an archive cut off at any place, or with any byte changed, is read rightly or refused, never else', () => {
    const bytes = zipFixture([one, { name: 'b', content: 'stored', stored: true }]);
    const contents = [one.content, 'stored'];
    for (let length = 0; length < bytes.length; length++) expect(reasonOf(() => readAll(bytes.subarray(0, length)))).toBe('damaged');
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const flipped = Buffer.from(bytes);
        flipped[at] = (flipped[at] ?? 0) ^ change;
        let read: string[];
        try {
          read = readAll(flipped);
        } catch (error) {
          return error instanceof ZipError;
        }
        return read.every((content) => contents.includes(content));
      }),
      { numRuns: 2000 },
    );
  });
});
