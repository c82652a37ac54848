import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { BinaryRule } from '../../model/index.ts';
import { testCataloger } from '../../testing/index.ts';
import { elfFixture } from '../executable/program.fixture.ts';
import binaries from './binaries.ts';
import { builtinRules } from './builtin-rules.generated.ts';

const program = (text: string): Buffer => elfFixture(Buffer.from(`\0before\0${text}\0after\0`, 'latin1'), [], { wide: true, bigEndian: false });
const fact = (name: string, version: string) => ({ facts: { packages: [{ type: 'generic' as const, name, version, lockfile: false }] } });
const context = { limits: { facts: 100, depth: 10 } };

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

/** What programs of many releases say, in the bytes around it: name, path, text, version. A `\0` stands at both ends. */
const said: readonly (readonly [name: string, path: string, text: string, version: string])[] = [
  ['node', 'usr/local/bin/node', 'node v0.10.48\0FATAL ERROR: %s %s\n', '0.10.48'],
  ['node', 'usr/local/bin/node', 'node_modules\0process.binding\0-v\0v0.12.18\0--enable-ssl2\x001.2.11\0zlib', '0.12.18'],
  ['node', 'usr/local/bin/node', '"Browser": "node.js/v6.17.1",\0node_modules\0process.binding\0v6.17.1\x001.10.1-DEV', '6.17.1'],
  ['node', 'opt/ide/lib/node', '/json\0node.js/v24.0.0-nightly20250401\0', '24.0.0-nightly20250401'],
  ['deno', 'usr/bin/deno', 'Deno/0.82.0grpc-timeout\0denover2.9.8Deno/2.9.8Deno/2.9.8+fe7ed01fe7ed', '2.9.8'],
  ['deno', 'usr/bin/deno', 'Deno/1.41.0cli/', '1.41.0'],
  ['bun', 'usr/local/bin/bun', ']\n\nBun v1.0.0\nbun-1.0.0\n', '1.0.0'],
  ['python', 'usr/bin/python2.7', 'x\x002.7.18\x001.2.13\x003.40.1', '2.7.18'],
  ['python', 'usr/local/bin/python3.13t', '/opt/python/versions/3.13.0rc2\x003.46.0\0', '3.13.0rc2'],
  ['python', 'usr/lib/libpython3.4m.so.1.0', '3.4.10+\x003.44.1\0', '3.4.10+'],
  ['pypy', 'opt/pypy/bin/libpypy3.9-c.so', '\n[PyPy 7.3.14 with GCC]\0on PyPy 3.9, the whole', '7.3.14'],
  ['ruby', 'usr/local/bin/ruby', 'ruby 1.9.3p551 (2014-11-13 revision 48407) [x86_64-linux]', '1.9.3p551'],
  ['ruby', 'usr/local/lib/libruby.so.3.4.0', 'ruby 3.4.0preview1 (2024-05-16 master 9d69619623) [x86_64-linux]', '3.4.0preview1'],
  ['perl', 'usr/bin/perl', 'PERL5LIB\0v5.36.0\0panic: sysconf\0/usr/share/perl/5.36.0', '5.36.0'],
  ['perl', 'usr/local/bin/perl', 'PERL5LIB\0/usr/local/lib/perl5/5.12.5\0-e\0/usr/local/lib/perl5/5.12.5/x86_64-linux', '5.12.5'],
  ['php', 'usr/bin/php5', 'X-Powered-By: PHP/5.6.40-0+deb8u12', '5.6.40'],
  ['php', 'usr/lib/apache2/modules/libphp7.4.so', 'X-Powered-By: PHP/7.4.0RC3', '7.4.0RC3'],
  ['java', 'opt/java/bin/java', 'JLI_Launch\x001.8.0_451-b10\0', '1.8.0_451-b10'],
  ['java', 'opt/graalvm/bin/java', 'JLI_Launch\x0017.0.3+7-jvmci-22.1-b06\0', '17.0.3+7-jvmci-22.1-b06'],
  ['java', 'opt/jdk/bin/java', 'JLI_Launch\x0025.0.2+10-LTS\x000.0\0', '25.0.2+10-LTS'],
  ['java', 'opt/jdk/bin/java', 'JLI_Launch\x009+181\0', '9+181'],
  ['erlang', 'usr/local/lib/erlang/erts-15.0/bin/erlexec', '/usr/src/otp_src_27.0/erts/etc', '27.0'],
  ['erlang', 'usr/lib/erlang/bin/beam.smp', '26.1.2\0\0\0\0Erlang/OTP 26%s [erts-14.1.1]', '26.1.2'],
  ['erlang', 'usr/lib/erlang/bin/beam.smp', 'Erlang/OTP 17%s [erts-6.4.1.6] [kernel-poll:%s]\n\x0017.5.6.9\0', '17.5.6.9'],
  ['lua', 'usr/bin/lua5.1', 'Lua 5.1.5  Copyright (C) 1994-2012 Lua.org\0Lua 5.1\0_VERSION', '5.1.5'],
  ['luajit', 'usr/local/openresty/luajit/lib/libluajit-5.1.so.2.1.0', 'LuaJIT 2.1.1694316082\0', '2.1.1694316082'],
  ['bash', 'bin/bash', '@(#)Bash version 5.2.15(1) release GNU\0', '5.2.15'],
  ['tengine', 'usr/local/nginx/sbin/nginx', 'Tengine version: Tengine/3.1.0\n', '3.1.0'],
  ['freenginx', 'usr/sbin/nginx', 'freenginx version: freenginx/1.27.4\n', '1.27.4'],
  ['angie', 'usr/sbin/angie', 'Angie version: Angie/1.10.3\nnginx version: nginx/1.27.5\n', '1.10.3'],
  ['lighttpd', 'usr/sbin/lighttpd', 'lighttpd/1.4.76\0lighttpd/1.4.76 (ssl) - a light and fast webserver', '1.4.76'],
  ['haproxy', 'usr/local/sbin/haproxy', ' version 2.7.3-1065b10, released 2023/02/14\0', '2.7.3'],
  ['haproxy', 'usr/local/sbin/haproxy', ' version 3.1-dev0-1eb0f22, released 2024/05/29\0', '3.1-dev0'],
  ['haproxy', 'usr/local/sbin/haproxy', 'HA-Proxy version 1.8.22 2019/10/25\0HA-Proxy version 1.8.22-2 2019/10/25\0', '1.8.22'],
  ['varnish', 'usr/sbin/varnishd', '(varnish-7.1.1 revision 7cee1c581bead20e88d101ab3d72afb29f14d87a)', '7.1.1'],
  ['squid', 'usr/sbin/squid', 'squid/5.7\0', '5.7'],
  ['memcached', 'usr/local/bin/memcached', 'memcached 1.6.18\0memcached 1.6.18\n', '1.6.18'],
  ['redis', 'usr/bin/redis-check-rdb', 'redis_version:%s\x006.2.14\x007.0.0\x006.2.14912196-d8565-1701469167040305114\0', '6.2.14'],
  ['valkey', 'usr/local/bin/valkey-server', 'redis_version:%s\x007.2.4\x009.0.0\0valkey9.0.0buildkitsandbox-1764887574000000000\0', '9.0.0'],
  ['postgres', 'usr/lib/postgresql/9.6/bin/postgres', 'postgres (PostgreSQL) 9.6.24\n', '9.6.24'],
  ['postgres', 'usr/local/bin/postgres', 'postgres (PostgreSQL) 17beta2\n', '17beta2'],
  ['mariadb', 'opt/mariadb/bin/mysqld', 'Unknown\x0010.11.19-MariaDB\0x86_64\0', '10.11.19'],
  ['mysql', 'opt/mysql/bin/mysqld', '../../mysql-9.7.0/sql/log.cc\0', '9.7.0'],
  ['openssh', 'usr/sbin/sshd', 'OpenSSH_9.2p1 Debian-2\0OpenSSH_9.2\0OpenSSH_2.5.0p1*,OpenSSH_2.5.1p1*\0OpenSSH_6.6.1*\0', '9.2p1'],
  ['dropbear', 'usr/sbin/dropbear', 'SSH-2.0-dropbear_2022.83\r\n', '2022.83'],
  ['vsftpd', 'usr/sbin/vsftpd', 'vsftpd: version 3.0.3\n', '3.0.3'],
  ['proftpd', 'usr/sbin/proftpd', 'ProFTPD Version 1.3.8b\0', '1.3.8b'],
  ['dnsmasq', 'usr/sbin/dnsmasq', 'dnsmasq-2.90\0version.bind', '2.90'],
  ['unbound', 'usr/sbin/unbound', 'unbound 1.17.1\0', '1.17.1'],
  ['mosquitto', 'usr/sbin/mosquitto', '2.0.11\0mosquitto version %s\n\0', '2.0.11'],
  ['fluent-bit', 'fluent-bit/bin/fluent-bit', '1.3.10\0\0Fluent Bit v%s\n', '1.3.10'],
  ['fluent-bit', 'fluent-bit/bin/fluent-bit', '1.7.0\0\x1b[1m\0%sFluent Bit v%s%s\n', '1.7.0'],
  ['busybox', 'bin/busybox', 'BusyBox v1.00 (2004.10.13-00:00+0000)', '1.00'],
  ['tini', 'tini', 'tini version 0.19.0 - git.de40ad0\0', '0.19.0'],
  ['curl', 'usr/local/bin/curl', 'curl 8.5.0 (x86_64) %s\n\0curl/8.5.0\0', '8.5.0'],
  ['curl', 'usr/local/lib/libcurl.so.4.8.0', 'CLIENT libcurl 7.88.1\r\n\0libcurl/7.88.1\0', '7.88.1'],
  ['git', 'usr/local/libexec/git-core/git', 'xgit/2.39.5\0GIT_USER_AGENT\x002.39.5\0', '2.39.5'],
  ['jq', 'usr/local/bin/jq', 'x\x001.7.1\0DEBUG:\x006.9.8\0', '1.7.1'],
  ['gzip', 'bin/gzip', '%s: not in gzip format\x001.12\0', '1.12'],
  ['xz', 'usr/bin/xz', 'xz (XZ Utils) 5.6.1\0liblzma %s\n', '5.6.1'],
  ['xz', 'usr/lib/liblzma.so.5.6.1', '5.6.1\0', '5.6.1'],
  ['zstd', 'usr/bin/zstd', 'Yann Collet\0v1.5.6\0zstd legacy v0.%d+', '1.5.6'],
  ['ffmpeg', 'ffmpeg', '%s version 7.0.2-static https://example.org\0', '7.0.2'],
  ['ffmpeg', 'opt/av.libs/libavcodec-9aae324f.so.59.37.100', 'Update your FFmpeg version to the newest\0FFmpeg version 5.1.4\0', '5.1.4'],
  ['openssl', 'usr/bin/openssl', 'OpenSSL 0.9.8zh 3 Dec 2015\0', '0.9.8zh'],
  ['openssl', 'usr/lib/libssl.so.1.1', 'OpenSSL 1.1.1w  11 Sep 2023\0', '1.1.1w'],
  ['openssl', 'x.libs/libcrypto-67a6c8c1.so.1.1', 'OpenSSL 3.0.0-beta1 17 Jun 2021\0', '3.0.0-beta1'],
  ['libressl', 'usr/lib/libcrypto.so.52.0.0', 'LibreSSL 3.8.2\0', '3.8.2'],
  ['glibc', 'lib/x86_64-linux-gnu/libc-2.17.so', 'GNU C Library stable release version 2.17, by Roland McGrath', '2.17'],
  ['glibc', 'lib/libc.so.6', 'GNU C Library (Debian GLIBC 2.36-9) stable release version 2.36.\nCopyright', '2.36'],
  ['musl', 'lib/ld-musl-x86_64.so.1', 'musl libc (x86_64)\nVersion %s\n\x001.2.3\0', '1.2.3'],
  ['zlib', 'usr/lib/libz.so.1.2.13', ' deflate 1.2.13 Copyright 1995-2022 Jean-loup Gailly', '1.2.13'],
  ['sqlite', 'usr/lib/libsqlite3.so.0', 'SQLite format 3\x003.40.1\0', '3.40.1'],
  ['expat', 'usr/lib/libexpat.so.1.8.10', 'expat_2.5.0\0expat_realloc\0', '2.5.0'],
];

