import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tomlDocument } from './toml-document.ts';

const read = (text: string) => tomlDocument({ path: 'a.toml', mode: 0o644, bytes: Buffer.from(text), text: () => text });

test('a document, or what is wrong with it', () => {
  expect(read('a = 1\n[b]\nc.d = "x"').value).toEqual({ a: 1, b: { c: { d: 'x' } } });
  expect(read('a = ').problem).toMatchObject({ problem: { kind: 'unreadable', what: '/a.toml' } });
});

test.each([
  ['keys', 'a=1\n'],
  ['dots', 'a.'],
  ['tables', '[a]\n'],
  ['arrays', '[],'],
  ['inline tables', '{},'],
  ['behind a string with quotes at its end', '""""a"""""={}\n'],
  ['behind one in apostrophes', "''''a'''''={}\n"],
  ['behind a string that does not end', '"a\n={}'],
  ['behind a comment', '#"\n={}'],
])('too many %s are a limit, before anything is made of them', (_, part) => {
  expect(read(part.repeat(1_600_000)).problem).toMatchObject({ problem: { kind: 'limit', what: '/a.toml' } });
});

test('what stands in strings and comments counts as nothing', () => {
  const filler = '.=[{'.repeat(500_000);
  for (const text of [`a = "${filler}"`, `a = '${filler}'`, `a = """\n\\"${filler}"\n"""`, `a = '''\n${filler}'\n'''`, `# ${filler}\na = 1`]) {
    expect(Object.keys(read(text).value ?? {})).toEqual(['a']);
  }
});

test('nothing is thrown, and damaged text takes linear time', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('"', "'", '\\', '\n', '#', 'a', '=', '[', ']', '{', '}', '.', '\r') }), (text) => {
      const { value, problem } = read(text);
      return (value === undefined) !== (problem === undefined);
    }),
  );
  for (const part of ['"""\\', "'''", '"', '\\', '"\\"', '#', '""" ']) read(part.repeat(1_000_000));
});
