import { execFileSync, spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { characterWidth, displayWidth, padToWidth } from './display-width.ts';

test.each([
  ['ascii', 5],
  ['日本', 4],
  ['ｎ', 2],
  ['e\u0301', 1],
  ['한', 2],
  ['\u1112\u1161\u11ab', 2],
  ['😀', 2],
  ['', 0],
])('%s takes %i columns', (text, columns) => {
  expect(displayWidth(text)).toBe(columns);
});

test('padding counts columns, not characters', () => {
  expect(padToWidth('日本', 6)).toBe('日本  ');
  expect(padToWidth('long', 2)).toBe('long');
});

const python = spawnSync('python3', ['--version']).status === 0;
const program = `
import unicodedata as u
for c in range(0x300, 0x40000):
  if u.category(chr(c))[0] != 'C': print(c, u.east_asian_width(chr(c)))`;
/** Became wide in Unicode 16, after many a Python. */
const widened = (codePoint: number) =>
  (codePoint >= 0x2630 && codePoint <= 0x2637) ||
  (codePoint >= 0x268a && codePoint <= 0x268f) ||
  (codePoint >= 0x4dc0 && codePoint <= 0x4dff) ||
  (codePoint >= 0x1d300 && codePoint <= 0x1d376);

test.skipIf(!python)("widths equal those of Python's unicodedata (needs python3)", () => {
  const different = execFileSync('python3', ['-c', program], { encoding: 'utf8', maxBuffer: 1 << 26 })
    .trim()
    .split('\n')
    .flatMap((line) => {
      const [codePoint = '0', width = ''] = line.split(' ');
      const character = String.fromCodePoint(Number(codePoint));
      const joins = /[\p{Mn}\p{Me}\u1160-\u11ff]/u.test(character);
      const expected = joins ? 0 : 'WF'.includes(width) ? 2 : 1;
      return characterWidth(character) === expected || widened(Number(codePoint)) ? [] : [line];
    });
  expect(different).toEqual([]);
});
