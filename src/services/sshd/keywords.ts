import { compareReleases } from '../installed-version.ts';

/** How a keyword's arguments are read. */
export type KeywordKind =
  /** `yes` or `no`. */
  | 'flag'
  /** One of `values`. */
  | 'choice'
  | 'integer'
  /** sshd_config(5), TIME FORMATS; the value is in seconds. */
  | 'time'
  /** One argument. */
  | 'string'
  /** One file name; a relative one is relative to sshd's working directory. */
  | 'file'
  /** All arguments of the first statement. */
  | 'words'
  /** Arguments of all statements together. */
  | 'cumulative'
  /** A list of algorithms with `+`, `-` or `^`. */
  | 'algorithms'
  /** The rest of the line as it is written. */
  | 'rest'
  /** An octal mode. */
  | 'octal'
  | 'level'
  | 'facility'
  | 'startups'
  | 'rekey'
  | 'environment'
  | 'subsystem'
  | 'ignored';

export interface Keyword {
  /** As sshd_config(5) spells it. */
  readonly name: string;
  readonly kind: KeywordKind;
  /** Of a choice: the first is the canonical spelling of those joined by `=`: `prohibit-password=without-password`. */
  readonly values: readonly string[];
  /** May stand in a Match block. */
  readonly inMatch: boolean;
  /** A later statement replaces an earlier one. */
  readonly lastWins: boolean;
  readonly default: string;
}

interface Row {
  readonly name: string;
  readonly kind: KeywordKind;
  readonly values: readonly string[];
  readonly flags: readonly string[];
  readonly defaults: string;
}

/**
 * Name, kind, default, then flags: `match` (allowed in Match), `match:6.1` (since), `since:`, `until:` (the first
 * release without it), `last:10.1` (the last statement wins before that release), `deb`, `rpm` (a vendor's patch).
 * A default is `value`, or `value<release|value` in order; `~` stands for a blank. From servconf.c and servconf.h of 5.9 to 10.5.
 */
