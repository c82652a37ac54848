import { test } from 'vitest';
import { testTrigger } from '../../testing/index.ts';
import denylist from './denylist.ts';

testTrigger(
  denylist,
  [
    {
      title: 'a name fires without any other parameter',
      line: 'USERNAMEBLACKLIST=games',
      facts: { accounts: [{ name: 'games' }, { name: 'gamer' }] },
      fires: ['games'],
    },
    {
      title: 'every account with the id',
      as: 'FILEPARSE_PASSWD:USERIDMATCH',
      line: 'USERIDBLACKLIST=0',
      facts: {
        accounts: [
          { name: 'root', uid: '0' },
          { name: 'toor', uid: '0' },
          { name: 'ten', uid: '10' },
        ],
      },
      fires: ['root', 'toor'],
    },
    { title: 'an id that is no number', as: 'FILEPARSE_PASSWD:GROUPIDMATCH', line: 'GROUPIDBLACKLIST=0', facts: { accounts: [{ name: 'odd', gid: 'x' }] } },
    {
      title: 'an entry that differs',
      as: 'FILEPARSE_PASSWD:PENTRYMATCH',
      line: 'PENTRYBLACKLIST=a:x:1:1::/:/bin/sh',
      facts: { accounts: [{ name: 'a', uid: '1', gid: '2', home: '/', shell: '/bin/sh' }] },
    },
    {
      title: 'an entry without a password is not one with any',
      as: 'FILEPARSE_PASSWD:PENTRYMATCH',
      line: 'PENTRYBLACKLIST=a::1:1::/:/bin/sh',
      facts: { accounts: [{ name: 'a', password: 'set', uid: '1', gid: '1', home: '/', shell: '/bin/sh' }] },
    },
    { title: 'a file that could not be read', line: 'USERNAMEBLACKLIST=games', facts: {}, problems: [{ evidence: 'accounts' }], undecided: ['problem-1'] },
  ],
  test,
);
