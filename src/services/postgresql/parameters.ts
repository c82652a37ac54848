import { compareReleases } from '../installed-version.ts';

export interface Parameter {
  readonly name: string;
  readonly type: 'bool' | 'string' | 'integer' | 'real' | 'enum';
  /** What an integer counts in: `8kB`, `ms`; empty for plain numbers. */
  readonly unit: string;
  readonly values: readonly string[];
  readonly minimum: number;
  readonly maximum: number;
  /** In the unit, as pg_settings.boot_val has it. */
  readonly default: string;
}

/** Name, type, unit, range or values, default of PostgreSQL 15 (pg_settings). */
const table = `
DateStyle|s|||ISO, MDY
IntervalStyle|e||postgres,postgres_verbose,sql_standard,iso_8601|postgres
TimeZone|s|||GMT
allow_in_place_tablespaces|b|||off
allow_system_table_mods|b|||off
application_name|s|||
archive_cleanup_command|s|||
archive_command|s|||
archive_library|s|||
archive_mode|e||always,on,off|off
archive_timeout|i|s|0..1073741823|0
array_nulls|b|||on
authentication_timeout|i|s|1..600|60
autovacuum|b|||on
autovacuum_analyze_scale_factor|r||0..100|0.1
autovacuum_analyze_threshold|i||0..2147483647|50
autovacuum_freeze_max_age|i||100000..2000000000|200000000
autovacuum_max_workers|i||1..262143|3
autovacuum_multixact_freeze_max_age|i||10000..2000000000|400000000
autovacuum_naptime|i|s|1..2147483|60
autovacuum_vacuum_cost_delay|r|ms|-1..100|2
autovacuum_vacuum_cost_limit|i||-1..10000|-1
autovacuum_vacuum_insert_scale_factor|r||0..100|0.2
autovacuum_vacuum_insert_threshold|i||-1..2147483647|1000
autovacuum_vacuum_scale_factor|r||0..100|0.2
autovacuum_vacuum_threshold|i||0..2147483647|50
autovacuum_work_mem|i|kB|-1..2147483647|-1
backend_flush_after|i|8kB|0..256|0
backslash_quote|e||safe_encoding,on,off|safe_encoding
backtrace_functions|s|||
bgwriter_delay|i|ms|10..10000|200
bgwriter_flush_after|i|8kB|0..256|64
bgwriter_lru_maxpages|i||0..1073741823|100
bgwriter_lru_multiplier|r||0..10|2
bonjour|b|||off
bonjour_name|s|||
bytea_output|e||escape,hex|hex
check_function_bodies|b|||on
checkpoint_completion_target|r||0..1|0.9
checkpoint_flush_after|i|8kB|0..256|32
checkpoint_timeout|i|s|30..86400|300
checkpoint_warning|i|s|0..2147483647|30
client_connection_check_interval|i|ms|0..2147483647|0
client_encoding|s|||SQL_ASCII
client_min_messages|e||debug5,debug4,debug3,debug2,debug1,log,notice,warning,error|notice
cluster_name|s|||
commit_delay|i||0..100000|0
commit_siblings|i||0..1000|5
compute_query_id|e||auto,regress,on,off|auto
config_file|s|||
constraint_exclusion|e||partition,on,off|partition
cpu_index_tuple_cost|r||0..1.79769e+308|0.005
cpu_operator_cost|r||0..1.79769e+308|0.0025
cpu_tuple_cost|r||0..1.79769e+308|0.01
cursor_tuple_fraction|r||0..1|0.1
data_directory|s|||
data_sync_retry|b|||off
db_user_namespace|b|||off
deadlock_timeout|i|ms|1..2147483647|1000
debug_discard_caches|i||0..0|0
debug_pretty_print|b|||on
debug_print_parse|b|||off
debug_print_plan|b|||off
debug_print_rewritten|b|||off
default_statistics_target|i||1..10000|100
default_table_access_method|s|||heap
default_tablespace|s|||
default_text_search_config|s|||pg_catalog.simple
default_toast_compression|e||pglz,lz4|pglz
default_transaction_deferrable|b|||off
default_transaction_isolation|e||serializable,repeatable read,read committed,read uncommitted|read committed
default_transaction_read_only|b|||off
dynamic_library_path|s|||$libdir
dynamic_shared_memory_type|e||posix,sysv,mmap|posix
effective_cache_size|i|8kB|1..2147483647|524288
effective_io_concurrency|i||0..1000|1
enable_async_append|b|||on
enable_bitmapscan|b|||on
enable_gathermerge|b|||on
enable_hashagg|b|||on
enable_hashjoin|b|||on
enable_incremental_sort|b|||on
enable_indexonlyscan|b|||on
enable_indexscan|b|||on
enable_material|b|||on
enable_memoize|b|||on
enable_mergejoin|b|||on
enable_nestloop|b|||on
enable_parallel_append|b|||on
enable_parallel_hash|b|||on
enable_partition_pruning|b|||on
enable_partitionwise_aggregate|b|||off
enable_partitionwise_join|b|||off
enable_seqscan|b|||on
enable_sort|b|||on
enable_tidscan|b|||on
escape_string_warning|b|||on
event_source|s|||PostgreSQL
exit_on_error|b|||off
extension_destdir|s|||
external_pid_file|s|||
extra_float_digits|i||-15..3|1
force_parallel_mode|e||off,on,regress|off
from_collapse_limit|i||1..2147483647|8
fsync|b|||on
full_page_writes|b|||on
geqo|b|||on
geqo_effort|i||1..10|5
geqo_generations|i||0..2147483647|0
geqo_pool_size|i||0..2147483647|0
geqo_seed|r||0..1|0
geqo_selection_bias|r||1.5..2|2
geqo_threshold|i||2..2147483647|12
gin_fuzzy_search_limit|i||0..2147483647|0
gin_pending_list_limit|i|kB|64..2147483647|4096
hash_mem_multiplier|r||1..1000|2
hba_file|s|||
hot_standby|b|||on
hot_standby_feedback|b|||off
huge_page_size|i|kB|0..2147483647|0
huge_pages|e||off,on,try|try
ident_file|s|||
idle_in_transaction_session_timeout|i|ms|0..2147483647|0
idle_session_timeout|i|ms|0..2147483647|0
ignore_checksum_failure|b|||off
ignore_invalid_pages|b|||off
ignore_system_indexes|b|||off
jit|b|||on
jit_above_cost|r||-1..1.79769e+308|100000
jit_debugging_support|b|||off
jit_dump_bitcode|b|||off
jit_expressions|b|||on
jit_inline_above_cost|r||-1..1.79769e+308|500000
jit_optimize_above_cost|r||-1..1.79769e+308|500000
jit_profiling_support|b|||off
jit_provider|s|||llvmjit
jit_tuple_deforming|b|||on
join_collapse_limit|i||1..2147483647|8
krb_caseins_users|b|||off
krb_server_keyfile|s|||FILE:/etc/postgresql-common/krb5.keytab
lc_messages|s|||
lc_monetary|s|||C
lc_numeric|s|||C
lc_time|s|||C
listen_addresses|s|||localhost
lo_compat_privileges|b|||off
local_preload_libraries|s|||
lock_timeout|i|ms|0..2147483647|0
log_autovacuum_min_duration|i|ms|-1..2147483647|600000
log_checkpoints|b|||on
log_connections|b|||off
log_destination|s|||stderr
log_directory|s|||log
log_disconnections|b|||off
log_duration|b|||off
log_error_verbosity|e||terse,default,verbose|default
log_executor_stats|b|||off
log_file_mode|i||0..511|384
log_filename|s|||postgresql-%Y-%m-%d_%H%M%S.log
log_hostname|b|||off
log_line_prefix|s|||%m [%p] 
log_lock_waits|b|||off
log_min_duration_sample|i|ms|-1..2147483647|-1
log_min_duration_statement|i|ms|-1..2147483647|-1
log_min_error_statement|e||debug5,debug4,debug3,debug2,debug1,info,notice,warning,error,log,fatal,panic|error
log_min_messages|e||debug5,debug4,debug3,debug2,debug1,info,notice,warning,error,log,fatal,panic|warning
log_parameter_max_length|i|B|-1..1073741823|-1
log_parameter_max_length_on_error|i|B|-1..1073741823|0
log_parser_stats|b|||off
log_planner_stats|b|||off
log_recovery_conflict_waits|b|||off
log_replication_commands|b|||off
log_rotation_age|i|min|0..35791394|1440
log_rotation_size|i|kB|0..2097151|10240
log_startup_progress_interval|i|ms|0..2147483647|10000
log_statement|e||none,ddl,mod,all|none
log_statement_sample_rate|r||0..1|1
log_statement_stats|b|||off
log_temp_files|i|kB|-1..2147483647|-1
log_timezone|s|||GMT
log_transaction_sample_rate|r||0..1|0
log_truncate_on_rotation|b|||off
logging_collector|b|||off
logical_decoding_work_mem|i|kB|64..2147483647|65536
maintenance_io_concurrency|i||0..1000|10
maintenance_work_mem|i|kB|1024..2147483647|65536
max_connections|i||1..262143|100
max_files_per_process|i||64..2147483647|1000
max_locks_per_transaction|i||10..2147483647|64
max_logical_replication_workers|i||0..262143|4
max_parallel_maintenance_workers|i||0..1024|2
max_parallel_workers|i||0..1024|8
max_parallel_workers_per_gather|i||0..1024|2
max_pred_locks_per_page|i||0..2147483647|2
max_pred_locks_per_relation|i||-2147483648..2147483647|-2
max_pred_locks_per_transaction|i||10..2147483647|64
max_prepared_transactions|i||0..262143|0
max_replication_slots|i||0..262143|10
max_slot_wal_keep_size|i|MB|-1..2147483647|-1
max_stack_depth|i|kB|100..2147483647|100
max_standby_archive_delay|i|ms|-1..2147483647|30000
max_standby_streaming_delay|i|ms|-1..2147483647|30000
max_sync_workers_per_subscription|i||0..262143|2
max_wal_senders|i||0..262143|10
max_wal_size|i|MB|2..2147483647|1024
max_worker_processes|i||0..262143|8
min_dynamic_shared_memory|i|MB|0..2147483647|0
min_parallel_index_scan_size|i|8kB|0..715827882|64
min_parallel_table_scan_size|i|8kB|0..715827882|1024
min_wal_size|i|MB|2..2147483647|80
old_snapshot_threshold|i|min|-1..86400|-1
parallel_leader_participation|b|||on
parallel_setup_cost|r||0..1.79769e+308|1000
parallel_tuple_cost|r||0..1.79769e+308|0.1
password_encryption|e||md5,scram-sha-256|scram-sha-256
plan_cache_mode|e||auto,force_generic_plan,force_custom_plan|auto
port|i||1..65535|5432
post_auth_delay|i|s|0..2147|0
pre_auth_delay|i|s|0..60|0
primary_conninfo|s|||
primary_slot_name|s|||
promote_trigger_file|s|||
quote_all_identifiers|b|||off
random_page_cost|r||0..1.79769e+308|4
recovery_end_command|s|||
recovery_init_sync_method|e||fsync,syncfs|fsync
recovery_min_apply_delay|i|ms|0..2147483647|0
recovery_prefetch|e||off,on,try|try
recovery_target|s|||
recovery_target_action|e||pause,promote,shutdown|pause
recovery_target_inclusive|b|||on
recovery_target_lsn|s|||
recovery_target_name|s|||
recovery_target_time|s|||
recovery_target_timeline|s|||latest
recovery_target_xid|s|||
recursive_worktable_factor|r||0.001..1e+06|10
remove_temp_files_after_crash|b|||on
restart_after_crash|b|||on
restore_command|s|||
restrict_nonsystem_relation_kind|s|||
row_security|b|||on
search_path|s|||"$user", public
seq_page_cost|r||0..1.79769e+308|1
session_preload_libraries|s|||
session_replication_role|e||origin,replica,local|origin
shared_buffers|i|8kB|16..1073741823|16384
shared_memory_type|e||sysv,mmap|mmap
shared_preload_libraries|s|||
ssl|b|||off
ssl_ca_file|s|||
ssl_cert_file|s|||server.crt
ssl_ciphers|s|||HIGH:MEDIUM:+3DES:!aNULL
ssl_crl_dir|s|||
ssl_crl_file|s|||
ssl_dh_params_file|s|||
ssl_ecdh_curve|s|||prime256v1
ssl_key_file|s|||server.key
ssl_max_protocol_version|e||,TLSv1,TLSv1.1,TLSv1.2,TLSv1.3|
ssl_min_protocol_version|e||TLSv1,TLSv1.1,TLSv1.2,TLSv1.3|TLSv1.2
ssl_passphrase_command|s|||
ssl_passphrase_command_supports_reload|b|||off
ssl_prefer_server_ciphers|b|||on
standard_conforming_strings|b|||on
statement_timeout|i|ms|0..2147483647|0
stats_fetch_consistency|e||none,cache,snapshot|cache
superuser_reserved_connections|i||0..262143|3
synchronize_seqscans|b|||on
synchronous_commit|e||local,remote_write,remote_apply,on,off|on
synchronous_standby_names|s|||
syslog_facility|e||local0,local1,local2,local3,local4,local5,local6,local7|local0
syslog_ident|s|||postgres
syslog_sequence_numbers|b|||on
syslog_split_messages|b|||on
tcp_keepalives_count|i||0..2147483647|0
tcp_keepalives_idle|i|s|0..2147483647|0
tcp_keepalives_interval|i|s|0..2147483647|0
tcp_user_timeout|i|ms|0..2147483647|0
temp_buffers|i|8kB|100..1073741823|1024
temp_file_limit|i|kB|-1..2147483647|-1
temp_tablespaces|s|||
timezone_abbreviations|s|||Default
trace_notify|b|||off
trace_recovery_messages|e||debug5,debug4,debug3,debug2,debug1,log,notice,warning,error|log
trace_sort|b|||off
track_activities|b|||on
track_activity_query_size|i|B|100..1048576|1024
track_commit_timestamp|b|||off
track_counts|b|||on
track_functions|e||none,pl,all|none
track_io_timing|b|||off
track_wal_io_timing|b|||off
transaction_deferrable|b|||off
transaction_isolation|e||serializable,repeatable read,read committed,read uncommitted|read committed
transaction_read_only|b|||off
transform_null_equals|b|||off
unix_socket_directories|s|||/var/run/postgresql
unix_socket_group|s|||
unix_socket_permissions|i||0..511|511
update_process_title|b|||on
vacuum_cost_delay|r|ms|0..100|0
vacuum_cost_limit|i||1..10000|200
vacuum_cost_page_dirty|i||0..10000|20
vacuum_cost_page_hit|i||0..10000|1
vacuum_cost_page_miss|i||0..10000|2
vacuum_defer_cleanup_age|i||0..1000000|0
vacuum_failsafe_age|i||0..2100000000|1600000000
vacuum_freeze_min_age|i||0..1000000000|50000000
vacuum_freeze_table_age|i||0..2000000000|150000000
vacuum_multixact_failsafe_age|i||0..2100000000|1600000000
vacuum_multixact_freeze_min_age|i||0..1000000000|5000000
vacuum_multixact_freeze_table_age|i||0..2000000000|150000000
wal_buffers|i|8kB|-1..262143|-1
wal_compression|e||pglz,lz4,zstd,on,off|off
wal_consistency_checking|s|||
wal_decode_buffer_size|i|B|65536..1073741823|524288
wal_init_zero|b|||on
wal_keep_size|i|MB|0..2147483647|0
wal_level|e||minimal,replica,logical|replica
wal_log_hints|b|||off
wal_receiver_create_temp_slot|b|||off
wal_receiver_status_interval|i|s|0..2147483|10
wal_receiver_timeout|i|ms|0..2147483647|60000
wal_recycle|b|||on
wal_retrieve_retry_interval|i|ms|1..2147483647|5000
wal_sender_timeout|i|ms|0..2147483647|60000
wal_skip_threshold|i|kB|0..2147483647|2048
wal_sync_method|e||fsync,fdatasync,open_sync,open_datasync|fdatasync
wal_writer_delay|i|ms|1..10000|200
wal_writer_flush_after|i|8kB|0..2147483647|128
work_mem|i|kB|64..2147483647|4096
xmlbinary|e||base64,hex|base64
xmloption|e||content,document|content
zero_damaged_pages|b|||off
`;

