import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type CacheKey, cacheStatus, defaultCacheDir, openLayerCache, pruneCache } from './cache.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'portcullis-cache-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const key = (name: string): CacheKey => ({ digest: `sha256:${name}`, diffId: `sha256:d${name}`, plan: ['readers', 1] });
const record = (size: number, fill = 7): Uint8Array => new Uint8Array(size).fill(fill);

function open(options: { readonly limit?: number; readonly secretDirectory?: string; readonly troubles?: string[] } = {}) {
  return openLayerCache({
    directory: join(root, 'cache'),
    secretDirectory: options.secretDirectory ?? join(root, 'data'),
    limit: options.limit ?? 1 << 30,
    onTrouble: (why) => options.troubles?.push(why),
  });
}

function files(): string[] {
  const layers = join(root, 'cache', 'layers');
  return readdirSync(layers).flatMap((shard) => readdirSync(join(layers, shard)).map((name) => join(layers, shard, name)));
}

describe('the layer cache', () => {
  test('gives back what was put, under exactly its key', async () => {
    const cache = await open();
    await cache?.put(key('a'), record(100));
    expect(await cache?.get(key('a'))).toEqual(Buffer.from(record(100)));
    expect(await cache?.get(key('b'))).toBeUndefined();
    expect(await cache?.get({ ...key('a'), diffId: 'sha256:other' })).toBeUndefined();
    expect(await cache?.get({ ...key('a'), plan: ['readers', 2] })).toBeUndefined();
  });

  test('is found again by another process of the same installation', async () => {
    await (await open())?.put(key('a'), record(10));
    expect(await (await open())?.get(key('a'))).toEqual(Buffer.from(record(10)));
  });

  test.each([
    ['a changed byte', (bytes: Buffer) => bytes.fill(9, bytes.length - 1)],
    ['a changed mark', (bytes: Buffer) => bytes.fill(1, 0, 4)],
    ['a cut end', (bytes: Buffer) => bytes.subarray(0, bytes.length - 5)],
    ['nothing', () => Buffer.alloc(0)],
  ])('%s in a record makes it a miss, and the record is taken away', async (_, damage) => {
    const troubles: string[] = [];
    const cache = await open({ troubles });
    await cache?.put(key('a'), record(100));
    const [path] = files() as [string];
    writeFileSync(path, damage(readFileSync(path)));
    expect(await cache?.get(key('a'))).toBeUndefined();
    expect(troubles).toHaveLength(1);
    expect(existsSync(path)).toBe(false);
  });

  test('a record of another layer in the place of this one is a miss', async () => {
    const cache = await open();
    await cache?.put(key('a'), record(10, 1));
    const [a] = files() as [string];
    const bytes = readFileSync(a);
    await cache?.put(key('b'), record(10, 2));
    const b = files().find((path) => path !== a) as string;
    writeFileSync(b, bytes);
    expect(await cache?.get(key('b'))).toBeUndefined();
  });

  test('records that another installation wrote (a restored CI cache) are misses', async () => {
    await (await open({ secretDirectory: join(root, 'stranger') }))?.put(key('a'), record(10));
    expect(await (await open())?.get(key('a'))).toBeUndefined();
  });

  test('a link in the place of a record is not followed', async () => {
    const cache = await open();
    await cache?.put(key('a'), record(10));
    const [path] = files() as [string];
    rmSync(path);
    symlinkSync('/etc/passwd', path);
    expect(await cache?.get(key('a'))).toBeUndefined();
  });

  test('a directory that others can write is not used', async () => {
    mkdirSync(join(root, 'cache'), { mode: 0o777 });
    chmodSync(join(root, 'cache'), 0o777);
    const troubles: string[] = [];
    expect(await open({ troubles })).toBeUndefined();
    expect(troubles[0]).toMatch(/can be written by others/);
  });

  test('a key file that others can read is not trusted', async () => {
    await (await open())?.put(key('a'), record(10));
    chmodSync(join(root, 'data', 'cache-key'), 0o644);
    expect(await open()).toBeUndefined();
  });

  test('a place that cannot be made is no cache', async () => {
    writeFileSync(join(root, 'file'), '');
    const cache = await openLayerCache({ directory: join(root, 'file', 'cache'), secretDirectory: join(root, 'data'), limit: 1 });
    expect(cache).toBeUndefined();
  });

  test('what was used longest ago goes first', async () => {
    const cache = await open();
    for (const name of ['a', 'b', 'c']) await cache?.put(key(name), record(1000, name.charCodeAt(0)));
    const old = new Date(Date.now() - 1_000_000);
    for (const path of files()) utimesSync(path, old, old);
    await cache?.get(key('b'));
    const { records } = await pruneCache(join(root, 'cache'), 1500);
    expect(records).toBe(2);
    expect(await cache?.get(key('b'))).toBeDefined();
    expect(await cache?.get(key('a'))).toBeUndefined();
  });

  test('stays below its limit while it is written', async () => {
    const cache = await open({ limit: 5000 });
    for (let index = 0; index < 64; index++) await cache?.put(key(`r${index}`), record(1000));
    await pruneCache(join(root, 'cache'), 5000);
    expect((await cacheStatus(join(root, 'cache'))).bytes).toBeLessThanOrEqual(5000);
  });

  test('half-written records of killed processes are taken away in time', async () => {
    const cache = await open();
    await cache?.put(key('a'), record(10));
    const [path] = files() as [string];
    const left = `${path}.123-0123456789ab`;
    writeFileSync(left, 'half');
    const old = new Date(Date.now() - 2 * 60 * 60 * 1000);
    utimesSync(left, old, old);
    await pruneCache(join(root, 'cache'), 1 << 30);
    expect(existsSync(left)).toBe(false);
    expect(await cache?.get(key('a'))).toBeDefined();
  });

  test('many writers of one key at once leave one whole record', async () => {
    const caches = await Promise.all(Array.from({ length: 40 }, () => open()));
    await Promise.all(caches.map((cache) => cache?.put(key('a'), record(50_000))));
    expect(await (await open())?.get(key('a'))).toEqual(Buffer.from(record(50_000)));
    expect(files()).toHaveLength(1);
  });

  test('two first users agree on one key', async () => {
    const [first, second] = await Promise.all([open(), open()]);
    await first?.put(key('a'), record(10));
    expect(await second?.get(key('a'))).toBeDefined();
  });
});

test.each([
  [{ PORTCULLIS_CACHE_DIR: '/x' }, '/x'],
  [{ XDG_CACHE_HOME: '/c' }, '/c/portcullis'],
])('the cache directory for %o is %s', (env, expected) => {
  expect(defaultCacheDir(env)).toBe(expected);
});
