import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { defaultZipLimits, salvageZip } from './index.ts';
import { zipFixture } from './zip.fixture.ts';

const salvage = (bytes: Buffer, budget = 1_000_000): (readonly [string, string | null, string | null])[] =>
  [...salvageZip(bytes, defaultZipLimits, budget)].map(({ name, content, why }) => [
    name,
    content === null ? null : Buffer.from(content).toString('latin1'),
    why,
  ]);
const text = (length: number): string => randomBytes(length).toString('base64');

test('entries are found by their own headers, whole and cut off', () => {
  const [a, b] = [text(500), text(9000)];
  const zip = zipFixture(
    [
      { name: 'a', content: a, stored: true },
      { name: 'd/b', content: b },
    ],
    { prefix: Buffer.from('#!/bin/sh\n') },
  );
  expect(salvage(zip)).toEqual([
    ['a', a, null],
    ['d/b', b, null],
  ]);
  const found = salvage(zip.subarray(0, 4000));
  expect(found.map(([name, , why]) => [name, why])).toEqual([
    ['a', null],
    ['d/b', null],
  ]);
  expect(b.startsWith(found[1]?.[1] as string)).toBe(true);
  expect(found[1]?.[1]?.length).toBeGreaterThan(3000);
});

test('sizes that come behind the content (bit 3)', () => {
  const [a, b] = [text(900), text(900)];
  const zip = zipFixture(
    [
      { name: 'a', content: a },
      { name: 'b', content: b },
    ].map((each) => ({ ...each, flags: 0x808, size: 0, compressedSize: 0, crc32: 0 })),
  );
  expect(salvage(zip)).toEqual([
    ['a', a, null],
    ['b', b, null],
  ]);
});

test('what can’t be read is said', () => {
  const content = text(400);
  expect(salvage(zipFixture([{ name: 'a', content, flags: 1 }]))).toEqual([['a', null, 'it is encrypted']]);
  expect(salvage(zipFixture([{ name: 'a', content, method: 14 }]))).toEqual([['a', null, 'it uses compression method 14']]);
  expect(salvage(zipFixture([{ name: 'a', content }]), 100)).toEqual([['a', null, 'it unpacks to more than 100 bytes']]);
  expect(salvage(zipFixture([{ name: 'a', content, crc32: 1 }]))).toEqual([['a', content, "it doesn't have the size and checksum that it declares"]]);
  expect(salvage(Buffer.from('PK\x03\x04'))).toEqual([]);
});

test('any bytes end, within the budget', () => {
  const seed = zipFixture([
    { name: 'a', content: text(2000) },
    { name: 'b', content: text(200), stored: true },
  ]);
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(seed.length), fc.uint8Array({ maxLength: 8 }), fc.nat(50)), { maxLength: 6 }), fc.nat(5000), (edits, budget) => {
      let bytes: Buffer = seed;
      for (const [at, insert, remove] of edits) bytes = Buffer.concat([bytes.subarray(0, at), insert, bytes.subarray(at + remove)]);
      const total = salvage(bytes, budget).reduce((sum, [, content]) => sum + (content?.length ?? 0), 0);
      expect(total).toBeLessThanOrEqual(budget + 1);
    }),
  );
});
