import type { Demand } from './demand.ts';

/** One recommendation for the configuration of a service. */
export interface Recommendation {
  /** Unique in its set: `root-login`. */
  readonly id: string;
  readonly key: string;
  readonly demand: Demand;
  /** Other keys that satisfy it as well when they have any value. */
  readonly orAny?: readonly string[];
  readonly why: string;
  /** Who gives this advice. */
  readonly source: string;
}

/** A named set of recommendations. A published set never changes: another version is another set. */
export interface RecommendationSet {
  /** `sshd@1`. */
  readonly name: string;
  readonly service: 'apache' | 'nginx' | 'postgresql' | 'redis' | 'sshd';
  readonly recommendations: readonly Recommendation[];
}

const cis = { apache: 'CIS Apache HTTP Server 2.4', nginx: 'CIS nginx', sshd: 'CIS benchmarks of distributions, SSH', postgresql: 'CIS PostgreSQL' } as const;
const devSec = { apache: 'dev-sec apache-baseline', nginx: 'dev-sec nginx-baseline', sshd: 'dev-sec ssh-baseline' } as const;
const mozilla = 'Mozilla Server Side TLS';
const any = { noneof: ['', 'none'] } as const;

/** Every set, by name. */
export const recommendationSets: ReadonlyMap<string, RecommendationSet> = new Map(
  (
    [
      {
        name: 'apache@1',
        service: 'apache',
        recommendations: [
          {
            id: 'server-tokens',
            key: 'ServerTokens',
            demand: { oneof: ['Prod', 'ProductOnly'] },
            why: 'the version tells attackers what to try',
            source: `${cis.apache}; ${devSec.apache}`,
          },
          { id: 'server-signature', key: 'ServerSignature', demand: { is: 'off' }, why: 'error pages need not tell the version', source: cis.apache },
          {
            id: 'trace',
            key: 'TraceEnable',
            demand: { is: 'off' },
            why: 'TRACE shows headers that scripts must not see',
            source: `${cis.apache}; ${devSec.apache}; Lynis HTTP-6660`,
          },
          {
            id: 'options',
            key: 'Options',
            demand: { lacks: ['Indexes', 'Includes', 'ExecCGI', 'All'] },
            why: 'listings, includes and programs serve more than was meant',
            source: `${cis.apache}; ${devSec.apache}`,
          },
          {
            id: 'allow-override',
            key: 'AllowOverride',
            demand: { is: 'none' },
            why: 'files in the document root must not change the configuration',
            source: cis.apache,
          },
          { id: 'user', key: 'User', demand: { noneof: ['root', '#0'] }, why: 'requests are not answered as root', source: `${cis.apache}; ${devSec.apache}` },
          {
            id: 'group',
            key: 'Group',
            demand: { noneof: ['root', '#0'] },
            why: 'requests are not answered as root',
            source: `${cis.apache}; ${devSec.apache}`,
          },
          { id: 'timeout', key: 'Timeout', demand: { atleast: 1, atmost: 60 }, why: 'slow clients hold connections', source: cis.apache },
          { id: 'file-etag', key: 'FileETag', demand: { lacks: ['INode', '+INode', 'All'] }, why: 'inode numbers are nobody’s business', source: cis.apache },
          { id: 'compression', key: 'SSLCompression', demand: { is: 'off' }, why: 'compressed TLS gives secrets away (CRIME)', source: cis.apache },
          {
            id: 'renegotiation',
            key: 'SSLInsecureRenegotiation',
            demand: { is: 'off' },
            why: 'old renegotiation lets others speak first (CVE-2009-3555)',
            source: cis.apache,
          },
        ],
      },
      {
        name: 'nginx@1',
        service: 'nginx',
        recommendations: [
          {
            id: 'server-tokens',
            key: 'server_tokens',
            demand: { is: 'off' },
            why: 'the version tells attackers what to try',
            source: `${cis.nginx}; ${devSec.nginx}`,
          },
          { id: 'autoindex', key: 'autoindex', demand: { is: 'off' }, why: 'listings serve more than was meant', source: cis.nginx },
          { id: 'user', key: 'user', demand: { lacks: ['root'] }, why: 'requests are not answered as root', source: `${cis.nginx}; ${devSec.nginx}` },
          {
            id: 'session-tickets',
            key: 'ssl_session_tickets',
            demand: { is: 'off' },
            why: 'one ticket key opens every session',
            source: `${cis.nginx}; ${mozilla}`,
          },
          {
            id: 'body-timeout',
            key: 'client_body_timeout',
            demand: { atleast: 1, atmost: 60 },
            why: 'slow clients hold connections',
            source: `${cis.nginx}; ${devSec.nginx}`,
          },
          {
            id: 'header-timeout',
            key: 'client_header_timeout',
            demand: { atleast: 1, atmost: 60 },
            why: 'slow clients hold connections',
            source: `${cis.nginx}; ${devSec.nginx}`,
          },
        ],
      },
      {
        name: 'sshd@1',
        service: 'sshd',
        recommendations: [
          {
            id: 'root-login',
            key: 'PermitRootLogin',
            demand: { is: 'no' },
            why: 'nobody logs in as root',
            source: `${cis.sshd}; ${devSec.sshd}; Lynis SSH-7408`,
          },
          { id: 'password', key: 'PasswordAuthentication', demand: { is: 'no' }, why: 'passwords are guessed', source: devSec.sshd },
          {
            id: 'keyboard-interactive',
            key: 'KbdInteractiveAuthentication',
            demand: { is: 'no' },
            why: 'through PAM it asks for passwords too',
            source: devSec.sshd,
          },
          {
            id: 'empty-passwords',
            key: 'PermitEmptyPasswords',
            demand: { is: 'no' },
            why: 'an account without password is open',
            source: `${cis.sshd}; ${devSec.sshd}`,
          },
          { id: 'x11', key: 'X11Forwarding', demand: { is: 'no' }, why: 'a server has no display', source: `${cis.sshd}; ${devSec.sshd}` },
          { id: 'max-auth-tries', key: 'MaxAuthTries', demand: { atmost: 4 }, why: 'guessing is slowed', source: cis.sshd },
          { id: 'login-grace-time', key: 'LoginGraceTime', demand: { atleast: 1, atmost: 60 }, why: 'unfinished logins hold connections', source: cis.sshd },
          { id: 'client-alive', key: 'ClientAliveInterval', demand: { atleast: 1 }, why: 'dead sessions end', source: cis.sshd },
          {
            id: 'allowed-users',
            key: 'AllowUsers',
            demand: any,
            orAny: ['AllowGroups'],
            why: 'who may log in is named',
            source: `${cis.sshd}; Lynis SSH-7440`,
          },
          {
            id: 'host-based',
            key: 'HostbasedAuthentication',
            demand: { is: 'no' },
            why: 'another machine’s word is no proof',
            source: `${cis.sshd}; ${devSec.sshd}`,
          },
          { id: 'rhosts', key: 'IgnoreRhosts', demand: { is: 'yes' }, why: 'another machine’s word is no proof', source: `${cis.sshd}; ${devSec.sshd}` },
          {
            id: 'user-environment',
            key: 'PermitUserEnvironment',
            demand: { is: 'no' },
            why: 'variables can go around restrictions',
            source: `${cis.sshd}; ${devSec.sshd}`,
          },
          {
            id: 'tcp-forwarding',
            key: 'AllowTcpForwarding',
            demand: { is: 'no' },
            why: 'a login must not open the network behind it',
            source: `${cis.sshd}; ${devSec.sshd}`,
          },
          {
            id: 'agent-forwarding',
            key: 'AllowAgentForwarding',
            demand: { is: 'no' },
            why: 'root here could use the agent there',
            source: `${cis.sshd}; ${devSec.sshd}`,
          },
          {
            id: 'tunnel',
            key: 'PermitTunnel',
            demand: { is: 'no' },
            why: 'a login must not open the network behind it',
            source: `${cis.sshd}; ${devSec.sshd}`,
          },
          {
            id: 'gateway-ports',
            key: 'GatewayPorts',
            demand: { is: 'no' },
            why: 'a login must not open the network behind it',
            source: `${cis.sshd}; ${devSec.sshd}`,
          },
          {
            id: 'strict-modes',
            key: 'StrictModes',
            demand: { is: 'yes' },
            why: 'keys that others can change are refused',
            source: `${cis.sshd}; ${devSec.sshd}`,
          },
          { id: 'pam', key: 'UsePAM', demand: { is: 'yes' }, why: 'account rules of the system count', source: cis.sshd },
          { id: 'log-level', key: 'LogLevel', demand: { oneof: ['INFO', 'VERBOSE'] }, why: 'logins are logged, secrets are not', source: cis.sshd },
          {
            id: 'ciphers',
            key: 'Ciphers',
            demand: { lacks: ['*-cbc', '*-cbc@*', 'arcfour*'] },
            why: 'CBC and RC4 are broken in SSH',
            source: `${cis.sshd}; ${devSec.sshd}; Mozilla OpenSSH guidelines`,
          },
          {
            id: 'macs',
            key: 'MACs',
            demand: { lacks: ['hmac-md5*', 'hmac-sha1*', 'hmac-ripemd160*', 'umac-64*'] },
            why: 'old and short codes',
            source: `${cis.sshd}; ${devSec.sshd}; Mozilla OpenSSH guidelines`,
          },
          {
            id: 'key-exchange',
            key: 'KexAlgorithms',
            demand: { lacks: ['diffie-hellman-group1-*', 'diffie-hellman-group14-sha1', 'diffie-hellman-group-exchange-sha1'] },
            why: 'SHA-1 and small groups',
            source: `${cis.sshd}; ${devSec.sshd}; Mozilla OpenSSH guidelines`,
          },
          {
            id: 'host-key-algorithms',
            key: 'HostKeyAlgorithms',
            demand: { lacks: ['ssh-rsa', 'ssh-rsa-cert*', 'ssh-dss*'] },
            why: 'SHA-1 and DSA',
            source: `${devSec.sshd}; Mozilla OpenSSH guidelines`,
          },
        ],
      },
      {
        name: 'redis@1',
        service: 'redis',
        recommendations: [
          {
            id: 'protected-mode',
            key: 'protected-mode',
            demand: { is: 'yes' },
            why: 'without a password only this machine is answered',
            source: 'Redis manual, Security',
          },
          {
            id: 'bind',
            key: 'bind',
            demand: { lacks: ['\\*', '0.0.0.0'], noneof: ['*::', '*:: *'] },
            why: 'not every address is answered',
            source: 'Redis manual, Security',
          },
          {
            id: 'password',
            key: 'requirepass',
            demand: any,
            orAny: ['aclfile', 'user'],
            why: 'whoever reaches it owns it',
            source: 'Lynis DBS-1884; Redis manual, Security',
          },
          { id: 'debug-command', key: 'enable-debug-command', demand: { is: 'no' }, why: 'DEBUG is for developers', source: 'Redis manual, redis.conf' },
          {
            id: 'protected-configs',
            key: 'enable-protected-configs',
            demand: { is: 'no' },
            why: 'CONFIG must not move files',
            source: 'Redis manual, redis.conf',
          },
          { id: 'module-command', key: 'enable-module-command', demand: { is: 'no' }, why: 'clients must not load code', source: 'Redis manual, redis.conf' },
        ],
      },
      {
        name: 'postgresql@1',
        service: 'postgresql',
        recommendations: [
          { id: 'ssl', key: 'ssl', demand: { is: 'on' }, why: 'passwords and data cross the network', source: cis.postgresql },
          {
            id: 'ssl-minimum',
            key: 'ssl_min_protocol_version',
            demand: { oneof: ['TLSv1.2', 'TLSv1.3'] },
            why: 'old protocols are weak',
            source: cis.postgresql,
          },
          {
            id: 'password-encryption',
            key: 'password_encryption',
            demand: { is: 'scram-sha-256' },
            why: 'MD5 hashes can be used in place of the password',
            source: cis.postgresql,
          },
          { id: 'log-connections', key: 'log_connections', demand: { noneof: ['off', ''] }, why: 'logins are logged', source: cis.postgresql },
        ],
      },
    ] as const satisfies readonly RecommendationSet[]
  ).map((set): [string, RecommendationSet] => [set.name, set]),
);