/** Parameters that other releases have, or with another default; the first release with it, the first without it. */
const others: readonly (readonly [row: string, since: string | null, until: string | null])[] = [
  ['password_encryption|b|||on', null, '10'],
  ['password_encryption|e||md5,scram-sha-256|md5', '10', '14'],
  ['ssl_min_protocol_version|e||TLSv1,TLSv1.1,TLSv1.2,TLSv1.3|TLSv1', '12', '13'],
  ['ssl_groups|s|||X25519:prime256v1', '18', null],
  ['ssl_tls13_ciphers|s|||', '18', null],
  ['log_connections|s|||', '18', null],
  ['db_user_namespace|b|||off', null, '17'],
  ['scram_iterations|i||1..2147483647|4096', '16', null],
  ['reserved_connections|i||0..262143|0', '16', null],
  ['gss_accept_delegation|b|||off', '16', null],
  ['md5_password_warnings|b|||on', '18', null],
  ['oauth_validator_libraries|s|||', '18', null],
];
const types = { b: 'bool', s: 'string', i: 'integer', r: 'real', e: 'enum' } as const;

/**
 * The parameters of a release, by lower-case name.
 *
 * @param release `15.18`
 */
export function parametersOf(release: string): ReadonlyMap<string, Parameter> {
  const parameters = new Map<string, Parameter>();
  for (const row of table.trim().split('\n')) {
    const parameter = parse(row);
    parameters.set(parameter.name.toLowerCase(), parameter);
  }
  const before = (bound: string | null) => bound !== null && compareReleases(release, bound) < 0;
  for (const [row, since, until] of others) {
    const parameter = parse(row);
    if (!before(since) && (until === null || before(until))) parameters.set(parameter.name, parameter);
    else if (parameter.name === 'db_user_namespace') parameters.delete(parameter.name);
  }
  if (before('12')) for (const name of ['ssl_min_protocol_version', 'ssl_max_protocol_version']) parameters.delete(name);
  return parameters;
}

function parse(row: string): Parameter {
  const [name = '', type = 's', unit = '', values = '', ...fallback] = row.split('|');
  const [, low, high] = /^(-?[^.]+(?:\.\d+)?)\.\.(.+)$/.exec(values) ?? [];
  return {
    name,
    type: types[type as keyof typeof types],
    unit,
    values: type === 'e' ? values.split(',') : [],
    minimum: low === undefined ? Number.NEGATIVE_INFINITY : Number(low),
    maximum: high === undefined ? Number.POSITIVE_INFINITY : Number(high),
    default: fallback.join('|'),
  };
}
