import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A registry on loopback with one image in it. */
export interface BenchRegistry {
  readonly reference: string;
  close(): void;
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

async function answers(port: number): Promise<boolean> {
  for (let tries = 0; tries < 100; tries++) {
    const up = await fetch(`http://127.0.0.1:${port}/v2/`).then(
      (response) => response.ok,
      () => false,
    );
    if (up) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}

/**
 * Starts Debian's docker-registry on a free port and copies an image into it with skopeo; null where one of them is absent.
 * @param source as skopeo writes it: `oci:DIRECTORY`, `docker-archive:FILE:TAG`
 */
export async function benchRegistry(source: string): Promise<BenchRegistry | null> {
  if (spawnSync('docker-registry', ['--version']).error !== undefined || spawnSync('skopeo', ['--version']).error !== undefined) return null;
  const directory = mkdtempSync(join(tmpdir(), 'portcullis-bench-'));
  const port = await freePort();
  const config = join(directory, 'config.yml');
  writeFileSync(
    config,
    `version: 0.1\nlog: {level: error, accesslog: {disabled: true}}\nstorage: {filesystem: {rootdirectory: ${directory}/data}}\nhttp: {addr: "127.0.0.1:${port}"}\n`,
  );
  const server: ChildProcess = spawn('docker-registry', ['serve', config], { stdio: 'ignore' });
  const close = (): void => {
    server.kill('SIGTERM');
    rmSync(directory, { recursive: true, force: true });
  };
  const reference = `127.0.0.1:${port}/bench:1`;
  const copied =
    (await answers(port)) &&
    spawnSync('skopeo', ['copy', '--quiet', '--insecure-policy', '--dest-tls-verify=false', source, `docker://${reference}`], {
      stdio: ['ignore', 'ignore', 2],
    }).status === 0;
  if (copied) return { reference, close };
  close();
  return null;
}
