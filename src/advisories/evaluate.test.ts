import { describe, expect, test } from 'vitest';
import { dpkg, npm, pep440 } from '../versions/index.ts';
import { evaluate } from './evaluate.ts';
import type { OsvRange } from './osv.ts';
import { joinVersions, versionList } from './version-list.ts';

const range = (events: string, type: OsvRange['type'] = 'ECOSYSTEM'): OsvRange => ({
  type,
  events: events.split(', ').map((event) => ({ kind: event.split(' ')[0] as 'introduced', version: event.split(' ')[1] ?? '' })),
});
const entry = (ranges: OsvRange[], versions: string[] = []) => ({ ranges, versions: versionList(joinVersions(versions)) });
const state = (version: string, events: string): string => evaluate(version, entry([range(events)]), npm).state;

describe('windows', () => {
  test.each([
    ['introduced is inclusive', 'introduced 1.0.0, fixed 2.0.0', ['1.0.0', '1.9.9', '2.0.0-rc.1'], ['0.9.9', '1.0.0-rc.1', '2.0.0']],
    ['0 is before everything', 'introduced 0, fixed 1.0.0', ['0.0.0-0', '0.0.0', '1.0.0-alpha'], ['1.0.0']],
    ['last_affected is inclusive', 'introduced 0, last_affected 1.0.0', ['1.0.0', '1.0.0+build'], ['1.0.1-0', '1.0.1']],
    ['two windows, out of order', 'fixed 2.0.0, introduced 3.0.0, fixed 3.5.0, introduced 1.0.0', ['1.0.0', '3.4.9'], ['0.1.0', '2.0.0', '2.9.9', '3.5.0']],
    ['at the same version, introduced goes first', 'fixed 1.0.0, introduced 1.0.0', [], ['0.9.0', '1.0.0', '2.0.0']],
    ['never affected', 'introduced 0, fixed 0', [], ['0.0.0-0', '0.0.0', '1.0.0']],
    ['no end', 'introduced 1.0.0', ['1.0.0', '99.0.0'], ['0.1.0']],
    ['limit', 'introduced 0, limit 2.0.0', ['1.9.9', '2.0.0-a'], ['2.0.0', '3.0.0']],
    ['any of several limits', 'introduced 0, limit 2.0.0, limit 4.0.0', ['3.0.0'], ['4.0.0']],
    ['limit without end', 'introduced 0, limit *', ['99.0.0'], []],
    ['a beginning within a window changes nothing', 'introduced 1.0.0, introduced 1.5.0, fixed 2.0.0', ['1.2.0', '1.7.0'], ['2.0.0']],
  ])('%s', (_, events, hits, misses) => {
    for (const version of hits) expect(state(version, events), version).toBe('affected');
    for (const version of misses) expect(state(version, events), version).toBe('unaffected');
  });
});

test('what matched and how it ends', () => {
  const of = (version: string, events: string) => evaluate(version, entry([range(events)]), npm);
  expect(of('1.5.0', 'introduced 3.0.0, fixed 3.1.0, introduced 1.0.0, fixed 2.0.0')).toEqual({
    state: 'affected',
    range: '>= 1.0.0, < 2.0.0',
    end: { kind: 'fixed', version: '2.0.0' },
  });
  expect(of('1.5.0', 'introduced 0, last_affected 2.0.0')).toEqual({ state: 'affected', range: '>= 0, <= 2.0.0', end: { kind: 'unstated' } });
  expect(of('1.5.0', 'introduced 0')).toEqual({ state: 'affected', range: '>= 0', end: { kind: 'open' } });
  expect(of('1.5.0', 'introduced 0, limit 2.0.0, fixed 3.0.0')).toMatchObject({ range: '>= 0, < 3.0.0, limit 2.0.0', end: { kind: 'fixed' } });
});

describe('lists', () => {
  test('letter by letter; equal in the order only where no range decides', () => {
    expect(evaluate('1.0.0', entry([], ['1.0']), pep440).state).toBe('affected');
    expect(evaluate('1.0.0', entry([range('introduced 2.0')], ['1.0']), pep440).state).toBe('unaffected');
    expect(evaluate('1.0', entry([range('introduced 2.0')], ['1.0']), pep440)).toEqual({ state: 'affected', range: 'listed', end: { kind: 'unstated' } });
    expect(evaluate('1.1', entry([], ['1.0']), pep440).state).toBe('unaffected');
  });
  test('a version is found whole only', () => {
    for (const version of ['1', '.0', '1.0\n1.1', '', '\n']) expect(versionList(joinVersions(['1.0', '1.1'])).has(version)).toBe(false);
    expect(versionList('').all()).toEqual([]);
  });
});

describe('what has no place in the order', () => {
  test("the package's version, the record's; another range or the list may still decide", () => {
    expect(evaluate('x', entry([range('introduced 0, fixed 1.0')]), pep440)).toEqual({ state: 'incomparable', what: 'package', version: 'x' });
    expect(evaluate('1.0', entry([range('introduced 0, fixed x')]), pep440)).toEqual({ state: 'incomparable', what: 'record', version: 'x' });
    expect(evaluate('1.0', entry([range('introduced 0, fixed x'), range('introduced 0')]), pep440).state).toBe('affected');
    expect(evaluate('1.0', entry([range('introduced 0, fixed x')], ['1.0']), pep440).state).toBe('affected');
    expect(evaluate('x', entry([], ['1.0']), pep440).state).toBe('incomparable');
  });
  test('"introduced: 0" without an end needs no order', () => {
    expect(evaluate('not a version', entry([range('introduced 0')]), dpkg).state).toBe('affected');
  });
});

test('SEMVER ranges of an ecosystem with another order are read as semantic versions', () => {
  // PEP 440 would put 1.0.0-1 (a post release) after 1.0.0; Semantic Versioning puts it before.
  expect(evaluate('1.0.0-1', entry([range('introduced 0, fixed 1.0.0', 'SEMVER')]), pep440).state).toBe('affected');
  expect(evaluate('1.0.0-1', entry([range('introduced 0, fixed 1.0.0')]), pep440).state).toBe('unaffected');
});
