import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { affected, type Fields, pkg, record, temporaryDirectory } from './advisories.fixture.ts';
import { type Advisories, openAdvisories } from './advisories.ts';
import { BucketServer } from './bucket-server.fixture.ts';
import { exportFeeds } from './export.ts';
import { feedsStatus, verifyStore } from './feeds-status.ts';

/*
 * sync, import of an exported file and prune, each a process that is killed at any moment, over and over: the state is always one
 * of those that a run which ended well makes, complete to the last byte.
 */
/** How often each command is killed. */
const rounds = Number(process.env.PORTCULLIS_TEST_KILLS ?? 4);
const scratch = join(import.meta.dirname, '../../.tmp');
const a = pkg('npm', 'a', '1.0.0');
const many = (name: string, count: number, time: string): Fields[] =>
  Array.from({ length: count }, (_, index) =>
    record(`${name}-${index}`, [affected('npm', index % 2 === 0 ? 'a' : `p${index}`, ['introduced 0'])], { modified: time }),
  );

let folder: string;
let script: string;
const server = new BucketServer();
let base: string;
beforeAll(async () => {
  mkdirSync(scratch, { recursive: true });
  folder = mkdtempSync(join(scratch, 'faults-'));
  script = join(folder, 'feeds.mjs');
  // A bundle, since Node 20 runs no TypeScript; inside the checkout, where it finds its packages.
  const contents = `import { importAdvisories, pruneFeeds, syncFeeds } from ${JSON.stringify(join(import.meta.dirname, 'index.ts'))};
    const [what, dataDir, argument] = process.argv.slice(2);
    if (what === 'sync') await syncFeeds({ ecosystems: 'all', source: argument }, { dataDir, env: {} });
    if (what === 'import') await importAdvisories(argument, { dataDir });
    if (what === 'prune') await pruneFeeds([argument], { dataDir });`;
  await build({
    stdin: { contents, resolveDir: import.meta.dirname, loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    outfile: script,
    logLevel: 'error',
  });
  base = await server.start();
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await server.stop();
});

function start(words: readonly string[]): { readonly ended: Promise<number | null>; kill(): void } {
  const child = spawn(process.execPath, [script, ...words], { stdio: ['ignore', 'ignore', 'inherit'] });
  return { ended: new Promise((resolve) => child.on('exit', (code) => resolve(code))), kill: () => void child.kill('SIGKILL') };
}
async function run(...words: readonly string[]): Promise<void> {
  expect(await start(words).ended).toBe(0);
}
const digestOf = async (dataDir: string): Promise<string> => (await feedsStatus({ dataDir })).state?.digest ?? 'none';

/** Kills a command at random moments; `reset` brings the state back to what it starts from. */
async function killed(dataDir: string, words: readonly string[], allowed: readonly string[], reset: () => Promise<void>, last: string): Promise<void> {
  const begun = Date.now();
  await run(...words);
  const duration = Date.now() - begun;
  expect(await digestOf(dataDir)).toBe(last);
  for (let round = 0; round < rounds; round++) {
    if ((await digestOf(dataDir)) === last) await reset();
    const child = start(words);
    await sleep(duration * (0.2 + Math.random() * 0.9));
    child.kill();
    await child.ended;
    expect(allowed).toContain(await digestOf(dataDir));
    await verifyStore({ dataDir });
  }
  await run(...words);
  expect(await digestOf(dataDir)).toBe(last);
  await verifyStore({ dataDir });
}

describe('killed at any moment', () => {
  test('sync, import and prune leave the old state or the new one, complete', { timeout: 120_000 }, async () => {
    const dataDir = temporaryDirectory();
    server.lay({ npm: many('GHSA', 20, '2026-01-01T00:00:00Z') });
    await run('sync', dataDir, base);
    const small = await digestOf(dataDir);
    const smallFile = join(folder, 'small.db');
    await exportFeeds(smallFile, { dataDir });

    server.lay({ npm: many('GHSA', 4000, '2026-01-02T00:00:00Z'), Hex: many('EEF', 500, '2026-01-01T00:00:00Z') });
    const reference = temporaryDirectory();
    await run('sync', reference, base);
    const large = await digestOf(reference);
    const largeFile = join(folder, 'large.db');
    await exportFeeds(largeFile, { dataDir: reference });
    await run('prune', reference, 'Hex');
    const pruned = await digestOf(reference);
    expect(new Set([small, large, pruned]).size).toBe(3);

    const backToSmall = async (): Promise<void> => {
      await run('import', dataDir, smallFile);
      await run('prune', dataDir, 'Hex');
      expect(await digestOf(dataDir)).toBe(small);
    };
    await killed(dataDir, ['sync', dataDir, base], [small, large], backToSmall, large);
    await backToSmall();
    await killed(dataDir, ['import', dataDir, largeFile], [small, large], backToSmall, large);
    await killed(dataDir, ['prune', dataDir, 'Hex'], [pruned, large], () => run('import', dataDir, largeFile), pruned);
  });
});

const limit = spawnSync('bash', ['-c', "trap '' XFSZ; ulimit -f 64"]).status === 0;
test.skipIf(!limit)('no room for a download or the new state: an error, and the old state stays (skipped where bash has no ulimit -f)', async () => {
  const dataDir = temporaryDirectory();
  server.lay({ npm: many('GHSA', 5, '2026-01-01T00:00:00Z') });
  server.put('/ecosystems.txt', 'npm\n');
  await run('sync', dataDir, base);
  const before = await digestOf(dataDir);
  server.lay({ npm: many('GHSA', 4000, '2026-01-04T00:00:00Z') });
  server.put('/ecosystems.txt', 'npm\n');
  const child = spawn('bash', ['-c', `trap '' XFSZ; ulimit -f 64; exec "$@"`, 'bash', process.execPath, script, 'sync', dataDir, base], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let told = '';
  child.stderr.on('data', (part) => {
    told += part;
  });
  expect(await new Promise((resolve) => child.on('close', resolve))).not.toBe(0);
  expect(told).toContain('STORE_UNREADABLE');
  expect(await digestOf(dataDir)).toBe(before);
  await verifyStore({ dataDir });
  await run('sync', dataDir, base);
  expect(await digestOf(dataDir)).not.toBe(before);
});

test('two readers keep their state while a third process syncs', { timeout: 60_000 }, async () => {
  const dataDir = temporaryDirectory();
  server.lay({ npm: many('GHSA', 2, '2026-01-01T00:00:00Z'), Hex: [] });
  server.remove('/Hex/all.zip');
  server.put('/ecosystems.txt', 'npm\n');
  await run('sync', dataDir, base);
  const readers = (await Promise.all([openAdvisories({ dataDir }), openAdvisories({ dataDir })])) as Advisories[];
  const before = await digestOf(dataDir);
  server.lay({ npm: many('GHSA', 4000, '2026-01-03T00:00:00Z') });
  const child = start(['sync', dataDir, base]);
  let running = true;
  const ended = child.ended.then((code) => {
    running = false;
    return code;
  });
  do {
    for (const reader of readers) {
      expect(reader.state.digest).toBe(before);
      expect(reader.match([a], null, new Date()).matches.map(({ id }) => id)).toEqual(['GHSA-0']);
    }
    // Who opens anew gets the old state or the new one, whole.
    const fresh = (await openAdvisories({ dataDir })) as Advisories;
    expect([1, 2000]).toContain(fresh.match([a], null, new Date()).matches.length);
    fresh.close();
    await sleep(5);
  } while (running);
  expect(await ended).toBe(0);
  for (const reader of readers) {
    expect(reader.match([a], null, new Date()).matches).toHaveLength(1);
    reader.close();
  }
  expect(await digestOf(dataDir)).not.toBe(before);
});
