import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { testCataloger } from '../../testing/index.ts';
import { elfFixture } from '../executable/program.fixture.ts';
import binaries from './binaries.ts';
import { binaryRules } from './rules.ts';

const program = (text: string): Buffer => elfFixture(Buffer.from(`\0before\0${text}\0after\0`, 'latin1'), [], { wide: true, bigEndian: false });
const fact = (name: string, version: string) => ({ facts: { packages: [{ type: 'generic' as const, name, version, lockfile: false }] } });

testCataloger(
  binaries,
  {
    takes: [
      'usr/local/bin/node',
      'usr/local/bin/python3.11',
      'opt/lib/libpython3.11.so.1.0',
      'usr/sbin/nginx',
      'usr/local/apache2/bin/httpd',
      'bin/busybox',
      'usr/lib/libcrypto.so.3',
      'opt/jdk/bin/java',
    ],
    leaves: ['usr/local/bin/nodes', 'etc/nginx', 'usr/bin/python3', 'usr/bin/pythonx.y', 'usr/lib/libcrypto.a', 'usr/share/php'],
    files: [
      { title: 'node', path: 'usr/local/bin/node', content: program('node.js/v20.11.1'), ...fact('node', '20.11.1') },
      { title: 'nginx', path: 'usr/sbin/nginx', content: program('nginx version: nginx/1.25.3'), ...fact('nginx', '1.25.3') },
      {
        title: 'openresty',
        path: 'usr/local/openresty/nginx/sbin/nginx',
        content: program('nginx version: openresty/1.21.4.1'),
        ...fact('openresty', '1.21.4.1'),
      },
      { title: 'httpd', path: 'usr/local/apache2/bin/httpd', content: program('Apache/2.4.58 (Unix)\0Apache/2.4'), ...fact('httpd', '2.4.58') },
      {
        title: 'redis, whose commands name other versions',
        path: 'usr/local/bin/redis-server',
        content: program('redis_version:%s\x007.2.4\x006.0.0\x007.2.4host-1700000000'),
        ...fact('redis', '7.2.4'),
      },
      { title: 'postgres', path: 'usr/local/bin/postgres', content: program('postgres (PostgreSQL) 16.2'), ...fact('postgres', '16.2') },
      { title: 'openssl 1', path: 'usr/bin/openssl', content: program('OpenSSL 1.0.2k-fips  26 Jan 2017'), ...fact('openssl', '1.0.2k-fips') },
      { title: 'openssl 3', path: 'usr/lib/libcrypto.so.3', content: program('OpenSSL 3.0.13 30 Jan 2024'), ...fact('openssl', '3.0.13') },
      { title: 'busybox', path: 'bin/busybox', content: program('BusyBox v1.36.1 (2023-11-07 18:53:09 UTC)'), ...fact('busybox', '1.36.1') },
      { title: 'java', path: 'opt/jdk/bin/java', content: program('JLI_Launch\x0017.0.9+9\0'), ...fact('java', '17.0.9+9') },
      { title: 'java 8', path: 'opt/jdk/bin/java', content: program('JLI_Launch\x001.8.0_392-b08\0'), ...fact('java', '1.8.0_392-b08') },
      { title: 'php', path: 'usr/local/bin/php', content: program('X-Powered-By: PHP/8.3.0'), ...fact('php', '8.3.0') },
      { title: 'python by its series', path: 'usr/local/bin/python3.11', content: program('x/Python-3.11.7\x003.12.0'), ...fact('python', '3.11.7') },
      { title: 'a script of the same name', path: 'usr/sbin/nginx', content: `#!/bin/sh\n# nginx version: nginx/1.2.3\n${' '.repeat(100)}` },
      { title: 'another program of the same name', path: 'usr/local/bin/node', content: program('nothing of the kind') },
      {
        title: 'two versions in one file',
        path: 'usr/sbin/nginx',
        content: program('nginx version: nginx/1.2.3\0nginx version: nginx/1.2.4'),
        problems: [{ kind: 'contradiction', what: '/usr/sbin/nginx' }],
      },
    ],
  },
  test,
);

test('every rule has a name, and its patterns are regular expressions', () => {
  for (const rule of binaryRules) {
    expect(rule.name).toMatch(/^[a-z][a-z0-9-]*$/);
    expect(() => [new RegExp(rule.path), new RegExp(rule.version), new RegExp(rule.again ?? '')]).not.toThrow();
  }
});

/** Where this machine may have the program, and what it says of its version. */
const here: readonly (readonly [name: string, places: string, args: readonly string[], version: RegExp])[] = [
  ['node', '/usr/bin/node', ['--version'], /v([\d.]+)/],
  ['nginx', '/usr/sbin/nginx', ['-v'], /nginx\/([\d.]+)/],
  ['httpd', '/usr/sbin/apache2', ['-v'], /Apache\/([\d.]+)/],
  ['redis', '/usr/bin/redis-server', ['--version'], /v=([\d.]+)/],
  ['postgres', '/usr/lib/postgresql/*/bin/postgres', ['--version'], /\) ([\d.]+)/],
  ['openssl', '/usr/bin/openssl', ['version'], /OpenSSL ([\w.]+)/],
  ['busybox', '/bin/busybox', [], /v([\d.]+)/],
  ['java', '/usr/lib/jvm/*/bin/java', ['-version'], /\(build ([^,)\s]+)/],
  ['php', '/usr/bin/php8*', ['--version'], /PHP ([\d.]+)/],
  ['python', '/usr/bin/python3.*', ['--version'], /Python ([\w.+]+)/],
];

/** The first path that a pattern with stars in names leads to; undefined: none. */
function firstPath(pattern: string): string | undefined {
  let paths = [''];
  for (const part of pattern.split('/').slice(1)) {
    const name = new RegExp(`^${part.replaceAll('.', '\\.').replaceAll('*', '[\\w.-]*')}$`);
    paths = paths.flatMap((path) => {
      if (!part.includes('*')) return existsSync(`${path}/${part}`) ? [`${path}/${part}`] : [];
      return readdirSync(path)
        .filter((each) => name.test(each))
        .map((each) => `${path}/${each}`);
    });
  }
  return paths[0];
}

describe('programs of this machine, against what they say themselves', () => {
  for (const [name, pattern, args, version] of here) {
    const path = firstPath(pattern);
    test.skipIf(path === undefined)(`${name} (skipped where it is not installed)`, () => {
      const answer = spawnSync(path as string, args, { encoding: 'utf8' });
      const said = version.exec(`${answer.stdout}${answer.stderr}`)?.[1];
      const bytes = readFileSync(path as string);
      const file = { path: (path as string).slice(1), mode: 0o755, bytes, text: () => '' };
      const read = [...binaries.read(file, { kind: 'packages' }, { limits: { facts: 100, depth: 10 } })];
      expect(read).toMatchObject([{ kind: 'packages', fact: { name, version: said } }]);
    });
  }
});
