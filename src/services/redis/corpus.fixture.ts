/** A configuration of redis, and what to ask of it. */
export interface RedisCase {
  readonly name: string;
  /** `D` is the case's directory. */
  readonly files: Readonly<Record<string, string>>;
  readonly options?: readonly string[];
  readonly password?: string;
}

/** Configurations that the server accepts. */
export const validCases: readonly RedisCase[] = [
  { name: 'an empty file', files: { 'redis.conf': '' } },
  { name: 'the last statement wins', files: { 'redis.conf': 'maxclients 100\nmaxclients 200\ntimeout 5\nTIMEOUT 6\n' } },
  { name: 'an include at the end wins', files: { 'redis.conf': 'timeout 1\ninclude D/x.conf\n', 'x.conf': 'timeout 2\nprotected-mode no\n' } },
  { name: 'an include at the beginning loses', files: { 'redis.conf': 'include D/x.conf\ntimeout 1\n', 'x.conf': 'timeout 2\n' } },
  {
    name: 'an include by a pattern',
    files: { 'redis.conf': 'include D/c/*.conf\ninclude D/none/*.conf\n', 'c/b.conf': 'timeout 2\n', 'c/a.conf': 'timeout 1\nloglevel verbose\n' },
  },
  {
    name: 'options come after the file',
    files: { 'redis.conf': 'timeout 1\nappendonly no\n' },
    options: ['--timeout', '9', '--protected-mode no', '--save', '60', '1', '300', '10'],
  },
  { name: 'an empty save', files: { 'redis.conf': 'save 60 1\nsave 300 10\n' }, options: ['--save', ''] },
  { name: 'save lines add up', files: { 'redis.conf': 'save 60 1\nsave 300 10\n' } },
  {
    name: 'quotes and escapes',
    files: { 'redis.conf': 'dbfilename "a b.rdb"\nsyslog-ident \'it\\\'s\'\nproc-title-template "{title}\\x41 \\"{listen-addr}\\""\n' },
  },
  { name: 'sizes', files: { 'redis.conf': 'maxmemory 100mb\nrepl-backlog-size 2m\nproto-max-bulk-len 1gb\nmaxmemory-policy ALLKEYS-LRU\n' } },
  { name: 'other spellings', files: { 'redis.conf': 'slave-read-only no\nhash-max-ziplist-entries 7\nlua-time-limit 8\n' } },
  {
    name: 'a password and users',
    files: { 'redis.conf': 'requirepass secret\nuser guest on nopass ~* +get\nenable-debug-command local\n' },
    password: 'secret',
  },
  { name: 'comments and carriage returns', files: { 'redis.conf': '# timeout 3\r\ntimeout 4\r\n   tcp-keepalive 60   \r\n' } },
  { name: 'flags', files: { 'redis.conf': 'appendonly YES\nrdbchecksum no\nstop-writes-on-bgsave-error No\n' } },
];

/** Configurations that the server refuses. */
export const refusedCases: readonly RedisCase[] = [
  { name: 'an unknown directive', files: { 'redis.conf': 'protectedmode no\n' } },
  { name: 'a flag that is neither', files: { 'redis.conf': 'protected-mode maybe\n' } },
  { name: 'too many words', files: { 'redis.conf': 'timeout 1 2\n' } },
  { name: 'no word', files: { 'redis.conf': 'timeout\n' } },
  { name: 'a quote that stays open', files: { 'redis.conf': 'dbfilename "x\n' } },
  { name: 'text after a quote', files: { 'redis.conf': 'dbfilename "x"y\n' } },
  { name: 'a number that is none', files: { 'redis.conf': 'maxclients many\n' } },
  { name: 'an include that is missing', files: { 'redis.conf': 'include D/none.conf\n' } },
  { name: 'a word that is none of a choice', files: { 'redis.conf': 'maxmemory-policy random\n' } },
  { name: 'a TLS port without a certificate', files: { 'redis.conf': 'tls-port 1\n' } },
  { name: 'an option with an unknown name', files: { 'redis.conf': '' }, options: ['--foo', 'bar'] },
  { name: 'a size with a wrong unit', files: { 'redis.conf': 'maxmemory 1tb\n' } },
];
