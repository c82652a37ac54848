import { test } from 'vitest';
import { testTrigger } from '../../testing/index.ts';
import rootUser from './root-user.ts';

testTrigger(
  rootUser,
  [
    { title: 'a group alone', line: '', facts: { configuration: { user: ':1000' } }, fires: ['root'] },
    { title: 'root with a group', line: '', facts: { configuration: { user: 'root:app' } }, fires: ['root'] },
    { title: 'zeros', line: '', facts: { configuration: { user: '000' } }, fires: ['000'] },
    { title: 'a name that no account has', line: '', facts: { configuration: { user: 'ghost' }, accounts: [{ name: 'root', uid: '0' }] } },
    {
      title: 'a name, and accounts that could not be read',
      line: '',
      facts: { configuration: { user: 'app' } },
      problems: [{ evidence: 'accounts' }],
      undecided: ['app'],
    },
    { title: 'a number needs no accounts', line: '', facts: { configuration: { user: '1000' } }, problems: [{ evidence: 'accounts' }] },
    { title: 'a configuration in doubt', line: '', facts: { configuration: { user: '1000' } }, problems: [{ evidence: 'configuration' }], undecided: [''] },
    { title: 'an input without configuration', line: '', facts: {}, missing: ['configuration'], undecided: ['configuration'] },
  ],
  test,
);
