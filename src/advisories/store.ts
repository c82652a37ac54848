import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32, inflateRawSync } from 'node:zlib';
import { PortcullisError } from '../errors.ts';
import { advisoriesDir, checkPrivate } from './data-directory.ts';
import { type SqlDatabase, type SqlRow, type SqlStatement, type SqlValue, sqlDriver } from './driver.ts';
import { maxRecordBytes, type OsvEventKind, type OsvRange, type OsvRecord, parseOsv } from './osv.ts';
import { baseEcosystem } from './package-name.ts';
import {
  applicationId,
  bucketKey,
  bucketSeal,
  type EntryFlag,
  entryFlags,
  holdsRecords,
  type KnowledgeKind,
  knowledgeKey,
  type SourceSet,
  type StoredEntry,
  schemaVersion,
  setSize,
  storeFileName,
} from './store-file.ts';
import { knowledgeDigest, sealOf, stateDigest } from './store-writer.ts';
import { type VersionList, versionList } from './version-list.ts';

/** One `affected` entry about a package. */
export interface Candidate {
  /** Number of its record. */
  readonly record: number;
  readonly set: SourceSet;
  /** Place in the record's `affected`. */
  readonly index: number;
  readonly flag: EntryFlag;
  readonly ranges: readonly OsvRange[];
  readonly versions: VersionList;
  readonly crc: number;
}

const eventKinds: Readonly<Record<string, OsvEventKind>> = { i: 'introduced', f: 'fixed', l: 'last_affected', m: 'limit' };
/** Bytes of a listing; the largest real one stays below 30 MiB. */
const maxListingBytes = 256 * 1024 * 1024;
/** CVEs whose knowledge is kept in memory once read. */
const cachedKnowledge = 32_768;
/** Records that are kept in memory once read. */
const cachedRecords = 8192;

/** The path of the store file of a data directory. */
export function storePath(dataDir: string): string {
  return join(advisoriesDir(dataDir), storeFileName);
}

/** An opened, immutable state of the store. */
export class Store {
  readonly path: string;
  readonly digest: string;
  readonly sets: readonly SourceSet[];
  readonly #database: SqlDatabase;
  readonly #select: { readonly bucket: SqlStatement; readonly record: SqlStatement; readonly name: SqlStatement };
  readonly #records = new Map<number, OsvRecord>();
  readonly #named = new Map<string, readonly number[]>();
  readonly #foreign: ReadonlyMap<number, ReadonlySet<number>>;
  readonly #known = new Map<string, readonly { readonly value: unknown; readonly set: SourceSet }[]>();
  readonly #knowledgeSets: ReadonlyMap<string, readonly SourceSet[]>;

