import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tags } from './header.ts';
import cataloger from './rpm-bdb.ts';
import { expectMutationsToShow, namesAndVersions, packageBlob, readWith, seeded } from './testing/index.ts';

const path = 'var/lib/rpm/Packages';
const read = (bytes: Uint8Array) => readWith(cataloger, path, bytes);
const loader = ['db5.3_load', 'db_load'].find((name) => spawnSync(name, ['-V']).status === 0);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'portcullis-bdb-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
/** A database that Berkeley DB's own tool wrote. */
function load(settings: readonly string[], pairs: readonly (readonly [key: Buffer, value: Buffer])[], type = 'hash'): Buffer {
  const path = join(folder, `Packages-${files++}`);
  const lines = pairs.flatMap(([key, value]) => [` ${key.toString('hex')}`, ` ${value.toString('hex')}`]);
  const input = ['VERSION=3', 'format=bytevalue', `type=${type}`, ...settings, 'HEADER=END', ...lines, 'DATA=END', ''].join('\n');
  execFileSync(loader as string, [path], { input });
  return readFileSync(path);
}

/** Headers as rpm stores them: keys in the byte order of the file, key 0 counting them. */
function packages(count: number, order: '1234' | '4321', random = seeded(count)): [Buffer, Buffer][] {
  const number = (value: number): Buffer => {
    const bytes = Buffer.alloc(4);
    if (order === '1234') bytes.writeUInt32LE(value);
    else bytes.writeUInt32BE(value);
    return bytes;
  };
  const pairs: [Buffer, Buffer][] = [[number(0), number(count)]];
  for (let index = 1; index <= count; index++) {
    const length = Math.floor(random() * (index % 3 === 0 ? 40_000 : 200));
    pairs.push([
      number(index),
      packageBlob(`p${Math.floor(random() * 1e9)}-${index}`, [
        [tags.oldFileNames, [`/${'x'.repeat(length % 4000)}`, ...new Array(Math.floor(length / 10)).fill('/usr/bin/y')]],
      ]),
    ]);
  }
  return pairs;
}

function truthOf(pairs: readonly (readonly [Buffer, Buffer])[]): string[] {
  return pairs
    .slice(1)
    .map(([, blob]) => `${/p\d+-\d+/.exec(blob.toString('latin1'))?.[0]} 1.0-1`)
    .sort();
}

describe.skipIf(loader === undefined)('a Berkeley DB (needs db5.3_load)', () => {
  describe.each(['1234', '4321'] as const)('of byte order %s', (order) => {
    test.each([512, 4096, 65536])('and pages of %d bytes gives all packages', (size) => {
      const pairs = packages(60, order);
      const reading = read(load([`db_pagesize=${size}`, `db_lorder=${order}`], pairs));
      expect(reading.problems).toEqual([]);
      expect(namesAndVersions(reading)).toEqual(truthOf(pairs));
    });

    test('with checksums, with duplicates in the page and on pages of their own, or as a btree', () => {
      const pairs = packages(20, order);
      const [, first] = pairs as [unknown, [Buffer, Buffer]];
      const more = Array.from({ length: 40 }, (_, index): [Buffer, Buffer] => [first[0], packageBlob(`p1-${index}`)]);
      const settings = ['db_pagesize=1024', `db_lorder=${order}`];
      for (const type of ['hash', 'btree']) {
        expect(namesAndVersions(read(load([...settings, 'chksum=1'], pairs, type)))).toEqual(truthOf(pairs));
        for (const added of [more.slice(0, 1), more]) {
          const all = [...pairs, ...added];
          expect(read(load([...settings, 'duplicates=1'], all, type)).problems).toEqual([]);
          expect(namesAndVersions(read(load([...settings, 'duplicates=1'], all, type)))).toEqual(truthOf(all));
        }
      }
    });

    test('shows damage', () => {
      const bytes = load(['db_pagesize=512', `db_lorder=${order}`], packages(12, order));
      expectMutationsToShow(bytes, read, { rounds: 400, focus: 1024, seed: 1 });
      expectMutationsToShow(load(['db_pagesize=1024'], packages(12, '1234'), 'btree'), read, { rounds: 200, focus: 4096, seed: 2 });
    });
  });

  test('tells which page an overflow chain breaks at, and reads the others', () => {
    const pairs = packages(9, '1234');
    const bytes = load(['db_pagesize=512', 'db_lorder=1234'], pairs);
    const overflow = [...Array(bytes.length / 512).keys()].find((page) => bytes[page * 512 + 25] === 7 && bytes.readUInt32LE(page * 512 + 16) !== 0) as number;
    bytes.writeUInt32LE(overflow, overflow * 512 + 16);
    const reading = read(bytes);
    expect(reading.packages.length).toBe(8);
    expect(reading.problems).toMatchObject([{ kind: 'unreadable', why: expect.stringContaining(`overflow page ${overflow} is used twice`) }]);
  });

  test('without packages is a problem, and so is a page that was wiped', () => {
    expect(read(load([], packages(0, '1234'))).problems).toMatchObject([{ kind: 'contradiction' }]);
    const bytes = load(['db_pagesize=512'], packages(30, '1234'));
    const hash = [...Array(bytes.length / 512).keys()].find((page) => bytes[page * 512 + 25] === 13 && bytes.readUInt16LE(page * 512 + 20) > 2) as number;
    bytes.fill(0, hash * 512, (hash + 1) * 512);
    expect(read(bytes).problems).toMatchObject([{ kind: 'unreadable', why: expect.stringMatching(/of the 31 entries that it counts were found/) }]);
  });
});

test('what is no Berkeley DB is a problem', () => {
  for (const bytes of [Buffer.alloc(0), Buffer.from('x'), Buffer.alloc(4096), Buffer.alloc(4096, 0xff)])
    expect(read(bytes).problems).toMatchObject([{ kind: 'unreadable' }]);
});
