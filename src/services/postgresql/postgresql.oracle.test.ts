import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Service } from '../../model/index.ts';
import { type FixtureFile, packageOf, serviceImageOf } from '../image-files.fixture.ts';
import { makeSelfSigned } from '../self-signed.fixture.ts';
import { type PostgresCase, refusedCases, validCases } from './corpus.fixture.ts';
import reader from './index.ts';

/** The installed PostgreSQL as an oracle: a cluster of its own, asked by SHOW and pg_hba_file_rules. */
const version = /\) ([\d.]+)/.exec(spawnSync('postgres', ['--version'], { encoding: 'utf8' }).stdout ?? '')?.[1] ?? null;
const programs = version === null ? '' : `/usr/lib/postgresql/${version.split('.')[0]}/bin`;
const account = accountOf();
const ready = version !== null && account !== null && spawnSync(join(programs, 'initdb'), ['--version']).status === 0;
const title = ready ? `against PostgreSQL ${version}` : 'skipped: PostgreSQL of a Debian package, with a user to run it as, is not installed';

/** PostgreSQL refuses to run as root; undefined: this process may run it. */
function accountOf(): { readonly uid: number; readonly gid: number } | undefined | null {
  if (process.getuid?.() !== 0) return undefined;
  const uid = spawnSync('id', ['-u', 'postgres'], { encoding: 'utf8' });
  const gid = spawnSync('id', ['-g', 'postgres'], { encoding: 'utf8' });
  return uid.status === 0 && gid.status === 0 ? { uid: Number(uid.stdout), gid: Number(gid.stdout) } : null;
}

