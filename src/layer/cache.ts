import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { constants } from 'node:fs';
import { link, lstat, mkdir, open, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** What a cached record is found by: everything that it depends on. */
export interface CacheKey {
  /** Of the bytes as they lie in the registry or archive; verified by whoever asks. */
  readonly digest: string;
  /** Of the uncompressed layer, as the verified configuration says. */
  readonly diffId: string;
  /** Readers with their versions, requests and limits, in any form that JSON writes the same each time. */
  readonly plan: unknown;
}

/** Encoded layer records by key. Never in the way: what can't be read or written is a miss. */
export interface LayerCache {
  /** A key that this installation alone has, for fingerprints in records: made from the cache's secret. */
  readonly fingerprintKey?: Uint8Array;
  get(key: CacheKey): Promise<Uint8Array | undefined>;
  put(key: CacheKey, record: Uint8Array): Promise<void>;
}

export interface CacheOptions {
  /** Where records lie. */
  readonly directory: string;
  /** Where the key lies that proves who wrote them: not beside them, so that a restored cache can't bring its own. */
  readonly secretDirectory: string;
  /** Bytes; the records used longest ago go first. */
  readonly limit: number;
  /** Told why the cache isn't used. */
  readonly onTrouble?: (why: string) => void;
}

export interface CacheStatus {
  readonly directory: string;
  readonly records: number;
  readonly bytes: number;
}

const MAGIC = Buffer.from('portcullis-layer-1\n');
const MAC_BYTES = 32;
const MAX_RECORD = 512 * 1024 * 1024;
/** Records are counted for eviction once in so many writes of a process, and at its first. */
const EVICT_EVERY = 16;

/** `PORTCULLIS_CACHE_DIR`, else `$XDG_CACHE_HOME/portcullis`, else `~/.cache/portcullis` (XDG Base Directory specification). */
export function defaultCacheDir(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const own = env.PORTCULLIS_CACHE_DIR;
  if (own !== undefined && own !== '') return resolve(own);
  const xdg = env.XDG_CACHE_HOME;
  return join(xdg?.startsWith('/') ? xdg : join(homedir(), '.cache'), 'portcullis');
}

const layersIn = (directory: string): string => join(directory, 'layers');

/** Why a directory can't be trusted: others own it or can write it; undefined when it can. Throws when it can't be looked at. */
async function distrust(path: string): Promise<string | undefined> {
  const status = await lstat(path);
  if (!status.isDirectory()) return `${path} is not a directory`;
  const user = process.getuid?.();
  if (user !== undefined && status.uid !== user && status.uid !== 0) return `${path} belongs to another user`;
  return (status.mode & 0o022) === 0 ? undefined : `${path} can be written by others`;
}

async function privateDirectory(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  const why = await distrust(path);
  if (why !== undefined) throw new Error(why);
}

/** The secret of this user's installation, made at first use. */
async function secretIn(directory: string): Promise<Buffer> {
  await privateDirectory(directory);
  const path = join(directory, 'cache-key');
  for (let tries = 0; tries < 3; tries++) {
    const secret = await readFile(path).catch(() => undefined);
    if (secret?.length === 32) {
      const { mode, uid } = await stat(path);
      if ((mode & 0o077) !== 0 || (process.getuid !== undefined && uid !== process.getuid())) throw new Error(`${path} is not private`);
      return secret;
    }
    const temporary = `${path}.${randomBytes(6).toString('hex')}`;
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(randomBytes(32));
    } finally {
      await file.close();
    }
    // The first of several processes wins; a damaged key is replaced.
    if (secret === undefined) {
      await link(temporary, path).catch(() => {});
      await rm(temporary, { force: true });
    } else await rename(temporary, path);
  }
  throw new Error(`${path} cannot be made`);
}

/**
 * Opens the layer cache; undefined when it can't be used (a read-only home, a directory that others can write): then
 * everything is read again.
 */
