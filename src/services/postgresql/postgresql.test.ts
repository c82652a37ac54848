import { describe, expect, test } from 'vitest';
import type { ImageConfiguration, Package, Service } from '../../model/index.ts';
import { type FixtureFile, packageOf, serviceImageOf } from '../image-files.fixture.ts';
import reader from './index.ts';
import { parameterValue } from './parameter-value.ts';
import { parametersOf } from './parameters.ts';

function read(
  files: Readonly<Record<string, FixtureFile>>,
  configuration: Partial<ImageConfiguration> = {},
  packages: readonly Package[] = [packageOf('deb', 'postgresql-15', '15.18-0+deb12u1')],
): Service[] {
  return [...reader.read(serviceImageOf({ files, configuration, packages: [...packages, packageOf('deb', 'libssl3', '3.0.17-1')] }))];
}

function setting(service: Service | undefined, key: string, ...scope: string[]) {
  return service?.scopes.find((one) => one.scope.join() === scope.join())?.settings.find((one) => one.key === key);
}

const cluster = '/etc/postgresql/15/main';

describe('layouts', () => {
  test('Debian: a service for each cluster, the access rules where the file says', () => {
    const services = read({
      [`${cluster}/postgresql.conf`]: `data_directory = '/var/lib/postgresql/15/main'\nhba_file = '${cluster}/pg_hba.conf'\nssl = on\nssl_cert_file = '/etc/ssl/certs/ssl-cert-snakeoil.pem'\nssl_key_file = '/etc/ssl/private/ssl-cert-snakeoil.key'\ninclude_dir = 'conf.d'\n`,
      [`${cluster}/conf.d`]: { directory: true },
      [`${cluster}/pg_hba.conf`]: 'local all postgres peer\nhost all all 127.0.0.1/32 scram-sha-256\n',
      '/var/lib/postgresql/15/main/postgresql.auto.conf': "listen_addresses = '*'\n",
      '/etc/postgresql/14/other/postgresql.conf': 'port = 5433\n',
      '/etc/postgresql/14/other/pg_hba.conf': '',
    });
    expect(services.map((service) => [service.entry, service.problems])).toEqual([
      ['/etc/postgresql/14/other/postgresql.conf', []],
      [`${cluster}/postgresql.conf`, []],
    ]);
    expect(setting(services[1], 'listen_addresses')).toMatchObject({
      value: '*',
      origin: { path: '/var/lib/postgresql/15/main/postgresql.auto.conf', line: 1 },
    });
    expect(services[1]?.scopes[0]).toMatchObject({ listen: [{ address: '*:5432' }], tls: { protocols: ['TLSv1.2', 'TLSv1.3'], curves: ['prime256v1'] } });
    expect(setting(services[1], 'method', 'pg_hba.conf', 'host all all 127.0.0.1/32')).toMatchObject({ value: 'scram-sha-256', origin: { line: 2 } });
    expect(services[0]?.scopes[0]?.tls).toBeNull();
  });

  test('the official image: the configuration is made at start', () => {
    const files = {
      '/usr/local/bin/docker-entrypoint.sh': `#!/usr/bin/env bash\nif [ "\${1:0:1}" = '-' ]; then\n\tset -- postgres "$@"\nfi\nexec "$@"\n`,
      '/usr/share/postgresql/postgresql.conf.sample': "listen_addresses = '*'\n#port = 5432\n",
    };
    const env = ['PG_MAJOR=16', 'PG_VERSION=16.4-1.pgdg120+1', 'PGDATA=/var/lib/postgresql/data', 'POSTGRES_HOST_AUTH_METHOD=trust'];
    const [service] = read(files, { entrypoint: ['docker-entrypoint.sh'], cmd: ['postgres', '-c', 'log_connections=on'], env }, []);
    expect(service).toMatchObject({ version: '16.4', runs: true, problems: [{ kind: 'uncertain' }] });
    expect(setting(service, 'listen_addresses')).toMatchObject({ value: '*', certain: false });
    expect(setting(service, 'log_connections')).toMatchObject({ value: 'on', origin: { path: 'the command line' } });
    expect(setting(service, 'method', 'pg_hba.conf', 'host all all all')).toMatchObject({ value: 'trust', certain: false });
  });

  test('a file that the command line names', () => {
    const [service] = read({ '/etc/my.conf': 'port = 6000\n' }, { cmd: ['postgres', '-c', 'config_file=/etc/my.conf'] });
    expect(service).toMatchObject({ entry: '/etc/my.conf', runs: true });
    expect(setting(service, 'port')?.value).toBe('6000');
  });

  test('pg_ctl hands options on; its own letters mean other things', () => {
    const cmd = ['sh', '-c', 'pg_ctl -D /d -l /log -o "-c log_connections=on -p 6001" -w start'];
    const [service] = read({ '/d/postgresql.conf': '', '/d/pg_hba.conf': '' }, { cmd });
    expect(service).toMatchObject({ entry: '/d/postgresql.conf', runs: true, problems: [] });
    expect([setting(service, 'ssl')?.value, setting(service, 'port')?.value, setting(service, 'log_connections')?.value]).toEqual(['off', '6001', 'on']);
  });

  test('an initialised data directory of RHEL', () => {
    const [service] = read({ '/var/lib/pgsql/data/postgresql.conf': '', '/var/lib/pgsql/data/pg_hba.conf': '' }, {}, [
      packageOf('rpm', 'postgresql-server', '13.16-1.el9'),
    ]);
    expect(service).toMatchObject({ version: '13.16', entry: '/var/lib/pgsql/data/postgresql.conf', problems: [] });
    expect(setting(service, 'password_encryption')?.value).toBe('md5');
  });

  test('no PostgreSQL, no service', () => {
    expect(read({ '/etc/passwd': '' }, {}, [])).toEqual([]);
  });
});

