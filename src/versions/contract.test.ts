import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { orderOf, orders, type VersionOrder } from './index.ts';
import { damaged, generators } from './testing/generators.ts';

test('every file that defines an order is among the orders', () => {
  const defining = readdirSync(import.meta.dirname).filter((name) => {
    if (!name.endsWith('.ts') || name.endsWith('.test.ts') || name === 'order.ts') return false;
    return readFileSync(join(import.meta.dirname, name), 'utf8').includes('= defineOrder');
  });
  expect(orders.map((order) => `${order.name}.ts`).sort()).toEqual(defining.sort());
});

describe.each(orders.map((order) => [order.name, order] as const))('%s', (name, order) => {
  const versions = generators[name] ?? fc.constant('no generator');
  const anything = fc.oneof({ arbitrary: versions, weight: 3 }, { arbitrary: damaged(versions), weight: 2 }, fc.string({ unit: 'binary' }));

  test('is found by its name and names its specification', () => {
    expect(orderOf(name)).toBe(order);
    expect(order.specification).toMatch(/^https:\/\//);
  });

  test('its generator makes versions', () => {
    const sample = fc.sample(versions, { numRuns: 300, seed: 1 });
    expect(sample.filter((text) => order.valid(text)).length).toBeGreaterThan(100);
  });

  test('only valid texts are compared, and every pair of them', () => {
    fc.assert(
      fc.property(anything, anything, (a, b) => (order.compare(a, b) !== undefined) === (order.valid(a) && order.valid(b))),
      { numRuns: 2000 },
    );
  });

  test('a version equals itself', () => {
    fc.assert(
      fc.property(anything, (a) => order.compare(a, a) === (order.valid(a) ? 0 : undefined)),
      { numRuns: 2000 },
    );
  });

  test('the order is the same from both sides', () => {
    fc.assert(
      fc.property(anything, anything, (a, b) => {
        const forth = order.compare(a, b);
        const back = order.compare(b, a);
        return forth === undefined ? back === undefined : forth + (back ?? Number.NaN) === 0;
      }),
      { numRuns: 2000 },
    );
  });

  test('the order has no circles', () => {
    fc.assert(
      fc.property(anything, anything, anything, (a, b, c) => {
        fc.pre(name !== 'maven' || ![a, b, c].some(isCircular));
        return isTransitive(order, a, b, c);
      }),
      { numRuns: 5000 },
    );
  });

  test('nothing but text of a version is valid', () => {
    for (const text of ['', ' ', '-', '.', '\0', '1\n2', '1 2', '１.２', `\${project.version}`, '(devel)', '1.0\u00a0-1', '__proto__']) {
      expect([text, order.valid(text) && !accepted(name, text)]).toEqual([text, false]);
    }
  });

  test('a very long text is read in linear time', () => {
    for (const run of ['1', '0', '1.', '1-', 'a1', '~', '.', '-', '_p', '^', '1a', '.0', '-1', ':', '+', 'x.']) {
      const long = `1${run.repeat(100_000 / run.length)}`;
      const result = order.compare(`${long}2`, `${long}3`);
      expect([undefined, -1, 0, 1]).toContain(result);
    }
  });
});

/** What an ecosystem's own tool takes although it hardly looks like a version: dpkg's and rpm's signs, the empty runs of Maven. */
function accepted(name: string, text: string): boolean {
  const signs: Readonly<Record<string, readonly string[]>> = {
    dpkg: ['.', `\${project.version}`, '(devel)', '__proto__'],
    rpm: ['.', `\${project.version}`, '(devel)', '__proto__'],
    maven: ['-', '.', '__proto__'],
  };
  return signs[name]?.includes(text) ?? false;
}

/** Outside this form Maven's own order has circles, `1.0.alpha.0 < 1.0 < 1.0-a < 1.0.alpha.0` (see maven.ts). */
function isCircular(text: string): boolean {
  return !/^[0-9]+(?:\.[0-9]+)*(?:[.-]?[A-Za-z]+[0-9]*)?(?:[0-9]-SNAPSHOT)?$/.test(text);
}

function isTransitive(order: VersionOrder, a: string, b: string, c: string): boolean {
  const ab = order.compare(a, b);
  const bc = order.compare(b, c);
  const ac = order.compare(a, c);
  if (ab === undefined || bc === undefined || ac === undefined) return true;
  if (ab <= 0 && bc <= 0) return ac === (ab === 0 && bc === 0 ? 0 : -1);
  if (ab >= 0 && bc >= 0) return ac === 1;
  return true;
}