export async function openLayerCache(options: CacheOptions): Promise<LayerCache | undefined> {
  const layers = layersIn(options.directory);
  let secret: Buffer;
  try {
    await privateDirectory(options.directory);
    await privateDirectory(layers);
    secret = await secretIn(options.secretDirectory);
  } catch (error) {
    options.onTrouble?.(`the layer cache is not used: ${(error as Error).message}`);
    return undefined;
  }
  const nameOf = (key: CacheKey): string =>
    createHash('sha256')
      .update(JSON.stringify([key.digest, key.diffId, key.plan]))
      .digest('hex');
  const placeOf = (name: string): string => join(layers, name.slice(0, 2), name);
  const macOf = (name: string, record: Uint8Array): Buffer => createHmac('sha256', secret).update(name).update('\n').update(record).digest();
  let writes = 0;
  return {
    fingerprintKey: createHmac('sha256', secret).update('fingerprints of secrets').digest(),
    get: async (key) => {
      const name = nameOf(key);
      const path = placeOf(name);
      try {
        const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
        try {
          const { size } = await file.stat();
          if (size < MAGIC.length + MAC_BYTES || size > MAX_RECORD) throw new Error('its size is not that of a record');
          const bytes = Buffer.alloc(size);
          const { bytesRead } = await file.read(bytes, 0, size, 0);
          const record = bytes.subarray(MAGIC.length + MAC_BYTES, bytesRead);
          if (!bytes.subarray(0, MAGIC.length).equals(MAGIC) || bytesRead !== size) throw new Error('it is no record');
          if (!timingSafeEqual(bytes.subarray(MAGIC.length, MAGIC.length + MAC_BYTES), macOf(name, record)))
            throw new Error('it was not written by this installation, or was changed');
          const now = new Date();
          await utimes(path, now, now).catch(() => {});
          return record;
        } finally {
          await file.close();
        }
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
          options.onTrouble?.(`the cached layer ${name} is left aside: ${(error as Error).message}`);
          await rm(path, { force: true, recursive: true }).catch(() => {});
        }
        return undefined;
      }
    },
    put: async (key, record) => {
      const name = nameOf(key);
      const path = placeOf(name);
      const temporary = `${path}.${process.pid}-${randomBytes(6).toString('hex')}`;
      try {
        if (record.length > Math.min(MAX_RECORD - MAGIC.length - MAC_BYTES, options.limit)) return;
        await mkdir(join(layers, name.slice(0, 2)), { recursive: true, mode: 0o700 });
        const file = await open(temporary, 'wx', 0o600);
        try {
          await file.writeFile(Buffer.concat([MAGIC, macOf(name, record), record])); // whole, or an error: writev may stop short
        } finally {
          await file.close();
        }
        await rename(temporary, path);
      } catch (error) {
        options.onTrouble?.(`a layer could not be cached: ${(error as Error).message}`);
        await rm(temporary, { force: true }).catch(() => {});
      }
      if (writes++ % EVICT_EVERY === 0) await evict(layers, options.limit);
    },
  };
}

interface Stored {
  readonly path: string;
  readonly size: number;
  readonly used: number;
}

/** Every file below the layers' directory; what another process removes meanwhile is left out. */
async function stored(layers: string): Promise<Stored[]> {
  const files: Stored[] = [];
  for (const shard of await readdir(layers).catch(() => [])) {
    for (const name of await readdir(join(layers, shard)).catch(() => [])) {
      const path = join(layers, shard, name);
      const status = await lstat(path).catch(() => undefined);
      if (status !== undefined) files.push({ path, size: status.size, used: status.mtimeMs });
    }
  }
  return files;
}

/** Parts of records that a killed process left are garbage after this long. */
const GARBAGE_AGE = 60 * 60 * 1000;

/** Removes what was used longest ago until the rest fits; gives what was removed. */
async function evict(layers: string, limit: number): Promise<{ records: number; bytes: number }> {
  const files = await stored(layers);
  let bytes = files.reduce((sum, file) => sum + file.size, 0);
  const removed = { records: 0, bytes: 0 };
  const now = Date.now();
  const garbage = files.filter((file) => /\.[0-9]+-[0-9a-f]{12}$/.test(file.path) && now - file.used > GARBAGE_AGE);
  const byAge = files.filter((file) => !garbage.includes(file)).sort((a, b) => a.used - b.used);
  for (const file of [...garbage, ...byAge]) {
    if (bytes <= limit && !garbage.includes(file)) break;
    await rm(file.path, { force: true, recursive: true }).catch(() => {});
    bytes -= file.size;
    removed.records++;
    removed.bytes += file.size;
  }
  return removed;
}

/** What the cache holds. */
export async function cacheStatus(directory: string): Promise<CacheStatus> {
  const files = await stored(layersIn(directory));
  return { directory, records: files.length, bytes: files.reduce((sum, file) => sum + file.size, 0) };
}

/** Shrinks the cache to so many bytes; 0 empties it. Gives what was removed. */
export async function pruneCache(directory: string, limit: number): Promise<{ records: number; bytes: number }> {
  return evict(layersIn(directory), limit);
}
