import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Service } from '../../model/index.ts';
import { type FixtureFile, packageOf, serviceImageOf } from '../image-files.fixture.ts';
import { makeSelfSigned } from '../self-signed.fixture.ts';
import { type RedisCase, refusedCases, validCases } from './corpus.fixture.ts';
import reader from './index.ts';

/** The installed redis-server as an oracle: `CONFIG GET *` prints every value in force. */
const version = /v=([\d.]+)/.exec(spawnSync('redis-server', ['--version'], { encoding: 'utf8' }).stdout ?? '')?.[1] ?? null;
const hasClient = spawnSync('redis-cli', ['--version']).status === 0;
const title = version !== null && hasClient ? `against redis ${version}` : 'skipped: redis-server and redis-cli are not installed';

describe.skipIf(version === null || !hasClient)(title, () => {
  let root = '';
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'redis-oracle-'));
    makeSelfSigned(root);
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  function build(one: RedisCase, port: number): { words: string[]; service: Service } {
    const directory = mkdtempSync(join(root, 'case-'));
    const files: Record<string, FixtureFile> = { '/usr/bin/redis-server': '' };
    for (const name of ['cert.pem', 'key.pem']) files[join(root, name)] = readFileSync(join(root, name));
    for (const [name, text] of Object.entries(one.files)) {
      const path = join(directory, name);
      const content = text.replaceAll(/(^|[ ])D\//g, `$1${directory}/`).replaceAll('R/', `${root}/`);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
      files[path] = content;
    }
    const words = [
      join(directory, 'redis.conf'),
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--dir',
      directory,
      '--daemonize',
      'no',
      ...(one.options ?? []),
    ];
    const [service] = [
      ...reader.read(
        serviceImageOf({
          files,
          packages: [packageOf('deb', 'redis-server', `5:${version}-1`), packageOf('deb', 'libssl3', '3.0.19-1')],
          configuration: { cmd: ['redis-server', ...words] },
        }),
      ),
    ];
    if (service === undefined) throw new Error('no service was read');
    return { words, service };
  }

  test.each(validCases)('$name', async (one) => {
    const port = await freePort();
    const { words, service } = build(one, port);
    expect(service.problems).toEqual([]);
    const server = spawn('redis-server', words, { stdio: 'ignore' });
    try {
      const theirs = await configurationOf(server, port, one.password);
      const settings = service.scopes[0]?.settings ?? [];
      const ours = new Map(settings.filter((setting) => theirs.has(setting.key)).map((setting) => [setting.key, setting.value]));
      expect(ours.size).toBeGreaterThan(150);
      for (const [key, value] of ours) expect(`${key} ${value}`).toBe(`${key} ${key === 'requirepass' && theirs.get(key) !== '' ? '***' : theirs.get(key)}`);
    } finally {
      server.kill('SIGKILL');
    }
  });

  test.each(refusedCases)('refused: $name', async (one) => {
    const { words, service } = build(one, await freePort());
    expect(spawnSync('redis-server', words, { timeout: 2000 }).status).not.toBe(0);
    expect(service.problems.filter((problem) => problem.kind === 'invalid')).not.toEqual([]);
  });

  test('the TLS port speaks what we say', async () => {
    const [plain, secured] = [await freePort(), await freePort()];
    const text = `tls-port ${secured}\ntls-cert-file R/cert.pem\ntls-key-file R/key.pem\ntls-ca-cert-file R/cert.pem\ntls-auth-clients no\ntls-protocols "TLSv1.1 TLSv1.2"\ntls-ciphers AES128-SHA:ECDHE-RSA-AES256-GCM-SHA384\n`;
    const { words, service } = build({ name: 'tls', files: { 'redis.conf': text } }, plain);
    expect(service.problems).toEqual([]);
    const tls = service.scopes[0]?.tls;
    expect(service.scopes[0]?.listen).toEqual([{ address: `127.0.0.1:${secured}` }, { address: `127.0.0.1:${plain}`, tls: null }]);
    const server = spawn('redis-server', words, { stdio: 'ignore' });
    try {
      await configurationOf(server, plain, undefined);
      const agrees = (options: string[]) => {
        const run = spawnSync('openssl', ['s_client', '-connect', `127.0.0.1:${secured}`, ...options], { input: '', encoding: 'utf8' });
        return /Cipher is (?!\(NONE\))\S+/.test(run.stdout);
      };
      const flags = { TLSv1: '-tls1', 'TLSv1.1': '-tls1_1', 'TLSv1.2': '-tls1_2', 'TLSv1.3': '-tls1_3' };
      const offered = Object.entries(flags).flatMap(([name, flag]) => (agrees([flag, '-cipher', 'ALL@SECLEVEL=0']) ? [name] : []));
      expect(tls?.protocols).toEqual(offered);
      expect(tls?.suites).toEqual(['AES128-SHA', 'ECDHE-RSA-AES256-GCM-SHA384'].filter((suite) => agrees(['-tls1_2', '-cipher', suite])));
    } finally {
      server.kill('SIGKILL');
    }
  });
});

async function configurationOf(server: ChildProcess, port: number, password: string | undefined): Promise<Map<string, string>> {
  const login = password === undefined ? [] : ['-a', password, '--no-auth-warning'];
  for (let attempt = 0; attempt < 200; attempt += 1) {
    if (server.exitCode !== null) throw new Error(`redis-server ended with ${server.exitCode}`);
    const run = spawnSync('redis-cli', ['-p', String(port), ...login, '--json', 'CONFIG', 'GET', '*'], { encoding: 'utf8' });
    if (run.status === 0 && run.stdout.startsWith('{')) return new Map(Object.entries(JSON.parse(run.stdout) as Record<string, string>));
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error('redis-server does not answer');
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
