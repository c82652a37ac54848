import { readFileSync } from 'node:fs';
import Ajv2020 from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { joinBinaryRules, readBinaryRules } from './binary-rule-file.ts';
import { builtinRules } from './catalog/binaries/builtin-rules.generated.ts';
import { withBinaryRules } from './each-image.ts';
import { PortcullisError } from './errors.ts';

/** Its lines, without the first. */
function refusal(text: string): string[] {
  try {
    readBinaryRules(text, 'r.yaml');
  } catch (error) {
    expect(error).toMatchObject({ code: 'BINARY_RULES_INVALID' });
    return (error as PortcullisError).message
      .split('\n')
      .slice(1)
      .map((line) => line.trim());
  }
  return [];
}

const rule = { name: 'acme', paths: ['bin/acme'], before: 'acme/', version: String.raw`\d+` };
const yaml = "rules:\n  - name: acme\n    paths: [bin/acme]\n    before: acme/\n    version: '\\d+'\n";

describe('what is read', () => {
  test('YAML and JSON, with a byte order mark, Windows line ends and tabs', () => {
    const texts = [yaml, `\uFEFF${yaml}`, yaml.replaceAll('\n', '\r\n'), JSON.stringify({ $schema: 'x', rules: [rule] }, null, '\t')];
    for (const text of texts) expect(readBinaryRules(text, 'x')).toEqual([rule]);
  });

  test('every key', () => {
    const whole = { ...rule, compiled: true, contains: ['a\0b'], after: '$', again: '-', seriesInName: false };
    expect(readBinaryRules(JSON.stringify({ rules: [whole] }), 'x')).toEqual([whole]);
    const { before: _, ...series } = { ...rule, seriesInName: true };
    expect(readBinaryRules(JSON.stringify({ rules: [series] }), 'x')).toEqual([series]);
  });

  test('the built-in rules, whose schema is that of users’', () => {
    const text = readFileSync(new URL('../binary-rules/builtin.yaml', import.meta.url), 'utf8');
    expect(readBinaryRules(text, 'builtin')).toEqual(builtinRules);
    const schema = JSON.parse(readFileSync(new URL('../schemas/binary-rules.v1.json', import.meta.url), 'utf8')) as object;
    const valid = new Ajv2020.default({ strict: false }).compile(schema);
    expect(valid(parse(text))).toBe(true);
    expect(valid({ rules: [{ ...rule, before: undefined }] })).toBe(false);
    expect(valid({ rules: [{ ...rule, pth: 1 }] })).toBe(false);
  });
});

