import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { displayWidth } from './display-width.ts';
import { neutralizeForTerminal } from './neutralize.ts';
import { wrap } from './wrap.ts';

describe('wrap', () => {
  test.each<[string, string, number, string[]]>([
    ['an empty text is one empty line', '', 10, ['']],
    ['what fits stays', 'a short line', 12, ['a short line']],
    ['breaks at blanks', 'one two three', 8, ['one two', 'three']],
    ['breaks a path after a slash', 'in /usr/lib/node_modules/x', 14, ['in /usr/lib/', 'node_modules/x']],
    ['breaks a long word anywhere', 'a'.repeat(25), 10, ['a'.repeat(10), 'a'.repeat(10), 'a'.repeat(5)]],
    ['counts wide characters twice', '日本語テキスト', 6, ['日本語', 'テキス', 'ト']],
    ['keeps a mark with its letter', 'eeeeee\u0301x', 6, ['eeeeee\u0301', 'x']],
    ['is never narrower than a spelt-out colon', '::error', 1, ['\\u003a', ':error']],
    ['no line begins like a workflow command', 'abcdefgh ::error::x', 14, ['abcdefgh', '\\u003a:error::', 'x']],
    ['blanks alone are an empty line', '   ', 10, ['']],
  ])('%s', (_, text, width, expected) => {
    expect(wrap(text, width)).toEqual(expected);
  });

  test('loses nothing but blanks, and no line is too wide', () => {
    const texts = fc.string({
      unit: fc.oneof(fc.constantFrom(' ', ':', '::', '/', '-', '日', '\u0301', '😀'), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 })),
    });
    fc.assert(
      fc.property(texts, fc.integer({ min: 6, max: 30 }), (raw, width) => {
        const text = neutralizeForTerminal(raw);
        const lines = wrap(text, width);
        for (const line of lines) {
          expect(displayWidth(line)).toBeLessThanOrEqual(width);
          expect(line).not.toMatch(/^\s*::|\s$/);
        }
        // A colon may have been spelt out at the start of a line.
        const letters = (parts: string) => parts.replaceAll(' ', '').replaceAll('\\u003a', ':');
        expect(letters(lines.join(''))).toBe(letters(text));
      }),
    );
  });

  test('a megabyte is wrapped in one go', () => {
    expect(wrap('x'.repeat(1 << 20), 64)).toHaveLength((1 << 20) / 64);
    expect(wrap('::a'.repeat(1 << 19), 6).length).toBeGreaterThan(1 << 18);
    expect(wrap(' '.repeat(1 << 20), 6)).toEqual(['']);
  });
});
