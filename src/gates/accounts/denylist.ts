import * as z from 'zod';
import type { Account } from '../../model/index.ts';
import { defineTrigger, type Outcome } from '../trigger.ts';
import { numericId } from './numeric-id.ts';

const list = z.array(z.string().min(1)).optional();

const lineOf = (account: Account, password: string): string =>
  [account.name, password, account.uid, account.gid, account.gecos, account.home, account.shell].join(':');

/** Whether an account is the listed /etc/passwd line; undefined when only the password, which is never kept, could tell. */
function isEntry(account: Account, entry: string): boolean | undefined {
  if (account.password !== 'set') return lineOf(account, account.password) === entry;
  const password = entry.split(':')[1] ?? '';
  if (lineOf(account, password) !== entry || ['x', '*', '!', ''].includes(password)) return false;
  return undefined;
}

const fields = [
  { list: 'names', words: 'the name', of: (account: Account) => account.name, listed: (item: string) => item },
  { list: 'uids', words: 'the user id', of: (account: Account) => numericId(account.uid), listed: numericId },
  { list: 'gids', words: 'the group id', of: (account: Account) => numericId(account.gid), listed: numericId },
  { list: 'shells', words: 'the shell', of: (account: Account) => account.shell, listed: (item: string) => item },
] as const;

const entryOf = (account: Account): string => lineOf(account, account.password === 'set' ? '…' : account.password);

export default defineTrigger({
  gate: 'accounts',
  name: 'denylist',
  since: '0.1.0',
  summary: 'An account has a name, id, shell or entry that must not be.',
  why: 'An account that nobody needs is one that can be used: a second root, a login for a service, a forgotten developer.',
  remedy: 'Remove the account, or change the field that is named.',
  parameters: {
    names: list.describe('user names that must not exist'),
    uids: list.describe('user ids that no account may have'),
    gids: list.describe('group ids that no account may have as its own'),
    shells: list.describe('login shells that no account may have'),
    entries: list.describe('whole /etc/passwd lines that must not be present; they can hold neither commas nor blanks'),
  },
  needs: () => [{ kind: 'accounts' }],
  translates: [
    {
      gate: 'FILEPARSE_PASSWD',
      trigger: 'USERNAMEMATCH',
      summary: 'An account has a name that must not exist.',
      parameters: { USERNAMEBLACKLIST: { to: 'names', syntax: 'list' } },
      requiresOneOf: ['USERNAMEBLACKLIST'],
      sample: { action: 'warn', parameters: 'USERNAMEBLACKLIST=games,news' },
    },
    {
      gate: 'FILEPARSE_PASSWD',
      trigger: 'USERIDMATCH',
      summary: 'An account has a user id that must not be.',
      parameters: { USERIDBLACKLIST: { to: 'uids', syntax: 'list' } },
      requiresOneOf: ['USERIDBLACKLIST'],
      sample: { action: 'warn', parameters: 'USERIDBLACKLIST=1000,1001' },
    },
    {
      gate: 'FILEPARSE_PASSWD',
      trigger: 'GROUPIDMATCH',
      summary: 'An account has a group id that must not be.',
      parameters: { GROUPIDBLACKLIST: { to: 'gids', syntax: 'list' } },
      requiresOneOf: ['GROUPIDBLACKLIST'],
      sample: { action: 'warn', parameters: 'GROUPIDBLACKLIST=27' },
    },
    {
      gate: 'FILEPARSE_PASSWD',
      trigger: 'SHELLMATCH',
      summary: 'An account has a login shell that must not be.',
      parameters: { SHELLBLACKLIST: { to: 'shells', syntax: 'list' } },
      requiresOneOf: ['SHELLBLACKLIST'],
      sample: { action: 'warn', parameters: 'SHELLBLACKLIST=/bin/csh,/bin/zsh' },
    },
    {
      gate: 'FILEPARSE_PASSWD',
      trigger: 'PENTRYMATCH',
      summary: 'A whole /etc/passwd line is one that must not be present.',
      parameters: { PENTRYBLACKLIST: { to: 'entries', syntax: 'list' } },
      requiresOneOf: ['PENTRYBLACKLIST'],
      sample: { action: 'stop', parameters: 'PENTRYBLACKLIST=toor:x:0:0:root:/root:/bin/bash' },
      note: 'Passwords that stand in /etc/passwd are never kept: an entry that differs in nothing else leaves the rule undecided.',
    },
  ],
  check: (parameters) => (Object.values(parameters).every((each) => each === undefined) ? 'at least one list is needed' : undefined),
  examples: [
    { title: 'A name.', line: 'USERNAMEBLACKLIST=games,news', facts: { accounts: [{ name: 'games' }, { name: 'root' }] }, fires: ['games'] },
    {
      title: 'A second root, its id written with a zero too many.',
      as: 'FILEPARSE_PASSWD:USERIDMATCH',
      line: 'USERIDBLACKLIST=0',
      facts: { accounts: [{ name: 'toor', uid: '00' }] },
      fires: ['toor'],
    },
    {
      title: 'A group.',
      as: 'FILEPARSE_PASSWD:GROUPIDMATCH',
      line: 'GROUPIDBLACKLIST=27',
      facts: { accounts: [{ name: 'dev', gid: '27' }] },
      fires: ['dev'],
    },
    {
      title: 'Another shell.',
      as: 'FILEPARSE_PASSWD:SHELLMATCH',
      line: 'SHELLBLACKLIST=/bin/csh',
      facts: { accounts: [{ name: 'dev', shell: '/bin/bash' }] },
      fires: [],
    },
    {
      title: 'A whole entry, and one that only its password could tell.',
      as: 'FILEPARSE_PASSWD:PENTRYMATCH',
      line: 'PENTRYBLACKLIST=toor:x:0:0:root:/root:/bin/bash,old:ab12:5:5::/:/bin/sh',
      facts: {
        accounts: [
          { name: 'toor', password: 'x', uid: '0', gid: '0', gecos: 'root', home: '/root', shell: '/bin/bash' },
          { name: 'old', password: 'set', uid: '5', gid: '5', gecos: '', home: '/', shell: '/bin/sh' },
        ],
      },
      fires: ['toor'],
      undecided: ['old'],
    },
  ],
  *judge({ accounts }, parameters): Iterable<Outcome> {
    const denied = fields.map((field) => ({ ...field, items: new Set(parameters[field.list]?.map(field.listed)) }));
    for (const account of accounts) {
      for (const field of denied) {
        const value = field.of(account);
        if (!field.items.has(value)) continue;
        const message = `the account ${account.name} has ${field.words} ${value}: ${entryOf(account)}`;
        yield { state: 'fired', subject: account.name, message, location: account.location };
      }
      for (const entry of parameters.entries ?? []) {
        const same = isEntry(account, entry);
        if (same === true) {
          yield { state: 'fired', subject: account.name, message: `the account ${account.name} has the entry ${entryOf(account)}`, location: account.location };
        } else if (same === undefined) {
          const reason = `the entry of ${account.name} equals a listed one but for its password, which is never kept`;
          yield { state: 'undecided', subject: account.name, reason, cause: 'image', location: account.location };
        }
      }
    }
  },
});
