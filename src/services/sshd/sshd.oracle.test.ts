import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Service } from '../../model/index.ts';
import { packageOf, serviceImageOf } from '../image-files.fixture.ts';
import reader from './index.ts';

/** The installed sshd as an oracle: `sshd -T` prints the value of every directive, `sshd -t` says whether a file is valid. */
const program = '/usr/sbin/sshd';
const installed = installedVersion();
const title = installed === null ? 'skipped: no sshd of a Debian package that runs here' : `against sshd ${installed}`;

function installedVersion(): string | null {
  try {
    mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  } catch {
    // the call below tells whether it is needed
  }
  try {
    execFileSync(program, ['-T', '-f', '/dev/null'], { stdio: 'pipe' });
    return execFileSync('dpkg-query', ['-W', '-f', '$' + '{Version}', 'openssh-server'], { encoding: 'utf8', stdio: 'pipe' });
  } catch {
    return null;
  }
}

interface Case {
  readonly name: string;
  /** `D` stands for the directory of the case. */
  readonly files: Readonly<Record<string, string>>;
  /** Options of sshd besides `-f`. */
  readonly options?: readonly string[];
  /** Connections, and the scope that is in force for them. */
  readonly connections?: readonly { readonly as: string; readonly scope: readonly string[] }[];
}