describe('access rules', () => {
  const rules = (text: string) => read({ [`${cluster}/postgresql.conf`]: '', [`${cluster}/pg_hba.conf`]: text })[0];

  test('the first record that matches decides; others are shadowed', () => {
    const service = rules(
      'host all all 10.0.0.0/8 reject\nhost all all 10.0.0.0/8 trust\nhost all all 0.0.0.0/0 md5\nhostssl db u 192.0.2.0/24 scram-sha-256\nhost replication u 192.0.2.0/24 trust\n',
    );
    expect(service?.scopes.slice(1).map((scope) => scope.scope[1])).toEqual([
      'host all all 10.0.0.0/8',
      'host all all 0.0.0.0/0',
      'host replication u 192.0.2.0/24',
    ]);
    expect(setting(service, 'method', 'pg_hba.conf', 'host all all 10.0.0.0/8')).toMatchObject({
      value: 'reject',
      shadowed: [{ value: 'trust', origin: { line: 2 } }],
    });
    expect(setting(service, 'method', 'pg_hba.conf', 'host all all 0.0.0.0/0')?.shadowed).toMatchObject([{ value: 'scram-sha-256' }]);
  });

  test('passwords in options are hidden', () => {
    const service = rules('host all all all ldap ldapserver=x ldapbindpasswd=geheim\n');
    expect(JSON.stringify(service)).not.toContain('geheim');
    expect(setting(service, 'ldapbindpasswd', 'pg_hba.conf', 'host all all all')?.value).toBe('***');
  });
});

test.each([
  ['work_mem', '64kB', '64kB'],
  ['work_mem', '4096', '4MB'],
  ['shared_buffers', '16384', '128MB'],
  ['statement_timeout', '60000', '1min'],
  ['port', '0x1538', '5432'],
  ['fsync', 'ye', 'on'],
  ['unix_socket_permissions', '0777', '0777'],
  ['log_min_messages', 'WARNING', 'warning'],
  ['work_mem', '1min', undefined],
  ['port', '-1', undefined],
  ['fsync', 'o', undefined],
])('%s = %s is %s', (name, text, expected) => {
  const parameter = parametersOf('15.18').get(name);
  if (parameter === undefined) throw new Error(name);
  const value = parameterValue(parameter, text);
  expect('value' in value ? value.value : undefined).toBe(expected);
});
