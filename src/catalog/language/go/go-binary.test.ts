import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DATA_ADDRESS, elfFixture, machOFixture, peFixture } from '../../executable/program.fixture.ts';
import { expectDamageToShow, namesIn, readWith } from '../testing/index.ts';
import goBinary from './go-binary.ts';

const sentinel = Buffer.from('0123456789abcdef');
const listed =
  'path\texample.org/x\nmod\texample.org/x\t(devel)\t\ndep\texample.org/a\tv1.0.0\th1:a=\ndep\texample.org/b\tv1.0.0\n=>\texample.org/fork\tv2.0.0\th1:b=\ndep\texample.org/c\tv1.0.0\n=>\t./c\t(devel)\t\nbuild\t-compiler=gc\n';
const expected = ['stdlib go1.21.3', 'example.org/x (devel)', 'example.org/a v1.0.0', 'example.org/fork v2.0.0', 'example.org/c (devel)'];
const modules = Buffer.concat([sentinel, Buffer.from(listed), sentinel]);

function uvarint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest & 0x7f) | 0x80);
    rest = Math.floor(rest / 128);
  }
  return Buffer.from([...bytes, rest]);
}

function inline(release: string, text: Buffer): Buffer {
  const head = Buffer.alloc(32);
  head.write('\xff Go buildinf:', 'latin1');
  head[14] = 8;
  head[15] = 2;
  return Buffer.concat([head, uvarint(release.length), Buffer.from(release), uvarint(text.length), text]);
}

/** The form of Go 1.13 to 1.17, to be loaded at DATA_ADDRESS. */
function pointed(release: string, text: Buffer, size: 4 | 8, bigEndian: boolean): Buffer {
  const bytes = Buffer.alloc(32 + size * 4 + release.length);
  const pointer = (value: number, at: number) => {
    if (size === 4) bigEndian ? bytes.writeUInt32BE(value, at) : bytes.writeUInt32LE(value, at);
    else bigEndian ? bytes.writeBigUInt64BE(BigInt(value), at) : bytes.writeBigUInt64LE(BigInt(value), at);
  };
  bytes.write('\xff Go buildinf:', 'latin1');
  bytes[14] = size;
  bytes[15] = bigEndian ? 1 : 0;
  const textsAt = 32 + size * 4;
  pointer(DATA_ADDRESS + 32, 16);
  pointer(DATA_ADDRESS + 32 + size * 2, 16 + size);
  pointer(DATA_ADDRESS + textsAt, 32);
  pointer(release.length, 32 + size);
  pointer(DATA_ADDRESS + textsAt + release.length, 32 + size * 2);
  pointer(text.length, 32 + size * 3);
  bytes.write(release, textsAt);
  return Buffer.concat([bytes, text]);
}

