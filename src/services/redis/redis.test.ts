import { describe, expect, test } from 'vitest';
import type { ImageConfiguration, Package, Service } from '../../model/index.ts';
import { type FixtureFile, packageOf, serviceImageOf } from '../image-files.fixture.ts';
import { readCommandLine } from './command-line.ts';
import reader from './index.ts';

function read(files: Readonly<Record<string, FixtureFile>>, configuration: Partial<ImageConfiguration> = {}, packages: readonly Package[] = []): Service[] {
  return [...reader.read(serviceImageOf({ files, configuration, packages }))];
}

function value(service: Service | undefined, key: string) {
  const setting = service?.scopes[0]?.settings.find((one) => one.key === key);
  return setting === undefined ? undefined : [setting.value, setting.certain];
}

const entrypoint = {
  '/usr/local/bin/docker-entrypoint.sh': `#!/bin/sh\nif [ "\${1#-}" != "$1" ] || [ "\${1%.conf}" != "$1" ]; then\n\tset -- redis-server "$@"\nfi\nif [ "$1" = 'redis-server' -a "$(id -u)" = '0' ]; then\n\texec gosu redis "$0" "$@"\nfi\nexec "$@"\n`,
  '/usr/local/bin/redis-server': new Uint8Array([0x7f, 0x45, 0x4c, 0x46]),
};

describe('layouts', () => {
  test('Debian: the service unit starts it with the usual file', () => {
    const [service] = read({ '/usr/bin/redis-server': '', '/etc/redis/redis.conf': 'bind 127.0.0.1 -::1\nprotected-mode yes\nport 6379\n' }, {}, [
      packageOf('deb', 'redis-server', '5:7.0.15-1~deb12u2'),
    ]);
    expect(service).toMatchObject({ service: 'redis', version: '7.0.15', entry: '/etc/redis/redis.conf', runs: false, problems: [] });
    expect(service?.scopes[0]?.listen).toEqual([{ address: '127.0.0.1:6379' }, { address: '[::1]:6379' }]);
  });

  test('the official image: no file, protected mode off, options of the command', () => {
    const configuration = {
      entrypoint: ['docker-entrypoint.sh'],
      cmd: ['redis-server', '--port', '0', '--tls-port', '6379', '--tls-cert-file', '/c', '--tls-key-file', '/k'],
      env: ['REDIS_VERSION=7.2.4'],
    };
    const [service] = read(entrypoint, configuration);
    expect(service).toMatchObject({ version: '7.2.4', entry: 'the command line', runs: true, problems: [] });
    expect(value(service, 'protected-mode')).toEqual(['no', true]);
    expect(service?.scopes[0]).toMatchObject({
      listen: [{ address: '*:6379' }, { address: '[::]:6379' }],
      tls: { enabled: true, protocols: ['TLSv1.2', 'TLSv1.3'] },
    });
  });

  test('the official image with options alone, and with a file alone', () => {
    const start = (cmd: string[]) =>
      read({ ...entrypoint, '/x/redis.conf': 'requirepass hidden\n' }, { entrypoint: ['docker-entrypoint.sh'], cmd, env: ['REDIS_VERSION=7.2.4'] })[0];
    expect(value(start(['--requirepass', 'hidden']), 'requirepass')).toEqual(['***', true]);
    expect(value(start(['/x/redis.conf', '--timeout', '3']), 'requirepass')).toEqual(['***', true]);
    expect(value(start(['/x/redis.conf', '--timeout', '3']), 'timeout')).toEqual(['3', true]);
    expect(JSON.stringify(start(['--requirepass', 'hidden']))).not.toContain('hidden');
  });

  test('Valkey is read like Redis', () => {
    const [service] = read({ '/etc/valkey/valkey.conf': 'maxclients 5\nrdma-port 1\n' }, {}, [packageOf('apk', 'valkey', '8.0.1-r0')]);
    expect(service).toMatchObject({ service: 'redis', version: '8.0.1', entry: '/etc/valkey/valkey.conf' });
    expect(value(service, 'maxclients')).toEqual(['5', true]);
    expect(service?.problems).toMatchObject([{ kind: 'uncertain', location: { line: 2 } }]);
  });

  test('no Redis, no service', () => {
    expect(read({ '/etc/passwd': '' })).toEqual([]);
  });

  test('a password from the environment is uncertain', () => {
    const [service] = read(entrypoint, { cmd: ['sh', '-c', 'redis-server --requirepass $PASSWORD'], env: ['REDIS_VERSION=7.2.4'] });
    expect(service?.problems.map((problem) => problem.why)).toContain('its command line holds $PASSWORD');
    expect(value(service, 'timeout')?.[1]).toBe(false);
  });
});

test('passwords of users are hidden', () => {
  const [service] = read({ '/etc/redis/redis.conf': 'user bob on >geheim ~* +@all #0123abcd\nmasterauth geheim\n' }, {}, [
    packageOf('deb', 'redis-server', '5:7.0.15-1'),
  ]);
  expect(service?.problems).toEqual([]);
  expect(JSON.stringify(service)).not.toMatch(/geheim|0123abcd/);
  expect(value(service, 'user')?.[0]).toBe('bob on >*** ~* +@all #***');
});

test.each<[words: string[], file: string | null, options: string[]]>([
  [[], null, []],
  [['/a.conf'], '/a.conf', []],
  [['--port', '0', '--save', '60', '1'], null, ['port 0', 'save 60 1']],
  [['/a.conf', '--loglevel verbose', '--save', '', '--appendonly', 'yes'], '/a.conf', ['loglevel verbose', 'save ""', 'appendonly yes']],
  [['--save', '--port', '1'], null, ['save ""', 'port 1']],
  [['--requirepass', 'a "b'], null, ['requirepass "a \\"b"']],
])('the command line %j', (words, file, options) => {
  expect(readCommandLine(words)).toMatchObject({ file, options });
});
