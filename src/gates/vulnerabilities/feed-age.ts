import * as z from 'zod';
import { defineTrigger } from '../trigger.ts';
import { areLoaded, loadHint, notLoaded } from './coverage.ts';

const day = 86_400_000;

export default defineTrigger({
  gate: 'vulnerabilities',
  name: 'feed-age',
  since: '0.1.0',
  summary: 'The advisories that the image is judged by are older than so many days.',
  why: 'Old advisories know nothing of what was found since: an image looks cleaner than it is.',
  remedy: 'Bring them up to date with: portcullis feeds sync.',
  parameters: {
    maxAge: z
      .number()
      .int('is no whole number of days')
      .min(0, 'is no number of days')
      .max(36_500, 'is more than a hundred years')
      .describe('how old advisories may be, in days'),
  },
  needs: () => [{ kind: 'feeds' }],
  translates: [
    {
      gate: 'ANCHORESEC',
      trigger: 'FEEDOUTOFDATE',
      parameters: { MAXAGE: { to: 'maxAge', syntax: 'number' } },
      requiresOneOf: ['MAXAGE'],
      sample: { action: 'warn', parameters: 'MAXAGE=2' },
      note: 'The age of the source’s state counts, not when it was imported.',
    },
  ],
  examples: [
    {
      title: 'Three days old where two are allowed.',
      line: 'MAXAGE=2',
      facts: {
        feeds: { sources: [{ ecosystem: 'Debian:12', asOf: '2023-12-29T00:00:00Z' }], needed: [{ ecosystem: 'Debian:12', state: 'available' }] },
      },
      fires: ['Debian:12'],
    },
    {
      title: 'Fresh, beside an old one that this image doesn’t need.',
      line: 'MAXAGE=2',
      facts: {
        feeds: {
          sources: [
            { ecosystem: 'Debian:12', asOf: '2023-12-31T00:00:00Z' },
            { ecosystem: 'npm', asOf: '2020-01-01T00:00:00Z' },
          ],
          needed: [{ ecosystem: 'Debian:12', state: 'available' }],
        },
      },
      fires: [],
    },
    {
      title: 'Nobody knows how old.',
      line: 'MAXAGE=2',
      facts: { feeds: { sources: [{ ecosystem: 'npm', asOf: null }], needed: [{ ecosystem: 'npm', state: 'available' }] } },
      fires: [],
      undecided: ['npm'],
    },
    { title: 'None are loaded.', line: 'MAXAGE=2', facts: { feeds: { digest: null, sources: [] } }, fires: [], undecided: ['no-advisories'] },
  ],
  *judge({ feeds }, { maxAge }, { now }) {
    if (!areLoaded(feeds)) {
      yield notLoaded;
      return;
    }
    for (const { ecosystem, state } of feeds.needed) {
      const source = feeds.sources.find((each) => each.ecosystem === ecosystem);
      if (source === undefined) {
        if (state === 'available' || state === 'no-data') {
          yield { state: 'undecided', subject: ecosystem, reason: `how old the advisories for ${ecosystem} are is not known`, cause: 'outside' };
        }
        continue;
      }
      const age = source.asOf === null ? Number.NaN : (now.getTime() - Date.parse(source.asOf)) / day;
      if (Number.isNaN(age)) {
        yield { state: 'undecided', subject: ecosystem, reason: `how old the advisories for ${ecosystem} are is not known; ${loadHint}`, cause: 'outside' };
      } else if (age < -1) {
        yield { state: 'undecided', subject: ecosystem, reason: `the advisories for ${ecosystem} are dated in the future (${source.asOf})`, cause: 'outside' };
      } else if (age > maxAge) {
        const days = Math.floor(age);
        const old = days === 1 ? '1 day' : `${days} days`;
        yield {
          state: 'fired',
          subject: ecosystem,
          message: `the advisories for ${ecosystem} are ${old} old (of ${source.asOf}); the policy allows ${maxAge}`,
        };
      }
    }
  },
});
