import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { CatalogerCase } from '../testing/index.ts';
import { testCataloger } from '../testing/index.ts';
import accounts from './accounts.ts';

const path = 'etc/passwd';
const request = { kind: 'accounts' } as const;
const asked = (cases: readonly Omit<CatalogerCase, 'path' | 'request'>[]): CatalogerCase[] => cases.map((each) => ({ ...each, path, request }));

testCataloger(
  accounts,
  {
    takes: [path],
    leaves: ['etc/passwd-', 'etc/shadow', 'etc/group', 'usr/etc/passwd', 'home/etc/passwd'],
    files: asked([
      {
        title: 'typical',
        content: 'root:x:0:0:root:/root:/bin/bash\nnobody:*:65534:65534:nobody,,,:/nonexistent:/usr/sbin/nologin\n',
        facts: {
          accounts: [
            { name: 'root', password: 'x', uid: '0', gid: '0', gecos: 'root', home: '/root', shell: '/bin/bash', location: { path: '/etc/passwd', line: 1 } },
            { name: 'nobody', password: '*', uid: '65534', gecos: 'nobody,,,', location: { line: 2 } },
          ],
        },
      },
      {
        title: 'no hash is kept',
        content: 'a:$6$salt$hash:1:1:::\nb::2:2:::\nc:!:3:3:::\nd:!!$1$x:4:4:::\ne:password:5:5:::\n',
        facts: { accounts: [{ password: 'set' }, { password: '' }, { password: '!' }, { password: '!' }, { password: 'set' }] },
      },
      {
        title: 'CRLF, no final newline, empty lines',
        content: '\r\nroot:x:0:0:root:/root:/bin/sh\r\n\r\nb:x:1:1::/:',
        facts: {
          accounts: [
            { name: 'root', shell: '/bin/sh', location: { line: 2 } },
            { name: 'b', shell: '', location: { line: 4 } },
          ],
        },
      },
      {
        title: 'NIS entries and comments name nobody here',
        content: '# a\n+nis:::::\n+\n-out:x:0:0:::\nroot:x:0:0:::\n',
        facts: { accounts: [{ name: 'root' }] },
      },
      { title: 'two of a name are two', content: 'root:x:0:0:::\nroot:x:1:1:::\n', facts: { accounts: [{ uid: '0' }, { uid: '1' }] } },
      {
        title: 'ids as they are written',
        content: 'a:x:00:-1:::\nb:x::4294967296:::\n',
        facts: {
          accounts: [
            { uid: '00', gid: '-1' },
            { uid: '', gid: '4294967296' },
          ],
        },
      },
      { title: 'empty', content: '' },
      {
        title: 'fields that are missing or left over at the end, blanks before the name: what some C library reads',
        content: 'root:x:0:0\n  b:x:0:0:g\n  # c\na:x:1:1::/:/bin/sh:more\nd:x:0\n',
        facts: {
          accounts: [
            { name: 'root', uid: '0', gid: '0', gecos: '', home: '', shell: '', location: { line: 1 } },
            { name: 'b', gecos: 'g' },
            { name: 'a', shell: '/bin/sh:more' },
          ],
        },
        problems: [{ kind: 'unreadable', line: 5, why: 'line 5 has 3 fields where an entry has 7' }],
      },
      { title: 'not text', content: Uint8Array.of(0, 255, 10, 254), problems: [{ line: 1 }, { line: 2 }] },
    ]),
  },
  test,
);

const hasGetent = spawnSync('getent', ['--version'], { stdio: 'ignore' }).error === undefined && existsSync('/etc/passwd');

test.skipIf(!hasGetent)('this machine’s accounts are what getent says (needs getent)', () => {
  const bytes = readFileSync('/etc/passwd');
  const told = execFileSync('getent', ['--service=files', 'passwd'], { encoding: 'utf8' }).trimEnd().split('\n');
  const found = [...accounts.read({ path, mode: 0o644, bytes, text: () => bytes.toString('utf8') }, request, { limits: { facts: 1000, depth: 10 } })];
  const lines = found.map((one) => ('kind' in one ? [one.fact.name, one.fact.uid, one.fact.gid, one.fact.gecos, one.fact.home, one.fact.shell].join(':') : ''));
  expect(lines).toEqual(
    told.map((line) =>
      line
        .split(':')
        .filter((_, index) => index !== 1)
        .join(':'),
    ),
  );
});
