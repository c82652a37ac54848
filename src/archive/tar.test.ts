import { execFileSync, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { closeSync, ftruncateSync, mkdirSync, mkdtempSync, openSync, rmSync, symlinkSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PortcullisError } from '../errors.ts';
import { defaultLimits } from './limits.ts';
import { readTar } from './read-tar.fixture.ts';
import { TarReader } from './tar.ts';
import { base256, endBlocks, entry, gnuLong, headerBlock, padded, pax, paxRecord } from './tar-blocks.fixture.ts';

function codeOf(run: () => unknown): string {
  try {
    run();
    return 'nothing was thrown';
  } catch (error) {
    return error instanceof PortcullisError ? error.code : String(error);
  }
}

function paths(bytes: Buffer): string[] {
  return readTar(bytes).map(({ path }) => path);
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const file = (name: string | Uint8Array, content: string | Uint8Array = ''): Buffer => entry({ name }, content);

describe('names', () => {
  test.each([
    ['../../etc/passwd', 'etc/passwd'],
    ['/etc/passwd', 'etc/passwd'],
    ['./a/./b//c', 'a/b/c'],
    ['a/../../../b', 'b'],
    ['..', ''],
    ['/', ''],
    ['...', '...'],
    ['a/..b', 'a/..b'],
  ])('%s stands for %s', (name, path) => expect(paths(Buffer.concat([file(name), endBlocks]))).toEqual([path]));

  test('with newlines, escape sequences and bidi marks they are kept as they are', () => {
    const names = ['a\nb', '\u001b[31mred', 'x\u202Ey', '::warning::x'];
    expect(paths(Buffer.concat([...names.map((name) => file(name)), endBlocks]))).toEqual(names);
  });

  test('names that are not UTF-8 stay different, and one name is the same however a header splits it', () => {
    const name = Buffer.from([0x61, 0xff, 0x2f, 0xc3, 0xa9]);
    const bytes = Buffer.concat([
      file(Buffer.from([0xff])),
      file(Buffer.from([0xfe])),
      file(name),
      entry({ name: name.subarray(3), prefix: name.subarray(0, 2) }),
      pax([['path', name]]),
      file('short'),
      endBlocks,
    ]);
    expect(paths(bytes)).toEqual(['\\xff', '\\xfe', 'a\\xff/é', 'a\\xff/é', 'a\\xff/é']);
  });

  test('a NUL ends a name in a header, and is refused in a pax record', () => {
    expect(paths(Buffer.concat([file('seen\0hidden'), gnuLong('L', 'long\0hidden'), file('x'), endBlocks]))).toEqual(['seen', 'long']);
    expect(codeOf(() => readTar(Buffer.concat([pax([['path', 'a\0b']]), file('x'), endBlocks])))).toBe('IMAGE_INVALID');
  });

  test('too long or too deep they are over a limit', () => {
    const named = (name: string): Buffer => Buffer.concat([pax([['path', name]]), file('x'), endBlocks]);
    expect(paths(named('x'.repeat(4096)))[0]).toHaveLength(4096);
    expect(codeOf(() => readTar(named('x'.repeat(4097))))).toBe('IMAGE_LIMIT');
    expect(codeOf(() => readTar(named('d/'.repeat(256).concat('x'))))).toBe('nothing was thrown');
    expect(codeOf(() => readTar(named('d/'.repeat(257).concat('x'))))).toBe('IMAGE_LIMIT');
    expect(codeOf(() => readTar(Buffer.concat([pax([['linkpath', 'l'.repeat(4097)]]), entry({ name: 'x', type: '2' }), endBlocks])))).toBe('IMAGE_LIMIT');
  });

  test('duplicates are entries each', () => {
    expect(paths(Buffer.concat([file('a', '1'), file('./a', '2'), endBlocks]))).toEqual(['a', 'a']);
  });
});

describe('numbers', () => {
  test('base 256, negative and too large sizes', () => {
    expect(readTar(Buffer.concat([entry({ name: 'a', size: base256(3n) }, 'abc'), endBlocks]))[0]?.size).toBe(3);
    for (const size of [base256(-1n), base256(1n << 62n), base256(1n << 53n), '-0000000001\0', '9', 'x']) {
      expect(codeOf(() => readTar(Buffer.concat([entry({ name: 'a', size }, 'abc'), endBlocks])))).toBe('IMAGE_INVALID');
    }
  });

  test.each(['-1', '3.0', '0x3', '1e3', '99999999999999999999', ' 3'])('a pax size of "%s" is refused', (size) =>
    expect(codeOf(() => readTar(Buffer.concat([pax([['size', size]]), file('a', 'abc'), endBlocks])))).toBe('IMAGE_INVALID'),
  );

  test('a pax size takes the place of the one in the header', () => {
    const bytes = Buffer.concat([pax([['size', '3']]), headerBlock({ name: 'a', size: 0 }), padded('abc'), file('b'), endBlocks]);
    expect(readTar(bytes)).toMatchObject([
      { path: 'a', size: 3, content: sha256(Buffer.from('abc')) },
      { path: 'b', size: 0 },
    ]);
  });

  test('a huge size in the header makes nothing be allocated', () => {
    const bytes = Buffer.concat([headerBlock({ name: 'a', size: base256(1n << 50n) }), Buffer.alloc(512)]);
    expect(codeOf(() => readTar(bytes))).toBe('IMAGE_INVALID');
  });

  test('kinds without content have none, whatever size they claim', () => {
    for (const type of ['1', '2', '3', '4', '5', '6']) {
      expect(readTar(Buffer.concat([headerBlock({ name: 'd', type, size: 5000 }), file('next'), endBlocks]))).toMatchObject([{ size: 0 }, { path: 'next' }]);
    }
  });
});

describe('structure', () => {
  const whole = Buffer.concat([pax([['path', 'a']]), file('x', 'abc'), gnuLong('L', 'long'), file('y'), endBlocks]);

  test('cut off at any place it is damaged, or ends between two entries', () => {
    for (let length = 0; length < whole.length; length++) {
      const code = codeOf(() => readTar(whole.subarray(0, length)));
      const isBetween = length === 0 || length === 2048 || (length >= 4096 - 512 && length % 512 === 0);
      expect(code, `at ${length}`).toBe(isBetween ? 'nothing was thrown' : 'IMAGE_INVALID');
    }
  });

  test('it is the same in chunks of any size', () => {
    for (const size of [1, 3, 511, 512, 513, 5000]) expect(readTar(whole, { size })).toEqual(readTar(whole));
  });

  test('a lone zero block ends nothing: an entry after it is damage, the end of the stream is not', () => {
    expect(codeOf(() => readTar(Buffer.concat([file('a'), Buffer.alloc(512), file('b'), endBlocks])))).toBe('IMAGE_INVALID');
    expect(paths(Buffer.concat([file('a'), Buffer.alloc(512)]))).toEqual(['a']);
  });

  test('what follows the end is not read', () => {
    expect(paths(Buffer.concat([file('a'), endBlocks, file('hidden'), Buffer.from('x')]))).toEqual(['a']);
  });

  test('a checksum may be the sum of signed bytes, and no other', () => {
    const name = Buffer.from('naïve');
    expect(paths(Buffer.concat([headerBlock({ name, checksum: 'signed' }), endBlocks]))).toEqual(['naïve']);
    expect(codeOf(() => readTar(headerBlock({ name, checksum: 'wrong' })))).toBe('IMAGE_INVALID');
  });

  test('global headers concern nothing, as in container runtimes', () => {
    const bytes = Buffer.concat([pax([['path', 'renamed']], 'g'), file('a'), pax([['path', 'lost']]), pax([], 'g'), file('b'), endBlocks]);
    expect(paths(bytes)).toEqual(['a', 'b']);
  });

  test('a long name wins over a pax path; the later header of a kind over the earlier', () => {
    const bytes = Buffer.concat([
      gnuLong('L', 'long'),
      pax([['path', 'one']]),
      pax([['path', 'two']]),
      file('x'),
      pax([['path', 'one']]),
      pax([['uid', '1']]),
      file('y'),
      endBlocks,
    ]);
    expect(paths(bytes)).toEqual(['long', 'y']);
  });

  test('a slash at the end makes no directory of a file, so that content is not taken for headers', () => {
    const inner = file('var/lib/dpkg/status', 'Package: fake\n');
    expect(readTar(Buffer.concat([entry({ name: 'x/' }, inner), endBlocks]))).toMatchObject([{ path: 'x', type: 'file', size: inner.length }]);
    expect(readTar(Buffer.concat([entry({ name: 'x/', type: '\0' }), endBlocks]))).toMatchObject([{ path: 'x', type: 'directory' }]);
  });

  test.each([
    ['no length', Buffer.from('path=a\n')],
    ['a length of zero', Buffer.from('0 path=a\n')],
    ['a length beyond the end', Buffer.from('99 path=a\n')],
    ['a length that ends in a value', Buffer.from('8 path=abc\n')],
    ['no key', paxRecord('', 'a')],
    ['a huge length', Buffer.from('99999999999 path=a\n')],
  ])('a pax record with %s is damage', (_, records) => {
    expect(codeOf(() => readTar(Buffer.concat([entry({ name: 'p', type: 'x' }, records), file('x'), endBlocks])))).toBe('IMAGE_INVALID');
  });

  test('extended attributes are kept as bytes', () => {
    const seen: unknown[] = [];
    const reader = new TarReader((item) => {
      seen.push(item.xattrs === null ? null : [...item.xattrs]);
      return null;
    }, defaultLimits);
    reader.write(Buffer.concat([pax([['SCHILY.xattr.security.capability', Buffer.from([1, 0, 0xff])]]), file('x'), file('y'), endBlocks]));
    expect(seen).toEqual([[['security.capability', '\x01\0\xff']], null]);
  });
});

describe('limits', () => {
  test('entries, extended headers', () => {
    const many = Buffer.concat([...Array.from({ length: 11 }, (_, index) => file(String(index))), endBlocks]);
    expect(codeOf(() => readTar(many, { limits: { entries: 10 } }))).toBe('IMAGE_LIMIT');
    expect(readTar(many, { limits: { entries: 11 } })).toHaveLength(11);
    expect(codeOf(() => readTar(headerBlock({ type: 'x', size: 2 ** 20 + 1 })))).toBe('IMAGE_LIMIT');
    expect(codeOf(() => readTar(headerBlock({ type: 'L', size: 2 ** 32 })))).toBe('IMAGE_LIMIT');
  });

  test('a pax header of ninety thousand records is read in passing', () => {
    const records = Buffer.concat(Array.from({ length: 90_000 }, (_, index) => paxRecord(`k${index % 7}`, 'v')));
    expect(paths(Buffer.concat([entry({ name: 'p', type: 'x' }, records.subarray(0, records.length)), file('x'), endBlocks]))).toEqual(['x']);
  });

  test('hundreds of thousands of entries are walked without being held', () => {
    const block = Buffer.concat(Array.from({ length: 1000 }, () => headerBlock({ name: 'same' })));
    let seen = 0;
    const reader = new TarReader(() => {
      seen++;
      return null;
    }, defaultLimits);
    for (let round = 0; round < 300; round++) reader.write(block);
    expect(seen).toBe(300_000);
  });
});

describe('sparse files', () => {
  const old = (real: string | Buffer, map: string, content: string, extension: Buffer[] = []): Buffer =>
    Buffer.concat([
      headerBlock({
        name: 's',
        type: 'S',
        magic: 'gnu',
        size: Buffer.byteLength(content),
        patch: { 386: map, 482: extension.length > 0 ? '\x01' : '\0', 483: real },
      }),
      ...extension,
      padded(content),
      endBlocks,
    ]);
  const octal = (value: number): string => `${value.toString(8).padStart(11, '0')}\0`;

  test('the old form, also larger than octal can say, asks for nothing to be allocated', () => {
    expect(readTar(old(octal(10), octal(4) + octal(3), 'abc'))[0]).toMatchObject({ size: 10, content: sha256(Buffer.from('\0\0\0\0abc\0\0\0')) });
    expect(readTar(old(base256(1n << 40n), octal(4) + octal(3), 'abc'))[0]).toMatchObject({ size: 2 ** 40, content: null });
  });

  test.each([
    ['a segment beyond the end', old(octal(5), octal(4) + octal(3), 'abc')],
    ['segments that overlap', old(octal(50), octal(4) + octal(2) + octal(5) + octal(1), 'abc')],
    ['less data than the map says', old(octal(50), octal(4) + octal(30), 'abc')],
    ['a map that is not numbers', old(octal(50), 'zzzzzzzzzzzzzzzzzzzzzzzz', 'abc')],
    ['no size', old('zzz', octal(4) + octal(3), 'abc')],
    ['another format', Buffer.concat([headerBlock({ name: 's', type: 'S' }), endBlocks])],
  ])('%s is damage', (_, bytes) => expect(codeOf(() => readTar(bytes))).toBe('IMAGE_INVALID'));

  test('a small file may not store gigabytes, which would be held', () => {
    const bytes = Buffer.concat([
      headerBlock({ name: 's', type: 'S', magic: 'gnu', size: base256(1n << 34n), patch: { 386: octal(0) + octal(3), 483: octal(3) } }),
      Buffer.alloc(512),
    ]);
    expect(codeOf(() => readTar(bytes))).toBe('IMAGE_INVALID');
    const asPax = Buffer.concat([
      pax([
        ['GNU.sparse.map', '0,3'],
        ['GNU.sparse.size', '3'],
        ['size', '9999999999'],
      ]),
      headerBlock({ name: 's' }),
      Buffer.alloc(512),
    ]);
    expect(codeOf(() => readTar(asPax))).toBe('IMAGE_INVALID');
  });

  test('a map of more than 100000 segments is over a limit', () => {
    const extension = Buffer.alloc(512);
    for (let index = 0; index < 21; index++) extension.write(`${octal(0)}${octal(0)}`, index * 24);
    extension[504] = 1;
    expect(
      codeOf(() =>
        readTar(
          old(
            octal(5),
            '',
            '',
            Array.from({ length: 5000 }, () => extension),
          ),
        ),
      ),
    ).toBe('IMAGE_LIMIT');
  });

  test.each([
    ['half a pair', '1,2,3'],
    ['words', 'a,b'],
    ['exponents', '1e1,2'],
    ['negative numbers', '-1,2'],
  ])('a pax map with %s is damage', (_, map) =>
    expect(
      codeOf(() =>
        readTar(
          Buffer.concat([
            pax([
              ['GNU.sparse.map', map],
              ['GNU.sparse.size', '10'],
            ]),
            file('s', 'ab'),
            endBlocks,
          ]),
        ),
      ),
    ).toBe('IMAGE_INVALID'),
  );

  test('a sparse name or size without a map changes nothing', () => {
    const bytes = Buffer.concat([
      pax([
        ['GNU.sparse.name', 'other'],
        ['GNU.sparse.realsize', '9'],
        ['path', 'real'],
      ]),
      file('x', 'abc'),
      endBlocks,
    ]);
    expect(readTar(bytes)).toMatchObject([{ path: 'real', size: 3 }]);
  });
});

const gnuTar = spawnSync('tar', ['--version'], { encoding: 'utf8' }).stdout?.includes('GNU tar') === true;
const python = spawnSync('python3', ['--version']).status === 0;

describe('what real tools write', () => {
  let directory = '';
  const word = randomBytes(4).toString('hex');
  const long = `${word}/`.repeat(30).concat('é', word);
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'portcullis-tar-'));
    const tree = join(directory, 'tree');
    mkdirSync(join(tree, long, '..'), { recursive: true });
    writeFileSync(join(tree, long), word);
    writeFileSync(join(tree, 'empty'), '');
    writeFileSync(join(tree, 'big'), randomBytes(100_000));
    symlinkSync(long, join(tree, 'link'));
    const sparse = openSync(join(tree, 'sparse'), 'w');
    for (let at = 0; at < 40; at++) writeSync(sparse, word, at * 100_000 + 50_000);
    ftruncateSync(sparse, 5_000_000);
    closeSync(sparse);
    const empty = openSync(join(tree, 'hole'), 'w');
    ftruncateSync(empty, 12 * 2 ** 30);
    closeSync(empty);
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  const listed = (bytes: Buffer): Map<string, unknown> =>
    new Map(readTar(bytes).map((seen) => [seen.path, { type: seen.type, size: seen.size, content: seen.content, link: seen.link }]));
  const tarOf = (...parameters: string[]): Buffer =>
    execFileSync('tar', [...parameters, '-C', join(directory, 'tree'), '-cf', '-', '.'], { maxBuffer: 1 << 28 });

  test.skipIf(!gnuTar).each([
    ['gnu', '--format=gnu', '--sparse'],
    ['oldgnu', '--format=oldgnu', '--sparse'],
    ['pax, sparse 0.0', '--format=pax', '--sparse', '--sparse-version=0.0'],
    ['pax, sparse 0.1', '--format=pax', '--sparse', '--sparse-version=0.1'],
    ['pax, sparse 1.0', '--format=pax', '--sparse', '--sparse-version=1.0'],
  ])('GNU tar: %s (needs GNU tar)', (_, ...parameters) => {
    const seen = listed(tarOf(...parameters));
    const content = (name: string): string => execFileSync('sha256sum', [join(directory, 'tree', name)], { encoding: 'utf8' }).slice(0, 64);
    expect(seen.get(long)).toEqual({ type: 'file', size: word.length, content: sha256(Buffer.from(word)), link: '' });
    expect(seen.get('link')).toMatchObject({ type: 'symlink', link: long });
    expect(seen.get('big')).toMatchObject({ size: 100_000, content: content('big') });
    expect(seen.get('sparse')).toMatchObject({ size: 5_000_000, content: content('sparse') });
    expect(seen.get('hole')).toMatchObject({ type: 'file', size: 12 * 2 ** 30, content: null });
    expect([...seen.keys()].filter((path) => path.includes('GNUSparseFile') || path.includes('PaxHeader'))).toEqual([]);
  });

  test.skipIf(!python).each(['USTAR_FORMAT', 'GNU_FORMAT', 'PAX_FORMAT'])("Python's tarfile: %s (needs python3)", (format) => {
    const out = join(directory, 'python.tar');
    const name = format === 'USTAR_FORMAT' ? `${word}/`.repeat(20).concat(word) : long;
    const program = `
import io, sys, tarfile
with tarfile.open(sys.argv[1], 'w', format=tarfile.${format}, encoding='utf-8', errors='surrogateescape') as t:
  def add(name, kind, data=b'', link=''):
    i = tarfile.TarInfo(name); i.type = kind; i.size = len(data); i.linkname = link; i.uid = 12345678 if '${format}' != 'USTAR_FORMAT' else 5; t.addfile(i, io.BytesIO(data))
  add(sys.argv[2], tarfile.REGTYPE, b'hello')
  add('d', tarfile.DIRTYPE)
  add('s', tarfile.SYMTYPE, link=sys.argv[2][:100] if '${format}' == 'USTAR_FORMAT' else sys.argv[2])
  add('h', tarfile.LNKTYPE, link='d/x')
  add('f', tarfile.FIFOTYPE)
  add('c', tarfile.CHRTYPE)`;
    execFileSync('python3', ['-c', program, out, name]);
    const seen = readTar(execFileSync('cat', [out]));
    expect(seen.map(({ path, type }) => `${type} ${path}`)).toEqual([`file ${name}`, 'directory d', 'symlink s', 'hardlink h', 'fifo f', 'device c']);
    expect(seen[0]?.content).toBe(sha256(Buffer.from('hello')));
  });
});
