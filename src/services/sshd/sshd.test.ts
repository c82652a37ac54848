import { describe, expect, test } from 'vitest';
import type { ImageConfiguration, Package, Service } from '../../model/index.ts';
import { type FixtureFile, packageOf, serviceImageOf } from '../image-files.fixture.ts';
import reader from './index.ts';

interface Parts {
  readonly packages?: readonly Package[];
  readonly configuration?: Partial<ImageConfiguration>;
}

function read(files: Readonly<Record<string, FixtureFile>>, parts: Parts = {}): Service {
  const [service] = [...reader.read(serviceImageOf({ files, packages: [packageOf('deb', 'openssh-server', '1:9.2p1-2+deb12u3')], ...parts }))];
  if (service === undefined) throw new Error('no service was read');
  return service;
}

/** `text` as the main file of a release. */
function of(release: string, text: string, type: 'deb' | 'rpm' | 'apk' = 'apk'): Service {
  return read({ '/etc/ssh/sshd_config': text }, { packages: [packageOf(type, 'openssh-server', release)] });
}

function setting(service: Service, key: string, ...scope: string[]) {
  return service.scopes.find((one) => one.scope.join() === scope.join())?.settings.find((one) => one.key === key);
}

describe('the release of a server that no package brought', () => {
  const files = { '/etc/ssh/sshd_config': 'PasswordAuthentication no' };
  test.each([
    ['its own text', '\0OpenSSH_7.0*,OpenSSH_7.4*\0OpenSSH_8.4p1\0SSH-2.0-OpenSSH_8.4p1 Custom\0', '8.4p1', true],
    ['no text', '\0OpenSSH_7.0*,OpenSSH_3.*\0', null, false],
    ['two texts', 'OpenSSH_8.4p1\0OpenSSH_9.0p1\0', null, false],
    ['a text that is cut off', 'OpenSSH_8.4', null, false],
  ])('%s', (_, program, version, certain) => {
    const service = read({ ...files, '/usr/sbin/sshd': program }, { packages: [] });
    expect(service.version).toBe(version);
    expect(setting(service, 'PasswordAuthentication')).toMatchObject({ value: 'no', certain });
  });

  test('the package is believed before the program', () => {
    expect(read({ ...files, '/usr/sbin/sshd': 'OpenSSH_8.4p1' }).version).toBe('9.2p1');
  });
});

