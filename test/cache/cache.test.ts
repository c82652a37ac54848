import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { ensureBuilt, portcullis, repository, temporaryDirectory } from '../support/cli.ts';
import { type BuiltLayer, layer, ociArchive } from '../support/image-builder.ts';

// The layer cache as a user meets it: faster the second time, and never a verdict from anything but verified bytes.

const noise = randomBytes(8).toString('hex');
const release = { path: 'etc/os-release', content: 'ID=debian\nVERSION_ID="12"\n' };
const status = (name: string): { path: string; content: string } => ({
  path: 'var/lib/dpkg/status',
  content: `Package: ${name}\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1-${noise}\n\n`,
});

const good = layer([release, status('bash')]);
const bad = layer([release, status('openssh-server')]);

function home(): { env: Record<string, string>; layers: string; root: string } {
  const root = temporaryDirectory();
  return { root, env: { PORTCULLIS_CACHE_DIR: join(root, 'cache'), PORTCULLIS_DATA_DIR: join(root, 'data') }, layers: join(root, 'cache', 'layers') };
}

function image(root: string, name: string, ...layers: BuiltLayer[]): string {
  return ociArchive([{ layers, tags: ['app:1'] }]).writeTo(join(root, name));
}

const policy = (root: string): string => {
  const path = join(root, 'ssh.policy');
  writeFileSync(path, 'PKGBLACKLIST:PKGNAMEMATCH:STOP:BLACKLIST_NAMEMATCH=openssh-server\n');
  return path;
};

const gate = (path: string, root: string, env: Record<string, string>, ...more: string[]) =>
  portcullis(['gate', path, '--policy', policy(root), '--now', '2026-01-01', ...more], { env });

function recordFiles(layers: string): string[] {
  if (!existsSync(layers)) return [];
  return readdirSync(layers).flatMap((shard) => readdirSync(join(layers, shard)).map((name) => join(layers, shard, name)));
}

beforeAll(() => ensureBuilt());

