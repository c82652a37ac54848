import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { guardLine, neutralizeForTerminal, neutralizeJson } from './neutralize.ts';

const text = fc.string({
  unit: fc.oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    fc.constantFrom('::', '##', '[', '#', '\u001b[', '\u202e', '\ud800', '\n', '\u0301'),
  ),
});

describe('neutralizeForTerminal', () => {
  test.each([
    ['plain text stays', 'openssl 3.0.11-1~deb12u2 (é, 日本, Ω)', 'openssl 3.0.11-1~deb12u2 (é, 日本, Ω)'],
    ['a terminal escape', '\u001b[31mred', '\\u001b[31mred'],
    ['an OSC hyperlink', '\u001b]8;;x\u0007y', '\\u001b]8;;x\\u0007y'],
    ['line breaks and tabs', 'a\r\nb\tc', 'a\\r\\nb\\tc'],
    ['C1 and DEL', '\u009b31m\u007f', '\\u009b31m\\u007f'],
    ['bidi controls and isolates', '\u202egnp.exe\u2066\u2069\u200f\u061c', '\\u202egnp.exe\\u2066\\u2069\\u200f\\u061c'],
    ['zero width and other invisible characters', 'a\u200b\u200d\ufeff\u00ad\u3164\u{e0041}', 'a\\u200b\\u200d\\ufeff\\u00ad\\u3164\\udb40\\udc41'],
    ['variation selectors', 'a\ufe0f', 'a\\ufe0f'],
    ['blanks that aren’t the space', 'a\u00a0b\u3000c', 'a\\u00a0b\\u3000c'],
    ['lone surrogates', 'a\ud800b\udfff', 'a\\ud800b\\udfff'],
    ['line and paragraph separators', '\u2028\u2029\u0085', '\\u2028\\u2029\\u0085'],
    ['a workflow command', '::error::x', '\\u003a:error::x'],
    ['a workflow command after blanks', '  ::error::x', '  \\u003a:error::x'],
    ['colons inside stay', 'Net::HTTP [::1]:22', 'Net::HTTP [::1]:22'],
    ['log commands anywhere', 'x ##[group]y ##vso[task.x]z', 'x \\u0023#[group]y \\u0023#vso[task.x]z'],
    ['a mark without its letter', '\u0301x', '\\u0301x'],
    ['a tower of marks', `e${'\u0301'.repeat(6)}`, `e${'\u0301'.repeat(4)}\\u0301\\u0301`],
  ])('%s', (_, input, expected) => {
    expect(neutralizeForTerminal(input)).toBe(expected);
  });

  test('no text leaves a character that acts or hides', () => {
    fc.assert(
      fc.property(text, (input) => {
        const output = neutralizeForTerminal(input);
        expect(output).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u);
        expect(output).not.toMatch(/^\s*::|##[a-z]*\[/i);
      }),
    );
  });
});

test.each([
  ['a half alone', ['\ud800'], '["\\ufffd"]'],
  ['a half after a backslash', ['\\\udfff'], '["\\\\\\ufffd"]'],
  ['a text that spells an escape', ['\\ud800'], '["\\\\ud800"]'],
  ['a pair', ['\u{1f600}'], '["\u{1f600}"]'],
  ['a pair that is not shown', ['\u{e0041}'], '["\\udb40\\udc41"]'],
])('JSON that every parser takes: %s', (_, value, expected) => {
  expect(neutralizeJson(JSON.stringify(value))).toBe(expected);
});

test('guardLine looks at the start of a line only', () => {
  expect(guardLine('   ::x::')).toBe('   \\u003a:x::');
  expect(guardLine('a ::x::')).toBe('a ::x::');
  expect(guardLine(':x')).toBe(':x');
});

test('JSON keeps its value and holds nothing that acts in a terminal or log; halves of surrogate pairs are U+FFFD', () => {
  fc.assert(
    fc.property(fc.array(text), text, (value, key) => {
      const json = neutralizeJson(JSON.stringify([value, { [key]: key }], null, 2));
      const whole = (each: string): string => each.replaceAll(/\p{Cs}/gu, '\ufffd');
      expect(JSON.parse(json)).toEqual([value.map(whole), JSON.parse(JSON.stringify({ [whole(key)]: whole(key) }))]);
      expect(json.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|##[a-z]*\[/iu);
    }),
  );
});
