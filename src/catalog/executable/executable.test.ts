import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ExecutableError, isExecutable, mayBeExecutable, readExecutables } from './index.ts';
import { DATA_ADDRESS, elfFixture, machOFixture, peFixture, universalFixture } from './program.fixture.ts';

const data = Buffer.from('some data of the program');
const secret = Buffer.from('what is in the section');
const sections = [{ name: '.dep-v0', content: secret, address: 0x500000 }];
const orders = [false, true].flatMap((wide) => [false, true].map((bigEndian) => ({ wide, bigEndian })));
const programs: readonly [string, Buffer][] = [
  ...orders.map((order): [string, Buffer] => [`ELF ${JSON.stringify(order)}`, elfFixture(data, sections, order)]),
  ...orders.map((order): [string, Buffer] => [`Mach-O ${JSON.stringify(order)}`, machOFixture(sections, order)]),
  ['PE', peFixture([{ name: '.data', content: data }, ...sections])],
  ['universal Mach-O', universalFixture([machOFixture(sections, { wide: true, bigEndian: false })])],
];

describe.each(programs)('%s', (_, bytes) => {
  test('has its section, and no other', () => {
    const [program] = readExecutables(bytes);
    expect(program?.section('.dep-v0')?.bytes.toString()).toBe(secret.toString());
    expect(program?.section('.other')).toBe(undefined);
  });
  test('damaged: refused or read, never anything else', () => {
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.uint8Array({ minLength: 1, maxLength: 8 }), fc.nat(bytes.length), (at, change, length) => {
        const copy = Buffer.from(bytes);
        copy.set(change.subarray(0, bytes.length - at), at);
        for (const each of [copy, bytes.subarray(0, length)]) {
          try {
            for (const program of readExecutables(each)) program.section('.dep-v0');
          } catch (error) {
            if (!(error instanceof ExecutableError)) throw error;
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});

test('bytes at addresses, and where there are none', () => {
  const [program] = readExecutables(elfFixture(data, sections, { wide: true, bigEndian: false }));
  expect(program?.at(DATA_ADDRESS + 5, 4)?.toString()).toBe('data');
  expect(program?.at(DATA_ADDRESS + data.length - 1, 4)).toBe(undefined);
  expect(program?.at(1, 4)).toBe(undefined);
  expect(program?.data.map(({ bytes }) => bytes.toString())).toEqual([data.toString()]);
});

test('a stripped section table', () => {
  const [program] = readExecutables(elfFixture(data, sections, { wide: true, bigEndian: false, stripped: true }));
  expect(program?.section('.dep-v0')).toBe(undefined);
  expect(program?.data).toHaveLength(1);
});

test('a long section name of PE', () => {
  const [program] = readExecutables(peFixture([{ name: '.a-rather-long-name', content: secret }]));
  expect(program?.section('.a-rather-long-name')?.bytes).toEqual(secret);
});

test('what is no program', () => {
  const javaClass = Buffer.concat([Buffer.from([0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 61]), Buffer.alloc(100)]);
  for (const bytes of [Buffer.alloc(0), Buffer.from('#!/bin/sh\n'), Buffer.alloc(100), javaClass]) {
    expect(isExecutable(bytes)).toBe(false);
    expect(readExecutables(bytes)).toEqual([]);
  }
});

test('what may be one by name and mode', () => {
  const may = (path: string, mode: number, size = 1000) => mayBeExecutable({ path, mode, size, type: 'file' });
  expect([may('bin/x', 0o755), may('bin/x', 0o4711), may('lib/x.so', 0o644), may('lib/x.so.1.2', 0o644), may('x.exe', 0o644)]).toEqual(Array(5).fill(true));
  expect([may('bin/x', 0o644), may('bin/x', 0o755, 10), may('x.sonar', 0o644)]).toEqual([false, false, false]);
});