const table = `
AcceptEnv cumulative '' match:6.1
AddressFamily choice(any,inet,inet6) any
AllowAgentForwarding flag yes match
AllowGroups cumulative '' match:6.1
AllowStreamLocalForwarding choice(yes=all,no,local,remote) yes match since:6.7
AllowTcpForwarding choice(yes=all,no,local,remote) yes match
AllowUsers cumulative '' match:6.1
AuthenticationMethods words any match since:6.2
AuthorizedKeysCommand rest none match since:6.2
AuthorizedKeysCommandUser string none match since:6.2
AuthorizedKeysFile words .ssh/authorized_keys~.ssh/authorized_keys2 match
AuthorizedPrincipalsCommand rest none match since:6.9
AuthorizedPrincipalsCommandUser string none match since:6.9
AuthorizedPrincipalsFile string none match
Banner file none match
CASignatureAlgorithms algorithms * match since:7.9
ChannelTimeout words none match since:9.2
ChrootDirectory string none match
Ciphers algorithms *
ClientAliveCountMax integer 3 match:7.4
ClientAliveInterval time 0 match:7.4
Compression choice(yes=delayed,no) yes
DebianBanner flag yes deb
DenyGroups cumulative '' match:6.1
DenyUsers cumulative '' match:6.1
DisableForwarding flag no match since:7.4
ExposeAuthInfo flag no match since:7.6
FingerprintHash choice(SHA256=sha256,MD5=md5,SHA1=sha1,SHA384=sha384,SHA512=sha512) SHA256 since:6.8 last:99
ForceCommand rest none match
GatewayPorts choice(no,yes,clientspecified) no match
GSSAPIAuthentication flag no match
GSSAPICleanupCredentials flag yes
GSSAPIDelegateCredentials flag yes since:10.3
GSSAPIEnablek5users flag no rpm
GSSAPIKeyExchange flag no deb rpm
GSSAPIKexAlgorithms string * deb rpm
GSSAPIStoreCredentialsOnRekey flag no deb rpm
GSSAPIStrictAcceptorCheck flag no<7.5|yes since:6.9
HostbasedAcceptedAlgorithms algorithms * match since:6.8
HostbasedAuthentication flag no match
HostbasedUsesNameFromPacketOnly flag no match
HostCertificate cumulative ''
HostKey cumulative /etc/ssh/ssh_host_rsa_key~/etc/ssh/ssh_host_ecdsa_key~/etc/ssh/ssh_host_ed25519_key
HostKeyAgent string none since:6.3
HostKeyAlgorithms algorithms * since:7.0
IgnoreRhosts choice(yes,no,shosts-only) yes match:8.3
IgnoreUserKnownHosts flag no
IPQoS words lowdelay~throughput<7.8|af21~cs1<10.1|ef~none match last:10.3
KbdInteractiveAuthentication flag no<8.7|yes match
KerberosAuthentication flag no match
KerberosGetAFSToken flag no
KerberosOrLocalPasswd flag yes
KerberosTicketCleanup flag yes
KerberosUniqueCCache flag no rpm
KerberosUseKuserok flag yes match rpm
KexAlgorithms algorithms *
ListenAddress cumulative ''
LogLevel level INFO match:7.6
LoginGraceTime time 120
LogVerbose words none match since:8.5
MACs algorithms *
MaxAuthTries integer 6 match
MaxSessions integer 10 match
MaxStartups startups 10:100:10<6.2|10:30:100 last:10.1
ModuliFile file /etc/ssh/moduli since:8.6
PAMServiceName string sshd match since:9.8
PasswordAuthentication flag yes match
PermitEmptyPasswords flag no match
PermitListen words any match since:7.8
PermitOpen words any match
PermitRootLogin choice(prohibit-password=without-password,forced-commands-only,yes,no) yes<7.0|prohibit-password match
PermitTTY flag yes match since:6.5
PermitTunnel choice(no,yes,point-to-point,ethernet) no match
PermitUserEnvironment environment no
PermitUserRC flag yes match since:6.7
PerSourceMaxStartups string none since:8.5 last:9.5
PerSourceNetBlockSize string 32:128 since:8.5 last:10.1
PerSourcePenalties words yes since:9.8
PerSourcePenaltyExemptList string none since:9.8
PidFile file /run/sshd.pid
Port cumulative 22
PrintLastLog flag yes
PrintMotd flag yes
PubkeyAcceptedAlgorithms algorithms * match since:6.8
PubkeyAuthentication flag yes match
PubkeyAuthOptions words none match since:8.2
RDomain string none match since:7.7
RefuseConnection flag no match since:9.9
RekeyLimit rekey default~none match since:6.3
RequiredRSASize integer 1024 match since:9.1
RevokedKeys file none match
RSAMinSize integer 1024 match rpm
SecurityKeyProvider string internal since:8.2
SetEnv words '' match since:7.8
SshdAuthPath file /usr/lib/openssh/sshd-auth since:10.0
SshdSessionPath file /usr/lib/openssh/sshd-session since:9.8
StreamLocalBindMask octal 0177 match since:6.7 last:99
StreamLocalBindUnlink flag no match since:6.7
StrictModes flag yes
Subsystem subsystem '' match:9.5
SyslogFacility facility AUTH
TCPKeepAlive flag yes
TrustedUserCAKeys file none match
UnusedConnectionTimeout time 0 match since:9.2
UseDNS flag yes<6.8|no
UsePAM flag no
VersionAddendum rest none since:6.1
X11DisplayOffset integer 10 match
X11Forwarding flag no match
X11MaxDisplays integer 1000 match rpm
X11UseLocalhost flag yes match
XAuthLocation file /usr/bin/xauth
ChallengeResponseAuthentication flag yes until:8.7
KeyRegenerationInterval time 3600 until:7.4
Protocol string 2 until:7.4
RhostsRSAAuthentication flag no match until:7.4
RSAAuthentication flag yes match until:7.4
ServerKeyBits integer 1024 until:7.4
UseLogin flag no until:7.4
UsePrivilegeSeparation choice(yes,no,sandbox) yes until:7.5
`;