  private constructor(path: string, database: SqlDatabase) {
    this.path = path;
    this.#database = database;
    this.sets = this.#guard(() => database.prepare('SELECT number, description FROM source_set ORDER BY number').all()).map((row) => this.#readSet(row));
    this.#foreign = new Map(this.sets.flatMap((set) => (set.foreign === null ? [] : [[set.number, new Set(set.foreign)] as const])));
    const latest = [...this.sets]
      .filter((set) => !holdsRecords(set))
      .sort((a, b) => (a.importedAt < b.importedAt ? 1 : a.importedAt > b.importedAt ? -1 : b.number - a.number));
    this.#knowledgeSets = new Map((['kev', 'epss', 'severity'] as const).map((kind) => [kind, latest.filter((set) => set.kind === kind)]));
    const meta = (key: string): string => {
      const value = this.#guard(() => database.prepare('SELECT value FROM meta WHERE key = ?').get(key))?.value;
      return typeof value === 'string' ? value : '';
    };
    this.digest = meta('digest');
    if (this.digest !== stateDigest(this.sets) || meta('seal') !== sealOf(this.digest, this.sets)) throw this.#damaged('its list of sources was changed');
    this.#select = {
      bucket: database.prepare('SELECT body FROM bucket WHERE number = ?'),
      record: database.prepare('SELECT body FROM record WHERE number = ?'),
      name: database.prepare('SELECT record FROM name WHERE name = ? ORDER BY record LIMIT 64'),
    };
  }

  /**
   * Opens the store of a data directory; null when nothing was imported yet.
   * @throws {PortcullisError} STORE_UNREADABLE, STORE_DAMAGED
   */
  static async open(dataDir: string): Promise<Store | null> {
    if (!(await checkPrivate(dataDir))) return null;
    return Store.openFile(storePath(dataDir));
  }

  /**
   * Opens a store file wherever it lies; null when it isn't there.
   * @throws {PortcullisError} STORE_UNREADABLE, STORE_DAMAGED
   */
  static async openFile(path: string): Promise<Store | null> {
    if (!(await checkHeader(path))) return null;
    const driver = await sqlDriver();
    let database: SqlDatabase | undefined;
    try {
      database = driver.open(path, { readOnly: true });
      return new Store(path, database);
    } catch (error) {
      database?.close();
      throw error instanceof PortcullisError ? error : damaged(path, messageOf(error), error);
    }
  }

  /** What the store says about a package; `normalizedName` as `normalizeName` gives it. */
  candidates(ecosystem: string, normalizedName: string): Candidate[] {
    const key = bucketKey(ecosystem, normalizedName);
    const hash = crc32(key);
    const base = baseEcosystem(ecosystem);
    const found: Candidate[] = [];
    for (const set of this.sets) {
      if (!Object.hasOwn(set.ecosystems, ecosystem)) continue;
      if (base !== set.name && this.#foreign.get(set.number)?.has(hash) === false) continue;
      for (const [ordinal, index, crc, flag, ranges, versions] of this.#entries(set, hash & (set.buckets - 1), key)) {
        found.push({
          record: set.number * setSize + ordinal,
          set,
          index,
          crc,
          flag: entryFlags[flag] ?? 'unusable',
          ranges: ranges.map(storedRange),
          versions: versionList(versions),
        });
      }
    }
    return found;
  }

  #entries(set: SourceSet, bucket: number, key: string): readonly StoredEntry[] {
    return (this.#line(set, bucket, key) ?? []) as readonly StoredEntry[];
  }

  /** What a bucket has under a key; undefined when it has nothing. */
  #line(set: SourceSet, bucket: number, key: string): unknown {
    const text = this.#bucket(set, bucket);
    const start = text.indexOf(`\n${key}:`);
    if (start === -1) return undefined;
    const from = start + key.length + 2;
    return JSON.parse(text.slice(from, text.indexOf('\n', from)));
  }

  /** What the sets of a kind know of a CVE, as it was imported; later sets first. */
  knowledge(kind: KnowledgeKind, cve: string): readonly { readonly value: unknown; readonly set: SourceSet }[] {
    const sets = this.#knowledgeSets.get(kind) ?? [];
    if (sets.length === 0) return [];
    const name = `${kind}:${cve}`;
    const remembered = this.#known.get(name);
    if (remembered !== undefined) return remembered;
    const key = knowledgeKey(cve);
    const hash = crc32(key);
    const known = sets.flatMap((set) => {
      const value = this.#line(set, hash & (set.buckets - 1), key);
      return value === undefined ? [] : [{ value, set }];
    });
    // Packages of one source share their vulnerabilities.
    if (this.#known.size >= cachedKnowledge) this.#known.clear();
    this.#known.set(name, known);
    return known;
  }

  /** The bucket's listing that a set was fetched by; null when it has none. */
  listing(set: SourceSet): Buffer | null {
    if (set.listing === undefined) return null;
    const body = bytesOf(this.#guard(() => this.#database.prepare('SELECT body FROM listing WHERE number = ?').get(set.number))?.body);
    if (body === undefined) throw this.#damaged('a listing is missing');
    const bytes = this.#guard(() => inflateRawSync(body, { maxOutputLength: maxListingBytes }));
    if (createHash('sha256').update(bytes).digest('hex') !== set.listing) throw this.#damaged('a listing was changed');
    return bytes;
  }

  /** The records of a set as they are stored, one after the other. */
  *recordsOf(set: SourceSet): Iterable<{ readonly bytes: Uint8Array; readonly deflated: Uint8Array }> {
    for (let ordinal = 0; ordinal < set.records; ordinal++) {
      const number = set.number * setSize + ordinal;
      const deflated = bytesOf(this.#guard(() => this.#select.record.get(number))?.body);
      if (deflated === undefined) throw this.#damaged('a record is missing');
      yield { bytes: this.#inflated(deflated), deflated };
    }
  }

  /** A bucket's text, checked. */
  #bucket(set: SourceSet, bucket: number): string {
    const number = set.number * setSize + bucket;
    const body = bytesOf(this.#guard(() => this.#select.bucket.get(number))?.body);
    if (body === undefined || body.length < 4) throw this.#damaged('a part of its index is missing');
    const text = body.toString('utf8', 4);
    if (crc32(bucketSeal(number, text)) !== body.readUInt32BE(0)) throw this.#damaged('a part of its index was changed');
    return text;
  }

  /** A candidate's record. */
  recordOf(candidate: Pick<Candidate, 'record' | 'crc'>): OsvRecord {
    const known = this.#records.get(candidate.record);
    if (known !== undefined) return known;
    const bytes = this.recordBytes(candidate.record);
    if (crc32(bytes) !== candidate.crc) throw this.#damaged('a record was changed');
    return this.#parsed(candidate.record, bytes);
  }

  /** The records that have this id or alias, at most 64. */
  named(name: string): readonly OsvRecord[] {
    let numbers = this.#named.get(name);
    if (numbers === undefined) {
      numbers = this.#guard(() => this.#select.name.all(name)).map((row) => Number(row.record));
      if (this.#named.size >= cachedRecords) this.#named.clear();
      this.#named.set(name, numbers);
    }
    return numbers.map((number) => {
      const record = this.#records.get(number) ?? this.#parsed(number, this.recordBytes(number));
      if (record.id !== name && !record.aliases.includes(name)) throw this.#damaged('its index of names was changed');
      return record;
    });
  }

  /** A record's JSON, byte for byte as it was imported. */
  recordBytes(number: number): Uint8Array {
    const body = bytesOf(this.#guard(() => this.#select.record.get(number))?.body);
    if (body === undefined) throw this.#damaged('a record is missing');
    return this.#inflated(body);
  }

  #inflated(body: Uint8Array): Uint8Array {
    try {
      return inflateRawSync(body, { maxOutputLength: maxRecordBytes });
    } catch (cause) {
      throw this.#damaged('a record can not be unpacked', cause);
    }
  }

  #parsed(number: number, bytes: Uint8Array): OsvRecord {
    const parsed = parseOsv(bytes);
    if (!('record' in parsed)) throw this.#damaged(`a record ${parsed.rejected}`);
    if (this.#records.size >= cachedRecords) this.#records.clear();
    this.#records.set(number, parsed.record);
    return parsed.record;
  }

  /**
   * Reads everything and compares it with its digests. Cost: the whole store.
   * @throws {PortcullisError} STORE_DAMAGED
   */
  verify(): void {
    // Sums don't depend on the order, and lists of names are long.
    let names = 0;
    for (const set of this.sets) {
      this.listing(set);
      if (!holdsRecords(set)) {
        const lines = new Map<string, string>();
        for (let bucket = 0; bucket < set.buckets; bucket++) {
          for (const line of this.#bucket(set, bucket).split('\n')) {
            const colon = line.indexOf('":') + 1;
            if (line !== '') lines.set(line.slice(0, colon), line.slice(colon + 1));
          }
        }
        if (knowledgeDigest(set, lines) !== set.digest) throw this.#damaged(`what ${set.name} says was changed`);
        continue;
      }
      const contents = new Map<string, Uint8Array>();
      for (let ordinal = 0; ordinal < set.records; ordinal++) {
        const number = set.number * setSize + ordinal;
        const bytes = this.recordBytes(number);
        const record = this.#parsed(number, bytes);
        contents.set(record.id, createHash('sha256').update(bytes).digest());
        for (const name of new Set([record.id, ...record.aliases])) names += nameSum(name, number);
      }
      const hash = createHash('sha256');
      for (const id of [...contents.keys()].sort()) hash.update(`${id}\0`).update(contents.get(id) ?? '');
      if (`sha256:${hash.digest('hex')}` !== set.digest) throw this.#damaged(`the records of ${set.name} were changed`);
      for (let bucket = 0; bucket < set.buckets; bucket++) this.#bucket(set, bucket);
    }
    if (names !== this.#sumOfNames()) throw this.#damaged('its index of names was changed');
  }

  #sumOfNames(): number {
    const page = this.#database.prepare('SELECT name, record FROM name WHERE (name, record) > (?, ?) ORDER BY name, record LIMIT 20000');
    let sum = 0;
    let last: readonly [string, number] = ['', -1];
    for (;;) {
      const rows = this.#guard(() => page.all(...last));
      for (const { name, record } of rows) {
        last = [String(name), Number(record)];
        sum += nameSum(...last);
      }
      if (rows.length === 0) return sum;
    }
  }

  close(): void {
    this.#database.close();
  }

  #readSet(row: SqlRow): SourceSet {
    try {
      return JSON.parse(String(row.description)) as SourceSet;
    } catch (cause) {
      throw this.#damaged('its list of sources was changed', cause);
    }
  }

  #guard<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw this.#damaged(messageOf(error), error);
    }
  }

  #damaged(why: string, cause?: unknown): PortcullisError {
    return damaged(this.path, why, cause);
  }
}

