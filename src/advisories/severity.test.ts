import { describe, expect, test } from 'vitest';
import { parseOsv } from './osv.ts';
import { cvssOf, rate, severityOfScore } from './severity.ts';

const rated = (fields: object, affected: object = {}): string => {
  const parsed = parseOsv(Buffer.from(JSON.stringify({ id: 'X-1', affected: [{ package: { ecosystem: 'npm', name: 'a' }, ...affected }], ...fields })));
  if (!('record' in parsed)) throw new Error(parsed.rejected);
  const { severity, source } = rate(parsed.record, parsed.record.affected[0]);
  return `${severity}, ${source}`;
};
const cvss3 = { type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:L' };
const cvss4 = { type: 'CVSS_V4', score: 'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N' };

describe('who is heard first', () => {
  test.each([
    ['the package and release', { severity: [cvss4] }, { severity: [cvss3], ecosystem_specific: { urgency: 'low' } }, 'medium, X-1: CVSS 3.1'],
    ["Debian's urgency", { severity: [cvss4] }, { ecosystem_specific: { urgency: 'unimportant' } }, 'negligible, X-1: urgency'],
    ['an urgency that says nothing', { severity: [cvss4] }, { ecosystem_specific: { urgency: 'not yet assigned' } }, 'critical, X-1: CVSS 4.0'],
    ["Ubuntu's earlier priority", {}, { ecosystem_specific: { ubuntu_priority: 'high' } }, 'high, X-1: ubuntu_priority'],
    ["a vendor's word before vectors", { severity: [cvss4, { type: 'Ubuntu', score: 'low' }] }, {}, 'low, X-1: Ubuntu'],
    ['the newest vector', { severity: [cvss3, cvss4] }, {}, 'critical, X-1: CVSS 4.0'],
    ['the record before its word', { severity: [cvss3], database_specific: { severity: 'HIGH' } }, {}, 'medium, X-1: CVSS 3.1'],
    ['the word', { database_specific: { severity: 'MODERATE' }, summary: 'Critical: x' }, {}, 'medium, X-1: severity'],
    ['the title', { summary: 'Important: x security update' }, {}, 'high, X-1: title'],
    ['nobody', { summary: 'critical things happen' }, {}, 'unknown, null'],
    [
      'nobody who can be understood',
      {
        severity: [
          { type: 'CVSS_V3', score: 'CVSS:3.1/AV:?' },
          { type: 'Ubuntu', score: 'constructor' },
        ],
      },
      {},
      'unknown, null',
    ],
    ['a malformed vector is passed over', { severity: [{ type: 'CVSS_V4', score: 'CVSS:4.0/AV:N' }, cvss3] }, {}, 'medium, X-1: CVSS 3.1'],
    ['a CVSS 2 vector labelled CVSS_V3', { severity: [{ type: 'CVSS_V3', score: 'AV:N/AC:L/Au:N/C:C/I:C/A:C' }] }, {}, 'high, X-1: CVSS 2.0'],
  ])('%s', (_, fields, affected, expected) => {
    expect(rated(fields, affected)).toBe(expected);
  });
});

test('ratings of scores', () => {
  const of = (version: '2.0' | '3.1' | '4.0', scores: number[]) => scores.map((score) => severityOfScore(score, version));
  expect(of('3.1', [0, 0.1, 3.9, 4, 6.9, 7, 8.9, 9, 10])).toEqual(['negligible', 'low', 'low', 'medium', 'medium', 'high', 'high', 'critical', 'critical']);
  expect(of('2.0', [0, 3.9, 4, 6.9, 7, 10])).toEqual(['low', 'low', 'medium', 'medium', 'high', 'high']);
});

test('vectors are given newest first, each once', () => {
  const parsed = parseOsv(Buffer.from(JSON.stringify({ id: 'X-1', affected: [], severity: [cvss3, cvss3, cvss4, { type: 'CVSS_V3', score: '' }] })));
  if (!('record' in parsed)) throw new Error(parsed.rejected);
  expect(cvssOf(parsed.record, undefined)).toEqual([
    { version: '4.0', vector: cvss4.score, score: 9.3, source: 'X-1' },
    { version: '3.1', vector: cvss3.score, score: 5.3, source: 'X-1' },
  ]);
});