/** Other spellings, and from which release on. */
const aliases: Readonly<Record<string, readonly [keyword: string, since: string]>> = {
  challengeresponseauthentication: ['kbdinteractiveauthentication', '8.7'],
  skeyauthentication: ['kbdinteractiveauthentication', '8.7'],
  dsaauthentication: ['pubkeyauthentication', '0'],
  hostdsakey: ['hostkey', '0'],
  keepalive: ['tcpkeepalive', '0'],
  hostbasedacceptedkeytypes: ['hostbasedacceptedalgorithms', '0'],
  pubkeyacceptedkeytypes: ['pubkeyacceptedalgorithms', '0'],
};
/** Accepted without effect. */
const ignored = new Set(
  'pamauthenticationviakbdint rhostsauthentication kerberostgtpassing afstokenpassing checkmail verifyreversemapping reversemappingcheck authorizedkeysfile2 showpatchlevel gssusesessionccache skeyauthentication'.split(
    ' ',
  ),
);

const rows = table
  .trim()
  .split('\n')
  .map((line): Row => {
    const [name = '', kind = '', defaults = '', ...flags] = line.split(' ');
    const [, word = '', values = ''] = /^(\w+)(?:\((.*)\))?$/.exec(kind) ?? [];
    return { name, kind: word as KeywordKind, values: values === '' ? [] : values.split(','), flags, defaults };
  });

/** Which program: its release, and whose package it is, for the patches that a vendor adds. */
export interface OpenSshRelease {
  /** `9.2p1`. */
  readonly release: string;
  readonly vendor: 'deb' | 'rpm' | 'apk' | null;
  /** `1:9.2p1-2+deb12u4`. */
  readonly packageVersion: string | null;
}

/**
 * The keywords that an OpenSSH release knows, by lower-case spelling, other spellings among them. A default of `*`
 * stands for a list of algorithms (`defaultAlgorithms`).
 */
export function keywordsOf(context: OpenSshRelease): ReadonlyMap<string, Keyword> {
  const keywords = new Map<string, Keyword>();
  for (const row of rows) {
    const flag = (name: string) => row.flags.find((one) => one.startsWith(`${name}:`))?.slice(name.length + 1);
    const before = (release: string | undefined) => release !== undefined && compareReleases(context.release, release) < 0;
    const vendors = row.flags.filter((one) => one === 'deb' || one === 'rpm');
    if (before(flag('since')) || (vendors.length > 0 && !vendors.some((vendor) => vendor === context.vendor))) continue;
    const until = flag('until');
    const gone = until !== undefined && !before(until);
    const inMatch = row.flags.includes('match') || (flag('match') !== undefined && !before(flag('match')));
    keywords.set(row.name.toLowerCase(), {
      name: row.name,
      kind: gone ? 'ignored' : row.kind,
      values: row.values,
      inMatch: inMatch || gone,
      lastWins: before(flag('last')),
      default: defaultOf(row, context),
    });
  }
  for (const [alias, [target, since]] of Object.entries(aliases)) {
    const keyword = keywords.get(target);
    if (keyword !== undefined && compareReleases(context.release, since) >= 0) keywords.set(alias, keyword);
  }
  for (const name of ignored) {
    if (!keywords.has(name)) keywords.set(name, { name, kind: 'ignored', values: [], inMatch: true, lastWins: false, default: '' });
  }
  return keywords;
}

function defaultOf(row: Row, context: OpenSshRelease): string {
  if (row.name === 'IPQoS' && context.vendor === 'deb') return 'lowdelay throughput';
  for (const part of row.defaults.split('|')) {
    const [value = '', release] = part.split('<');
    if (release === undefined || compareReleases(context.release, release) < 0) return value === "''" ? '' : value.replaceAll('~', ' ');
  }
  return '';
}