const valid: readonly Case[] = [
  { name: 'an empty file', files: { sshd_config: '' } },
  { name: 'the first value wins', files: { sshd_config: 'PermitRootLogin no\nPermitRootLogin yes\nX11Forwarding yes\nx11forwarding no\n' } },
  {
    name: 'an include in front beats the file',
    files: {
      sshd_config: 'Include D/d/*.conf\nPasswordAuthentication yes\n',
      'd/50.conf': 'PasswordAuthentication no\n',
      'd/10.conf': 'MaxAuthTries 2\n',
      'd/60.conf': 'MaxAuthTries 9\n',
    },
  },
  {
    name: 'an include at the end loses',
    files: { sshd_config: 'PasswordAuthentication yes\nInclude D/d/*.conf\n', 'd/a.conf': 'PasswordAuthentication no\nLoginGraceTime 1m30s\n' },
  },
  { name: 'an include without a match is fine', files: { sshd_config: 'Include D/none/*.conf D/absent\nPort 2222\nPort 2223\n' } },
  {
    name: 'several patterns on one line, in order',
    files: { sshd_config: 'Include D/b.conf D/a.conf\n', 'a.conf': 'MaxSessions 3\n', 'b.conf': 'MaxSessions 4\n' },
  },
  {
    name: 'names that begin with a dot are not matched',
    files: { sshd_config: 'Include D/*.conf\n', '.hidden.conf': 'UseDNS yes\n', 'x.conf': 'PrintMotd no\n' },
  },
  {
    name: 'equals signs, quotes, case and comments',
    files: { sshd_config: 'PermitRootLogin=no\nMAXAUTHTRIES = 3 # few\n  Banner "/etc/issue net"\n# UseDNS yes\nAllowUsers "a b" c\n\tPrintMotd\tno\t\n' },
  },
  { name: 'single quotes and escapes', files: { sshd_config: "Banner '/etc/a b'\nAllowGroups wheel\\ x 'ad min'\n" } },
  {
    name: 'lists that append, remove and move',
    files: {
      sshd_config:
        'Ciphers +aes128-cbc,3des-cbc\nMACs -*sha1*,umac-64*\nKexAlgorithms ^diffie-hellman-group14-sha1\nHostKeyAlgorithms -*nistp*\nPubkeyAcceptedAlgorithms +ssh-rsa\n',
    },
  },
  {
    name: 'lists that replace',
    files: {
      sshd_config:
        'Ciphers aes256-ctr,aes128-ctr\nMACs hmac-sha2-512,hmac-sha2-512\nKexAlgorithms curve25519-sha256\nHostKeyAlgorithms ssh-ed25519,rsa-sha2-512\nCASignatureAlgorithms ssh-ed25519\n',
    },
  },
  {
    name: 'patterns in lists of keys',
    files: { sshd_config: 'PubkeyAcceptedAlgorithms ssh-ed25519*,ecdsa-sha2-nistp?84\nHostbasedAcceptedAlgorithms ^rsa-*\nHostKeyAlgorithms +ssh-rsa\n' },
  },
  { name: 'a removal with a wildcard', files: { sshd_config: 'KexAlgorithms -*\nCiphers -aes*\n' } },
  {
    name: 'other spellings of keywords',
    files: { sshd_config: 'ChallengeResponseAuthentication no\nPubkeyAcceptedKeyTypes ssh-ed25519\nKeepAlive no\nDSAAuthentication no\n' },
  },
  { name: 'another spelling comes first', files: { sshd_config: 'SkeyAuthentication no\nKbdInteractiveAuthentication yes\n' } },
  {
    name: 'directives without effect',
    files: { sshd_config: 'Protocol 2\nUsePrivilegeSeparation sandbox\nServerKeyBits 768\nRhostsRSAAuthentication yes\nUseLogin no\n' },
  },
  {
    name: 'cumulative directives',
    files: {
      sshd_config:
        'AcceptEnv LANG LC_*\nAcceptEnv EDITOR\nAllowUsers git root@10.0.0.0/8\nAllowUsers admin\nDenyGroups a b\nSetEnv A=1 B=2\nSetEnv A=3\nHostKey D/key\nHostKey D/../key\nHostKey D/key\n',
    },
  },
  { name: 'times', files: { sshd_config: 'LoginGraceTime 2m\nClientAliveInterval 1h30m5\nRekeyLimit 1G 1h\n' } },
  { name: 'a time of zero', files: { sshd_config: 'LoginGraceTime 0\nClientAliveCountMax 0\nUnusedConnectionTimeout 5m\n' } },
  {
    name: 'root by key, in the older word',
    files: { sshd_config: 'PermitRootLogin without-password\nCompression delayed\nAllowTcpForwarding all\nIgnoreRhosts shosts-only\n' },
  },
  {
    name: 'words in upper case',
    files: { sshd_config: 'PermitRootLogin Prohibit-Password\nStrictModes NO\nLogLevel verbose\nSyslogFacility local3\nFingerprintHash MD5\n' },
  },
  {
    name: 'the last value wins for some',
    files: {
      sshd_config:
        'MaxStartups 5\nMaxStartups 20:50:60\nIPQoS lowdelay throughput\nIPQoS af21 cs1\nStreamLocalBindMask 0000\nStreamLocalBindMask 0077\nFingerprintHash md5\nFingerprintHash sha256\nPerSourceMaxStartups 5\nPerSourceMaxStartups none\nPerSourceNetBlockSize 24:56\nPerSourceNetBlockSize 16:48\n',
    },
  },
  { name: 'a bare MaxStartups', files: { sshd_config: 'MaxStartups 7\n' } },
  {
    name: 'commands are the rest of the line',
    files: {
      sshd_config:
        'ForceCommand  /bin/echo "a  b" # no comment\nAuthorizedKeysCommand /usr/bin/keys %u\nAuthorizedKeysCommandUser nobody\nVersionAddendum Hello # gone\n',
    },
  },
  { name: 'none', files: { sshd_config: 'Banner none\nChrootDirectory NONE\nPidFile none\nVersionAddendum none\nTrustedUserCAKeys none\n' } },
  {
    name: 'forwarding',
    files: {
      sshd_config:
        'PermitOpen a.example:80 [::1]:22\nPermitListen 8080 localhost:*\nGatewayPorts clientspecified\nPermitTunnel point-to-point\nDisableForwarding yes\n',
    },
  },
  {
    name: 'authentication methods',
    files: { sshd_config: 'AuthenticationMethods publickey,password publickey,keyboard-interactive:pam\nPubkeyAuthOptions touch-required verify-required\n' },
  },
  { name: 'subsystems', files: { sshd_config: 'Subsystem sftp internal-sftp -f AUTH -l INFO\nSubsystem other /bin/true\n' } },
  { name: "a vendor's keywords", files: { sshd_config: 'GSSAPIKeyExchange yes\nDebianBanner no\nGSSAPIStrictAcceptorCheck no\n' } },
  { name: 'carriage returns', files: { sshd_config: 'PermitRootLogin no\r\nMaxAuthTries 4\r\nX11Forwarding yes\r\n' } },
  { name: 'no newline at the end', files: { sshd_config: 'PermitRootLogin no' } },
  {
    name: 'options beat the file',
    files: { sshd_config: 'PermitRootLogin yes\nPort 22\nPort 23\nLoginGraceTime 60\n' },
    options: ['-o', 'PermitRootLogin=no', '-p', '2200', '-g', '30', '-oMaxAuthTries 1'],
  },
  {
    name: 'a Match block for a user',
    files: {
      sshd_config:
        'PasswordAuthentication no\nMatch User git\n  PasswordAuthentication yes\n  X11Forwarding yes\n  X11Forwarding no\nMatch User backup,*admin\n  PermitRootLogin no\n  ForceCommand /bin/false\n',
    },
    connections: [
      { as: 'user=git,host=h,addr=192.0.2.1', scope: ['Match User git'] },
      { as: 'user=dbadmin,host=h,addr=192.0.2.1', scope: ['Match User backup,*admin'] },
      { as: 'user=other,host=h,addr=192.0.2.1', scope: [] },
    ],
  },
  {
    name: 'a Match block for addresses and several criteria',
    files: {
      sshd_config:
        'PermitRootLogin no\nMatch Address 10.0.0.0/8,2001:db8::/32\n  PermitRootLogin yes\nMatch user=git address 192.0.2.0/24\n  MaxSessions 1\n  AllowTcpForwarding no\n',
    },
    connections: [
      { as: 'user=x,host=h,addr=10.1.2.3', scope: ['Match Address 10.0.0.0/8,2001:db8::/32'] },
      { as: 'user=git,host=h,addr=192.0.2.9', scope: ['Match User git Address 192.0.2.0/24'] },
    ],
  },
  {
    name: 'Match all comes before the main part',
    files: {
      sshd_config:
        'PasswordAuthentication yes\nMatch User git\n  MaxAuthTries 2\nMatch all\n  PasswordAuthentication no\n  MaxAuthTries 5\n  Banner /etc/all\n',
    },
    connections: [
      { as: 'user=x,host=h,addr=10.1.2.3', scope: ['Match all'] },
      { as: 'user=git,host=h,addr=10.1.2.3', scope: ['Match User git'] },
    ],
  },
  {
    name: 'an include inside a Match block, with a Match of its own',
    files: {
      sshd_config: 'Match User git\n  Include D/git.conf\n  MaxSessions 8\nMatch Host build\n  MaxSessions 9\n',
      'git.conf': 'AllowTcpForwarding no\nMatch Address 10.0.0.0/8\n  AllowAgentForwarding no\n  MaxSessions 2\n',
    },
    connections: [
      { as: 'user=git,host=h,addr=192.0.2.1', scope: ['Match User git'] },
      { as: 'user=git,host=h,addr=10.0.0.1', scope: ['Match User git', 'Match Address 10.0.0.0/8'] },
      { as: 'user=x,host=build,addr=10.0.0.1', scope: ['Match Host build'] },
    ],
  },
  {
    name: 'a Match in an included file ends with it',
    files: { sshd_config: 'Include D/m.conf\nPasswordAuthentication no\nUseDNS yes\n', 'm.conf': 'Match User git\n  PasswordAuthentication yes\n' },
    connections: [
      { as: 'user=git,host=h,addr=192.0.2.1', scope: ['Match User git'] },
      { as: 'user=x,host=h,addr=192.0.2.1', scope: [] },
    ],
  },
  {
    name: 'the same criteria twice',
    files: { sshd_config: 'Match User git\n  MaxSessions 2\nMatch LocalPort 2222\n  MaxSessions 3\nMatch User git\n  MaxSessions 4\n  PermitTTY no\n' },
    connections: [
      { as: 'user=git,host=h,addr=192.0.2.1,lport=22', scope: ['Match User git'] },
      { as: 'user=x,host=h,addr=192.0.2.1,lport=2222', scope: ['Match LocalPort 2222'] },
    ],
  },
  {
    name: 'cumulative directives in a Match block replace those of the main part',
    files: { sshd_config: 'AllowUsers a b\nAcceptEnv X\nMatch Group root\n  AllowUsers c\n  AllowUsers d\n  AcceptEnv Y\n  AcceptEnv Z\n' },
    connections: [{ as: 'user=root,host=h,addr=192.0.2.1', scope: ['Match Group root'] }],
  },
];

