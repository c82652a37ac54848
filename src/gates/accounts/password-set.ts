import * as z from 'zod';
import { defineTrigger } from '../trigger.ts';

export default defineTrigger({
  gate: 'accounts',
  name: 'password-set',
  since: '0.2.0',
  summary: 'An account has a password that came with the image.',
  why: 'A password in an image is the same in every container of it, and whoever can pull the image can try to guess it at leisure.',
  remedy: 'Lock the account (passwd -l); let people in by other means.',
  parameters: { allow: z.array(z.string().min(1)).default([]).describe('names of accounts that may have one') },
  needs: () => [{ kind: 'accounts' }],
  translates: [
    {
      gate: 'FILEPARSE_PASSWD',
      trigger: 'PASSWORDSET',
      parameters: { allow: { to: 'allow', syntax: 'list' } },
      own: true,
      sample: { action: 'warn', parameters: '' },
    },
  ],
  examples: [
    {
      title: 'A hash in /etc/shadow, and one in /etc/passwd.',
      line: '',
      facts: {
        accounts: [
          { name: 'root', password: 'x', shadow: { password: 'set', scheme: 'yescrypt' } },
          { name: 'old', password: 'set' },
        ],
      },
      fires: ['root', 'old'],
    },
    { title: 'Locked.', line: '', facts: { accounts: [{ name: 'root', password: 'x', shadow: { password: 'locked', scheme: 'sha512' } }] }, fires: [] },
    { title: 'One that may.', line: 'allow=root', facts: { accounts: [{ name: 'root', password: 'set' }] }, fires: [] },
  ],
  *judge({ accounts }, { allow }) {
    for (const { name, password, shadow, location } of accounts) {
      const isShadowed = password === 'x' && shadow?.password === 'set';
      if ((password !== 'set' && !isShadowed) || allow.includes(name)) continue;
      const how = isShadowed && shadow.scheme != null ? `, hashed by ${shadow.scheme}` : '';
      const message = `the account ${name} has a password that came with the image${how}`;
      yield { state: 'fired', subject: name, message, location: isShadowed ? (shadow.location ?? location) : location };
    }
  },
});
