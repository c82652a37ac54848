import * as z from 'zod';
import { allowedPaths, isAllowed } from '../allowed-paths.ts';
import { defineTrigger } from '../trigger.ts';

export default defineTrigger({
  gate: 'files',
  name: 'set-id',
  since: '0.2.0',
  summary: 'A program runs with its owner’s or group’s rights (set-user-id, set-group-id).',
  why: 'Whoever runs such a program gets the rights of another, most often root: one flaw in it and a container’s user is root.',
  remedy: 'Take the bit away (chmod a-s) where nobody in the image needs it; name those that must stay in allow.',
  parameters: {
    bits: z
      .array(z.enum(['suid', 'sgid']))
      .min(1)
      .default(['suid', 'sgid'])
      .describe('which of the two bits are looked for'),
    unowned: z.boolean().default(false).describe('whether only programs count that no package put there'),
    allow: allowedPaths,
  },
  needs: ({ bits, unowned }) => {
    const modeBits = (bits.includes('suid') ? 0o4000 : 0) | (bits.includes('sgid') ? 0o2000 : 0);
    return [{ kind: 'files', detail: { files: { modeBits }, ...(unowned ? { owners: true } : {}) } }];
  },
  translates: [
    {
      gate: 'FILECHECK',
      trigger: 'SUIDFILE',
      parameters: { bits: { to: 'bits', syntax: 'list' }, unowned: { to: 'unowned', syntax: 'boolean' }, allow: { to: 'allow', syntax: 'list' } },
      own: true,
      sample: { action: 'warn', parameters: 'allow=/bin/su,/usr/bin/su,/usr/bin/passwd' },
    },
  ],
  examples: [
    {
      title: 'One that may stay, one that may not.',
      line: 'allow=/usr/bin/passwd',
      facts: {
        files: [
          { path: '/usr/bin/passwd', mode: 0o4755 },
          { path: '/usr/bin/openssl', mode: 0o4755 },
          { path: '/usr/bin/chage', mode: 0o2755 },
        ],
      },
      fires: ['/usr/bin/openssl', '/usr/bin/chage'],
    },
    {
      title: 'Only what no package put there.',
      line: 'unowned=true',
      facts: {
        files: [
          { path: '/usr/bin/su', mode: 0o4755, package: 'util-linux' },
          { path: '/usr/local/bin/x', mode: 0o4755, package: null },
        ],
      },
      fires: ['/usr/local/bin/x'],
    },
    { title: 'One bit of the two.', line: 'bits=suid', facts: { files: [{ path: '/usr/bin/chage', mode: 0o2755 }] }, fires: [] },
    {
      title: 'A directory gives its group to what is made in it.',
      line: '',
      facts: { files: [{ path: '/var/mail', type: 'directory', mode: 0o2775 }] },
      fires: [],
    },
  ],
  *judge({ files }, { bits, unowned, allow }) {
    for (const { path, type, mode, uid, gid, layer, package: owner } of files) {
      if (type !== 'file' || isAllowed(path, allow) || (unowned && owner != null)) continue;
      const found = [
        ...(bits.includes('suid') && (mode & 0o4000) !== 0 ? [`the rights of its owner, user ${uid}`] : []),
        ...(bits.includes('sgid') && (mode & 0o2000) !== 0 ? [`the rights of its group, ${gid}`] : []),
      ];
      if (found.length === 0) continue;
      yield { state: 'fired', subject: path, message: `${path} (mode ${mode.toString(8)}) runs with ${found.join(' and ')}`, location: { path, layer } };
    }
  },
});
