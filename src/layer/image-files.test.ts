import { expect, test } from 'vitest';
import { imageFiles } from './image-files.ts';
import type { RecordedEntry } from './record.ts';
import { Squash } from './squash.ts';

function entry(path: string, given: Partial<RecordedEntry> = {}): RecordedEntry {
  return { path, type: 'file', mode: 0o644, uid: 1, gid: 2, size: 3, linkName: '', ...given };
}

const squash = new Squash();
squash.apply(
  0,
  [
    entry('etc', { type: 'directory', mode: 0o755 }),
    entry('etc/conf', { mode: 0o4755 }),
    entry('etc/link', { type: 'symlink', linkName: '../etc/conf' }),
    entry('etc/lost', { type: 'symlink', linkName: '/nowhere' }),
    entry('etc/empty', { size: 0 }),
    entry('etc/later'),
    entry('etc/broken'),
    entry('etc/pipe', { type: 'fifo' }),
    entry('names/\u{10000}'),
    entry('names/\uFFFF'),
    entry('names/b'),
    entry('names/B'),
  ],
  new Set(),
);
const files = imageFiles(squash, (node) => {
  if (node.name === 'conf') return Uint8Array.of(1, 2, 3);
  return node.name === 'broken' ? { unreadable: 'it is damaged' } : undefined;
});

test('stat follows the last link, lstat does not; both give the real path', () => {
  const conf = { path: '/etc/conf', type: 'file', mode: 0o4755, uid: 1, gid: 2, size: 3, linkTarget: null, layer: 0 };
  expect(files.stat('/etc/link')).toEqual(conf);
  expect(files.stat('etc/conf')).toEqual(conf);
  expect(files.lstat('/etc/link')).toMatchObject({ path: '/etc/link', type: 'symlink', linkTarget: '../etc/conf' });
  expect(files.lstat('/etc/lost')).toMatchObject({ type: 'symlink' });
  expect(files.stat('/etc/lost')).toBeUndefined();
  expect(files.stat('/etc/conf/below')).toBeUndefined();
  expect(files.stat('/')).toMatchObject({ path: '/', type: 'directory' });
});

test('list gives names in byte order, and nothing where there is no directory', () => {
  expect(files.list('/names')).toEqual(['B', 'b', '\uFFFF', '\u{10000}']);
  expect(files.list('/etc/conf')).toEqual([]);
  expect(files.list('/missing')).toEqual([]);
});

test('read tells what is there, what will be, what cannot be had and what is missing apart', () => {
  expect(files.read('/etc/link')).toMatchObject({ state: 'read', bytes: Uint8Array.of(1, 2, 3), entry: { path: '/etc/conf' } });
  expect(files.read('/etc/empty')).toMatchObject({ state: 'read', bytes: new Uint8Array(0) });
  expect(files.read('/etc/later')).toEqual({ state: 'pending' });
  expect(files.read('/etc/broken')).toEqual({ state: 'unreadable', why: 'it is damaged' });
  expect(files.read('/etc/pipe')).toEqual({ state: 'unreadable', why: 'it is a fifo, not a file' });
  expect(files.read('/etc')).toEqual({ state: 'unreadable', why: 'it is a directory, not a file' });
  expect(files.read('/etc/lost')).toEqual({ state: 'missing' });
});
