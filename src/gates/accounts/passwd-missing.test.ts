import { test } from 'vitest';
import { testTrigger } from '../../testing/index.ts';
import passwdMissing from './passwd-missing.ts';

testTrigger(
  passwdMissing,
  [
    {
      title: 'a file that could not be read is not missing',
      line: '',
      facts: { accounts: [] },
      problems: [{ evidence: 'accounts' }],
      undecided: ['/etc/passwd'],
    },
    { title: 'a damaged line does not hide the others', line: '', facts: { accounts: [{ name: 'root' }] }, problems: [{ evidence: 'accounts' }] },
    { title: 'accounts that nobody collected', line: '', facts: {}, missing: ['accounts'], undecided: ['accounts'] },
  ],
  test,
);