const invalid: readonly Case[] = [
  { name: 'an unknown directive', files: { sshd_config: 'PermitRootLogn no\n' } },
  { name: 'a word that is none of a choice', files: { sshd_config: 'PermitRootLogin maybe\n' } },
  { name: 'an unknown cipher', files: { sshd_config: 'Ciphers aes128-ctr,rot13\n' } },
  { name: 'a cipher that was removed', files: { sshd_config: 'Ciphers +arcfour\n' } },
  { name: 'an unknown MAC with a plus', files: { sshd_config: 'MACs +hmac-foo\n' } },
  { name: 'an unknown key exchange', files: { sshd_config: 'KexAlgorithms ^kex-foo\n' } },
  { name: 'a pattern in a list of ciphers', files: { sshd_config: 'Ciphers aes*\n' } },
  { name: 'a pattern that no key has', files: { sshd_config: 'HostKeyAlgorithms foo*\n' } },
  { name: 'a main directive in a Match block', files: { sshd_config: 'Match User git\n  UseDNS yes\n' } },
  { name: 'a Match without criteria', files: { sshd_config: 'Match\n' } },
  { name: 'a Match with an unknown criterion', files: { sshd_config: 'Match Colour red\n' } },
  { name: 'Match all with another criterion', files: { sshd_config: 'Match all User git\n' } },
  { name: 'a Match with a network that has a host part', files: { sshd_config: 'Match Address 10.0.0.1/8\n' } },
  { name: 'a keyword without an argument', files: { sshd_config: 'PermitRootLogin\n' } },
  { name: 'too many arguments', files: { sshd_config: 'PermitRootLogin no yes\n' } },
  { name: 'a quote that stays open', files: { sshd_config: 'Banner "/etc/issue\n' } },
  { name: 'a number that is none', files: { sshd_config: 'MaxAuthTries three\n' } },
  { name: 'a time that is none', files: { sshd_config: 'LoginGraceTime 2x\n' } },
  { name: 'a port out of range', files: { sshd_config: 'Port 70000\n' } },
  { name: 'a subsystem twice', files: { sshd_config: 'Subsystem sftp internal-sftp\nSubsystem sftp /bin/x\n' } },
  { name: 'includes without end', files: { sshd_config: 'Include D/sshd_config\n' } },
  { name: 'an error inside an included file', files: { sshd_config: 'Include D/x.conf\n', 'x.conf': 'Foo bar\n' } },
  { name: 'MaxStartups with a start above the limit', files: { sshd_config: 'MaxStartups 30:10:20\n' } },
  { name: 'an unknown method', files: { sshd_config: 'AuthenticationMethods publickey,magic\n' } },
  { name: 'a level that is none', files: { sshd_config: 'LogLevel LOUD\n' } },
  { name: 'an environment with an equals sign', files: { sshd_config: 'AcceptEnv A=b\n' } },
];