describe.skipIf(!ready)(title, () => {
  let root = '';
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'pg-oracle-'));
    chmodSync(root, 0o777);
    run(join(programs, 'initdb'), ['-D', join(root, 'cluster'), '-A', 'trust', '-N', '-U', 'tester']);
    makeSelfSigned(root);
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  function run(program: string, words: readonly string[]) {
    return execFileSync(program, words, { encoding: 'utf8', stdio: 'pipe', cwd: root, ...account });
  }

  function build(one: PostgresCase): { directory: string; words: string[]; service: Service } {
    const directory = mkdtempSync(join(root, 'case-'));
    cpSync(join(root, 'cluster'), directory, { recursive: true });
    for (const name of ['cert.pem', 'key.pem']) cpSync(join(root, name), join(directory, name));
    const files: Record<string, FixtureFile> = {
      [join(directory, 'cert.pem')]: readFileSync(join(root, 'cert.pem')),
      [join(directory, 'key.pem')]: { text: '', mode: 0o600 },
    };
    const all = { 'pg_hba.conf': 'local all all trust\n', 'postgresql.auto.conf': '', ...one.files };
    for (const [name, text] of Object.entries(all)) {
      const path = join(directory, name);
      const content = text.replaceAll('D/', `${directory}/`);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
      files[path] = content;
    }
    chmodSync(directory, 0o700);
    if (account !== undefined && account !== null) execFileSync('chown', ['-R', `${account.uid}:${account.gid}`, directory]);
    chmodSync(join(directory, 'key.pem'), 0o600);
    const words = ['-D', directory, '-k', directory, '-c', 'fsync=off', ...(one.options ?? [])];
    const [service] = [
      ...reader.read(
        serviceImageOf({
          files,
          packages: [packageOf('deb', 'postgresql-15', `${version}-1`), packageOf('deb', 'libssl3', '3.0.19-1')],
          configuration: { cmd: ['postgres', ...words] },
        }),
      ),
    ];
    if (service === undefined) throw new Error('no service was read');
    return { directory, words, service };
  }

  async function withServer(words: readonly string[], directory: string, port: number, use: (ask: (query: string) => string) => void): Promise<void> {
    const server = spawn(join(programs, 'postgres'), words, { stdio: 'ignore', cwd: directory, ...account });
    try {
      for (let attempt = 0; ; attempt += 1) {
        if (server.exitCode !== null || attempt > 400) throw new Error(`postgres ended with ${server.exitCode}`);
        if (spawnSync('pg_isready', ['-h', directory, '-p', String(port)]).status === 0) break;
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
      use((query) =>
        execFileSync('psql', ['-h', directory, '-p', String(port), '-U', 'tester', '-d', 'postgres', '-AtX', '-F', '\t', '-c', query], {
          encoding: 'utf8',
          stdio: 'pipe',
        }),
      );
    } finally {
      server.kill('SIGINT');
      await new Promise((resolve) => (server.exitCode === null ? server.once('exit', resolve) : resolve(null)));
    }
  }

  test.each(validCases)('$name', async (one) => {
    const { directory, words, service } = build({ ...one, options: [...(one.options ?? []), '-c', 'listen_addresses='] });
    expect(service.problems).toEqual([]);
    const settings = service.scopes[0]?.settings ?? [];
    const port = Number(settings.find((setting) => setting.key === 'port')?.value);
    await withServer(words, directory, port, (ask) => {
      const context =
        "context not in ('internal') and name not in ('application_name', 'client_encoding', 'transaction_deferrable', 'transaction_isolation', 'transaction_read_only', 'in_hot_standby')";
      // What initdb, the session or the machine decide isn't a default.
      const own =
        "name !~ '^(lc_|config_file|data_directory|hba_file|ident_file|log_timezone|TimeZone|DateStyle|dynamic_shared_memory_type|default_text_search_config|huge_page|wal_buffers|max_stack_depth|wal_sync_method|session_authorization|is_superuser)' or source = 'configuration file' and name <> 'application_name'";
      const theirs = new Map(
        ask(`select name, replace(current_setting(name), chr(10), ' ') from pg_settings where ${context} and (${own}) order by 1`)
          .trimEnd()
          .split('\n')
          .map((line): [string, string] => [line.split('\t')[0] ?? '', line.slice(line.indexOf('\t') + 1)]),
      );
      const ours = new Map(settings.map((setting) => [setting.key, setting.value]));
      expect(theirs.size).toBeGreaterThan(250);
      theirs.delete('archive_command');
      expect(Object.fromEntries([...theirs.keys()].map((name) => [name, ours.get(name)]))).toEqual(Object.fromEntries(theirs));
      if (one.files['pg_hba.conf'] === undefined) return;
      const rules = ask(
        "select type, array_to_string(database, ','), array_to_string(user_name, ','), coalesce(address || coalesce(' ' || netmask, ''), ''), auth_method from pg_hba_file_rules where error is null order by line_number",
      );
      const shown = service.scopes.slice(1).map(({ settings: fields }) => {
        const value = (key: string) => fields.find((field) => field.key === key)?.value ?? '';
        return [value('type'), value('database'), value('user'), value('address'), value('method')].join('\t');
      });
      expect(shown.map(withMask)).toEqual(rules.trim().split('\n').map(withMask));
    });
  });

  test.each(refusedCases)('refused: $name', (one) => {
    const { words, directory, service } = build({ ...one, options: [...(one.options ?? []), '-c', 'listen_addresses='] });
    const server = spawnSync(join(programs, 'postgres'), words, { timeout: 1500, killSignal: 'SIGINT', cwd: directory, ...account });
    expect(server.status).not.toBe(0);
    expect(server.error).toBeUndefined();
    expect(service.problems.filter((problem) => problem.kind === 'invalid')).not.toEqual([]);
  });

  test('handshakes agree on what we say', async () => {
    const port = await freePort();
    const conf = `ssl = on\nssl_cert_file = 'cert.pem'\nssl_key_file = 'key.pem'\nport = ${port}\nssl_min_protocol_version = 'TLSv1'\nssl_ciphers = 'AES128-SHA:ECDHE-RSA-AES256-GCM-SHA384:DHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0'\n`;
    const { directory, words, service } = build({ name: 'tls', files: { 'postgresql.conf': conf }, options: ['-h', '127.0.0.1'] });
    expect(service.problems).toEqual([]);
    const tls = service.scopes[0]?.tls;
    await withServer(words, directory, port, () => {
      const agrees = (options: string[]) =>
        /Cipher is (?!\(NONE\))\S+/.test(
          spawnSync('openssl', ['s_client', '-starttls', 'postgres', '-connect', `127.0.0.1:${port}`, ...options], { input: '', encoding: 'utf8' }).stdout,
        );
      const flags = { TLSv1: '-tls1', 'TLSv1.1': '-tls1_1', 'TLSv1.2': '-tls1_2', 'TLSv1.3': '-tls1_3' };
      expect(tls?.protocols).toEqual(Object.entries(flags).flatMap(([name, flag]) => (agrees([flag, '-cipher', 'ALL@SECLEVEL=0']) ? [name] : [])));
      const suites = ['AES128-SHA', 'ECDHE-RSA-AES256-GCM-SHA384', 'DHE-RSA-AES128-GCM-SHA256', 'AES256-SHA'];
      expect(tls?.suites).toEqual(suites.filter((suite) => agrees(['-tls1_2', '-cipher', `${suite}@SECLEVEL=0`])));
      expect(agrees(['-tls1_2', '-cipher', 'ECDHE-RSA-AES256-GCM-SHA384', '-groups', 'P-384'])).toBe(tls?.curves.includes('secp384r1'));
      expect(agrees(['-tls1_2', '-cipher', 'ECDHE-RSA-AES256-GCM-SHA384', '-groups', 'P-256'])).toBe(tls?.curves.includes('prime256v1'));
    });
  });
});

/** The view shows every network with a mask. */
function withMask(line: string): string {
  return line.replace('0.0.0.0/0', '0.0.0.0 0.0.0.0').replace('::/0', ':: ::').replace(/"/g, '');
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
