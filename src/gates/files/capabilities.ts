import * as z from 'zod';
import { allowedPaths, isAllowed } from '../allowed-paths.ts';
import { defineTrigger } from '../trigger.ts';

export default defineTrigger({
  gate: 'files',
  name: 'capabilities',
  since: '0.2.0',
  summary: 'A program gets Linux capabilities when it is started.',
  why: 'A capability is a part of root’s rights that whoever starts the program gets; it doesn’t show in a listing of modes.',
  remedy: 'Take the capabilities away (setcap -r) where nobody in the image needs them; name what may stay in allow or harmless.',
  parameters: {
    harmless: z
      .array(z.string().regex(/^cap_[a-z0-9_]+$/, 'is no capability'))
      .default([])
      .describe('capabilities that may be given: cap_net_bind_service'),
    allow: allowedPaths,
  },
  needs: () => [{ kind: 'files', detail: { files: { capabilities: true } } }],
  translates: [
    {
      gate: 'FILECHECK',
      trigger: 'CAPABILITY',
      parameters: { harmless: { to: 'harmless', syntax: 'list' }, allow: { to: 'allow', syntax: 'list' } },
      own: true,
      sample: { action: 'warn', parameters: 'harmless=cap_net_bind_service' },
    },
  ],
  examples: [
    { title: 'ping with raw sockets.', line: '', facts: { files: [{ path: '/bin/ping', capabilities: ['cap_net_raw'] }] }, fires: ['/bin/ping'] },
    {
      title: 'Only low ports.',
      line: 'harmless=cap_net_bind_service',
      facts: {
        files: [
          { path: '/usr/bin/caddy', capabilities: ['cap_net_bind_service'] },
          { path: '/bin/sh', capabilities: [] },
        ],
      },
      fires: [],
    },
  ],
  *judge({ files }, { harmless, allow }) {
    for (const { path, capabilities, layer } of files) {
      if (capabilities === null) {
        // In the words in which the coverage says it, so that both are one row.
        yield { state: 'undecided', subject: 'files', reason: 'files: this kind of input can’t hold it', cause: 'outside' };
        return;
      }
      const found = capabilities.filter((each) => !harmless.includes(each));
      if (found.length === 0 || isAllowed(path, allow)) continue;
      yield { state: 'fired', subject: path, message: `${path} brings the capabilities ${found.join(', ')}`, location: { path, layer } };
    }
  },
});