describe('the forms of build information', () => {
  const read = (bytes: Buffer) => readWith(goBinary, 'bin/x', bytes);
  test.each([
    { wide: true, bigEndian: false },
    { wide: true, bigEndian: true },
    { wide: false, bigEndian: false },
    { wide: false, bigEndian: true },
  ])('ELF $wide $bigEndian: in it and by pointers, with and without a section table', (order) => {
    const before = pointed('go1.21.3', modules, order.wide ? 8 : 4, order.bigEndian);
    for (const data of [inline('go1.21.3', modules), before]) {
      for (const stripped of [false, true]) {
        const section = { name: '.go.buildinfo', content: data, address: DATA_ADDRESS };
        expect(read(elfFixture(data, [section], { ...order, stripped }))).toMatchObject({ problems: [] });
        expect(namesIn(read(elfFixture(data, [section], { ...order, stripped })))).toEqual(expected);
      }
    }
  });
  test('PE and Mach-O', () => {
    expect(namesIn(read(peFixture([{ name: '.data', content: inline('go1.21.3', modules) }])))).toEqual(expected);
    expect(namesIn(read(machOFixture([{ name: '__go_buildinfo', content: inline('go1.21.3', modules) }], { wide: true, bigEndian: false })))).toEqual(expected);
  });
  test('purls: namespace and name, no version where there is none', () => {
    const { packages } = read(peFixture([{ name: '.data', content: inline('go1.21.3', modules) }]));
    expect(packages.map(({ purl }) => purl)).toEqual([
      { version: '1.21.3' },
      { namespace: 'example.org', name: 'x', version: '' },
      { namespace: 'example.org', name: 'a', version: 'v1.0.0' },
      { namespace: 'example.org', name: 'fork', version: 'v2.0.0' },
      { namespace: 'example.org', name: 'c', version: '' },
    ]);
  });
  test('built without modules, with an experiment, from a development tree', () => {
    const release = (text: string) => namesIn(read(peFixture([{ name: '.data', content: inline(text, Buffer.alloc(0)) }])));
    expect(release('go1.13')).toEqual(['stdlib go1.13']);
    expect(release('go1.22.3 X:boringcrypto')).toEqual(['stdlib go1.22.3']);
    expect(release('devel go1.23-abc Mon')).toEqual(['stdlib devel go1.23-abc Mon']);
  });
  test('a vendor’s suffix is no part of the version in the purl', () => {
    const { packages } = read(peFixture([{ name: '.data', content: inline('go1.22.3-acme X:fips', Buffer.alloc(0)) }]));
    expect(packages).toMatchObject([{ name: 'stdlib', version: 'go1.22.3-acme', purl: { version: '1.22.3' } }]);
  });
  test('built by Go, and nothing says of what', () => {
    const none = { packages: [], problems: [{ kind: 'unsupported', what: '/bin/x', why: expect.stringContaining('no build information') }] };
    const section = { name: '.gopclntab', content: Buffer.from('functions') };
    expect(read(elfFixture(Buffer.from('data'), [section], { wide: true, bigEndian: false }))).toMatchObject(none);
    expect(read(machOFixture([{ ...section, name: '__gopclntab' }], { wide: true, bigEndian: false }))).toMatchObject(none);
    expect(read(peFixture([{ name: '.text', content: Buffer.from('\xff Go build ID: "abc"', 'latin1') }]))).toMatchObject(none);
  });
  test('what is damaged is a problem, what is no Go program is nothing', () => {
    const damaged = inline('go1.21.3', modules);
    damaged.writeUInt8(0xff, 41);
    damaged.writeUInt8(0xff, 42);
    damaged.writeUInt8(0x7f, 43);
    expect(read(peFixture([{ name: '.data', content: damaged }]))).toMatchObject({ packages: [], problems: [{ kind: 'unreadable', what: '/bin/x' }] });
    const cut = peFixture([{ name: '.data', content: inline('go1.21.3', modules) }]);
    cut.writeUInt32LE(0x7fffffff, 0x3c);
    expect(read(cut)).toMatchObject({ packages: [], problems: [{ kind: 'unreadable' }] });
    expect(read(Buffer.from(`#!/bin/sh\n${'\xff Go buildinf:'}`))).toEqual({ packages: [], problems: [] });
    const other = elfFixture(Buffer.from('data of another language'), [], { wide: true, bigEndian: false });
    expect(read(other)).toEqual({ packages: [], problems: [] });
    other.writeUInt32LE(0xffffffff, 64 + 8);
    expect(read(other)).toEqual({ packages: [], problems: [] });
  });
  test('packed by UPX', () => {
    const packed = elfFixture(Buffer.from('UPX!'), [], { wide: true, bigEndian: false });
    expect(read(packed)).toMatchObject({ packages: [], problems: [{ kind: 'unsupported' }] });
  });
});

