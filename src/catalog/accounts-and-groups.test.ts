import { test } from 'vitest';
import { type CatalogerCase, testCataloger } from '../testing/index.ts';
import groups from './groups.ts';
import shadow from './shadow.ts';

const asked = (path: string, kind: 'accounts' | 'groups', cases: readonly Omit<CatalogerCase, 'path' | 'request'>[]): CatalogerCase[] =>
  cases.map((each) => ({ ...each, path, request: { kind } }));

testCataloger(
  shadow,
  {
    takes: ['etc/shadow'],
    leaves: ['etc/shadow-', 'etc/gshadow', 'usr/etc/shadow'],
    files: asked('etc/shadow', 'accounts', [
      {
        title: 'each state, and never a hash',
        content: [
          'root::1:0:99999:7:::',
          'a:*:1:0:::::',
          'b:!:1::::::',
          'c:!!:1::::::',
          'd:!$6$salt$hash:1::::::',
          'e:$y$j9T$salt$hash:1::::::',
          'f:ab0123456789z:1::::::',
          'g:!*:1::::::',
          'h:x:1::::::',
          'i:$2b$10$abc:1::::::',
          'j:$argon2id$v=19$abc:1::::::',
          ' k:!$strange$x:1::::::',
        ].join('\n'),
        facts: {
          shadow: [
            { name: 'root', password: '', scheme: null, location: { line: 1 } },
            { name: 'a', password: '*', scheme: null },
            { name: 'b', password: '!', scheme: null },
            { name: 'c', password: '!', scheme: null },
            { name: 'd', password: 'locked', scheme: 'sha512' },
            { name: 'e', password: 'set', scheme: 'yescrypt' },
            { name: 'f', password: 'set', scheme: 'des' },
            { name: 'g', password: '!', scheme: null },
            { name: 'h', password: '*', scheme: null },
            { name: 'i', password: 'set', scheme: 'bcrypt' },
            { name: 'j', password: 'set', scheme: 'argon2id' },
            { name: 'k', password: 'locked', scheme: 'strange' },
          ],
        },
      },
      { title: 'empty, comments, CRLF', content: '\r\n# x\n+\n', facts: {} },
      { title: 'damaged', content: 'no-fields\na:b:c:d:e:f:g:h:i:j\n', problems: [{ line: 1 }, { line: 2 }] },
    ]),
  },
  test,
);

testCataloger(
  groups,
  {
    takes: ['etc/group'],
    leaves: ['etc/group-', 'etc/gshadow'],
    files: asked('etc/group', 'groups', [
      {
        title: 'typical',
        content: 'root:x:0:root\nwheel:x:10:root,ci\nempty::5:\nhash:$1$a$b:6:,\n',
        facts: {
          groups: [
            { name: 'root', password: 'x', gid: '0', members: ['root'], location: { path: '/etc/group', line: 1 } },
            { name: 'wheel', members: ['root', 'ci'] },
            { name: 'empty', password: '', members: [] },
            { name: 'hash', password: 'set', members: [] },
          ],
        },
      },
      { title: 'empty', content: '\n' },
      {
        title: 'fields that are missing or left over',
        content: 'root:x:0\n  ok:x:1: a , b\nmore:x:2:a:b\nno:x\n',
        facts: {
          groups: [
            { name: 'root', members: [] },
            { name: 'ok', members: ['a', 'b'] },
            { name: 'more', members: ['a:b'] },
          ],
        },
        problems: [{ line: 4, why: 'line 4 has 2 fields where an entry has 4' }],
      },
    ]),
  },
  test,
);
