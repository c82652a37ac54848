/** A configuration of sshd, and what to ask of it. */
export interface SshdCase {
  readonly name: string;
  /** `D` stands for the directory of the case. */
  readonly files: Readonly<Record<string, string>>;
  /** Options of sshd besides `-f`. */
  readonly options?: readonly string[];
  /** Connections, and the scope that is in force for them. */
  readonly connections?: readonly { readonly as: string; readonly scope: readonly string[] }[];
}

/** Configurations that sshd accepts. */
export const validCases: readonly SshdCase[] = [
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

/** Configurations that sshd refuses. */
export const invalidCases: readonly SshdCase[] = [
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
