import { expect, test } from 'vitest';
import { defineCataloger } from '../catalog/index.ts';
import { checkCatalogerCase, testCataloger } from './index.ts';

const lines = defineCataloger({
  name: 'language/lines',
  version: 1,
  summary: 'A name on each line.',
  provides: ['packages'],
  evidence: 'packages',
  selects: ({ path }) => path.endsWith('.lines'),
  *read(file) {
    for (const [index, name] of file.text().split('\n').entries()) {
      if (name === '') yield { problem: { kind: 'unreadable', what: file.path, why: 'a line is empty', line: index + 1 } };
      else
        yield {
          kind: 'packages',
          fact: { type: 'generic', name, version: '1', source: null, architecture: null, licenses: [], locations: [], lockfile: true },
        };
    }
  },
});

testCataloger(
  lines,
  {
    takes: ['a.lines', 'b/c.lines'],
    leaves: ['a.txt', 'lines'],
    files: [
      {
        title: 'facts and problems',
        path: 'a.lines',
        content: 'one\n\ntwo',
        facts: { packages: [{ name: 'one' }, { name: 'two', version: '1' }] },
        problems: [{ line: 2 }],
      },
      { title: 'bytes', path: 'a.lines', content: Uint8Array.of(120), facts: { packages: [{ name: 'x' }] } },
    ],
  },
  test,
);

test.each([
  ['a fact that nobody expected', { path: 'a.lines', content: 'one\ntwo', facts: { packages: [{ name: 'one' }] } }],
  ['a fact that is missing', { path: 'a.lines', content: 'one', facts: { packages: [{ name: 'one' }, { name: 'two' }] } }],
  ['another field', { path: 'a.lines', content: 'one', facts: { packages: [{ name: 'one', version: '2' }] } }],
  ['facts where none are expected', { path: 'a.lines', content: 'one' }],
  ['a problem that nobody expected', { path: 'a.lines', content: '' }],
  ['a file that is not selected', { path: 'a.txt', content: 'one', facts: { packages: [{ name: 'one' }] } }],
])('notices %s', (title, each) => {
  expect(() => checkCatalogerCase(lines as never, { title, ...each })).toThrow();
});

test('notices a path that is taken or left against expectation', () => {
  const run = (takes: string[], leaves: string[]) => testCataloger(lines, { takes, leaves, files: [] }, (_, body) => body());
  expect(() => run(['a.txt'], [])).toThrow();
  expect(() => run([], ['a.lines'])).toThrow();
});
