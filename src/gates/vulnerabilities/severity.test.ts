import { describe, expect, test } from 'vitest';
import { completeFacts, testTrigger } from '../../testing/index.ts';
import { joinMatches, legacyIdsOf } from './flaw.ts';
import severity from './severity.ts';

const openssl = { name: 'openssl', version: '1.0.1t-1' };

testTrigger(
  severity,
  [
    {
      title: 'two advisories for one CVE are one finding with the worse severity',
      as: 'ANCHORESEC:VULNHIGH',
      line: '',
      facts: {
        vulnerabilities: [
          { id: 'DSA-1', aliases: ['CVE-2016-2108'], severity: 'unknown', package: openssl },
          { id: 'DEBIAN-CVE-2016-2108', aliases: ['CVE-2016-2108'], severity: 'high', package: openssl },
        ],
      },
      fires: ['CVE-2016-2108+openssl'],
    },
    {
      title: 'a fix that only one of them knows counts',
      as: 'ANCHORESEC:VULNHIGH',
      line: 'FIXEDONLY=true',
      facts: {
        vulnerabilities: [
          { id: 'A-1', aliases: ['CVE-2016-2108'], severity: 'high', package: openssl },
          { id: 'A-2', aliases: ['CVE-2016-2108'], severity: 'low', package: openssl, fixedIn: '1.0.1t-2' },
        ],
      },
      fires: ['CVE-2016-2108+openssl'],
    },
    {
      title: 'an advisory without a CVE goes by its own name; packages of languages count',
      as: 'ANCHORESEC:VULNCRITICAL',
      line: '',
      facts: { vulnerabilities: [{ id: 'GHSA-aaaa-bbbb-cccc', severity: 'critical', package: { name: 'lodash', type: 'npm' } }] },
      fires: ['GHSA-aaaa-bbbb-cccc+lodash'],
    },
    {
      title: 'many of unknown severity are one row',
      as: 'ANCHORESEC:VULNLOW',
      line: '',
      facts: { vulnerabilities: ['1', '2', '3'].map((n) => ({ id: `CVE-2024-000${n}`, package: openssl })) },
      undecided: ['unknown-severity'],
    },
    {
      title: 'of unknown severity but without a fix, where only those with one count',
      as: 'ANCHORESEC:VULNLOW',
      line: 'FIXEDONLY=true',
      facts: { vulnerabilities: [{ id: 'CVE-2024-0001', package: openssl, fixState: 'wont-fix' }] },
    },
    {
      title: 'an ecosystem without data',
      as: 'ANCHORESEC:VULNLOW',
      line: '',
      facts: { feeds: { needed: [{ ecosystem: 'Debian:99', state: 'no-data' }, { ecosystem: 'npm' }] } },
      undecided: ['Debian:99'],
    },
    {
      title: 'an ecosystem without data that a problem names already',
      as: 'ANCHORESEC:VULNLOW',
      line: '',
      facts: { feeds: { needed: [{ ecosystem: 'Debian:99', state: 'no-data' }] } },
      problems: [{ evidence: 'vulnerabilities', kind: 'no-data', cause: 'outside', scope: { ecosystem: 'Debian:99' } }],
      undecided: ['problem-1'],
    },
    {
      title: 'a problem may name the type of the packages',
      as: 'ANCHORESEC:VULNLOW',
      line: '',
      facts: {
        feeds: {
          needed: [
            { ecosystem: 'Debian:99', state: 'no-data' },
            { ecosystem: 'npm', state: 'no-data' },
          ],
        },
      },
      problems: [{ evidence: 'vulnerabilities', kind: 'no-data', cause: 'outside', scope: { ecosystem: 'deb' } }],
      undecided: ['npm', 'problem-1'],
    },
    {
      title: 'a problem of another kind says nothing of missing data',
      as: 'ANCHORESEC:VULNLOW',
      line: '',
      facts: { feeds: { needed: [{ ecosystem: 'Debian:99', state: 'no-data' }] } },
      problems: [{ evidence: 'vulnerabilities', kind: 'incomparable', scope: { ecosystem: 'deb' } }],
      undecided: ['Debian:99', 'problem-1'],
    },
    { title: 'packages that could not be read', as: 'ANCHORESEC:VULNLOW', line: '', facts: {}, problems: [{ evidence: 'packages' }], undecided: ['problem-1'] },
    {
      title: 'vulnerabilities that nobody looked for',
      as: 'ANCHORESEC:VULNLOW',
      line: '',
      facts: {},
      missing: ['vulnerabilities'],
      undecided: ['vulnerabilities'],
    },
  ],
  test,
);

describe('the ids of exceptions', () => {
  const idsOf = (id: string, aliases: string[]) =>
    joinMatches(completeFacts({ vulnerabilities: [{ id, aliases, package: openssl }] }).vulnerabilities).map(legacyIdsOf);

  test('one CVE with its other names', () => {
    expect(idsOf('DEBIAN-CVE-2016-2108', ['CVE-2016-2108'])).toEqual([[['CVE-2016-2108+openssl', 'DEBIAN-CVE-2016-2108+openssl']]]);
  });
  test('an advisory for several CVEs needs each of them, or its own name', () => {
    expect(idsOf('ALSA-1', ['CVE-2024-0001', 'CVE-2024-0002'])).toEqual([
      [
        ['CVE-2024-0001+openssl', 'ALSA-1+openssl'],
        ['CVE-2024-0002+openssl', 'ALSA-1+openssl'],
      ],
    ]);
  });
  test('an advisory without a CVE', () => {
    expect(idsOf('GHSA-1', [])).toEqual([[['GHSA-1+openssl']]]);
  });
});