describe('the layer cache', () => {
  test('the second run says the same and writes no new record', async () => {
    const { root, env, layers } = home();
    const path = image(root, 'a.tar', bad);
    const first = await gate(path, root, env, '-o', 'json');
    expect(first.code).toBe(1);
    const records = recordFiles(layers);
    expect(records.length).toBeGreaterThan(0);
    const second = await gate(path, root, env, '-o', 'json');
    expect(second.stdout).toBe(first.stdout);
    expect(recordFiles(layers)).toEqual(records);
    expect((await portcullis(['cache', 'status'], { env })).stdout).toMatch(/: [1-9]\d* layers, /);
    expect((await portcullis(['cache', 'clear'], { env })).code).toBe(0);
    expect(recordFiles(layers)).toEqual([]);
  });

  test('a changed byte in a layer whose record is cached is an error', async () => {
    const { root, env } = home();
    const archive = ociArchive([{ layers: [bad], tags: ['app:1'] }]);
    const path = archive.writeTo(join(root, 'a.tar'));
    expect((await gate(path, root, env)).code).toBe(1);
    const name = `blobs/${bad.digest.replace(':', '/')}`;
    const blob = Buffer.from(archive.files.get(name) as Buffer);
    blob[blob.length - 20] = (blob[blob.length - 20] as number) ^ 1;
    archive.files.set(name, blob);
    archive.writeTo(path);
    expect((await gate(path, root, env)).code).toBe(5);
  });

  test('an image that claims the diff id of a known good layer for its own blob is an error', async () => {
    const { root, env } = home();
    expect((await gate(image(root, 'good.tar', good), root, env)).code).toBe(0);
    const forged = { ...bad, diffId: good.diffId };
    const result = await gate(image(root, 'forged.tar', forged), root, env);
    expect(result.code).toBe(5);
    expect(result.stdout + result.stderr).toMatch(/diff id/);
  });

  test('an image that names the blob of a known good layer under another diff id is an error', async () => {
    const { root, env } = home();
    expect((await gate(image(root, 'good.tar', good), root, env)).code).toBe(0);
    expect((await gate(image(root, 'forged.tar', { ...good, diffId: bad.diffId }), root, env)).code).toBe(5);
  });

  test('a poisoned record is read again', async () => {
    const { root, env, layers } = home();
    const badImage = image(root, 'bad.tar', bad);
    await gate(image(root, 'good.tar', good), root, env);
    const clean = recordFiles(layers).map((path) => readFileSync(path));
    await gate(badImage, root, env);
    for (const path of recordFiles(layers)) writeFileSync(path, clean[0] as Buffer);
    expect((await gate(badImage, root, env)).code).toBe(1);
  });

  test('a cache that others can write, or a home that cannot be written, is not used', async () => {
    const { root, env, layers } = home();
    mkdirSync(env.PORTCULLIS_CACHE_DIR as string);
    chmodSync(env.PORTCULLIS_CACHE_DIR as string, 0o777);
    const path = image(root, 'bad.tar', bad);
    const result = await gate(path, root, env, '-v');
    expect(result.code).toBe(1);
    expect(result.stderr).toMatch(/layer cache is not used/);
    expect(recordFiles(layers)).toEqual([]);
    writeFileSync(join(root, 'file'), '');
    expect((await gate(path, root, { ...env, PORTCULLIS_CACHE_DIR: join(root, 'file', 'x') })).code).toBe(1);
  });

  test('a disk that takes no more (a limit on file sizes in its place) costs only the cache', async () => {
    const { root, env, layers } = home();
    const path = image(
      root,
      'bad.tar',
      layer([release, status('openssh-server'), ...Array.from({ length: 2000 }, (_, index) => ({ path: `srv/${noise}/${index}`, content: '' }))]),
    );
    const file = policy(root);
    await gate(path, root, env, '--no-cache');
    const { status: code } = spawnSync(
      'bash',
      ['-c', 'ulimit -f 16; exec "$@"', 'bash', process.execPath, join(repository, 'bin/portcullis'), 'gate', path, '--policy', file, '--offline'],
      {
        env: { ...process.env, ...env },
        stdio: 'ignore',
      },
    );
    expect(code).toBe(1);
    expect(recordFiles(layers)).toEqual([]);
    expect((await gate(path, root, env)).code).toBe(1);
    expect(recordFiles(layers)).not.toEqual([]);
  });

  test('--no-cache writes and reads nothing', async () => {
    const { root, env, layers } = home();
    expect((await gate(image(root, 'bad.tar', bad), root, env, '--no-cache')).code).toBe(1);
    expect(recordFiles(layers)).toEqual([]);
  });

  test('another policy that asks for more is not answered by what an earlier one asked', async () => {
    const { root, env } = home();
    const withPasswd = layer([release, status('bash'), { path: 'etc/passwd', content: 'toor:x:0:0::/root:/bin/sh\n' }]);
    const path = image(root, 'a.tar', withPasswd);
    expect((await gate(path, root, env)).code).toBe(0);
    const accounts = join(root, 'accounts.policy');
    writeFileSync(accounts, 'FILEPARSE_PASSWD:USERNAMEMATCH:STOP:USERNAMEBLACKLIST=toor\n');
    expect((await portcullis(['gate', path, '--policy', accounts], { env })).code).toBe(1);
  });

  test('processes that are killed at random moments and others at the same time never get a wrong verdict', async () => {
    const { root, env } = home();
    const path = image(root, 'bad.tar', bad, layer([{ path: 'srv/data.bin', content: randomBytes(200_000) }]));
    const file = policy(root);
    const start = () =>
      spawn(process.execPath, [join(repository, 'bin/portcullis'), 'gate', path, '--policy', file, '-q', '-o', `json=${join(root, 'out.json')}`], {
        env: { ...process.env, ...env },
        stdio: 'ignore',
      });
    for (let round = 0; round < 12; round++) {
      const children = [start(), start(), start()];
      const ended = children.map((child) => new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code))));
      setTimeout(() => children[0]?.kill('SIGKILL'), 40 + round * 15);
      const [, ...others] = await Promise.all(ended);
      expect(others).toEqual([1, 1]);
    }
    expect((await gate(path, root, env)).code).toBe(1);
    expect(statSync(join(root, 'cache')).mode & 0o777).toBe(0o700);
  });
});