describe('what programs say', () => {
  test.each(said)('%s in %s', (name, path, text, version) => {
    expect(binaries.selects({ path, type: 'file', mode: 0o755, size: 1000 }, { kind: 'packages' })).toBe(true);
    const bytes = program(text);
    const read = [...binaries.read({ path, mode: 0o755, bytes, text: () => '' }, { kind: 'packages' }, context)];
    expect(read).toMatchObject([{ kind: 'packages', fact: { name, version } }]);
  });
});

test('every built-in rule is for compiled programs, and tried here', () => {
  expect(builtinRules.filter(({ compiled }) => compiled !== true)).toEqual([]);
  const titles = ['node', 'nginx', 'openresty', 'httpd', 'redis', 'postgres', 'openssl', 'busybox', 'java', 'php', 'python'];
  const tried = new Set([...titles, ...said.map(([name]) => name)]);
  expect(builtinRules.map(({ name }) => name).filter((name) => !tried.has(name))).toEqual([]);
});

test('the page names every program', () => {
  const page = readFileSync(new URL('../../../docs/binary-rules.md', import.meta.url), 'utf8');
  const names = [...new Set(builtinRules.map(({ name }) => name))].sort();
  const listed = /It knows ([^.]*)\./
    .exec(page)?.[1]
    ?.replaceAll('\n', ' ')
    .split(/, | and /);
  expect(listed).toEqual(names);
});

