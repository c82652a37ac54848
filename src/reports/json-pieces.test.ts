import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonPieces } from './json-pieces.ts';
import { neutralizeJson } from './neutralize.ts';

test('the pieces are the text that JSON.stringify gives', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.nat(6), (value, depth) => {
      expect([...jsonPieces(value, depth)].join('')).toBe(neutralizeJson(JSON.stringify(value, null, 2)));
    }),
  );
});

test('lists of every length around that of a piece', () => {
  for (let length = 0; length < 70; length++) {
    const value = { list: Array.from({ length }, (_, id) => (id % 3 === 0 ? [id, { text: '\u202ea\n' }] : id)) };
    for (const depth of [1, 2, 3]) expect([...jsonPieces(value, depth)].join('')).toBe(neutralizeJson(JSON.stringify(value, null, 2)));
  }
});

test.each([
  ['undefined members are left out, in lists they are null', { a: undefined, b: [undefined, 1], c: {} }],
  ['empty lists and objects', { a: [], b: {}, c: [[], {}] }],
  ['hostile keys', { '\u001b\u202e\n': { '##[group]': 1 } }],
  ['a text', 'x'],
])('%s', (_, value) => {
  for (const depth of [0, 1, 2, 3]) expect([...jsonPieces(value, depth)].join('')).toBe(neutralizeJson(JSON.stringify(value, null, 2)));
});

test('no piece is longer than a few of the longest members', () => {
  const findings = Array.from({ length: 1000 }, (_, id) => ({ id, message: 'x'.repeat(100) }));
  for (const piece of jsonPieces({ images: [{ findings }] }, 4)) expect(piece.length).toBeLessThan(16 * 300);
});
