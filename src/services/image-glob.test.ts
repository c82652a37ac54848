import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { imageFilesOf } from './image-files.fixture.ts';
import { globPaths } from './image-glob.ts';

const names = [
  'a',
  'b.conf',
  'B.conf',
  '.hidden.conf',
  'x y.conf',
  'dir/c.conf',
  'dir/d.txt',
  'dir/sub/e.conf',
  'dir2/f.conf',
  '[z].conf',
  'a-b.conf',
  '9.conf',
  '10.conf',
  'é.conf',
];
const patterns = [
  '*',
  '*.conf',
  '*/*.conf',
  '?.conf',
  '[ab].conf',
  '[!ab].conf',
  '[a-z]*',
  '.*.conf',
  'dir*/?.conf',
  'dir/**/*.conf',
  '\\[z\\].conf',
  '[[]z[]].conf',
  '*[!f]',
  'none*',
  'x y.*',
  'a',
  'missing',
  'dir/../a*',
  '*a*b*',
  '[a',
  '[]a]*',
  '[0-9]*.conf',
];

test.skipIf(!canAsk())('patterns match what glob(3) matches (skipped without python3)', () => {
  const root = mkdtempSync(join(tmpdir(), 'glob-'));
  try {
    for (const name of names) {
      mkdirSync(dirname(join(root, name)), { recursive: true });
      writeFileSync(join(root, name), '');
    }
    const files = imageFilesOf(Object.fromEntries(names.map((name) => [`/r/${name}`, ''])));
    // The C library's own function, as the servers call it.
    const program = `
import ctypes, sys
libc = ctypes.CDLL(None)
class G(ctypes.Structure):
    _fields_ = [('n', ctypes.c_size_t), ('v', ctypes.POINTER(ctypes.c_char_p)), ('rest', ctypes.c_char * 256)]
for pattern in sys.argv[1:]:
    g = G()
    rc = libc.glob(pattern.encode(), 0, None, ctypes.byref(g))
    print('|'.join(g.v[i].decode() for i in range(g.n)) if rc == 0 else '')
`;
    const said = execFileSync('python3', ['-c', program, ...patterns.map((pattern) => `${root}/${pattern}`)], { encoding: 'utf8' })
      .replace(/\n$/, '')
      .split('\n');
    const theirs = said.map((line) =>
      line
        .split('|')
        .filter((path) => path !== '')
        .map((path) => path.slice(root.length)),
    );
    const ours = patterns.map((pattern) => globPaths(files, `/r/${pattern}`, { names: 10_000 })?.map((path) => path.slice(2)));
    expect(Object.fromEntries(patterns.map((pattern, index) => [pattern, ours[index]]))).toEqual(
      Object.fromEntries(patterns.map((pattern, index) => [pattern, theirs[index]])),
    );
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});

test('a budget that is used up gives nothing', () => {
  const files = imageFilesOf({ '/r/a': '', '/r/b': '' });
  expect(globPaths(files, '/r/*', { names: 1 })).toBeUndefined();
});

function canAsk(): boolean {
  try {
    execFileSync('python3', ['-c', 'import ctypes; ctypes.CDLL(None).glob'], { stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
}
