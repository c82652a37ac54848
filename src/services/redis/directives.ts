import { compareReleases } from '../installed-version.ts';

export interface RedisDirective {
  readonly name: string;
  readonly kind: 'flag' | 'str' | 'enum' | 'int' | 'memory' | 'special';
  readonly values: readonly string[];
  /** Takes any number of arguments. */
  readonly many: boolean;
  readonly default: string;
}

/**
 * Name, kind (`*`: any number of arguments), values, default, other spellings, the first release with it, the first
 * without it; a default is `value`, or `value<release|value`, `~` stands for a blank. From config.c of 6.0 to 8.
 */
const table = `
rdbchecksum flag - yes - - -
daemonize flag - no - - -
io-threads-do-reads flag - no - - -
lua-replicate-commands flag - yes - - 7.0
always-show-logo flag - no - - -
protected-mode flag - yes - - -
rdbcompression flag - yes - - -
rdb-del-sync-files flag - no - - -
activerehashing flag - yes - - -
stop-writes-on-bgsave-error flag - yes - - -
dynamic-hz flag - yes - - -
lazyfree-lazy-eviction flag - no - - -
lazyfree-lazy-expire flag - no - - -
lazyfree-lazy-server-del flag - no - - -
lazyfree-lazy-user-del flag - no - - -
repl-disable-tcp-nodelay flag - no - - -
repl-diskless-sync flag - no<7.0|yes - - -
gopher-enabled flag - no - - 7.0
aof-rewrite-incremental-fsync flag - yes - - -
no-appendfsync-on-rewrite flag - no - - -
cluster-require-full-coverage flag - yes - - -
rdb-save-incremental-fsync flag - yes - - -
aof-load-truncated flag - yes - - -
aof-use-rdb-preamble flag - yes - - -
cluster-replica-no-failover flag - no cluster-slave-no-failover - -
replica-lazy-flush flag - no slave-lazy-flush - -
replica-serve-stale-data flag - yes slave-serve-stale-data - -
replica-read-only flag - yes slave-read-only - -
replica-ignore-maxmemory flag - yes slave-ignore-maxmemory - -
jemalloc-bg-thread flag - yes - - -
activedefrag flag - no - - -
syslog-enabled flag - no - - -
cluster-enabled flag - no - - -
appendonly flag - no - - -
cluster-allow-reads-when-down flag - no - - -
aclfile str - '' - - -
unixsocket str - '' - - -
pidfile str - '' - - -
replica-announce-ip str - '' slave-announce-ip - -
masteruser str - '' - - -
masterauth str - '' - - -
cluster-announce-ip str - '' - - -
syslog-ident str - redis - - -
dbfilename str - dump.rdb - - -
appendfilename str - appendonly.aof - - -
ignore-warnings str - ARM64-COW-BUG<6.2|'' - - -
supervised enum upstart|systemd|auto|no no - - -
syslog-facility enum user|local0|local1|local2|local3|local4|local5|local6|local7 local0 - - -
repl-diskless-load enum disabled|on-empty-db|swapdb disabled - - -
loglevel enum debug|verbose|notice|warning|nothing notice - - -
maxmemory-policy enum volatile-lru|volatile-lfu|volatile-random|volatile-ttl|allkeys-lru|allkeys-lfu|allkeys-random|noeviction noeviction - - -
appendfsync enum everysec|always|no everysec - - -
oom-score-adj enum no|yes|relative|absolute no - - -
databases int - 16 - - -
port int - 6379 - - -
io-threads int - 1 - - -
auto-aof-rewrite-percentage int - 100 - - -
cluster-replica-validity-factor int - 10 cluster-slave-validity-factor - -
list-max-ziplist-size int - -2 - - 7.0
tcp-keepalive int - 300 - - -
cluster-migration-barrier int - 1 - - -
active-defrag-cycle-min int - 1 - - -
active-defrag-cycle-max int - 25 - - -
active-defrag-threshold-lower int - 10 - - -
active-defrag-threshold-upper int - 100 - - -
lfu-log-factor int - 10 - - -
lfu-decay-time int - 1 - - -
replica-priority int - 100 slave-priority - -
repl-diskless-sync-delay int - 5 - - -
maxmemory-samples int - 5 - - -
timeout int - 0 - - -
replica-announce-port int - 0 slave-announce-port - -
tcp-backlog int - 511 - - -
cluster-announce-bus-port int - 0 - - -
cluster-announce-port int - 0 - - -
repl-timeout int - 60 - - -
repl-ping-replica-period int - 10 repl-ping-slave-period - -
list-compress-depth int - 0 - - -
rdb-key-save-delay int - 0 - - -
key-load-delay int - 0 - - -
active-expire-effort int - 1 - - -
hz int - 10 - - -
min-replicas-to-write int - 0 min-slaves-to-write - -
min-replicas-max-lag int - 10 min-slaves-max-lag - -
maxclients int - 10000 - - -
active-defrag-max-scan-fields int - 1000 - - -
slowlog-max-len int - 128 - - -
acllog-max-len int - 128 - - -
lua-time-limit int - 5000 - - 7.0
cluster-node-timeout int - 15000 - - -
slowlog-log-slower-than int - 10000 - - -
latency-monitor-threshold int - 0 - - -
proto-max-bulk-len memory - 536870912 - - -
stream-node-max-entries int - 100 - - -
repl-backlog-size memory - 1048576 - - -
maxmemory memory - 0 - - -
hash-max-ziplist-entries int - 512 - - 7.0
set-max-intset-entries int - 512 - - -
zset-max-ziplist-entries int - 128 - - 7.0
active-defrag-ignore-bytes memory - 104857600 - - -
hash-max-ziplist-value memory - 64 - - 7.0
stream-node-max-bytes memory - 4096 - - -
zset-max-ziplist-value memory - 64 - - 7.0
hll-sparse-max-bytes memory - 3000 - - -
tracking-table-max-keys int - 1000000 - - -
repl-backlog-ttl int - 3600 - - -
auto-aof-rewrite-min-size memory - 67108864 - - -
tls-port int - 0 - - -
tls-session-cache-size int - 20480 - - -
tls-session-cache-timeout int - 300 - - -
tls-cluster flag - no - - -
tls-replication flag - no - - -
tls-auth-clients enum no|yes|optional yes - - -
tls-prefer-server-ciphers flag - no - - -
tls-session-caching flag - yes - - -
tls-cert-file str - '' - - -
tls-key-file str - '' - - -
tls-dh-params-file str - '' - - -
tls-ca-cert-file str - '' - - -
tls-ca-cert-dir str - '' - - -
tls-protocols str - '' - - -
tls-ciphers str - '' - - -
tls-ciphersuites str - '' - - -
set-proc-title flag - yes - 6.2 -
lazyfree-lazy-user-flush flag - no - 6.2 -
crash-log-enabled flag - yes - 6.2 -
crash-memcheck-enabled flag - yes - 6.2 -
use-exit-on-panic flag - no - 6.2 -
disable-thp flag - yes - 6.2 -
cluster-allow-replica-migration flag - yes - 6.2 -
replica-announced flag - yes - 6.2 -
proc-title-template str - {title}~{listen-addr}~{server-mode} - 6.2 -
requirepass str - '' - - -
acl-pubsub-default enum allchannels|resetchannels allchannels<7.0|resetchannels - 6.2 -
sanitize-dump-payload enum no|yes|clients no - 6.2 -
maxmemory-eviction-tenacity int - 10 - 6.2 -
cluster-announce-tls-port int - 0 - 6.2 -
client-query-buffer-limit memory - 1073741824 - - -
tls-key-file-pass str - '' - 6.2 -
tls-client-cert-file str - '' - 6.2 -
tls-client-key-file str - '' - 6.2 -
tls-client-key-file-pass str - '' - 6.2 -
aof-timestamp-enabled flag - no - 7.0 -
cluster-allow-pubsubshard-when-down flag - yes - 7.0 -
latency-tracking flag - yes - 7.0 -
aof-disable-auto-gc flag - no - 7.0 -
replica-ignore-disk-write-errors flag - no - 7.0 -
cluster-config-file str - nodes.conf - - -
cluster-announce-hostname str - '' - 7.0 -
appenddirname str - appendonlydir - 7.0 -
bind-source-addr str - '' - 7.0 -
logfile str - '' - - -
enable-protected-configs enum no|yes|local no - 7.0 -
enable-debug-command enum no|yes|local no - 7.0 -
enable-module-command enum no|yes|local no - 7.0 -
cluster-preferred-endpoint-type enum ip|hostname|unknown-endpoint ip - 7.0 -
propagation-error-behavior enum ignore|panic|panic-on-replicas ignore - 7.0 -
shutdown-on-sigint enum* default|save|nosave|now|force default - 7.0 -
shutdown-on-sigterm enum* default|save|nosave|now|force default - 7.0 -
list-max-listpack-size int - -2 list-max-ziplist-size 7.0 -
cluster-port int - 0 - 7.0 -
watchdog-period int - 0 - - -
shutdown-timeout int - 10 - 7.0 -
repl-diskless-sync-max-replicas int - 0 - 7.0 -
unixsocketperm int - 0 - - -
socket-mark-id int - 0 - 7.0 -
busy-reply-threshold int - 5000 lua-time-limit 7.0 -
cluster-link-sendbuf-limit memory - 0 - 7.0 -
hash-max-listpack-entries int - 512 hash-max-ziplist-entries 7.0 -
zset-max-listpack-entries int - 128 zset-max-ziplist-entries 7.0 -
hash-max-listpack-value memory - 64 hash-max-ziplist-value 7.0 -
zset-max-listpack-value memory - 64 zset-max-ziplist-value 7.0 -
maxmemory-clients memory - 0 - 7.0 -
loading-process-events-interval-bytes int - 2097152 - 7.0 -
dir special - '' - - -
save special* - 3600~1~300~100~60~10000 - - -
client-output-buffer-limit special* - normal~0~0~0~slave~268435456~67108864~60~pubsub~33554432~8388608~60 - - -
oom-score-adj-values special* - 0~200~800 - - -
notify-keyspace-events special - '' - - -
bind special* - *~-::* - - -
replicaof special* - '' slaveof - -
latency-tracking-info-percentiles special* - 50~99~99.9 - 7.0 -
cluster-announce-human-nodename str - '' - 7.2 -
req-res-logfile str - '' - 7.2 -
locale-collate str - '' - 7.2 -
client-default-resp int - 2 - 7.2 -
cluster-ping-interval int - 0 - 7.2 -
set-max-listpack-entries int - 128 - 7.2 -
set-max-listpack-value int - 64 - 7.2 -
hide-user-data-from-log flag - no - 7.4 -
server-cpulist str - '' server_cpulist - -
bio-cpulist str - '' bio_cpulist - -
aof-rewrite-cpulist str - '' aof_rewrite_cpulist - -
bgsave-cpulist str - '' bgsave_cpulist - -
max-new-connections-per-cycle int - 10 - 7.4 -
max-new-tls-connections-per-cycle int - 1 - 7.4 -
`;

