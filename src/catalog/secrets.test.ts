import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { compress } from '../../test/support/image-builder.ts';
import { zipFixture } from '../archive/zip.fixture.ts';
import { random } from '../secrets/planted.fixture.ts';
import secrets from './secrets.ts';

const key = randomBytes(32);
const token = (): string => `ghp_${random(36)}`;
const request = { kind: 'secrets' } as const;
const context = { limits: { facts: 10_000, depth: 100 }, fingerprintKey: key };

interface Result {
  readonly fact?: {
    readonly rule: string;
    readonly location: { readonly path: string; readonly line: number; readonly member?: string };
    readonly fingerprint: string;
  };
  readonly problem?: { readonly kind: string; readonly what: string; readonly why: string };
}

const inPieces = (path: string, bytes: Buffer, size: number): Result[] => {
  const reader = secrets.pieces?.({ path, mode: 0o644 }, request, context);
  for (let at = 0; at < bytes.length; at += size) reader?.write(Buffer.from(bytes.subarray(at, at + size)));
  return [...(reader?.end() ?? [])] as Result[];
};

/** What is found, whole and in pieces alike. */
function search(path: string, bytes: Buffer): Result[] {
  const results = [...secrets.read({ path, mode: 0o644, bytes, text: () => '' }, request, context)] as Result[];
  for (const size of [100, 4097, 1_000_000]) expect(inPieces(path, bytes, size)).toEqual(results);
  return results;
}

const told = (results: readonly Result[]): string[] =>
  results.map(({ fact, problem }) =>
    fact === undefined ? `${problem?.kind}: ${problem?.what}: ${problem?.why}` : `${fact.rule} ${fact.location.member ?? '-'}:${fact.location.line}`,
  );

