import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FAILED, globFault, globPattern, MATCHED, pattern, patternFault, wholePattern } from './index.ts';

const cases: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ['.*/id_[rd]sa$', ['/root/.ssh/id_rsa', '/id_dsa'], ['/root/.ssh/id_rsa.pub', 'id_rsa']],
  ['.*\\.pem$', ['/a/b.pem'], ['/a/bpem', '/a/b.pem.old']],
  ['/etc', ['/etc', '/etcetera'], ['/usr/etc']],
  ['', ['', 'x'], []],
  ['^a$', ['a'], ['ab', 'ba', '']],
  ['(?i)PassWord\\s*=', ['password=', 'PASSWORD  =x'], ['passwor=']],
  ['a{2,3}b', ['aab', 'aaab'], ['ab', 'aaaab']],
  ['a{0}b', ['b'], ['ab']],
  ['(?:ab|c)+d', ['abcd', 'cd'], ['d', 'abd x'.slice(1)]],
  ['.*\\bkey\\b', ['the key is', 'key'], ['monkey', 'keys']],
  ['\\w+\\Bx', ['abx'], ['x']],
  ['[^a-c\\]]+$', ['xyz'], ['xa', ']']],
  ['[]a]+$', [']a]'], ['b']],
  ['[a-]b', ['-b', 'ab'], ['bb']],
  ['\\x41\\u0042', ['AB'], ['ab']],
  ['{a}', ['{a}'], ['a']],
  ['é+', ['éé'], ['e']],
  ['(?P<name>a)b', ['ab'], ['b']],
  ['a*?b', ['aab'], ['aac']],
];

test.each(cases)('%s', (source, fits, doesNot) => {
  const ready = pattern(source);
  for (const text of fits) expect([text, ready.matches(text)]).toEqual([text, true]);
  for (const text of doesNot) expect([text, ready.matches(text)]).toEqual([text, false]);
});

test.each([
  '(a',
  'a)',
  '[a',
  '*a',
  'a**',
  '\\',
  '(a)\\1',
  '(?=a)',
  '(?<!a)',
  '(?x)a',
  'a{3,2}',
  'a{5000}',
  '(a{1000}){1000}',
  '[b-a]',
  '\\q',
  `${'('.repeat(200)}`,
])('%s is refused', (source) => expect(patternFault(source)).toMatch(/^\S.+/));

test('a text in parts', () => {
  const ready = pattern('ab+\\b.*x$');
  const parts = ['abb', ' yy', 'x'];
  expect(ready.ends(parts.reduce((progress, part) => ready.advance(progress, part, 0, part.length), ready.begin()))).toBe(true);
  expect(ready.advance(ready.begin(), 'b', 0, 1)).toBe(FAILED);
  expect(pattern('a').advance(pattern('a').begin(), 'ab', 0, 2)).toBe(MATCHED);
  expect(pattern('b$').ends(pattern('b$').advance(pattern('b$').begin(), 'abc', 1, 2))).toBe(true);
});

test('hostile expressions take time in proportion to the text', () => {
  const text = `${'a'.repeat(200_000)}!`;
  for (const source of ['(a+)+$', '(a|a)*$', '(a*)*b', '(.*)*(.*)*x$', '(a?){500}a{500}$', '(.*a){100}$']) expect(pattern(source).matches(text)).toBe(false);
  // States without end: the memory is emptied, not grown.
  expect(pattern('(a|b)*a(a|b){14}c').matches(Array.from({ length: 100_000 }, (_, i) => 'ab'[(i * i * 7 + (i >> 3)) % 2]).join(''))).toBe(false);
});

const atom = fc.oneof(fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\w', '\\d', '\\s', '-', '\\.', 'é'), fc.constantFrom('^', '$', '\\b', '\\B'));
const expression = fc.letrec<{ one: string }>((tie) => ({
  one: fc.oneof(
    { depthSize: 'small' },
    atom,
    fc.tuple(tie('one'), tie('one')).map(([a, b]) => a + b),
    fc.tuple(tie('one'), tie('one')).map(([a, b]) => `(?:${a}|${b})`),
    fc.tuple(tie('one'), fc.constantFrom('*', '+', '?', '{2}', '{1,3}', '{0,2}', '{2,}')).map(([a, count]) => `(?:${a})${count}`),
  ),
})).one;

test('agrees with JavaScript’s own engine', () => {
  fc.assert(
    fc.property(
      expression,
      fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '-', '1', ' ', 'é', '.'), maxLength: 8 }), { maxLength: 8 }),
      (source, texts) => {
        const own = pattern(source);
        const other = new RegExp(`^(?:${source})`);
        for (const text of texts) expect([source, text, own.matches(text)]).toEqual([source, text, other.test(text)]);
      },
    ),
    { numRuns: 2000 },
  );
});

test.each([
  ['bin/nginx', ['bin/nginx', 'usr/local/bin/nginx'], ['sbin/nginx', 'bin/nginx2', 'bin/x/nginx', 'bin/nginx/x']],
  ['nginx', ['nginx', 'a/b/nginx'], ['xnginx', 'nginx/x']],
  ['/opt/acme/server', ['opt/acme/server'], ['x/opt/acme/server']],
  ['*bin/a.b*', ['usr/sbin/a.b', 'bin/a.bc'], ['usr/sbin/axb', 'usr/sbin/x/a.b']],
  ['a/**/b', ['a/b', 'a/x/b', 'x/a/y/z/b'], ['ab', 'a/xb']],
  ['/srv/**', ['srv/a', 'srv/a/b'], ['srv', 'x/srv/a']],
  ['**/b', ['b', 'a/b'], ['ab']],
  ['python[23].[0-9]*', ['bin/python3.11', 'python2.7m'], ['python3', 'python4.1', 'python3.x']],
  ['[!a-c]x', ['dx', '/x/dx'], ['ax', '/x']],
  ['[]]', [']'], ['x']],
  ['a?c', ['abc', 'a\nc'], ['ac', 'a/c']],
  ['\\*(+', ['*(+'], ['a(+', '**(+']],
] as const)('the glob %s', (glob, fits, doesNot) => {
  expect(globFault(glob)).toBeUndefined();
  const ready = pattern(globPattern(glob) ?? '');
  for (const path of fits) expect([path, ready.matches(path)]).toEqual([path, true]);
  for (const path of doesNot) expect([path, ready.matches(path)]).toEqual([path, false]);
});

test.each(['', '/', 'a/', 'a//b', '../a', 'a/./b', '[a', '[', '[b-a]'])('the glob %j is refused', (glob) => {
  expect(globFault(glob)).toMatch(/^\S.+/);
});

test('the whole of a text', () => {
  for (const [source, fits, doesNot] of [
    ['a|ab', 'ab', 'abc'],
    ['(?i)x+', 'Xx', 'xy'],
    ['a$', 'a', 'ab'],
  ] as const) {
    const ready = pattern(wholePattern(source));
    expect([ready.matches(fits), ready.matches(doesNot)]).toEqual([true, false]);
  }
});