describe('defaults by release', () => {
  test.each<[release: string, key: string, has: string[], lacks: string[]]>([
    ['6.6', 'Ciphers', ['arcfour', 'aes128-cbc', 'chacha20-poly1305@openssh.com'], []],
    ['6.7', 'Ciphers', ['aes128-ctr'], ['arcfour', 'aes128-cbc']],
    ['6.6', 'MACs', ['hmac-md5', 'umac-128-etm@openssh.com'], []],
    ['6.7', 'MACs', ['hmac-sha1'], ['hmac-md5', 'hmac-sha1-96']],
    ['6.6', 'KexAlgorithms', ['diffie-hellman-group1-sha1', 'curve25519-sha256@libssh.org'], ['curve25519-sha256']],
    ['6.7', 'KexAlgorithms', ['diffie-hellman-group14-sha1'], ['diffie-hellman-group1-sha1']],
    ['8.1', 'KexAlgorithms', ['diffie-hellman-group14-sha1'], []],
    ['8.2', 'KexAlgorithms', ['diffie-hellman-group14-sha256'], ['diffie-hellman-group14-sha1']],
    ['8.9', 'KexAlgorithms', ['sntrup761x25519-sha512@openssh.com'], ['mlkem768x25519-sha256']],
    ['9.9', 'KexAlgorithms', ['mlkem768x25519-sha256', 'diffie-hellman-group16-sha512'], []],
    ['10.0', 'KexAlgorithms', ['mlkem768x25519-sha256'], ['diffie-hellman-group16-sha512']],
    ['8.7', 'PubkeyAcceptedAlgorithms', ['ssh-rsa'], []],
    ['8.8', 'PubkeyAcceptedAlgorithms', ['rsa-sha2-256'], ['ssh-rsa', 'ssh-dss']],
  ])('%s %s', (release, key, has, lacks) => {
    const names = setting(of(`${release}_p1-r0`, ''), key)?.value.split(',') ?? [];
    expect(names).toEqual(expect.arrayContaining(has));
    expect(names.filter((name) => lacks.includes(name))).toEqual([]);
  });

  test.each([
    ['6.9', 'PermitRootLogin', 'yes'],
    ['7.0', 'PermitRootLogin', 'prohibit-password'],
    ['6.7', 'UseDNS', 'yes'],
    ['6.8', 'UseDNS', 'no'],
    ['6.1', 'MaxStartups', '10:100:10'],
    ['6.2', 'MaxStartups', '10:30:100'],
    ['9.0', 'RequiredRSASize', undefined],
    ['9.1', 'RequiredRSASize', '1024'],
    ['9.2', 'Protocol', '2'],
    ['9.7', 'PerSourcePenalties', undefined],
    ['9.8', 'PerSourcePenalties', 'yes'],
  ])('%s %s', (release, key, value) => {
    expect(setting(of(`${release}_p1-r0`, ''), key)?.value).toBe(value);
  });

  test('Debian offers the final name of sntrup761 from its fourth update on', () => {
    const first = (version: string) => setting(of(version, '', 'deb'), 'KexAlgorithms')?.value.split(',')[0];
    expect(first('1:9.2p1-2+deb12u3')).toBe('sntrup761x25519-sha512@openssh.com');
    expect(first('1:9.2p1-2+deb12u5')).toBe('sntrup761x25519-sha512');
  });

  test('a list is worked out from the defaults of the release', () => {
    expect(setting(of('7.4p1-21.el7', 'KexAlgorithms -*sha1', 'rpm'), 'KexAlgorithms')?.value).not.toContain('sha1,');
    expect(setting(of('7.4p1-21.el7', 'Ciphers +arcfour', 'rpm'), 'Ciphers')?.value).toMatch(/,arcfour$/);
    expect(of('7.6_p1-r0', 'Ciphers +arcfour').problems.map((problem) => problem.kind)).toEqual(['invalid']);
  });

  test('keywords of later releases are refused', () => {
    expect(of('8.1_p1-r0', 'Include /x/*\nRequiredRSASize 2048\n').problems.map((problem) => problem.why)).toEqual([
      'Include is no directive of OpenSSH 8.1p1',
      'RequiredRSASize is no directive of OpenSSH 8.1p1',
    ]);
  });

  test('before 8.7 ChallengeResponseAuthentication switches keyboard-interactive on', () => {
    expect(setting(of('8.4_p1-r0', 'KbdInteractiveAuthentication no'), 'KbdInteractiveAuthentication')).toMatchObject({
      value: 'yes',
      origin: { default: 'default of OpenSSH 8.4p1' },
    });
    expect(setting(of('8.4_p1-r0', 'ChallengeResponseAuthentication no'), 'KbdInteractiveAuthentication')?.value).toBe('no');
    expect(setting(of('8.7_p1-r0', 'ChallengeResponseAuthentication no'), 'KbdInteractiveAuthentication')?.value).toBe('no');
  });

  test('before 8.7 a comment does not end a line', () => {
    expect(of('8.4_p1-r0', 'PermitRootLogin no # really').problems).toHaveLength(1);
    expect(of('9.2_p1-r0', 'PermitRootLogin no # really').problems).toEqual([]);
  });
});

describe('origins', () => {
  test('the winner with file, line and layer; those that lost as shadowed', () => {
    const service = read({
      '/etc/ssh/sshd_config': { text: '# main\nInclude sshd_config.d/*.conf\nPermitRootLogin yes\n', layer: 1 },
      '/etc/ssh/sshd_config.d/50-x.conf': { text: '\nPermitRootLogin no\n', layer: 4 },
    });
    expect(setting(service, 'PermitRootLogin')).toEqual({
      key: 'PermitRootLogin',
      value: 'no',
      origin: { path: '/etc/ssh/sshd_config.d/50-x.conf', line: 2, layer: 4 },
      certain: true,
      shadowed: [{ value: 'yes', origin: { path: '/etc/ssh/sshd_config', line: 3, layer: 1 } }],
    });
    expect(setting(service, 'MaxAuthTries')?.origin).toEqual({ default: 'default of OpenSSH 9.2p1' });
  });

  test('a Match block shows the whole of what is in force', () => {
    const service = read({ '/etc/ssh/sshd_config': 'PasswordAuthentication no\nMatch User git Address 10.0.0.0/8\n PasswordAuthentication yes\n' });
    const path = 'Match User git Address 10.0.0.0/8';
    expect(setting(service, 'PasswordAuthentication', path)).toMatchObject({ value: 'yes', shadowed: [{ value: 'no' }] });
    expect(setting(service, 'PermitEmptyPasswords', path)?.value).toBe('no');
    expect(service.scopes[0]?.tls).toBeNull();
  });
});

test('several ports are settings of their own, names are joined', () => {
  const service = read({ '/etc/ssh/sshd_config': 'Port 22\nPort 2222\nAllowUsers a b\nAllowUsers c\n' });
  const settings = service.scopes[0]?.settings ?? [];
  expect(settings.filter((one) => one.key === 'Port').map((one) => [one.value, 'line' in one.origin && one.origin.line])).toEqual([
    ['22', 1],
    ['2222', 2],
  ]);
  expect(setting(service, 'AllowUsers')?.value).toBe('a b c');
});

