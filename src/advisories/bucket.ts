import { createHash } from 'node:crypto';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PortcullisError } from '../errors.ts';
import { type FeedClient, shownUrl } from '../transport/index.ts';
import { stateTime } from './import-source.ts';
import { maxRecordBytes } from './osv.ts';

/** A bucket in the layout of OSV's, at an address or in a directory. */
export interface Bucket {
  /** For messages, without credentials. */
  readonly shown: string;
  /** The ecosystems that it has, by its own list. @throws {PortcullisError} FEED_NOT_FOUND */
  ecosystems(): Promise<readonly string[]>;
  /** An ecosystem's `modified_id.csv`; null when there is none. */
  listing(ecosystem: string): Promise<{ readonly bytes: Buffer; readonly asOf: string | null } | null>;
  /** Bytes that an ecosystem's archive costs; 0: it lies here; null: not known. */
  archiveSize(ecosystem: string): Promise<number | null>;
  /** Brings the archive here; null when there is none. */
  archive(ecosystem: string, progress: (done: number, total: number | null) => void): Promise<BucketArchive | null>;
  /** One record's JSON; null when it isn't there. */
  record(ecosystem: string, id: string): Promise<Buffer | null>;
  /** A file beside the ecosystems, brought here; null when it isn't there. */
  file(name: string): Promise<{ readonly path: string; readonly origin: string } | null>;
  /** Removes what was brought here whole. */
  clean(): Promise<void>;
}

export interface BucketArchive {
  /** An archive, or a directory with one file a record. */
  readonly path: string;
  readonly origin: string;
  readonly asOf: string | null;
}

const maxListingBytes = 256 * 1024 * 1024;
/** Names of directories may hold blanks and colons. */
const escaped = (name: string): string => encodeURIComponent(name);

/** The names in an `ecosystems.txt`. */
function namesIn(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.includes('/') && line.length <= 100);
}

/** A bucket at an http or https address. `directory`: where downloads are kept until they are used, also over an interrupted run. */
export function remoteBucket(address: string, client: FeedClient, directory: string, signal: AbortSignal): Bucket {
  const root = address.replace(/\/+$/, '');
  const brought = new Set<string>();
  const at = (...parts: readonly string[]): string => [root, ...parts.map(escaped)].join('/');
  const keptAs = (url: string): string => join(directory, `partial-${createHash('sha256').update(url).digest('hex').slice(0, 32)}`);
  const bring = async (url: string, progress?: (done: number, total: number | null) => void): Promise<BucketArchive | null> => {
    const path = keptAs(url);
    const fetched = await client.download(url, path, signal, progress);
    // An incomplete one stays, so that the next run goes on with it.
    brought.add(path);
    return fetched === null ? null : { path, origin: shownUrl(url), asOf: fetched.lastModified };
  };
  return {
    shown: shownUrl(root),
    ecosystems: async () => {
      const list = await client.read(at('ecosystems.txt'), 1024 * 1024, signal);
      if (list !== null) return namesIn(list.bytes.toString('utf8'));
      throw new PortcullisError('FEED_NOT_FOUND', `${shownUrl(root)} has no ecosystems.txt, so it is no bucket of OSV's.`, {
        hint: 'Name ecosystems with --ecosystem, or another --source.',
      });
    },
    listing: async (ecosystem) => {
      const list = await client.read(at(ecosystem, 'modified_id.csv'), maxListingBytes, signal);
      return list === null ? null : { bytes: list.bytes, asOf: list.lastModified };
    },
    archiveSize: (ecosystem) => client.size(at(ecosystem, 'all.zip'), signal),
    archive: (ecosystem, progress) => bring(at(ecosystem, 'all.zip'), progress),
    record: async (ecosystem, id) => (await client.read(at(ecosystem, `${id}.json`), maxRecordBytes, signal))?.bytes ?? null,
    file: async (name) => bring(/^https?:\/\//i.test(name) ? name : at(name)),
    clean: async () => {
      for (const path of brought) for (const each of [path, `${path}.json`]) await rm(each, { force: true });
    },
  };
}

/** A mirror in a directory, or in the one folder of it that has an `ecosystems.txt`: `osv/`. */
export async function localBucket(path: string, now: Date): Promise<Bucket> {
  const isFile = async (file: string): Promise<boolean> => (await stat(file).catch(() => undefined))?.isFile() === true;
  const root = !(await isFile(join(path, 'ecosystems.txt'))) && (await isFile(join(path, 'osv', 'ecosystems.txt'))) ? join(path, 'osv') : path;
  const folderOf = async (ecosystem: string): Promise<string> => {
    const plain = join(root, ecosystem);
    return (await stat(plain).catch(() => undefined)) === undefined ? join(root, escaped(ecosystem)) : plain;
  };
  return {
    shown: path,
    ecosystems: async () => {
      const text = await readFile(join(root, 'ecosystems.txt'), 'utf8').catch((cause: unknown) => {
        throw new PortcullisError('FEED_NOT_FOUND', `The directory ${path} has no ecosystems.txt, so it is no mirror of OSV's bucket.`, {
          hint: 'Name ecosystems with --ecosystem, or load it with: portcullis feeds import DIR',
          cause,
        });
      });
      return namesIn(text);
    },
    listing: async (ecosystem) => {
      const file = join(await folderOf(ecosystem), 'modified_id.csv');
      const bytes = await readFile(file).catch(() => undefined);
      return bytes === undefined ? null : { bytes, asOf: await stateTime(file, now, root) };
    },
    archiveSize: async () => 0,
    archive: async (ecosystem) => {
      const file = join(await folderOf(ecosystem), 'all.zip');
      if (await isFile(file)) return { path: file, origin: file, asOf: await stateTime(file, now, root) };
      const folder = await folderOf(ecosystem);
      const isThere = (await readdir(folder).catch(() => [])).some((name) => name.endsWith('.json'));
      return isThere ? { path: folder, origin: folder, asOf: await stateTime(folder, now, root) } : null;
    },
    record: async (ecosystem, id) => await readFile(join(await folderOf(ecosystem), `${id}.json`)).catch(() => null),
    file: async (name) => {
      for (const file of [join(path, name), join(root, name)]) if (await isFile(file)) return { path: file, origin: file };
      return null;
    },
    clean: async () => {},
  };
}
