import * as z from 'zod';
import { defineTrigger } from '../trigger.ts';
import { numericId } from './numeric-id.ts';

export default defineTrigger({
  gate: 'accounts',
  name: 'uid-zero',
  since: '0.2.0',
  summary: 'An account besides root has user id 0.',
  why: 'Whoever has user id 0 is root, whatever the account is called: a second one is seldom watched, and a favourite of intruders.',
  remedy: 'Remove the account, or give it an id of its own.',
  parameters: { allow: z.array(z.string().min(1)).default([]).describe('names of accounts that may have user id 0 besides root') },
  needs: () => [{ kind: 'accounts' }],
  translates: [
    {
      gate: 'FILEPARSE_PASSWD',
      trigger: 'UIDZERO',
      parameters: { allow: { to: 'allow', syntax: 'list' } },
      own: true,
      sample: { action: 'stop', parameters: '' },
    },
  ],
  examples: [
    {
      title: 'A second root.',
      line: '',
      facts: {
        accounts: [
          { name: 'root', uid: '0' },
          { name: 'toor', uid: '00' },
          { name: 'app', uid: '1000' },
          { name: 'wrapped', uid: '4294967296' },
        ],
      },
      fires: ['toor', 'wrapped'],
    },
    { title: 'One that is allowed.', line: 'allow=toor', facts: { accounts: [{ name: 'toor', uid: '0' }] }, fires: [] },
  ],
  *judge({ accounts }, { allow }) {
    for (const { name, uid, location } of accounts) {
      if (name === 'root' || numericId(uid) !== '0' || allow.includes(name)) continue;
      yield { state: 'fired', subject: name, message: `the account ${name} has user id 0: it is root by another name`, location };
    }
  },
});
