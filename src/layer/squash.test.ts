import { describe, expect, test } from 'vitest';
import type { RecordedEntry } from './record.ts';
import { type Node, pathOf, Squash } from './squash.ts';

const none: ReadonlySet<number> = new Set();

function entry(path: string, given: Partial<RecordedEntry> = {}): RecordedEntry {
  const type = given.linkName === undefined ? (path.endsWith('/') ? 'directory' : 'file') : 'symlink';
  return { path: path.replace(/\/$/, ''), type, mode: type === 'directory' ? 0o755 : 0o644, uid: 0, gid: 0, size: 1, linkName: '', ...given };
}
const link = (path: string, linkName: string): RecordedEntry => entry(path, { linkName });
const hardlink = (path: string, linkName: string): RecordedEntry => entry(path, { linkName, type: 'hardlink' });

function squashed(...layers: readonly (readonly RecordedEntry[])[]): Squash {
  const squash = new Squash(() => true);
  for (const [index, entries] of layers.entries()) squash.apply(index, entries, new Set(entries.keys()));
  return squash;
}

const paths = (squash: Squash): string[] => [...squash.nodes()].map(pathOf).sort();

describe('whiteouts', () => {
  test('take a file, a directory with all below it, or all in a directory away', () => {
    const base = [entry('a'), entry('d/x'), entry('d/y/z'), entry('e/x')];
    expect(paths(squashed(base, [entry('.wh.a'), entry('.wh.d')]))).toEqual(['e', 'e/x']);
    expect(paths(squashed(base, [entry('d/.wh..wh..opq')]))).toEqual(['a', 'd', 'e', 'e/x']);
    expect(paths(squashed(base, [entry('.wh..wh..opq')]))).toEqual([]);
  });

  test.each([
    ['before', [entry('.wh.d'), entry('d/new')]],
    ['after', [entry('d/new'), entry('.wh.d')]],
    ['twice', [entry('.wh.d'), entry('d/new'), entry('.wh.d')]],
    ['opaque after', [entry('d/new'), entry('d/.wh..wh..opq')]],
    ['opaque in between', [entry('d/new'), entry('d/.wh..wh..opq'), entry('d/.wh..wh..opq')]],
  ])('leave alone what their own layer wrote: %s', (_, top) => {
    expect(paths(squashed([entry('d/old'), entry('d/sub/old')], top))).toEqual(['d', 'd/new']);
  });

  test('go where the path leads when they are met: a directory that replaced a link keeps the link’s target from harm', () => {
    const base = [entry('usr/lib/db'), link('lib', 'usr/lib')];
    expect(paths(squashed(base, [entry('lib/'), entry('lib/.wh.db')]))).toEqual(['lib', 'usr', 'usr/lib', 'usr/lib/db']);
    expect(paths(squashed(base, [entry('lib/.wh.db')]))).toEqual(['lib', 'usr', 'usr/lib']);
  });

  test.each(['.wh.', '.wh..', '.wh...', '.wh..wh.', '.wh..wh.plnk'])('%s names nothing', (name) => {
    expect(paths(squashed([entry('d/a')], [entry(`d/${name}`)]))).toEqual(['d', 'd/a']);
  });
});

describe('removals are remembered with their layer', () => {
  const base = [entry('db/status'), entry('db/info/a')];
  test.each([
    ['whiteout', [entry('.wh.db')], ['db/info/a', 'db/status']],
    ['opaque', [entry('db/.wh..wh..opq')], ['db/info/a', 'db/status']],
    ['a link in its place', [link('db/status', 'elsewhere')], ['db/status']],
    ['a directory in its place', [entry('db/status/')], ['db/status']],
    ['a fifo in its place', [entry('db/status', { type: 'fifo' })], ['db/status']],
    ['a file in place of the directory', [entry('db')], ['db/info/a', 'db/status']],
    ['a new version is no removal', [entry('db/status')], []],
  ])('%s', (_, top, expected) => {
    const { removals } = squashed(base, [], top);
    expect(removals.map(({ path }) => path).sort()).toEqual(expected);
    expect(removals.every(({ layer }) => layer === 2)).toBe(true);
  });
});

describe('what no runtime would unpack', () => {
  test.each<[string, RecordedEntry[], string]>([
    ['a hard link to nothing', [hardlink('h', 'missing')], 'it is a hard link to /missing, which no layer up to layer 0 holds'],
    ['a hard link to a directory', [entry('d/'), hardlink('h', 'd')], 'it is a hard link to /d, which is a directory'],
    ['a hard link to itself', [entry('h'), hardlink('h', 'h')], 'it is a hard link to /h, whose place it takes'],
    ['a hard link below itself', [entry('h/x'), hardlink('h', 'h/x')], 'it is a hard link to /h/x, whose place it takes'],
    ['a hard link through the link that it replaces', [entry('x'), link('d', '.'), hardlink('d', 'd/x')], 'it is a hard link to /d/x, whose place it takes'],
    ['an entry below a file', [entry('f'), entry('f/x')], '/f, in which it should lie, is a file'],
    ['an entry behind a circle', [link('a', 'b'), link('b', 'a'), entry('a/x')], 'its directory /a leads through more than 40 symbolic links'],
  ])('%s', (_, entries, why) => {
    const squash = squashed(entries);
    expect(squash.refused).toEqual([{ path: entries.at(-1)?.path, layer: 0, why }]);
    expect(paths(squash).length).toBeLessThan(entries.length + 1);
  });
});

