import * as z from 'zod';
import { allowedPaths, isAllowed } from '../allowed-paths.ts';
import { defineTrigger } from '../trigger.ts';

const DAY = 24 * 60 * 60 * 1000;

export default defineTrigger({
  gate: 'certificates',
  name: 'expired',
  since: '0.2.0',
  summary: 'A certificate is no longer valid, not yet, or not for long.',
  why: 'Clients refuse an expired certificate, and people learn to switch the check off; a container runs longer than it takes to build it.',
  remedy: 'Replace the certificate; better hand it to the container when it runs.',
  parameters: {
    days: z.number().int().min(0).max(36_500).default(0).describe('for how many days from now it must be valid'),
    authorities: z.boolean().default(false).describe('whether certificates of authorities count, which come with the system'),
    allow: allowedPaths,
  },
  needs: () => [{ kind: 'certificates' }],
  translates: [
    {
      gate: 'CERTCHECK',
      trigger: 'EXPIRED',
      parameters: { days: { to: 'days', syntax: 'number' }, authorities: { to: 'authorities', syntax: 'boolean' }, allow: { to: 'allow', syntax: 'list' } },
      own: true,
      sample: { action: 'warn', parameters: 'days=30' },
    },
  ],
  examples: [
    { title: 'Last year’s.', line: '', facts: { certificates: [{ notAfter: '2020-01-01T00:00:00Z', serial: '0a' }] }, fires: ['0a'] },
    { title: 'Soon.', line: 'days=36500', facts: { certificates: [{ notAfter: '2030-01-01T00:00:00Z', serial: '0b' }] }, fires: ['0b'] },
    {
      title: 'Valid, or an authority’s.',
      line: '',
      facts: { certificates: [{ notAfter: '2999-01-01T00:00:00Z' }, { notAfter: '2020-01-01T00:00:00Z', authority: true }] },
      fires: [],
    },
  ],
  *judge({ certificates }, { days, authorities, allow }, { now }) {
    for (const { subject, serial, notBefore, notAfter, authority, location } of certificates) {
      if ((authority && !authorities) || isAllowed(location.path, allow)) continue;
      const end = Date.parse(notAfter);
      const begin = Date.parse(notBefore);
      const who = `the certificate of ${subject === '' ? 'nobody' : subject} in ${location.path}`;
      if (Number.isNaN(end) || Number.isNaN(begin)) {
        yield { state: 'undecided', subject: serial, reason: `${who} has dates that can’t be read`, cause: 'image', location };
      } else if (end < now.getTime() + days * DAY) {
        const what = end < now.getTime() ? `expired on ${notAfter}` : `expires on ${notAfter}, within ${days} days`;
        yield { state: 'fired', subject: serial, message: `${who} ${what}`, location, located: true };
      } else if (begin > now.getTime()) {
        yield { state: 'fired', subject: serial, message: `${who} is not valid before ${notBefore}`, location, located: true };
      }
    }
  },
});
