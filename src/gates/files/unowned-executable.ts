import * as z from 'zod';
import { allowedPaths, isAllowed } from '../allowed-paths.ts';
import { defineTrigger } from '../trigger.ts';

/** Where programs of the system lie; what an application brings lies elsewhere. */
const system = ['/bin/', '/sbin/', '/usr/bin/', '/usr/sbin/', '/usr/libexec/'];

export default defineTrigger({
  gate: 'files',
  name: 'unowned-executable',
  since: '0.2.0',
  summary: 'An executable lies where programs of the system are, and no package put it there.',
  why: 'Nobody updates it when a flaw is found, and no list of packages says that it is there.',
  remedy: 'Install the program as a package, or remove it; name what must stay in allow.',
  parameters: {
    below: z
      .array(z.string().regex(/^\/.*\/$|^\/$/, 'is no directory: it begins and ends with /'))
      .min(1)
      .default(system)
      .describe('directories that are looked into'),
    allow: allowedPaths,
  },
  needs: () => [{ kind: 'drift' }],
  translates: [
    {
      gate: 'FILECHECK',
      trigger: 'UNOWNEDEXECUTABLE',
      parameters: { below: { to: 'below', syntax: 'list' }, allow: { to: 'allow', syntax: 'list' } },
      own: true,
      sample: { action: 'warn', parameters: 'below=/bin/,/sbin/,/usr/bin/,/usr/sbin/' },
    },
  ],
  examples: [
    { title: 'Copied in.', line: '', facts: { drift: [{ kind: 'unowned', package: null, location: { path: '/usr/bin/tool' } }] }, fires: ['/usr/bin/tool'] },
    {
      title: 'An application’s own, and one that is allowed.',
      line: 'allow=/usr/bin/tini',
      facts: {
        drift: [
          { kind: 'unowned', package: null, location: { path: '/app/run' } },
          { kind: 'unowned', package: null, location: { path: '/usr/bin/tini' } },
        ],
      },
      fires: [],
    },
  ],
  *judge({ drift }, { below, allow }) {
    for (const { kind, location } of drift) {
      if (kind !== 'unowned' || !isAllowed(location.path, below) || isAllowed(location.path, allow)) continue;
      yield { state: 'fired', subject: location.path, message: `${location.path} is an executable that no package put there`, location };
    }
  },
});
