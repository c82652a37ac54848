/** A configuration of postgresql, and what to ask of it. */
export interface PostgresCase {
  readonly name: string;
  /** `D` is the data directory. */
  readonly files: Readonly<Record<string, string>>;
  readonly options?: readonly string[];
}

/** Configurations that the server accepts. */
export const validCases: readonly PostgresCase[] = [
  { name: 'an empty file', files: { 'postgresql.conf': '' } },
  { name: 'the last statement wins', files: { 'postgresql.conf': 'work_mem = 8MB\nwork_mem = 16MB\nWork_Mem 32MB\n' } },
  { name: 'an include at the end wins', files: { 'postgresql.conf': "log_connections = off\ninclude 'x.conf'\n", 'x.conf': 'log_connections = on\n' } },
  {
    name: 'an include at the beginning loses',
    files: {
      'postgresql.conf': "include = 'sub/x.conf'\nlog_connections = off\n",
      'sub/x.conf': "log_connections = on\ninclude 'y.conf'\n",
      'sub/y.conf': 'log_hostname = yes\n',
    },
  },
  {
    name: 'a file that may be missing',
    files: { 'postgresql.conf': "include_if_exists 'none.conf'\ninclude_if_exists 'x.conf'\n", 'x.conf': 'port = 5555\n' },
  },
  {
    name: 'a directory, sorted',
    files: {
      'postgresql.conf': "include_dir 'c'\n",
      'c/20.conf': 'work_mem = 2MB\n',
      'c/10.conf': 'work_mem = 1MB\nlog_hostname = on\n',
      'c/x.txt': 'foo = bar\n',
      'c/.h.conf': 'foo = bar\n',
    },
  },
  { name: 'ALTER SYSTEM comes last', files: { 'postgresql.conf': 'work_mem = 8MB\n', 'postgresql.auto.conf': "work_mem = '9MB'\n" } },
  {
    name: 'options beat the files',
    files: { 'postgresql.conf': 'work_mem = 8MB\nlog_hostname = off\n', 'postgresql.auto.conf': "work_mem = '9MB'\n" },
    options: ['-c', 'work_mem=7MB', '--log-hostname=on', '-N', '33'],
  },
  {
    name: 'quotes, escapes and comments',
    files: { 'postgresql.conf': "cluster_name = 'it''s' # c\nlog_line_prefix='%m \\'x\\' \\\\' # 'd'\napplication_name = plain\n\tlog_timezone   UTC\r\n" },
  },
  {
    name: 'booleans',
    files: { 'postgresql.conf': "log_connections = yes\nlog_disconnections = 1\nlog_hostname = t\nfsync = FALSE\nlog_checkpoints = 'of'\n" },
  },
  {
    name: 'units',
    files: {
      'postgresql.conf':
        "shared_buffers = 131072kB\nwork_mem = 5000\nstatement_timeout = 90s\nidle_session_timeout = 1500\nauthentication_timeout = 2min\nlog_rotation_age = 1440\nmaintenance_work_mem = '64 MB'\nunix_socket_permissions = 0700\nwal_keep_size = 1GB\ncheckpoint_completion_target = 0.5\n",
    },
  },
  {
    name: 'words of a choice',
    files: {
      'postgresql.conf':
        "password_encryption = MD5\nssl_min_protocol_version = 'tlsv1.3'\nwal_level = Minimal\nmax_wal_senders = 0\nlog_statement = ddl\nsynchronous_commit = off\n",
    },
  },
  { name: 'parameters of an extension', files: { 'postgresql.conf': "my.setting = 'x'\n" } },
  {
    name: 'access rules',
    files: {
      'postgresql.conf': "ssl = on\nssl_cert_file = 'cert.pem'\nssl_key_file = 'key.pem'\nssl_ca_file = 'cert.pem'\n",
      'pg_hba.conf':
        'local all all trust\nhost "my db",other +admins 10.0.0.0 255.0.0.0 md5 # c\nhostssl all all 0.0.0.0/0 scram-sha-256 clientcert=verify-full\nhostnossl replication rep samenet reject\nhost all all .example.org password\nhost all all ::/0 ldap ldapserver=l ldapprefix="cn=" \\\n ldapsuffix=",dc=x"\n',
    },
  },
];

/** Configurations that the server refuses. */
export const refusedCases: readonly PostgresCase[] = [
  { name: 'an unknown parameter', files: { 'postgresql.conf': 'ssll = on\n' } },
  { name: 'a boolean that is none', files: { 'postgresql.conf': 'fsync = maybe\n' } },
  { name: 'a number out of range', files: { 'postgresql.conf': 'port = 70000\n' } },
  { name: 'a unit where none is due', files: { 'postgresql.conf': 'port = 5MB\n' } },
  { name: 'a wrong unit', files: { 'postgresql.conf': 'work_mem = 5min\n' } },
  { name: 'a word that is none of a choice', files: { 'postgresql.conf': 'password_encryption = plain\n' } },
  { name: 'a quote that stays open', files: { 'postgresql.conf': "cluster_name = 'x\n" } },
  { name: 'text after the value', files: { 'postgresql.conf': 'port = 1 2\n' } },
  { name: 'no value', files: { 'postgresql.conf': 'port =\n' } },
  { name: 'an include that is missing', files: { 'postgresql.conf': "include 'none.conf'\n" } },
  { name: 'an include that includes itself', files: { 'postgresql.conf': "include 'postgresql.conf'\n" } },
  { name: 'a directory that is missing', files: { 'postgresql.conf': "include_dir 'none'\n" } },
  { name: 'an unknown method', files: { 'postgresql.conf': '', 'pg_hba.conf': 'host all all 0.0.0.0/0 magic\n' } },
  { name: 'an address without a mask', files: { 'postgresql.conf': '', 'pg_hba.conf': 'host all all 10.0.0.1 trust\n' } },
  { name: 'an unknown kind of connection', files: { 'postgresql.conf': '', 'pg_hba.conf': 'tcp all all all trust\n' } },
  { name: 'an unknown option', files: { 'postgresql.conf': '' }, options: ['--foo=1'] },
  {
    name: 'a cipher string that selects nothing',
    files: { 'postgresql.conf': "ssl = on\nssl_ciphers = 'FOO'\nssl_cert_file = 'D/cert.pem'\nssl_key_file = 'D/key.pem'\n" },
  },
];