describe.skipIf(installed === null)(title, () => {
  let root = '';
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'sshd-oracle-'));
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(root, 'key')]);
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  function build(one: Case): { directory: string; service: Service } {
    const directory = mkdtempSync(join(root, 'case-'));
    const files: Record<string, string> = {};
    copyFileSync(join(root, 'key'), join(directory, 'key'));
    chmodSync(join(directory, 'key'), 0o600);
    for (const [name, text] of Object.entries(one.files)) {
      const path = join(directory, name);
      const content = text.replaceAll(/\bD\//g, `${directory}/`);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
      files[path] = content;
    }
    const image = serviceImageOf({
      files,
      packages: [packageOf('deb', 'openssh-server', installed ?? '')],
      configuration: { entrypoint: ['/usr/sbin/sshd'], cmd: ['-D', '-e', '-f', join(directory, 'sshd_config'), ...(one.options ?? [])] },
    });
    const [service] = [...reader.read(image)];
    if (service === undefined) throw new Error('no service was read');
    return { directory, service };
  }

  test.each(valid)('$name', (one) => {
    const { directory, service } = build(one);
    expect(service.problems).toEqual([]);
    expect(service.runs).toBe(true);
    for (const { as, scope } of one.connections ?? [{ as: '', scope: [] }]) {
      const settings = service.scopes.find((candidate) => candidate.scope.join('\n') === scope.join('\n'))?.settings ?? [];
      const extra = as === '' ? [] : ['-C', as];
      const said = execFileSync(program, ['-T', '-f', join(directory, 'sshd_config'), ...(one.options ?? []), ...extra], { encoding: 'utf8', stdio: 'pipe' });
      const theirs = ofProgram(said);
      const ours = new Map(
        settings
          .filter((setting) => theirs.has(setting.key.toLowerCase()))
          .map((setting) => [setting.key.toLowerCase(), ofSetting(setting.key.toLowerCase(), settings)]),
      );
      expect(Object.fromEntries(ours)).toEqual(Object.fromEntries(theirs));
    }
  });

  test.each(invalid)('refused: $name', (one) => {
    const { directory, service } = build(one);
    expect(spawnSync(program, ['-T', '-f', join(directory, 'sshd_config')]).status).not.toBe(0);
    expect(service.problems.filter((problem) => problem.kind === 'invalid')).not.toEqual([]);
  });
});