test('selects programs and libraries', () => {
  const selects = (path: string, mode: number, size = 1000) => goBinary.selects({ path, mode, size, type: 'file' }, { kind: 'packages' });
  expect([selects('usr/bin/x', 0o755), selects('usr/lib/x.so', 0o644), selects('x.txt', 0o644), selects('empty', 0o755, 0)]).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

const hasGo = spawnSync('go', ['version']).status === 0;
test.skipIf(hasGo)('go is absent: nothing is built with it', () => {});
describe.skipIf(!hasGo)('programs that go builds (skipped where go is absent)', () => {
  let directory: string;
  const run = (args: string[], environment: Record<string, string> = {}) =>
    execFileSync('go', args, {
      cwd: directory,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, GOPROXY: 'off', GOFLAGS: '', GOWORK: 'off', CGO_ENABLED: '0', ...environment },
    });
  const random = Math.random().toString(36).slice(2, 10);
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'portcullis-go-'));
    for (const name of ['dependency', 'fork']) {
      mkdirSync(join(directory, name));
      writeFileSync(join(directory, name, 'go.mod'), `module example.org/${name}${random}\n\ngo 1.18\n`);
      writeFileSync(join(directory, name, 'x.go'), `package ${name}\n\nfunc X() {}\n`);
    }
    const [dependency, fork] = [`example.org/dependency${random}`, `example.org/fork${random}`];
    writeFileSync(
      join(directory, 'go.mod'),
      `module example.org/${random}\n\ngo 1.18\n\nrequire (\n\t${dependency} v1.2.3\n\t${fork} v0.1.0\n)\n\nreplace ${dependency} => ./dependency\n\nreplace ${fork} => ./fork\n`,
    );
    writeFileSync(join(directory, 'main.go'), `package main\n\nimport (\n\t"${dependency}"\n\tfork "${fork}"\n)\n\nfunc main() { dependency.X(); fork.X() }\n`);
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  /** What `go version -m` says, in our words. */
  const oracle = (file: string): string[] => {
    const lines = run(['version', '-m', file]).split('\n');
    const names = [`stdlib ${lines[0]?.slice(lines[0].lastIndexOf(' ') + 1)}`];
    for (const line of lines.slice(1)) {
      const [, word, path, version] = line.split('\t');
      if (word === 'mod' || word === 'dep') names.push(`${path} ${version}`);
      if (word === '=>') names.push(`${names.pop()?.split(' ')[0]} (devel)`);
    }
    return names;
  };
  test.each([
    ['as it comes', [], {}],
    ['stripped, with paths trimmed', ['-trimpath', '-ldflags=-s -w'], {}],
    ['32 bits, the other byte order', [], { GOOS: 'linux', GOARCH: 'mips' }],
    ['for Windows', ['-ldflags=-s -w'], { GOOS: 'windows', GOARCH: 'amd64' }],
    ['for macOS', [], { GOOS: 'darwin', GOARCH: 'arm64' }],
  ])('%s', { timeout: 240_000 }, (_, flags, environment) => {
    run(['build', '-o', 'program', ...flags, '.'], environment);
    const bytes = readFileSync(join(directory, 'program'));
    const reading = readWith(goBinary, 'usr/bin/program', bytes);
    expect(reading.problems).toEqual([]);
    expect(namesIn(reading)).toEqual(oracle('program'));
    expect(namesIn(reading)).toHaveLength(4);
    const at = bytes.indexOf('\xff Go buildinf:', 0, 'latin1');
    expectRealDamage(bytes, at);
    const wiped = Buffer.from(bytes).fill(0, at, at + 32);
    expect(readWith(goBinary, 'usr/bin/program', wiped)).toMatchObject({ packages: [], problems: [{ kind: 'unsupported' }] });
  });
  /** Changed headers and build information: read or said, nothing thrown. */
  const expectRealDamage = (bytes: Buffer, at: number): void => {
    const place = fc.oneof(fc.nat(1024), fc.integer({ min: at, max: at + 400 }));
    fc.assert(
      fc.property(place, fc.uint8Array({ minLength: 1, maxLength: 8 }), (from, change) => {
        const before = Buffer.from(bytes.subarray(from, from + change.length));
        bytes.set(change, from);
        readWith(goBinary, 'usr/bin/program', bytes);
        bytes.set(before, from);
      }),
      { numRuns: 40 },
    );
  };
});

test('damaged build information shows', () => {
  const data = inline('go1.21.3', modules);
  // A program whose data no longer holds the mark is one of another language: only what follows it is damaged here.
  const head = data.subarray(0, 14);
  const file = (rest: Buffer) => peFixture([{ name: '.data', content: Buffer.concat([head, rest]) }]);
  const wrapped = {
    ...goBinary,
    *read(...[given, request, context]: Parameters<typeof goBinary.read>) {
      const bytes = file(Buffer.from(given.bytes));
      yield* goBinary.read({ ...given, bytes }, request, context);
    },
  };
  expectDamageToShow(wrapped, 'bin/x', data.subarray(14));
});
