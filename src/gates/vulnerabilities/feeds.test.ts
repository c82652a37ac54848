import { test } from 'vitest';
import { testTrigger } from '../../testing/index.ts';
import feedAge from './feed-age.ts';
import unsupported from './unsupported.ts';

const debian = { ecosystem: 'Debian:12', state: 'available' } as const;

testTrigger(
  feedAge,
  [
    { title: 'just as old as allowed', line: 'MAXAGE=2', facts: { feeds: { sources: [{ asOf: '2023-12-30T00:00:00Z' }], needed: [debian] } } },
    { title: 'a second older', line: 'MAXAGE=2', facts: { feeds: { sources: [{ asOf: '2023-12-29T23:59:59Z' }], needed: [debian] } }, fires: ['Debian:12'] },
    {
      title: 'each ecosystem that is needed',
      line: 'MAXAGE=0',
      facts: {
        feeds: { sources: [{ asOf: '2023-12-31T00:00:00Z' }, { ecosystem: 'npm', asOf: '2023-12-31T00:00:00Z' }], needed: [debian, { ecosystem: 'npm' }] },
      },
      fires: ['Debian:12', 'npm'],
    },
    { title: 'a date that is none', line: 'MAXAGE=2', facts: { feeds: { sources: [{ asOf: 'yesterday' }], needed: [debian] } }, undecided: ['Debian:12'] },
    {
      title: 'a date in the future',
      line: 'MAXAGE=2',
      facts: { feeds: { sources: [{ asOf: '2031-01-01T00:00:00Z' }], needed: [debian] } },
      undecided: ['Debian:12'],
    },
    { title: 'available but not among the sources', line: 'MAXAGE=2', facts: { feeds: { sources: [], needed: [debian] } }, undecided: ['Debian:12'] },
    {
      title: 'no data for what is needed',
      line: 'MAXAGE=2',
      facts: { feeds: { sources: [{ ecosystem: 'npm' }], needed: [{ ...debian, state: 'no-data' }] } },
      undecided: ['Debian:12'],
    },
    { title: 'an image that needs none', line: 'MAXAGE=2', facts: { feeds: { sources: [{ asOf: null }] } } },
    { title: 'feeds that nobody looked at', line: 'MAXAGE=2', facts: {}, missing: ['feeds'], undecided: ['feeds'] },
  ],
  test,
);

testTrigger(
  unsupported,
  [
    {
      title: 'loaded, but not for this release',
      facts: { feeds: { sources: [{ ecosystem: 'npm' }], needed: [{ ecosystem: 'Debian:13', state: 'no-data' }] } },
      fires: ['Debian:13'],
    },
    { title: 'past its end', facts: { feeds: { needed: [{ ecosystem: 'Debian:7', state: 'end-of-life' }] } }, fires: ['Debian:7'] },
    {
      title: 'a distribution whose packages need nothing',
      facts: { distribution: { id: 'arch', name: '' }, feeds: { needed: [{ ecosystem: 'npm' }] } },
      fires: ['arch'],
    },
    {
      title: 'a release file that could not be read',
      facts: { feeds: { needed: [debian] } },
      problems: [{ evidence: 'distribution' }],
      undecided: ['problem-1'],
    },
    {
      title: 'unsupported although nothing is loaded',
      facts: { feeds: { digest: null, needed: [{ ecosystem: 'Gentoo', state: 'unsupported' }] } },
      fires: ['Gentoo'],
    },
  ],
  test,
);
