import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { homeEcosystem, isMaintenanceNotice, type OsvRecord, parseOsv } from './osv.ts';

const parse = (value: unknown): ReturnType<typeof parseOsv> => parseOsv(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)));
const read = (fields: Readonly<Record<string, unknown>>): OsvRecord => {
  const parsed = parse({ id: 'X-1', affected: [], ...fields });
  if (!('record' in parsed)) throw new Error(parsed.rejected);
  return parsed.record;
};

describe('what is forgiven', () => {
  test('null and missing lists', () => {
    const empty = { aliases: [], upstream: [], related: [], severity: [], affected: [], summary: null, published: null, modified: null, withdrawn: false };
    expect(read({ aliases: null, upstream: null, related: null, severity: null, affected: null, summary: null, modified: null })).toMatchObject(empty);
    expect(read({ affected: [{ package: { ecosystem: 'npm', name: 'a' }, ranges: null, versions: null }] }).affected[0]).toMatchObject({
      ranges: [],
      versions: [],
      malformed: false,
    });
  });
  test('the zero time and no time at all', () => {
    expect(read({ modified: '0001-01-01T00:00:00Z', published: 'yesterday' })).toMatchObject({ modified: null, published: null });
    expect(read({ modified: '2027-07-09T00:00:00Z' }).modified).toBe('2027-07-09T00:00:00Z');
  });
  test('a byte order mark; spaces around names; several keys in one event', () => {
    expect('record' in parse('\ufeff{"id":"X-1","affected":[]}')).toBe(true);
    expect(
      read({ affected: [{ package: { ecosystem: 'Maven', name: 'a:b ' }, ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0', fixed: '1' }] }] }] })
        .affected[0],
    ).toMatchObject({
      package: { name: 'a:b' },
      ranges: [
        {
          events: [
            { kind: 'introduced', version: '0' },
            { kind: 'fixed', version: '1' },
          ],
        },
      ],
      malformed: false,
    });
  });
  test('GIT ranges are left out', () => {
    expect(read({ affected: [{ ranges: [{ type: 'GIT', repo: 'x', events: [{ introduced: '0' }] }] }] }).affected[0]).toMatchObject({
      package: null,
      ranges: [],
      malformed: false,
    });
  });
});

test.each([
  ['ranges are no list', { ranges: {} }],
  ['an unknown type', { ranges: [{ type: 'OTHER', events: [{ introduced: '0' }] }] }],
  ['no events', { ranges: [{ type: 'SEMVER' }] }],
  ['no beginning', { ranges: [{ type: 'SEMVER', events: [{ fixed: '1' }] }] }],
  ['an unknown event', { ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { until: '1' }] }] }],
  ['a number for a version', { ranges: [{ type: 'SEMVER', events: [{ introduced: 0 }] }] }],
  ['versions that are no text', { versions: ['1', 2] }],
])('malformed: %s', (_, entry) => {
  expect(read({ affected: [{ package: { ecosystem: 'npm', name: 'a' }, ...entry }] }).affected[0]?.malformed).toBe(true);
});

test.each([
  ['is not JSON', '{'],
  ['is not JSON', ''],
  ['is not a JSON object', '[]'],
  ['is not a JSON object', 'null'],
  ['has no usable id', { affected: [] }],
  ['has no usable id', { id: 1, affected: [] }],
  ['has no usable id', { id: 'a\u001b[31m', affected: [] }],
  ['has no usable id', { id: 'x'.repeat(257), affected: [] }],
  ['has no list "affected"', { id: 'X-1' }],
  ['has no list "affected"', { id: 'X-1', affected: {} }],
])('rejected: %s', (rejected, value) => {
  expect(parse(value)).toEqual({ rejected });
});

test('never throws, whatever the JSON', () => {
  fc.assert(fc.property(fc.json(), (text) => Object.keys(parse(text)).length === 1));
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), fc.jsonValue(), (affected, severity, ranges) => {
      parse({ id: 'X-1', affected: Array.isArray(affected) ? affected : [affected, { package: severity, ranges: [ranges] }], severity });
    }),
  );
  expect('rejected' in parse('['.repeat(100_000))).toBe(true);
});

test('notices of maintenance are told from advisories by their id and for want of a CVE', () => {
  expect(isMaintenanceNotice(read({ id: 'ALBA-2020:1' }))).toBe(true);
  expect(isMaintenanceNotice(read({ id: 'RHEA-2020:1', related: ['RHBA-1'] }))).toBe(true);
  expect(isMaintenanceNotice(read({ id: 'ALBA-2020:1', related: ['CVE-2020-1'] }))).toBe(false);
  expect(isMaintenanceNotice(read({ id: 'ALSA-2020:1' }))).toBe(false);
});

test('the home of a record is the first package that it names', () => {
  expect(homeEcosystem(read({ affected: [{}, { package: { ecosystem: 'Debian:12', name: 'a' } }] }))).toBe('Debian');
  expect(homeEcosystem(read({}))).toBeNull();
});