const rows = table
  .trim()
  .split('\n')
  .map((line) => line.split(' '));

/**
 * The directives of a release by every spelling (config.c). Releases before 6.0 count as 6.0.
 *
 * @param release `7.0.15`
 */
export function directivesOf(release: string): ReadonlyMap<string, RedisDirective> {
  const directives = new Map<string, RedisDirective>();
  const before = (bound: string | undefined) => bound !== undefined && bound !== '-' && bound !== 'next' && compareReleases(release, bound) < 0;
  for (const [name = '', kind = '', values = '', fallback = '', aliases = '', since, until] of rows) {
    if (before(since) && !(compareReleases(release, '6.0') < 0 && since === '6.0')) continue;
    if (until !== undefined && until !== '-' && !before(until) && until !== 'next') continue;
    const directive: RedisDirective = {
      name,
      kind: kind.replace('*', '') as RedisDirective['kind'],
      values: values === '-' ? [] : values.split('|'),
      many: kind.endsWith('*'),
      default: defaultOf(fallback, before),
    };
    directives.set(name, directive);
    for (const alias of aliases === '-' ? [] : aliases.split(',')) directives.set(alias, directive);
  }
  return directives;
}

function defaultOf(text: string, before: (bound: string | undefined) => boolean): string {
  for (const part of text.split('|')) {
    const [value = '', bound] = part.split('<');
    if (bound === undefined || before(bound)) return value === "''" ? '' : value.replaceAll('~', ' ');
  }
  return '';
}