const directory = mkdtempSync(join(tmpdir(), 'portcullis-archives-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** An archive that a tool makes of such files. */
function made(name: string, files: Readonly<Record<string, string | Buffer>>, command: readonly string[]): Buffer {
  const root = mkdtempSync(join(directory, 'in-'));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  const [program, ...parameters] = command as [string, ...string[]];
  execFileSync(program, parameters, { cwd: root, stdio: 'ignore' });
  return readFileSync(join(root, name));
}

const filler = (size: number): string => randomBytes(size).toString('base64');

describe('archives of the tools that make them', () => {
  const files = (): Record<string, string> => ({ 'srv/app/.env': `A=1\nTOKEN=${token()}\n`, 'srv/notes.txt': `${filler(3000)}\n` });

  test.each([
    ['a.tar', ['tar', '-cf', 'a.tar', 'srv']],
    ['a.tar', ['tar', '--format=pax', '-cf', 'a.tar', 'srv']],
    ['a.tar', ['tar', '--format=v7', '-cf', 'a.tar', 'srv']],
    ['backup', ['tar', '-czf', 'backup', 'srv']],
    ['a.tgz', ['tar', '-czf', 'a.tgz', 'srv']],
  ])('%s (%s)', (name, command) => {
    expect(told(search(`root/${name}`, made(name, files(), command)))).toEqual(['github-token srv/app/.env:2']);
  });

  test.skipIf(execFileSync('sh', ['-c', 'command -v zip || true'], { encoding: 'utf8' }) === '')('zip, deflated and stored (needs zip)', () => {
    expect(told(search('root/a.docx', made('a.zip', files(), ['zip', '-qr', 'a.zip', 'srv'])))).toEqual(['github-token srv/app/.env:2']);
    expect(told(search('root/a', made('a.zip', files(), ['zip', '-q0r', 'a.zip', 'srv'])))).toEqual(['github-token srv/app/.env:2']);
  });

  test('a single file in gzip, with the rules of its name', () => {
    const bytes = made('.netrc.gz', { '.netrc': `machine a login b password p${random(8)}\n` }, ['gzip', '.netrc']);
    expect(told(search('root/.netrc.gz', bytes))).toEqual(['netrc .netrc:1']);
    // Two members, as of a log that is appended to.
    expect(told(search('var/log/a.gz', Buffer.concat([gzipSync('one\n'), gzipSync(`two ${token()}\n`)])))).toEqual(['github-token a:2']);
  });
});

const zstd = (bytes: Buffer): Buffer => compress(bytes, 'zstd');

test('what zstd compressed', () => {
  const tar = made('a.tar', { 'x/.env': `a\nT=${token()}\n` }, ['tar', '-cf', 'a.tar', 'x']);
  expect(told(search('root/a.tar.zst', zstd(tar)))).toEqual(['github-token x/.env:2']);
  expect(told(search('var/log/a.log.zst', zstd(Buffer.from(token()))))).toEqual(['github-token a.log:1']);
  const damaged = zstd(tar);
  expect(told(search('a.zst', damaged.subarray(0, damaged.length >> 1)))[0]).toMatch(/^unreadable: \/a\.zst: .*damaged/);
});

describe('archives in archives', () => {
  const inner = (): Buffer => zipFixture([{ name: 'lib/.npmrc', content: `_password=${random(20)}\n` }]);

  test('each by its members', () => {
    const tar = made('b.tar.gz', { 'x/inner.jar': inner(), 'x/.env': `t=${token()}` }, ['tar', '-czf', 'b.tar.gz', 'x']);
    const war = zipFixture([
      { name: 'WEB-INF/b.tar.gz', content: tar, stored: true },
      { name: 'WEB-INF/a.log.gz', content: gzipSync(`x ${token()}`) },
    ]);
    expect(told(search('app/a.war', war)).sort()).toEqual([
      'github-token WEB-INF/a.log.gz!/a.log:1',
      'github-token WEB-INF/b.tar.gz!/x/.env:1',
      'npmrc WEB-INF/b.tar.gz!/x/inner.jar!/lib/.npmrc:1',
    ]);
  });

  test('an archive behind a script that runs it', () => {
    expect(told(search('app/server.jar', zipFixture([{ name: 'a', content: token() }], { prefix: Buffer.from('#!/bin/sh\nexec java -jar "$0"\n') })))).toEqual([
      'github-token a:1',
    ]);
  });

  test('not without end', () => {
    let bytes = zipFixture([{ name: 'a', content: token() }]);
    for (let depth = 0; depth < 6; depth++) bytes = zipFixture([{ name: 'b.zip', content: bytes }]);
    expect(told(search('a.zip', bytes))).toEqual(['limit: /a.zip!/b.zip!/b.zip!/b.zip!/b.zip!/b.zip: it lies in more than 4 archives']);
  });

  test('what is stored as it is isn’t found twice', () => {
    const secret = token();
    expect(told(search('a.zip', zipFixture([{ name: 'a', content: `\n${secret}`, stored: true }])))).toEqual(['github-token a:2']);
  });
});

describe('damage', () => {
  const entries = () => [
    { name: 'a', content: `${token()}\n${filler(2000)}` },
    { name: 'b', content: `${token()}\n${filler(20_000)}` },
  ];

  test('what was cut off is searched up to there', () => {
    const zip = zipFixture(entries());
    expect(told(search('x/report.docx', zip.subarray(0, zip.length - 2000)))).toEqual(['github-token a:1', 'github-token b:1']);
    const streamed = zipFixture(entries().map((each) => ({ ...each, flags: 0x808, size: 0, compressedSize: 0, crc32: 0 })));
    expect(told(search('x/report.docx', streamed.subarray(0, 15_000)))).toEqual(['github-token a:1', 'github-token b:1']);
    const text = `${token()}\n${filler(30_000)}`;
    expect(told(search('a.gz', gzipSync(text).subarray(0, 9000)))).toEqual(['github-token a:1']);
    const tar = made('a.tar', { 'x/a': `${token()}`, 'x/b': `${filler(100)}\n${token()}\n${filler(60_000)}` }, ['tar', '-cf', 'a.tar', 'x/a', 'x/b']);
    const found = told(search('a.tar.gz', gzipSync(tar.subarray(0, 40_000))));
    expect(found.map((each) => each.split(' ')[0])).toEqual(['github-token', 'github-token']);
    expect(found).toContain('github-token x/a:1');
  });

  test('what nobody can read is a problem', () => {
    expect(told(search('a.zip', zipFixture([{ name: 'a', content: 'x', method: 12 }])))).toEqual([
      'unreadable: /a.zip!/a: the entry "a" uses compression method 12',
    ]);
    expect(told(search('a.zip', zipFixture([{ name: 'a', content: 'x', flags: 1 }])))[0]).toMatch(/encrypted/);
    const damaged = zipFixture(entries());
    damaged.fill(0xff, 5000, 6000);
    expect(told(search('a.zip', damaged)).filter((each) => each.startsWith('unreadable'))).toHaveLength(1);
    const bad = gzipSync(filler(5000));
    bad.fill(0xff, 1000, 2000);
    expect(told(search('a.gz', bad))).toEqual(['unreadable: /a.gz: its compressed data is damaged']);
    const lost = zipFixture(entries()).subarray(0, -30);
    lost.fill(0xff, 3000, 3500);
    expect(told(search('srv/a.jar', Buffer.from(lost))).some((each) => each.startsWith('unreadable'))).toBe(true);
  });

  test('neither is text that begins like an archive, nor an archive’s name on a text', () => {
    for (const [path, text] of [
      ['a.zip', 'not a zip'],
      ['PK', 'PK is how it begins'],
      ['a.tar', 'no tar'],
      ['a.gz', '\x1f\x8bno'],
    ] as const)
      expect([path, told(search(path, Buffer.from(text, 'latin1')))]).toEqual([path, []]);
    expect(told(search('a.zip', Buffer.from(`token ${token()}`)))).toEqual(['github-token -:1']);
  });

  test('test data of installed packages is damaged on purpose', () => {
    const zip = zipFixture([{ name: 'a', content: 'x', method: 12 }]);
    expect(told(search('usr/lib/python3/dist-packages/x/tests/bad.zip', zip))).toEqual([]);
    expect(told(search('srv/app/tests/bad.zip', zip))).toHaveLength(1);
  });
});

describe('bombs', () => {
  test('end at what a file of their size may unpack to', () => {
    const bomb = gzipSync(Buffer.alloc(40 * 1024 * 1024));
    expect(bomb.length).toBeLessThan(60_000);
    expect(told(inPieces('a.gz', bomb, 65_536) as Result[])[0]).toMatch(/^limit: \/a\.gz: it unpacks to more than/);
    const content = Buffer.alloc(2 * 1024 * 1024);
    const zip = zipFixture(Array.from({ length: 8 }, (_, index) => ({ name: `${index}`, content })));
    expect(zip.length).toBeLessThan(30_000);
    expect(told(inPieces('a.zip', zip, 65_536) as Result[]).at(-1)).toMatch(/limit: .* the archive unpacks to more than is searched/);
  });

  test('headers that claim one another’s bytes cost no more', () => {
    const header = zipFixture([{ name: 'a', content: filler(100) }]).subarray(0, 31);
    const many = Buffer.concat(Array.from({ length: 20_000 }, () => header));
    expect(told(inPieces('a.zip', many, 65_536) as Result[]).length).toBeLessThan(200);
  });
});

test('any damage ends in facts or problems', () => {
  const seeds: [string, Buffer][] = [
    [
      'a.zip',
      zipFixture([
        { name: 'a', content: `x ${token()}` },
        { name: 'b', content: filler(300), stored: true },
      ]),
    ],
    ['a.tgz', gzipSync(made('a.tar', { 'x/a': token() }, ['tar', '-cf', 'a.tar', 'x']))],
    ['a.tar', made('a.tar', { 'x/a': token() }, ['tar', '-cf', 'a.tar', 'x'])],
  ];
  fc.assert(
    fc.property(
      fc.constantFrom(...seeds),
      fc.array(fc.tuple(fc.nat(12_000), fc.uint8Array({ maxLength: 6 }), fc.nat(40)), { maxLength: 5 }),
      ([path, seed], edits) => {
        let bytes: Buffer = seed;
        for (const [at, insert, remove] of edits) bytes = Buffer.concat([bytes.subarray(0, at), insert, bytes.subarray(at + remove)]);
        const results = [...secrets.read({ path, mode: 0o644, bytes, text: () => '' }, request, context)];
        for (const one of results) expect('problem' in one || one.kind === 'secrets').toBe(true);
        expect(inPieces(path, bytes, 700)).toEqual(results);
      },
    ),
    { numRuns: 150 },
  );
});
