import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PortcullisError } from '../errors.ts';
import { type GoAnswer, goTar, hasGo } from './go-tar.fixture.ts';
import { readTar } from './read-tar.fixture.ts';
import { type BlockFields, base256, endBlocks, entry, gnuLong, headerBlock, padded, pax } from './tar-blocks.fixture.ts';

const names = ['etc/os-release', 'usr/lib/x/', './a', '/b//c/../d', '../../up', 'var/lib/dpkg/status', 'é', '', 'x'.repeat(100), 'deep/'.repeat(20)];
const sizes: BlockFields['size'][] = [0, 3, 512, 700, base256(3n), base256(-5n), '3\x00777777777\0', '        3  \0', '12x', '\x003', base256(1n << 62n)];
const types = ['0', '\0', '1', '2', '3', '4', '5', '6', '7', 'A', 'V', 'M', 'D', 'N', 'Z'];
const records: (readonly [string, string])[] = [
  ['path', 'renamed/by/pax'],
  ['path', ''],
  ['path', 'directory/'],
  ['linkpath', 'target'],
  ['size', '3'],
  ['size', '700'],
  ['size', ''],
  ['size', '-1'],
  ['size', '3.5'],
  ['uid', '5'],
  ['GNU.sparse.name', 'sparse-name'],
  ['GNU.sparse.realsize', '10'],
  ['GNU.sparse.size', '1000'],
  ['GNU.sparse.major', '1'],
  ['GNU.sparse.major', '0'],
  ['GNU.sparse.minor', '0'],
  ['GNU.sparse.minor', '1'],
  ['GNU.sparse.numblocks', '1'],
  ['GNU.sparse.map', '0,3'],
  ['GNU.sparse.map', '4,3'],
  ['GNU.sparse.offset', '2'],
  ['GNU.sparse.numbytes', '3'],
  ['mtime', '1.5'],
  ['comment', 'hello'],
];

const contents = fc.constantFrom('', 'abc', '1\n0\n3\n', 'y'.repeat(512), 'z'.repeat(700), padded('1\n4\n3\n').toString('latin1').concat('abc'));
const header = fc.record(
  {
    name: fc.constantFrom(...names),
    type: fc.constantFrom(...types),
    magic: fc.constantFrom<BlockFields['magic'][]>('ustar', 'gnu', 'star', 'v7'),
    prefix: fc.constantFrom('pre', 'var/lib/dpkg', '00000000000\x0000000000000\0', `${'1'.repeat(11)}\0root`, 'p'.repeat(155), base256(7n)),
    link: fc.constantFrom('target', '/abs', ''),
  },
  { requiredKeys: ['name'] },
);
const piece = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(header, contents).map(([fields, content]) => entry(fields as BlockFields, content)) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(header, contents, fc.constantFrom(...sizes))
      .map(([fields, content, size]) => entry({ ...(fields as BlockFields), size: size as number }, content)),
  },
  {
    weight: 5,
    arbitrary: fc
      .tuple(fc.array(fc.constantFrom(...records), { maxLength: 6 }), fc.constantFrom('x' as const, 'x' as const, 'g' as const))
      .map(([list, type]) => pax(list, type)),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom('L' as const, 'K' as const), fc.constantFrom('long-name', 'long/', '', 'nul\0tail'))
      .map(([type, text]) => gnuLong(type, text)),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        fc.constantFrom('00000000010\0', base256(10n), ''),
        fc.constantFrom('00000000002\x0000000000003\0', `00000000002\0${'\0'.repeat(12)}`, '0000x', ''),
        fc.boolean(),
        fc.constantFrom<BlockFields['magic'][]>('gnu', 'ustar'),
      )
      .map(([real, map, extended, magic]) =>
        Buffer.concat([
          headerBlock({ name: 'old-sparse', type: 'S', magic: magic as 'gnu', size: 3, patch: { 386: map, 482: extended ? '\x01' : '\0', 483: real } }),
          ...(extended ? [Buffer.alloc(512)] : []),
          padded('abc'),
        ]),
      ),
  },
  { weight: 1, arbitrary: fc.constantFrom(Buffer.alloc(512), Buffer.alloc(100), padded('not a header')) },
);
const archive = fc
  .tuple(fc.array(piece, { maxLength: 6 }), fc.boolean())
  .map(([pieces, ended]) => Buffer.concat([...pieces, ...(ended ? [endBlocks, Buffer.from('trailing')] : [])]));

describe.skipIf(!hasGo)('as container runtimes read it (needs Go)', () => {
  let directory = '';
  let ask: (archives: readonly Uint8Array[]) => GoAnswer[] = () => [];
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'portcullis-go-'));
    ask = goTar(directory);
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  test('whatever Go reads is read with the same entries, or refused', () => {
    const archives = fc.sample(archive, { numRuns: 3000 });
    const answers = ask(archives);
    let accepted = 0;
    for (const [index, bytes] of archives.entries()) {
      const go = answers[index] as GoAnswer;
      let own: ReturnType<typeof readTar>;
      try {
        own = readTar(bytes, { size: [1, 511, 65_536][index % 3] as number });
      } catch (error) {
        expect(error).toBeInstanceOf(PortcullisError);
        continue;
      }
      if ('error' in go) continue; // no runtime unpacks it
      accepted++;
      expect(own, `archive ${index}: ${gzipSync(bytes).toString('base64')}`).toEqual(go.entries);
    }
    expect(accepted).toBeGreaterThan(300);
  });

  test('what Go reads and real tools write is not refused', () => {
    const archives = fc
      .sample(fc.array(fc.tuple(header, contents), { maxLength: 5 }), { numRuns: 500 })
      .map((list) =>
        Buffer.concat([
          ...list.map(([fields, content]) =>
            entry(
              { ...fields, magic: 'ustar', prefix: 'p' } as BlockFields,
              /[1-6]/.test(fields.type ?? '0') || (fields.type === '\0' && /^$|\/$/.test(fields.name)) ? '' : content,
            ),
          ),
          endBlocks,
        ]),
      );
    const answers = ask(archives);
    for (const [index, bytes] of archives.entries()) expect({ entries: readTar(bytes) }).toEqual(answers[index]);
  });
});