/** Whether a path is a store file, or begins like one. */
export async function isStoreFile(path: string): Promise<boolean> {
  const file = await open(path, 'r').catch(() => undefined);
  if (file === undefined) return false;
  try {
    const start = Buffer.alloc(16);
    await file.read(start, 0, 16, 0);
    return start.toString('latin1') === 'SQLite format 3\0';
  } catch {
    return false; // a directory
  } finally {
    await file.close();
  }
}

/** Looks at SQLite's own header (sqlite.org/fileformat.html, section 1.3) before anything else trusts the file; false when there is no file. */
async function checkHeader(path: string): Promise<boolean> {
  let file: Awaited<ReturnType<typeof open>>;
  try {
    file = await open(path, 'r');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw new PortcullisError('STORE_UNREADABLE', `The advisory store ${path} can't be opened: ${messageOf(cause)}.`, {
      hint: 'Check its permissions, or set PORTCULLIS_DATA_DIR to another directory.',
      cause,
    });
  }
  try {
    const header = Buffer.alloc(100);
    const { bytesRead } = await file.read(header, 0, 100, 0);
    const { size } = await file.stat();
    if (bytesRead < 100 || header.toString('latin1', 0, 16) !== 'SQLite format 3\0' || header.readUInt32BE(68) !== applicationId) {
      throw damaged(path, 'it is not an advisory store');
    }
    const pageSize = header.readUInt16BE(16) === 1 ? 65536 : header.readUInt16BE(16);
    if (pageSize * header.readUInt32BE(28) !== size) throw damaged(path, 'its length is not the one that it states');
    if (header.readUInt32BE(60) !== schemaVersion) {
      throw new PortcullisError('STORE_UNREADABLE', `The advisory store ${path} was written by another version of Portcullis.`, {
        hint: 'Delete it and load the advisories again: portcullis feeds sync, or feeds import',
      });
    }
    return true;
  } finally {
    await file.close();
  }
}

function damaged(path: string, why: string, cause?: unknown): PortcullisError {
  return new PortcullisError('STORE_DAMAGED', `The advisory store ${path} is damaged: ${why}.`, {
    hint: 'Delete it and load the advisories again: portcullis feeds sync, or feeds import',
    ...(cause === undefined ? {} : { cause }),
  });
}

/** Below 2^33: a million of them are still a safe integer. */
function nameSum(name: string, record: number): number {
  return 1 + crc32(`${record}:${name}`);
}

function storedRange(stored: readonly string[]): OsvRange {
  return {
    type: stored[0] === 'S' ? 'SEMVER' : 'ECOSYSTEM',
    events: stored.slice(1).map((event) => ({ kind: eventKinds[event.charAt(0)] ?? 'introduced', version: event.slice(1) })),
  };
}

function bytesOf(value: SqlValue | undefined): Buffer | undefined {
  return value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
