import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { isFields } from '../document.ts';
import { YamlBlockError, type YamlValue, yamlDocuments } from './yaml-block.ts';

/** All of a value, mappings read entry by entry as far as they are blocks. */
function read(value: YamlValue): unknown {
  const whole = value.whole();
  return isFields(whole) ? Object.fromEntries([...value.entries()].map(({ key, value: item }) => [key, read(item)])) : whole;
}

function readText(text: string): unknown[] {
  return [...yamlDocuments(text)].map(read);
}

const failsafe = { schema: 'failsafe', uniqueKeys: false } as const;

test('what a writer of YAML writes is read as a parser of all of YAML reads it', () => {
  const key = fc.oneof(
    fc.stringMatching(/^[a-z@/][a-z@/.: #'"-]{0,12}$/),
    fc.string({ minLength: 1, maxLength: 8 }),
    fc.constantFrom('-', '?', 'a: b', '1', 'null', '- a', "it's"),
  );
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.string({ maxLength: 20 }),
      fc.constantFrom('two\nlines\n', ' a', '', '1.10', 'true', '{', 'a #b'),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true }),
    ),
  }));
  const root = fc.dictionary(key, value, { minKeys: 1, maxKeys: 4, noNullPrototype: true });
  const options = fc.record({ indent: fc.constantFrom(1, 2, 4), lineWidth: fc.constantFrom(0, 40), indentSeq: fc.boolean() });
  fc.assert(
    fc.property(root, options, (given, form) => {
      const text = stringify(given, { ...form, aliasDuplicateObjects: false });
      let found: unknown[];
      try {
        found = readText(text);
      } catch (error) {
        // A form that no package manager writes: keys over several lines.
        if (error instanceof YamlBlockError && /^\s*\?/m.test(text)) return;
        throw error;
      }
      expect(found).toEqual([parse(text, failsafe)]);
    }),
    { numRuns: 1000 },
  );
});

describe('forms', () => {
  test.each([
    ['a list where its key stands', 'a:\n- b\n- c: d\ne: f\n', { a: ['b', { c: 'd' }], e: 'f' }],
    [
      'a long key of pnpm',
      '? /a/1.0.0_b\n: resolution: {integrity: c}\n  dev: true\nd: e\n',
      { '/a/1.0.0_b': { resolution: { integrity: 'c' }, dev: 'true' }, d: 'e' },
    ],
    ['a long key of Yarn', '? "a@npm:1, a@npm:2"\n:\n  version: 1\n', { 'a@npm:1, a@npm:2': { version: '1' } }],
    ['a record over several lines', 'a:\n  {\n    b: c,\n  }\nd: e\n', { a: { b: 'c' }, d: 'e' }],
    ['comments', '# x\na: # y\n  b: c # z\n# w\n  d: e\n', { a: { b: 'c', d: 'e' } }],
    ['a text of several lines that looks like keys', 'a: |-\n  b: c\n  # d\n   e: f\ng: h\n', { a: 'b: c\n# d\n e: f', g: 'h' }],
    ['line ends of Windows', 'a:\r\n  b: 1.10\r\n\r\nc: "d"\r\n', { a: { b: '1.10' }, c: 'd' }],
    ['colons within a key', 'a@git+file:///b#c: d\n', { 'a@git+file:///b#c': 'd' }],
    ['quotes within quotes', "'it''s': a\n\"b\\\"\\u0041\": c\n", { "it's": 'a', 'b"A': 'c' }],
  ])('%s', (_, text, expected) => {
    expect(readText(text)).toEqual([expected]);
  });

  test('several documents, the empty ones left out', () => {
    expect(readText('---\na: b\n--- # c\nd: |\n  ---\n...\n---\n# nothing\n')).toEqual([{ a: 'b' }, { d: '---\n' }]);
    expect(readText('\n# nothing\n')).toEqual([]);
  });

  test.each([
    ['no key', 'a: b\nc\n', 2],
    ['an indentation less than the first', '  a: b\n c: d\n', 2],
    ['a key without an end', '"a: b\n', 1],
    ['an anchor', 'a: b\n&c d: e\n', 2],
    ['a list', '- a\n', 1],
    ['a long key without a value', '? a\nb: c\n', 2],
    ['a long key at the end', 'b: c\n? a\n', 2],
  ])('no lock file: %s', (_, text, line) => {
    const all = () => [...yamlDocuments(text)].flatMap((document) => [...document.entries()].map(({ value }) => (value.empty ? [] : value.whole())));
    expect(all).toThrow(YamlBlockError);
    expect(all).toThrow(`line ${line}: `);
  });

  test('an alias and a value that is too long', () => {
    const [document] = yamlDocuments(`a: &x b\nc: *x\nd: "${'e'.repeat(5 * 1024 * 1024)}"\n`);
    const values = [...(document as YamlValue).entries()].map(({ value }) => value);
    expect(() => values[1]?.whole()).toThrow(YamlBlockError);
    expect(() => values[2]?.whole()).toThrow('line 3: a value has more than');
  });
});
