import { describe, expect, test } from 'vitest';
import { adler32 } from './ndb.ts';
import cataloger from './rpm-ndb.ts';
import { expectMutationsToShow, namesAndVersions, ndbFile, packageBlob, readWith } from './testing/index.ts';

const path = 'usr/lib/sysimage/rpm/Packages.db';
const read = (bytes: Uint8Array) => readWith(cataloger, path, bytes);
const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `package-${index}-${'x'.repeat((index * 7) % 50)}`);
const database = (count: number): Buffer => ndbFile(names(count).map((name) => packageBlob(name)));

describe('an NDB database', () => {
  test.each([1, 20, 400])('of %d packages gives all of them', (count) => {
    const reading = read(database(count));
    expect(reading.problems).toEqual([]);
    expect(namesAndVersions(reading)).toEqual(
      names(count)
        .map((name) => `${name} 1.0-1`)
        .sort(),
    );
  });

  test('shows damage', () => {
    expectMutationsToShow(database(12), read, { rounds: 1200, focus: 4096, seed: 3 });
  });

  test('without packages is a problem', () => {
    expect(read(ndbFile([])).problems).toMatchObject([{ kind: 'contradiction', what: `the rpm database /${path}` }]);
  });

  test.each<[string, (bytes: Buffer) => Uint8Array, string]>([
    ['no bytes', () => new Uint8Array(0), '0 bytes are no NDB database'],
    ['another beginning', (bytes) => bytes.fill(0, 0, 4), 'does not begin as an NDB database'],
    ['more slot pages than bytes', (bytes) => patched(bytes, 12, 0xffffffff), 'of its 4294967295 pages of slots'],
    ['a blob in the slots', (bytes) => patched(bytes, 40, 1), 'points into what is used otherwise'],
    ['a blob over the end', (bytes) => patched(bytes, 44, 0xffffffff), 'reaches over the end'],
    ['two slots for one blob', (bytes) => bytes.copyWithin(48, 32, 48), 'points into what is used otherwise'],
    ['a wrong checksum', (bytes) => patched(bytes, bytes.length - 12, 1), "doesn't have its checksum"],
  ])('with %s is a problem', (_, damage, why) => {
    expect(read(damage(database(3))).problems).toMatchObject([{ kind: 'unreadable', why: expect.stringContaining(why) }]);
  });

  test('with packages without number is bounded', () => {
    const bytes = Buffer.alloc(4096 * 400);
    database(1).copy(bytes);
    bytes.writeUInt32LE(400, 12);
    for (let at = 48; at < bytes.length; at += 16) {
      bytes.write('Slot', at, 'latin1');
      bytes.writeUInt32LE(1, at + 4);
    }
    expect(read(bytes).problems).toMatchObject([{ kind: 'limit', why: 'it lists more than 100000 packages' }]);
  });
});

test('Adler-32 is that of RFC 1950', () => {
  expect(adler32(Buffer.from('Wikipedia'))).toBe(0x11e60398);
  expect(adler32(Buffer.alloc(100_000, 0xff))).toBe(0x149a302c);
});

function patched(bytes: Buffer, at: number, word: number): Buffer {
  bytes.writeUInt32LE(word, at);
  return bytes;
}
