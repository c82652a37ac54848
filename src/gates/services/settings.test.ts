import { describe, expect, test } from 'vitest';
import { testTrigger } from '../../testing/index.ts';
import { isMet, measureOf, numberOf } from './demand.ts';
import hardening from './hardening.ts';
import { recommendationSets } from './recommendations.ts';
import setting from './setting.ts';
import unreadable from './unreadable.ts';

const sshd = (...settings: { key: string; value: string; certain?: boolean }[]) => ({
  services: [{ service: 'sshd', entry: '/etc/ssh/sshd_config', scopes: [{ settings }] }],
});

testTrigger(
  setting,
  [
    {
      title: 'each of several values',
      line: 'service=sshd key=Port is=22',
      facts: sshd({ key: 'Port', value: '22' }, { key: 'Port', value: '2222' }),
      fires: ['sshd Port'],
    },
    {
      title: 'every demand',
      line: 'service=sshd key=MaxAuthTries atleast=2 atmost=4',
      facts: sshd({ key: 'MaxAuthTries', value: '1' }),
      fires: ['sshd MaxAuthTries'],
    },
    {
      title: 'a value that is no number',
      line: 'service=sshd key=MaxAuthTries atmost=4',
      facts: sshd({ key: 'MaxAuthTries', value: 'many' }),
      undecided: ['sshd MaxAuthTries'],
    },
    {
      title: 'right, but not for certain',
      line: 'service=sshd key=UsePAM is=yes',
      facts: sshd({ key: 'UsePAM', value: 'yes', certain: false }),
      undecided: ['sshd UsePAM'],
    },
    {
      title: 'wrong, and not for certain',
      line: 'service=sshd key=UsePAM is=yes',
      facts: sshd({ key: 'UsePAM', value: 'no', certain: false }),
      fires: ['sshd UsePAM'],
    },
    { title: 'unset, which is a violation', line: 'service=sshd key=X is=y unset=violated', facts: sshd(), fires: ['sshd X'] },
    { title: 'unset, which is well', line: 'service=sshd key=X is=y unset=satisfied', facts: sshd() },
    { title: 'a service that the image does not have', line: 'service=nginx key=X is=y', facts: sshd() },
    {
      title: 'a configuration with a hole',
      line: 'service=sshd key=X is=y',
      facts: { services: [{ service: 'sshd', entry: '/e', scopes: [{ settings: [{ key: 'X', value: 'y' }] }], problems: [{ kind: 'unreadable' }] }] },
      undecided: ['sshd /e'],
    },
  ],
  test,
);

testTrigger(
  hardening,
  [
    {
      title: 'no root login in any form',
      line: 'set=sshd@1',
      facts: sshd({ key: 'PermitRootLogin', value: 'prohibit-password' }),
      fires: ['sshd@1/root-login sshd PermitRootLogin'],
    },
    {
      title: 'algorithms',
      line: 'set=sshd@1',
      facts: sshd({ key: 'MACs', value: 'hmac-sha2-256,umac-64-etm@openssh.com' }, { key: 'HostKeyAlgorithms', value: 'rsa-sha2-512,ssh-ed25519' }),
      fires: ['sshd@1/macs sshd MACs'],
    },
    {
      title: 'users who may log in are not named',
      line: 'set=sshd@1',
      facts: sshd({ key: 'AllowUsers', value: '' }, { key: 'AllowGroups', value: '' }),
      fires: ['sshd@1/allowed-users sshd AllowUsers'],
    },
    {
      title: 'an open address',
      line: 'set=redis@1',
      facts: { services: [{ service: 'redis', scopes: [{ settings: [{ key: 'bind', value: '* -::*' }] }] }] },
      fires: ['redis@1/bind redis bind'],
    },
    {
      title: 'a closed address',
      line: 'set=redis@1',
      facts: { services: [{ service: 'redis', scopes: [{ settings: [{ key: 'bind', value: '127.0.0.1 -::1' }] }] }] },
    },
    { title: 'another service', line: 'set=nginx@1', facts: sshd({ key: 'PermitRootLogin', value: 'yes' }) },
  ],
  test,
);

testTrigger(
  unreadable,
  [
    {
      title: 'each problem',
      line: '',
      facts: {
        services: [
          {
            problems: [
              { kind: 'uncertain', what: 'a' },
              { kind: 'invalid', what: 'b' },
            ],
          },
        ],
      },
      fires: ['nginx invalid', 'nginx uncertain'],
    },
  ],
  test,
);

describe('demands', () => {
  test.each([
    ['On', { is: 'on' }, true],
    ['a b', { has: ['B'] }, true],
    ['+Indexes FollowSymLinks', { lacks: ['Indexes'] }, false],
    ['aes128-cbc,aes128-ctr', { lacks: ['*-cbc'] }, false],
    ['aes128-cbcx', { lacks: ['*-cbc'] }, true],
    ['*', { is: '\\*' }, true],
    ['x', { is: '\\*' }, false],
    ['root', { noneof: ['ro*'] }, false],
    ['a', { oneof: ['b', 'a'] }, true],
    ['2m', { atmost: 60 }, false],
    ['1h30m', { atleast: 5400 }, true],
    ['8k', { atmost: 1 }, undefined],
    ['', { atmost: 1 }, undefined],
  ])('%j %j: %s', (value, demand, expected) => expect(isMet(value, demand)).toBe(expected));

  test.each([
    ['60', 60],
    ['1.5', 1.5],
    ['-1', -1],
    ['500ms', 0.5],
    ['1d2h', 93_600],
    ['1k', undefined],
    ['5min', 300],
    ['64MB', 67_108_864],
    ['9'.repeat(100), undefined],
  ])('%s', (text, number) => expect(numberOf(text)).toBe(number));
});

describe('what m is in the value of a setting', () => {
  test.each([
    ['nginx', 'client_max_body_size', '1m', 1_048_576],
    ['nginx', 'limit_rate_after', '2g', 2_147_483_648],
    ['nginx', 'keepalive_timeout', '1m', 60],
    ['redis', 'maxmemory', '1m', 1_000_000],
    ['redis', 'maxmemory', '1mb', 1_048_576],
    ['redis', 'maxmemory', '1h', undefined],
    ['sshd', 'LoginGraceTime', '1m', 60],
    ['nginx', 'client_max_body_size', '1h', undefined],
  ])('%s %s %s', (service, key, value, number) => expect(numberOf(value, measureOf(service, key))).toBe(number));

  test('a size above the greatest one fires', () => {
    expect(isMet('1m', { atmost: 1_000_000 }, measureOf('nginx', 'client_max_body_size'))).toBe(false);
  });
});

describe('recommendations', () => {
  test('each has a name of its own in its set, a reason and a source', () => {
    for (const [name, set] of recommendationSets) {
      expect(name).toMatch(new RegExp(`^${set.service}@\\d+$`));
      expect(new Set(set.recommendations.map(({ id }) => id)).size).toBe(set.recommendations.length);
      for (const { id, why, source, demand } of set.recommendations) {
        expect(id).toMatch(/^[a-z0-9-]+$/);
        expect(why).not.toBe('');
        expect(source).not.toBe('');
        expect(Object.keys(demand).length).toBeGreaterThan(0);
      }
    }
  });
});