describe('where contents have ended', () => {
  const placed = (squash: Squash, layer: number, index: number): string | undefined => {
    const node = squash.placeOf(layer, index);
    return node === undefined ? undefined : pathOf(node);
  };

  test('the same path twice: the later entry', () => {
    const squash = squashed([entry('a'), entry('a')]);
    expect([placed(squash, 0, 0), placed(squash, 0, 1)]).toEqual([undefined, 'a']);
  });

  test('through a link in the middle of the path', () => {
    const squash = squashed([entry('usr/lib/'), link('lib', 'usr/lib')], [entry('lib/db')]);
    expect(placed(squash, 1, 0)).toBe('usr/lib/db');
    expect(squash.lookup('lib/db', true)?.relocated).toBe(true);
  });

  test('a hard link keeps the content when the first name goes', () => {
    const squash = squashed([entry('a', { mode: 0o600, size: 7 }), hardlink('b', 'a')], [entry('.wh.a')]);
    expect(squash.lookup('b', false)).toMatchObject({ size: 7, mode: 0o600, hardlink: true, content: { layer: 0, entry: 0 } });
    expect(placed(squash, 0, 0)).toBeUndefined();
  });

  test('removed with its directory, and written again', () => {
    const squash = squashed([entry('d/a')], [entry('.wh.d')], [entry('d/a')]);
    expect([placed(squash, 0, 0), placed(squash, 2, 0)]).toEqual([undefined, 'd/a']);
  });
});

describe('looking up', () => {
  const squash = squashed([
    entry('usr/bin/env'),
    link('bin', 'usr/bin'),
    link('out', '../../../../usr/bin/env'),
    link('absolute', '/usr/bin'),
    link('circle', 'circle'),
    link('dangling', 'nowhere'),
    entry('file'),
  ]);
  const where = (path: string, follow = true): string | undefined => {
    const node = squash.lookup(path, follow);
    return node === undefined ? undefined : pathOf(node);
  };
  test.each([
    ['/bin/env', 'usr/bin/env'],
    ['bin//env', 'usr/bin/env'],
    ['/bin/../lib', undefined],
    ['/bin/../bin/env', 'usr/bin/env'],
    ['/out', 'usr/bin/env'],
    ['/../../usr', 'usr'],
    ['/absolute/env', 'usr/bin/env'],
    ['/circle', undefined],
    ['/dangling', undefined],
    ['/file/x', undefined],
    ['/file/..', undefined],
    ['/', ''],
  ])('%s', (path, expected) => expect(where(path)).toBe(expected));
  test('the last link is followed only when that is wanted', () => {
    expect(where('/out', false)).toBe('out');
    expect(where('/bin', false)).toBe('bin');
    expect(where('/circle', false)).toBe('circle');
  });
});

test('a directory with very many files can be taken away', () => {
  const many = Array.from({ length: 300_000 }, (_, index) => entry(`d/${index}`));
  const squash = squashed(many, [entry('.wh.d')]);
  expect(paths(squash)).toEqual([]);
  expect(squash.removals).toHaveLength(many.length);
});

test('opaque marks again and again over a layer’s own files cost no more than one', () => {
  const own = Array.from({ length: 20_000 }, (_, index) => entry(`d/${index}`));
  const marks = own.map(() => entry('d/.wh..wh..opq'));
  // 400 million steps if each mark looked at each file.
  expect(paths(squashed([entry('d/old')], [...own, ...marks]))).toHaveLength(own.length + 1);
});

test('long links one behind the other end in a limit, not in hours', () => {
  const long = `${'./'.repeat(2000)}`;
  const chain = Array.from({ length: 39 }, (_, index) => link(`l${index}`, `${long}l${index + 1}`));
  const squash = new Squash();
  const files = Array.from({ length: 100_000 }, (_, index) => entry(`l0/${index}`));
  expect(() => squash.apply(0, [entry('l39/'), ...chain, ...files], none)).toThrow(expect.objectContaining({ code: 'IMAGE_LIMIT' }));
});

test('a directory that nothing names is as mkdir makes it', () => {
  const squash = squashed([entry('g/', { mode: 0o2775, gid: 7 }), entry('g/sub/file')]);
  const sub = squash.lookup('g/sub', false) as Node;
  expect({ mode: sub.mode, gid: sub.gid, uid: sub.uid }).toEqual({ mode: 0o2755, gid: 7, uid: 0 });
});
