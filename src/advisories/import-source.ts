import { readFileSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { openZip, unpackEntry, ZipError } from '../archive/index.ts';
import { PortcullisError } from '../errors.ts';
import { FileSource } from './file-source.ts';
import type { KnowledgeSource } from './knowledge.ts';
import { knowledgeKindOf, readKnowledge } from './knowledge-file.ts';

/** A file of one record, or of what claims to be one. */
export interface RecordFile {
  /** For messages: `GHSA-….json`. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** The bytes as the source has them deflated. */
  readonly deflated?: Uint8Array;
  /** True when it was imported before and is only kept. */
  readonly isStored?: boolean;
}

/** Record files that belong together. */
export interface RecordSource {
  /** The folder that `all.zip` lies in (`Debian`), or the name of the folder, archive or file of loose records. */
  readonly name: string;
  /**
   * `ecosystem`: the name is an ecosystem's and its records are all there are. `archive`: an `all.zip` whose place doesn't say
   * of what. `records`: some records, of whatever ecosystem.
   */
  readonly kind: 'ecosystem' | 'archive' | 'records';
  /** For messages and for the store. */
  readonly origin: string;
  readonly asOf: string | null;
  /** How many files there are. */
  readonly count: number;
  /** The bucket's `modified_id.csv` that these records go with, where they were fetched by it. */
  readonly listing?: Uint8Array;
  /** Of records that come from the store (`RecordFile.isStored`): whether one is left out. */
  isGone?(id: string): boolean;
  /** @throws {PortcullisError} FEED_INVALID when the source is damaged */
  files(): Iterable<RecordFile>;
  close(): void;
}

const isRecordFile = (name: string): boolean => name.endsWith('.json') && !name.startsWith('.');
/** A file's time that lies in the future says nothing. */
const futureTolerance = 86_400_000;

/**
 * Finds the records in a directory or file: a mirror of OSV's bucket (`<Ecosystem>/all.zip`, or `<Ecosystem>/<id>.json`),
 * a folder of `*.json`, one zip archive, or one record.
 *
 * The time of the source's state is what somebody who made or fetched it left: `"asOf"` in a `state.json` beside it, else the
 * file's own modification time (mirrors and downloads keep the server's). Never the records' dates: some lie in the future.
 * `mayBeEmpty`: a directory without records is no error.
 * @throws {PortcullisError} FEED_NOT_FOUND, FEED_INVALID
 */
export async function findRecordSources(path: string, now: Date, mayBeEmpty = false): Promise<RecordSource[]> {
  let isDirectory: boolean;
  try {
    isDirectory = (await stat(path)).isDirectory();
  } catch (cause) {
    throw new PortcullisError('FEED_NOT_FOUND', `There are no advisories at ${path}: ${reasonOf(cause)}.`, {
      hint: "Give a directory in the layout of OSV's bucket, a zip archive of OSV records, or a URL of one.",
      cause,
    });
  }
  if (!isDirectory && mayBeEmpty) return [];
  const sources = isDirectory ? await readDirectory(path, now) : [await readOneFile(path, path, await stateTime(path, now))];
  if (sources.length === 0 && !mayBeEmpty) {
    throw new PortcullisError('FEED_INVALID', `The directory ${path} holds no OSV records.`, {
      hint: 'Expected are <Ecosystem>/all.zip, or *.json with one record each.',
    });
  }
  return sources;
}

/**
 * The KEV catalogue and the EPSS scores of a directory, or those that a path itself is: `kev.json` and
 * `known_exploited_vulnerabilities.json`, `epss_scores-*.csv` and `.csv.gz` (of several the last by name).
 * @throws {PortcullisError} FEED_NOT_FOUND, FEED_INVALID
 */
export async function findKnowledge(path: string): Promise<KnowledgeSource[]> {
  const status = await stat(path).catch(() => undefined);
  if (status === undefined) return [];
  const names = status.isDirectory() ? (await readdir(path)).sort() : [basename(path)];
  const found = new Map<string, KnowledgeSource>();
  const latest = new Map(names.flatMap((name) => (knowledgeKindOf(name) === undefined ? [] : [[knowledgeKindOf(name), name] as const])));
  for (const [kind, name] of latest) {
    if (kind !== undefined) found.set(kind, await readKnowledge(status.isDirectory() ? join(path, name) : path, kind));
  }
  return [...found.values()];
}

/** A single file (`path`), known under the name or address `origin`: an archive, or a record. */
export async function readOneFile(path: string, origin: string, asOf: string | null): Promise<RecordSource> {
  const name = fileNameOf(origin);
  if (await isZip(path)) {
    if (name !== 'all.zip') return archiveSource(path, origin, { name, kind: 'records', asOf });
    const folder = fileNameOf(/^https?:/.test(origin) ? origin.replace(/\/[^/]*$/, '') : dirname(resolve(origin)));
    return archiveSource(path, origin, { name: folder, kind: 'archive', asOf });
  }
  return looseSource(name, origin, asOf, [{ name, path }]);
}

async function readDirectory(path: string, now: Date): Promise<RecordSource[]> {
  const entries = (await readdir(path, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1));
  const listed = await readFile(join(path, 'ecosystems.txt'), 'utf8').catch(() => undefined);
  const ecosystems = new Set(listed?.split('\n').map((line) => line.trim()));
  const sources: RecordSource[] = [];
  const loose: { name: string; path: string }[] = [];
  for (const entry of entries) {
    const at = join(path, entry.name);
    if (!(await stat(at).catch(() => undefined))?.isDirectory()) {
      if (isRecordFile(entry.name) && entry.name !== 'state.json' && knowledgeKindOf(entry.name) === undefined) loose.push({ name: entry.name, path: at });
      continue;
    }
    // A mirror that lies in a folder beside other feeds.
    if ((await stat(join(at, 'ecosystems.txt')).catch(() => undefined))?.isFile()) {
      sources.push(...(await readDirectory(at, now)));
      continue;
    }
    const archive = join(at, 'all.zip');
    const name = decodeName(entry.name);
    if ((await stat(archive).catch(() => undefined))?.isFile()) {
      sources.push(await archiveSource(archive, archive, { name, kind: 'ecosystem', asOf: await stateTime(archive, now, path) }));
      continue;
    }
    const files = (await readdir(at)).filter(isRecordFile).sort();
    if (files.length === 0) continue;
    const records = files.map((file) => ({ name: file, path: join(at, file) }));
    sources.push(looseSource(name, at, await newestTime(records, now, path), records, ecosystems.has(name) ? 'ecosystem' : 'records'));
  }
  const whole = join(path, 'all.zip');
  if (sources.length === 0 && (await stat(whole).catch(() => undefined))?.isFile()) {
    sources.push(await archiveSource(whole, whole, { name: fileNameOf(resolve(path)), kind: 'archive', asOf: await stateTime(whole, now, path) }));
  }
  if (loose.length > 0) sources.push(looseSource(fileNameOf(resolve(path)), path, await newestTime(loose, now, path), loose));
  return sources;
}

/** The records of a directory, one a file, as all that there are of an ecosystem. */
export async function folderSource(path: string, name: string, asOf: string | null): Promise<RecordSource> {
  const files = (await readdir(path)).filter(isRecordFile).sort();
  return looseSource(
    name,
    path,
    asOf,
    files.map((file) => ({ name: file, path: join(path, file) })),
    'ecosystem',
  );
}

function looseSource(
  name: string,
  origin: string,
  asOf: string | null,
  files: readonly { readonly name: string; readonly path: string }[],
  kind: 'ecosystem' | 'records' = 'records',
): RecordSource {
  return {
    name,
    kind,
    origin,
    asOf,
    count: files.length,
    *files() {
      for (const file of files) {
        try {
          yield { name: file.name, bytes: readFileSync(file.path) };
        } catch (cause) {
          throw new PortcullisError('FEED_INVALID', `The advisory ${file.path} can't be read: ${reasonOf(cause)}.`, { hint: 'Nothing was changed.', cause });
        }
      }
    },
    close: () => {},
  };
}

/**
 * An archive of records at a path, known to the user as `origin`.
 * @throws {PortcullisError} FEED_INVALID
 */
export async function archiveSource(path: string, origin: string, about: Pick<RecordSource, 'name' | 'kind' | 'asOf'>): Promise<RecordSource> {
  const damaged = (error: unknown): PortcullisError =>
    new PortcullisError('FEED_INVALID', `The archive ${origin} is damaged: ${reasonOf(error)}.`, {
      hint: 'Fetch it again; nothing was changed.',
      cause: error,
    });
  let file: FileSource | undefined;
  try {
    file = new FileSource(path);
    const source = file;
    const zip = openZip(source);
    const entries = zip.entries.filter((entry) => !entry.directory && isRecordFile(fileNameOf(entry.name)));
    return {
      ...about,
      origin,
      count: entries.length,
      *files() {
        try {
          for (const entry of entries) {
            const raw = zip.readRaw(entry);
            const bytes = unpackEntry(entry, raw);
            yield entry.method === 8 ? { name: entry.name, bytes, deflated: raw } : { name: entry.name, bytes };
          }
        } catch (error) {
          throw error instanceof ZipError ? damaged(error) : error;
        }
      },
      close: () => source.close(),
    };
  } catch (error) {
    file?.close();
    throw damaged(error);
  }
}

async function isZip(path: string): Promise<boolean> {
  // A zip archive may begin with anything, but a record begins with a brace.
  const text = await stat(path).then(({ size }) => size);
  if (text === 0) return false;
  const source = new FileSource(path);
  try {
    const start = Buffer.from(source.read(0, Math.min(64, source.size))).toString('latin1');
    return !/^(?:\xef\xbb\xbf)?\s*[{[]/.test(start);
  } finally {
    source.close();
  }
}

/** When a file's source was in its state: as `state.json` in `directory` says, else the file's own time. */
export async function stateTime(path: string, now: Date, directory = dirname(path)): Promise<string | null> {
  return (await writtenTime(directory)) ?? pastTime((await stat(path)).mtime, now);
}

async function newestTime(files: readonly { readonly path: string }[], now: Date, directory: string): Promise<string | null> {
  const written = await writtenTime(directory);
  if (written !== null) return written;
  let newest = 0;
  for (const file of files) newest = Math.max(newest, (await stat(file.path)).mtimeMs);
  return pastTime(new Date(newest), now);
}

/** `{ "asOf": "2026-08-22T06:00:00Z" }` in `state.json`, as whoever made the mirror wrote it. */
async function writtenTime(directory: string): Promise<string | null> {
  const text = await readFile(join(directory, 'state.json'), 'utf8').catch(() => undefined);
  if (text === undefined) return null;
  let asOf: unknown;
  try {
    asOf = (JSON.parse(text) as { asOf?: unknown } | null)?.asOf;
  } catch {
    asOf = undefined;
  }
  if (typeof asOf === 'string' && !Number.isNaN(Date.parse(asOf))) return new Date(asOf).toISOString();
  throw new PortcullisError('FEED_INVALID', `${join(directory, 'state.json')} has no "asOf" with a date.`, {
    hint: 'Write { "asOf": "2026-08-22T06:00:00Z" }, the time of the state, or take the file away.',
  });
}

function pastTime(time: Date, now: Date): string | null {
  return time.getTime() > now.getTime() + futureTolerance ? null : time.toISOString();
}

/** The last part of a path, an address or an entry's name, with the escapes of a URL undone. */
function fileNameOf(path: string): string {
  const plain = /^https?:/.test(path) ? decodeName(new URL(path).pathname) : path;
  return basename(plain);
}

/** Mirrors may keep the escapes of the bucket's addresses in folder names. */
function decodeName(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