describe('what is refused, at its line and column', () => {
  test('everything at once', () => {
    const text = [
      'rules:',
      '  - name: acme server',
      '    path: [bin/acme]',
      '    before: acme/',
      "    version: '\\d+(\\.\\d+'",
      '  - name: other',
      "    paths: ['bin/[x', 'a/']",
      '    version: 1.0',
      '    compiled: "yes"',
      '  - just a text',
      'extra: 1',
    ].join('\n');
    expect(refusal(text)).toEqual([
      'r.yaml:2:5: error: rule acme server, paths is missing: write [bin/acme-server]',
      'r.yaml:2:11: error: rule acme server, name must be of letters, digits and . _ + - /, with a letter or digit in front',
      'r.yaml:3:5: error: rule acme server has the unknown key path (did you mean paths?)',
      'r.yaml:5:14: error: rule acme server, version is no expression: it opens a group that it does not close',
      'r.yaml:6:5: error: rule other, before is missing: write the text right in front of the version',
      'r.yaml:7:13: error: rule other, paths 1 is no path: the glob opens a class with [ that it does not close',
      'r.yaml:7:23: error: rule other, paths 2 is no path: the glob ends with a slash: it is about files',
      'r.yaml:8:14: error: rule other, version must be a text: put it into quotes',
      'r.yaml:9:15: error: rule other, compiled must be true or false, without quotes',
      'r.yaml:10:5: error: rule 3 must be a rule: name, paths, before and version',
      'r.yaml:11:1: error: has the unknown key extra (known are rules)',
    ]);
  });

  test.each([
    ['', "1:1: error: the file must begin with 'rules:' and hold a list of rules"],
    ['- a', "1:1: error: the file must begin with 'rules:' and hold a list of rules"],
    ['rules: []', '1:8: error: rules is empty: write a rule'],
    ['rules: x', '1:8: error: rules must be a list of rules'],
    ['rules:\n\t- name: a', '2:1: error: Tabs are not allowed as indentation'],
    ['rules: [\n', '2:1: error: Flow sequence'],
    [`${yaml}    version: x`, '6:5: error: this key stands here twice'],
    [`a: &x 1\nrules: [*x]`, '2:9: error: *x repeats another place: write it out'],
    ['rules: !!binary aGk=', '1:17: error: has a tag'],
    ['rules: !own [a]', '1:8: error: Unresolved tag'],
    ['? [a]\n: b', '1:3: error: a key must be a word'],
    [`${yaml}---\n${yaml}`, '6:1: error: '],
    [yaml.replace("'\\d+'", "'(?=x)'"), '5:14: error: rule acme, version is no expression: it looks ahead'],
    [yaml.replace("'\\d+'", "'(a{1000}){1000}'"), '5:14: error: rule acme, version is no expression: it has repetitions'],
    [yaml.replace('[bin/acme]', '[]'), '3:12: error: rule acme, paths is empty'],
    [yaml.replace('bin/acme', 'x'.repeat(501)), '3:13: error: rule acme, paths 1 is longer than 500 characters'],
    [yaml.replace('[bin/acme]', JSON.stringify(Array(51).fill('a'))), '3:12: error: rule acme, paths has more than 50 entries'],
    [yaml.replace('acme/', '""'), '4:13: error: rule acme, before is empty'],
    ['['.repeat(100_000), '1:1: error: it is nested too deep'],
  ])('%#', (text, expected) => {
    expect(refusal(text).join('\n')).toContain(`r.yaml:${expected}`);
  });

  test('too many rules, too large a file', () => {
    const many = JSON.stringify({ rules: Array(1001).fill(rule) });
    expect(refusal(many)).toEqual(['r.yaml:1:10: error: rules has more than 1000 rules']);
    expect(() => readBinaryRules(' '.repeat(1024 * 1024 + 1), 'x')).toThrow(/more than 1048576 characters/);
    expect(() => joinBinaryRules([Array(600).fill(rule), Array(600).fill(rule)])).toThrow(/hold 1200 rules, more than 1000/);
    expect(refusal(JSON.stringify({ rules: Array(200).fill(1) })).at(-1)).toBe('and 100 more');
  });

  test('any text: rules or a refusal', () => {
    const check = (text: string): void => {
      try {
        readBinaryRules(text, 'x');
      } catch (error) {
        expect(error).toBeInstanceOf(PortcullisError);
      }
    };
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 100 }), check), { numRuns: 300 });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(yaml.length), fc.constantFrom('*', '&', '[', '{', ':', '\n', '"', "'", '!', '|', ' '), fc.nat(3))), (edits) => {
        let text = yaml;
        for (const [at, insert, remove] of edits) text = text.slice(0, at) + insert + text.slice(at + remove);
        check(text);
      }),
      { numRuns: 300 },
    );
  });
});

test('whoever uses the library is told of an expression that is none', () => {
  const requests = [{ kind: 'packages' }, { kind: 'files' }] as const;
  expect(withBinaryRules(requests, { binaryRules: [rule] })).toEqual([{ kind: 'packages', detail: { binaryRules: [rule] } }, { kind: 'files' }]);
  expect(withBinaryRules(requests, { binaryRules: [] })).toBe(requests);
  for (const wrong of [{ version: '(' }, { paths: ['['] }, { after: '(?=a)' }, { again: '*' }]) {
    expect(() => withBinaryRules(requests, { binaryRules: [{ ...rule, ...wrong }] })).toThrow(PortcullisError);
  }
});