describe('layouts', () => {
  test("Debian's own files", () => {
    const service = read({
      '/etc/ssh/sshd_config':
        'Include /etc/ssh/sshd_config.d/*.conf\nKbdInteractiveAuthentication no\nUsePAM yes\nX11Forwarding yes\nPrintMotd no\nAcceptEnv LANG LC_*\nSubsystem\tsftp\t/usr/lib/openssh/sftp-server\n',
    });
    expect(service).toMatchObject({ service: 'sshd', version: '9.2p1', entry: '/etc/ssh/sshd_config', runs: false, problems: [] });
    expect(service.scopes[0]?.listen).toEqual([{ address: '*:22' }]);
  });

  test('the crypto policy of RHEL 9 is an include', () => {
    const service = read(
      {
        '/etc/ssh/sshd_config': 'Include /etc/ssh/sshd_config.d/*.conf\n',
        '/etc/ssh/sshd_config.d/50-redhat.conf': 'Include /etc/crypto-policies/back-ends/opensshserver.config\nGSSAPIAuthentication yes\n',
        '/etc/crypto-policies/back-ends/opensshserver.config': { link: '/usr/share/crypto-policies/DEFAULT/opensshserver.txt' },
        '/usr/share/crypto-policies/DEFAULT/opensshserver.txt': 'Ciphers aes256-gcm@openssh.com\nRSAMinSize 2048\n',
      },
      { packages: [packageOf('rpm', 'openssh-server', '8.7p1-38.el9')] },
    );
    expect(service.problems).toEqual([]);
    expect(setting(service, 'Ciphers')).toMatchObject({
      value: 'aes256-gcm@openssh.com',
      certain: true,
      origin: { path: '/etc/crypto-policies/back-ends/opensshserver.config' },
    });
    expect(setting(service, 'RSAMinSize')?.value).toBe('2048');
  });

  test('the crypto policy of RHEL 8 comes from the service unit and is uncertain', () => {
    const service = read(
      {
        '/etc/ssh/sshd_config': 'Ciphers aes128-ctr\n',
        '/etc/crypto-policies/back-ends/opensshserver.config': "CRYPTO_POLICY='-oCiphers=aes256-ctr -oMACs=hmac-sha2-512'\n",
      },
      { packages: [packageOf('rpm', 'openssh-server', '8.0p1-19.el8')] },
    );
    expect(setting(service, 'Ciphers')).toMatchObject({ value: 'aes256-ctr', certain: false });
    expect(service.problems.map((problem) => problem.kind)).toEqual(['uncertain']);
  });

  test('the command line names file, port and options', () => {
    const files = { '/etc/ssh/sshd_config': '', '/x/conf': 'Port 22\nPermitRootLogin yes\n' };
    const service = read(files, { configuration: { entrypoint: ['/usr/sbin/sshd', '-De', '-f', '/x/conf'], cmd: ['-p', '2222', '-oPermitRootLogin=no'] } });
    expect(service).toMatchObject({ entry: '/x/conf', runs: true, problems: [] });
    expect(service.scopes[0]?.listen).toEqual([{ address: '*:2222' }]);
    expect(setting(service, 'PermitRootLogin')).toMatchObject({ value: 'no', origin: { path: 'the command line' } });
  });

  test('addresses with and without ports', () => {
    const service = read({ '/etc/ssh/sshd_config': 'Port 22\nPort 23\nListenAddress 10.0.0.1\nListenAddress [::1]:24\nListenAddress ::\n' });
    expect(service.scopes[0]?.listen.map((one) => one.address)).toEqual(['10.0.0.1:22', '10.0.0.1:23', '[::1]:24', '[::]:22', '[::]:23']);
  });

  test('nothing tells the version', () => {
    const service = read({ '/etc/ssh/sshd_config': '' }, { packages: [] });
    expect(service.version).toBeNull();
    expect(setting(service, 'PermitRootLogin')?.certain).toBe(false);
  });

  test('an image without sshd has no service', () => {
    expect([...reader.read(serviceImageOf({ files: { '/etc/ssh/ssh_config': '' }, packages: [packageOf('deb', 'openssh-client', '1:9.2p1-2')] }))]).toEqual([]);
  });
});

test.each([
  ['10.0.0.1/8', true],
  ['10.0.0.0/8', false],
  ['10.0.0.0/33', true],
  ['2001:db8::/32', false],
  ['2001:db8::1/32', true],
  ['10.0.*', false],
])('a Match on Address %s', (address, refused) => {
  expect(read({ '/etc/ssh/sshd_config': `Match Address ${address}\n X11Forwarding no\n` }).problems.length > 0).toBe(refused);
});