describe('rules of users', () => {
  const own: BinaryRule[] = [
    { name: 'acme-server', paths: ['bin/acme-*', '/opt/acme/server'], before: 'Acme Server v', version: '\\d+(\\.\\d+)+(-rc\\d+)?' },
    { name: 'nginx', paths: ['bin/nginx'], contains: ['home made'], before: 'nginx ', version: '\\d+' },
  ];
  const request = { kind: 'packages', detail: { binaryRules: own } } as const;
  const found = (path: string, content: string | Buffer): unknown => {
    if (!binaries.selects({ path, type: 'file', mode: 0o755, size: 1 }, request)) return 'not selected';
    return [...binaries.read({ path, mode: 0o755, bytes: Buffer.from(content), text: () => '' }, request, context)].map((one) =>
      'problem' in one ? one.problem : [one.fact.name, (one.fact as { version: string }).version],
    );
  };

  test('add to the built-in ones, in any file, not only in compiled programs', () => {
    expect(found('usr/bin/acme-x', '#!/bin/sh\necho Acme Server v1.2.3')).toEqual([['acme-server', '1.2.3']]);
    expect(found('opt/acme/server', 'Acme Server v1.2.3-rc1\0Acme Server v1.2.3-rc1')).toEqual([['acme-server', '1.2.3-rc1']]);
    expect(found('srv/opt/acme/server', 'x')).toBe('not selected');
    expect(found('usr/bin/redis-server', program('nothing'))).toEqual([]);
  });

  test('stand in the place of built-in ones of the same name', () => {
    expect(found('usr/bin/nginx', program('nginx version: nginx/1.25.3'))).toEqual([]);
    expect(found('usr/bin/nginx', 'home made nginx 7')).toEqual([['nginx', '7']]);
    expect(found('usr/bin/nginx', 'nginx 7')).toEqual([]);
    expect(found('usr/sbin/nginx', program('nginx version: openresty/1.25.3.1'))).toEqual([['openresty', '1.25.3.1']]);
  });

  test('the version is the longest that what follows allows', () => {
    const versions = (rule: Partial<BinaryRule>, content: string) => {
      const detail = { binaryRules: [{ name: 'a', paths: ['a'], before: 'v', version: '\\d+(\\.\\d+)*', ...rule }] };
      return [...binaries.read({ path: 'a', mode: 0o755, bytes: Buffer.from(content), text: () => '' }, { kind: 'packages', detail }, context)].map((one) =>
        'problem' in one ? one.problem.kind : (one.fact as { version: string }).version,
      );
    };
    expect(versions({}, 'v1.2.3')).toEqual(['1.2.3']);
    expect(versions({}, 'v1.2.3.')).toEqual([]);
    expect(versions({}, 'v1.2.3x')).toEqual([]);
    expect(versions({ after: '\\.' }, 'v1.2.3.')).toEqual(['1.2.3']);
    expect(versions({ after: '' }, 'v1.2.3x')).toEqual(['1.2.3']);
    expect(versions({ after: '\\.3' }, 'v1.2.3')).toEqual(['1.2']);
    expect(versions({}, 'v1 v2')).toEqual(['contradiction']);
    expect(versions({ version: '.*' }, `v${'1'.repeat(100)} `)).toEqual(['1'.repeat(100)]);
    expect(versions({ version: '.*' }, `v${'1'.repeat(101)} `)).toEqual([]);
    expect(versions({ version: '(?i)[a-c]+', before: 'vv' }, 'vvvAbC')).toEqual(['AbC']);
    expect(versions({ before: 'é' }, 'é2')).toEqual(['2']);
  });

  test('a file made to take long is a problem, not a wait', () => {
    const detail = { binaryRules: [{ name: 'a', paths: ['a'], before: '1', version: '(\\d+)+x', after: '(a|b)*c' }] };
    const bytes = Buffer.alloc(2_000_000, '1');
    const read = [...binaries.read({ path: 'a', mode: 0o755, bytes, text: () => '' }, { kind: 'packages', detail }, context)];
    expect(read).toMatchObject([{ problem: { kind: 'limit', what: '/a' } }]);
  });
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
  ['bash', '/bin/bash', ['--version'], /version (\d+\.\d+\.\d+)/],
  ['curl', '/usr/bin/curl', ['--version'], /^curl ([\d.]+)/],
  ['git', '/usr/bin/git', ['--version'], /version ([\d.]+)/],
  ['gzip', '/bin/gzip', ['--version'], /^gzip ([\d.]+)/],
  ['haproxy', '/usr/sbin/haproxy', ['-v'], /version (\d+\.\d+\.\d+)/],
  ['mariadb', '/usr/sbin/mariadbd', ['--version'], /Ver ([\d.]+)-MariaDB/],
  ['memcached', '/usr/bin/memcached', ['--version'], /memcached ([\d.]+)/],
  ['openssh', '/usr/bin/ssh', ['-V'], /OpenSSH_([\w.]+)/],
  ['perl', '/usr/bin/perl', ['-e', 'print $^V'], /v([\d.]+)/],
  ['xz', '/usr/bin/xz', ['--version'], /Utils\) ([\w.]+)/],
  ['zstd', '/usr/bin/zstd', ['--version'], /v([\d.]+)/],
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
      const read = [...binaries.read(file, { kind: 'packages' }, context)];
      expect(read).toMatchObject([{ kind: 'packages', fact: { name, version: said } }]);
    });
  }
});