/** `sshd -T`, by keyword, spelt as we spell it. */
function ofProgram(text: string): Map<string, string> {
  const lines = new Map<string, string[]>();
  for (const line of text.trim().split('\n')) {
    const [, key = '', value = ''] = /^(\S+) ?(.*)$/.exec(line) ?? [];
    lines.set(key, [...(lines.get(key) ?? []), value]);
  }
  lines.delete('listenaddress');
  if (/gss-/.test(lines.get('gssapikexalgorithms')?.[0] ?? '')) lines.delete('gssapikexalgorithms');
  return new Map([...lines].map(([key, values]) => [key, normalised(key, values.join(key === 'subsystem' ? '\n' : ' '))]));
}

function ofSetting(key: string, settings: Service['scopes'][number]['settings']): string {
  return normalised(
    key,
    settings
      .filter((setting) => setting.key.toLowerCase() === key)
      .map((setting) => setting.value)
      .join('\n'),
  );
}

function normalised(key: string, value: string): string {
  if (key === 'permitrootlogin') return value.replace('without-password', 'prohibit-password');
  if (key === 'unusedconnectiontimeout') return value === 'none' ? '0' : value;
  if (key === 'rekeylimit') {
    return value
      .replace('default', '0')
      .replace('none', '0')
      .replace(/\b([0-9]+)([KMG])\b/, (_, digits, unit) => String(Number(digits) * 1024 ** ('KMG'.indexOf(unit) + 1)));
  }
  return value;
}
