import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hasTool, portcullis, repository, temporaryDirectory } from '../support/cli.ts';
import { codeOf, debianLayer, judgeImage } from './judge-image.ts';

function rootFilesystem(): string {
  const root = temporaryDirectory();
  for (const item of debianLayer) {
    if (!('path' in item)) continue;
    const path = join(root, item.path);
    mkdirSync(item.directory ? path : join(path, '..'), { recursive: true });
    if (item.content !== undefined) writeFileSync(path, item.content);
  }
  return root;
}

test('a root file system is judged like an image, and the report says that nothing was verified', async () => {
  const block = await judgeImage(rootFilesystem());
  expect(block).toMatchObject({ verdict: 'stop', digest: null, imageId: null });
  if ('error' in block) return;
  expect(block.findings).toContainEqual(expect.objectContaining({ trigger: 'PKGNAMEMATCH', state: 'fired' }));
  expect(JSON.stringify(block)).toMatch(/verified/);
});

test('a database that leads out of the directory is not opened, and is not "no packages"', async () => {
  for (const target of ['/var/lib/dpkg/status', '../../../../../../../../etc/shadow', '/etc/shadow']) {
    const root = rootFilesystem();
    execFileSync('rm', [join(root, 'var/lib/dpkg/status')]);
    symlinkSync(target, join(root, 'var/lib/dpkg/status'));
    expect(await judgeImage(root), target).toMatchObject({ verdict: 'stop' });
  }
});

test('a link to a file of this machine does not bring its content into the report', async () => {
  const outside = join(temporaryDirectory(), 'secret');
  writeFileSync(outside, 'Package: leaked\nStatus: install ok installed\nVersion: 1\nArchitecture: amd64\n');
  const root = rootFilesystem();
  for (const name of ['etc/os-release', 'var/lib/dpkg/status', 'etc/passwd']) {
    execFileSync('rm', [join(root, name)]);
    symlinkSync(outside, join(root, name));
  }
  mkdirSync(join(root, 'var/lib/dpkg/status.d'));
  symlinkSync(outside, join(root, 'var/lib/dpkg/status.d/x'));
  symlinkSync(join(outside, '..'), join(root, 'usr'));
  const { stdout, stderr, code } = await portcullis(['gate', root, '-p', 'basic-policy', '-o', 'json']);
  expect(`${stdout}${stderr}`).not.toContain('leaked');
  expect(code).toBe(1);
});

test('links in circles, sockets and names that are not UTF-8 are walked past', async () => {
  const root = rootFilesystem();
  symlinkSync('loop', join(root, 'loop'));
  symlinkSync('.', join(root, 'here'));
  symlinkSync('..', join(root, 'etc/up'));
  writeFileSync(Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0x66, 0xff, 0x0a, 0x1b])]), 'x');
  symlinkSync(Buffer.from([0xfe]), join(root, 'to-odd'));
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(join(root, 'socket'), resolve));
  try {
    expect(codeOf(await judgeImage(root))).toBe('judged');
  } finally {
    server.close();
  }
});

test.skipIf(!hasTool('mkfifo'))('fifos are not waited for, also in the place of a database (needs mkfifo)', async () => {
  const root = rootFilesystem();
  execFileSync('rm', [join(root, 'var/lib/dpkg/status')]);
  execFileSync('mkfifo', [join(root, 'var/lib/dpkg/status'), join(root, 'fifo')]);
  expect(await judgeImage(root)).toMatchObject({ verdict: 'stop' });
});

const isRoot = process.getuid?.() === 0;
const hasMknod = isRoot && spawnSync('mknod', ['--version']).status === 0;

test.skipIf(!hasMknod)('devices are not opened (needs root and mknod)', async () => {
  const root = rootFilesystem();
  const made = spawnSync('mknod', [join(root, 'etc/zero'), 'c', '1', '5']).status === 0;
  if (made) expect(codeOf(await judgeImage(root))).toBe('judged');
});

const canDrop = !isRoot || hasTool('setpriv');

test.skipIf(!canDrop)('a directory that may not be read is an error that names it (needs a user who is not root)', () => {
  const root = rootFilesystem();
  const hidden = join(root, 'var/lib/dpkg');
  chmodSync(root, 0o755);
  chmodSync(hidden, 0o000);
  const command = [process.execPath, join(repository, 'bin/portcullis'), 'gate', root, '-p', 'basic-policy'];
  const drop = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
  const environment = { ...process.env, HOME: root, PORTCULLIS_DATA_DIR: join(root, 'none'), PORTCULLIS_CACHE_DIR: join(root, 'none') };
  const [program, ...parameters] = (isRoot ? [...drop, ...command] : command) as [string, ...string[]];
  const { status, stdout } = spawnSync(program, parameters, { encoding: 'utf8', env: environment });
  chmodSync(hidden, 0o755);
  expect(stdout).toContain('var/lib/dpkg');
  expect(stdout).toContain('EACCES');
  expect(status).toBe(5);
});
