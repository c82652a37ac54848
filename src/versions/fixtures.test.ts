import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { orderOf, orders } from './index.ts';

// Each file is named after its order. Lines: `a < b`, `a = b`, `! a` (not valid), `# comment`.
const folder = join(import.meta.dirname, 'fixtures');
const files = readdirSync(folder).sort();

test('every order has fixtures', () => {
  expect(orders.map((order) => `${order.name}.txt`).filter((name) => !files.includes(name))).toEqual([]);
});

describe.each(files)('%s', (file) => {
  const order = orderOf(file.replace(/(-generated)?\.txt$/, ''));
  const lines = readFileSync(join(folder, file), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));

  test('all lines hold', () => {
    expect(order).toBeDefined();
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.filter((line) => !holds(line))).toEqual([]);
  });

  function holds(line: string): boolean {
    if (order === undefined) return false;
    const wrong = /^! (.*)$/.exec(line);
    if (wrong !== null) return !order.valid(wrong[1] ?? '');
    const [, a = '', sign, b = ''] = /^(\S+) ([<=]) (\S+)$/.exec(line) ?? [];
    const expected = sign === '<' ? -1 : sign === '=' ? 0 : Number.NaN;
    return order.compare(a, b) === expected && order.compare(b, a) === (expected === 0 ? 0 : -expected);
  }
});
