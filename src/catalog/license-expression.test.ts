import fc from 'fast-check';
import { expect, test } from 'vitest';
import { licenseExpression } from './license-expression.ts';

const of = (...licenses: string[]): string | null => licenseExpression({ type: 'npm', licenses });

test.each([
  ['MIT', 'MIT'],
  ['mit', 'MIT'],
  ['apache-2.0', 'Apache-2.0'],
  ['GPL-2.0+', 'GPL-2.0+'],
  ['gpl-2.0-OR-later', 'GPL-2.0-or-later'],
  ['(MIT OR Apache-2.0)', '(MIT OR Apache-2.0)'],
  ['MIT OR ( BSD-3-Clause AND  Zlib )', 'MIT OR (BSD-3-Clause AND Zlib)'],
  ['GPL-2.0-only WITH Classpath-exception-2.0', 'GPL-2.0-only WITH Classpath-exception-2.0'],
  ['gpl-2.0-with-classpath-exception', 'GPL-2.0-only WITH Classpath-exception-2.0'],
  ['MIT OR GPL-3.0-with-GCC-exception', 'MIT OR GPL-3.0-only WITH GCC-exception-3.1'],
  ['LicenseRef-mine', 'LicenseRef-mine'],
])('%s is %s', (declared, expression) => {
  expect(of(declared)).toBe(expression);
});

test.each([
  'BSD',
  'GPLv2+ and MIT',
  'MIT and Zlib',
  'Apache License, Version 2.0',
  'SEE LICENSE IN LICENSE.txt',
  'MIT BSD-3-Clause',
  'MIT,',
  'MIT OR',
  '()',
  '',
  ' ',
  '('.repeat(999),
  'x'.repeat(100_000),
  'toString',
  '__proto__',
])('%s is no expression', (declared) => {
  expect(of(declared)).toBeNull();
});

test('of several declarations nothing says how they go together', () => {
  expect(of('MIT', 'Apache-2.0')).toBeNull();
  expect(of('MIT', ' MIT ')).toBe('MIT');
  expect(of()).toBeNull();
});

test('Composer’s declarations are a choice, and its operators are written in lower case', () => {
  const composer = (...licenses: string[]): string | null => licenseExpression({ type: 'composer', licenses });
  expect(composer('MIT', 'apache-2.0')).toBe('MIT OR Apache-2.0');
  expect(composer('(LGPL-2.1-only or GPL-3.0-or-later)')).toBe('(LGPL-2.1-only OR GPL-3.0-or-later)');
  expect(composer('MIT and Zlib', 'ISC')).toBe('(MIT AND Zlib) OR ISC');
  expect(composer('MIT', 'MIT')).toBe('MIT');
  expect(composer('MIT', 'proprietary')).toBeNull();
  expect(composer('MIT and')).toBeNull();
  expect(composer()).toBeNull();
  expect(composer(...Array.from({ length: 1000 }, (_, index) => `LicenseRef-${index}`))).toBeNull();
  // What one type's notation allows another's doesn't.
  expect(of('MIT or Zlib')).toBeNull();
});

test("Debian's copyright files name parts, not the package's licence", () => {
  expect(licenseExpression({ type: 'deb', licenses: ['Apache-2.0'] })).toBeNull();
});

test('never throws, and an expression is its own expression', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('MIT', 'AND', 'OR', 'WITH', '(', ')', '+', 'x', 'gpl-2.0', ' ', ':', 'LicenseRef-a'), { maxLength: 12 }), (words) => {
      const once = of(words.join(' '));
      if (once !== null) expect(of(once)).toBe(once);
    }),
  );
});
