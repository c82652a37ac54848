import { test } from 'vitest';
import { testTrigger } from '../../testing/index.ts';
import license from './license.ts';

testTrigger(
  license,
  [
    {
      title: 'case does not count',
      line: 'LICBLACKLIST_FULLMATCH=agpl-3.0-ONLY',
      facts: { packages: [{ name: 'x', licenses: ['AGPL-3.0-only'] }] },
      fires: ['x|agpl-3.0-ONLY'],
    },
    {
      title: 'each package and each licence',
      line: 'LICBLACKLIST_FULLMATCH=GPL-2,MIT',
      facts: {
        packages: [
          { name: 'x', licenses: ['GPL-2 MIT'] },
          { name: 'y', licenses: ['MIT'] },
        ],
      },
      fires: ['x|GPL-2', 'x|MIT', 'y|MIT'],
    },
    {
      title: 'packages of languages count',
      as: 'LICBLACKLIST:LICSUBMATCH',
      line: 'LICBLACKLIST_SUBMATCH=SSPL',
      facts: { packages: [{ name: 'db', type: 'pypi', licenses: ['SSPL-1.0'] }] },
      fires: ['db|SSPL'],
    },
    { title: 'an unreadable database', line: 'LICBLACKLIST_FULLMATCH=MIT', facts: {}, problems: [{ evidence: 'packages' }], undecided: ['problem-1'] },
    {
      title: 'one row for all packages without a licence',
      line: 'LICBLACKLIST_FULLMATCH=MIT',
      facts: { packages: [{ name: 'a' }, { name: 'b', licenses: [' '] }] },
      undecided: ['undeclared-licence'],
    },
  ],
  test,
);
