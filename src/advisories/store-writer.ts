import { createHash, type Hash } from 'node:crypto';
import { crc32, deflateRawSync } from 'node:zlib';
import type { SqlDatabase, SqlStatement } from './driver.ts';
import { isMaintenanceNotice, isScoped, type OsvAffected, type OsvRecord } from './osv.ts';
import { baseEcosystem, normalizeName } from './package-name.ts';
import { bucketKey, bucketSeal, entryFlags, type SourceSet, type StoredEntry, schema, setSize } from './store-file.ts';
import { joinVersions } from './version-list.ts';

/** Packages that share a bucket, on average. */
const packagesPerBucket = 2;
/** Keys of other ecosystems that are listed with a set. */
const foreignListed = 5000;

/** A record as it was read, with the bytes that it is stored as. */
export interface RecordToStore {
  readonly record: OsvRecord;
  readonly bytes: Uint8Array;
  /** `bytes`, deflated without header, when the source has them so. */
  readonly deflated?: Uint8Array;
}

/** Writes a new store into an empty database: sets that are carried over from the previous state, and new ones. */
export class StoreWriter {
  readonly #database: SqlDatabase;
  readonly #insert: { readonly record: SqlStatement; readonly bucket: SqlStatement; readonly name: SqlStatement; readonly set: SqlStatement };
  readonly #sets: SourceSet[] = [];

  constructor(database: SqlDatabase) {
    // The file has no readers until it is complete and renamed: a crash leaves rubbish that nobody opens.
    database.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536');
    database.exec(schema);
    database.exec('BEGIN');
    this.#database = database;
    this.#insert = {
      record: database.prepare('INSERT INTO record VALUES (?, ?, ?)'),
      bucket: database.prepare('INSERT INTO bucket VALUES (?, ?)'),
      name: database.prepare('INSERT OR IGNORE INTO name VALUES (?, ?)'),
      set: database.prepare('INSERT INTO source_set VALUES (?, ?)'),
    };
  }

  /** Starts a set; its number must be new. */
  begin(number: number): SetWriter {
    return new SetWriter(number, this.#insert);
  }

  /** Records a set that `begin` started and that is complete. */
  add(set: SourceSet): void {
    this.#sets.push(set);
  }

  /** Copies sets from another store file as they are. */
  carryOver(path: string, sets: readonly SourceSet[]): void {
    if (sets.length === 0) return;
    this.#database.exec('COMMIT');
    this.#database.prepare('ATTACH DATABASE ? AS previous').run(path);
    this.#database.exec('BEGIN');
    for (const set of sets) {
      const [from, to] = [set.number * setSize, (set.number + 1) * setSize];
      this.#database.prepare('INSERT INTO record SELECT * FROM previous.record WHERE number >= ? AND number < ?').run(from, to);
      this.#database.prepare('INSERT INTO bucket SELECT * FROM previous.bucket WHERE number >= ? AND number < ?').run(from, to);
      this.#sets.push(set);
    }
    const numbers = sets.map((set) => set.number).join(', ');
    this.#database.exec(`INSERT INTO name SELECT * FROM previous.name WHERE record / ${setSize} IN (${numbers})`);
    this.#database.exec('COMMIT');
    this.#database.exec('DETACH DATABASE previous');
    this.#database.exec('BEGIN');
  }

  /** Writes the list of sets with its seal and closes the database. Gives the digest of the whole content. */
  finish(): string {
    const sets = [...this.#sets].sort((a, b) => a.number - b.number);
    for (const set of sets) this.#insert.set.run(set.number, JSON.stringify(set));
    const digest = stateDigest(sets);
    const meta = this.#database.prepare('INSERT INTO meta VALUES (?, ?)');
    meta.run('digest', digest);
    meta.run('seal', sealOf(digest, sets));
    this.#database.exec('COMMIT');
    this.#database.close();
    return digest;
  }
}

/** Over the contents of all sets, whatever their order and the time of their import. */
export function stateDigest(sets: readonly SourceSet[]): string {
  const lines = sets.map((set) => `${set.kind}\0${set.name}\0${set.digest}\n`).sort();
  return `sha256:${createHash('sha256').update(lines.join('')).digest('hex')}`;
}

/** Over everything that the list of sets says. */
export function sealOf(digest: string, sets: readonly SourceSet[]): string {
  return createHash('sha256')
    .update(`${digest}\n${sets.map((set) => JSON.stringify(set)).join('\n')}`)
    .digest('hex');
}

/** Writes the records of one set. */
export class SetWriter {
  readonly number: number;
  readonly #insert: { readonly record: SqlStatement; readonly bucket: SqlStatement; readonly name: SqlStatement };
  readonly #packages = new Map<string, string[]>();
  readonly #contents = new Map<string, Buffer>();
  readonly #ecosystems = new Map<string, number>();
  readonly #bases = new Map<string, string>();
  #withdrawn = 0;

  constructor(number: number, insert: { readonly record: SqlStatement; readonly bucket: SqlStatement; readonly name: SqlStatement }) {
    this.number = number;
    this.#insert = insert;
  }

  get records(): number {
    return this.#contents.size;
  }

  /** Stores a record; false when the set has one with this id already. */
  put({ record, bytes, deflated }: RecordToStore): boolean {
    if (this.#contents.has(record.id)) return false;
    const ordinal = this.#contents.size;
    if (ordinal >= setSize) throw new Error('more records than a set can hold');
    const number = this.number * setSize + ordinal;
    const digest = createHash('sha256').update(bytes).digest();
    this.#contents.set(record.id, digest);
    this.#insert.record.run(number, digest, deflated ?? deflateRawSync(bytes));
    for (const name of new Set([record.id, ...record.aliases])) this.#insert.name.run(name, number);
    if (record.withdrawn) this.#withdrawn += 1;
    this.#index(record, ordinal, crc32(bytes));
    return true;
  }

  #index(record: OsvRecord, ordinal: number, crc: number): void {
    if (isMaintenanceNotice(record)) return;
    const ecosystems = new Set<string>();
    for (const [index, affected] of record.affected.entries()) {
      if (affected.package === null || !isScoped(record, affected)) continue;
      const { ecosystem, name } = affected.package;
      const key = bucketKey(ecosystem, normalizeName(baseEcosystem(ecosystem), name));
      const entry = JSON.stringify(storedEntry(record, affected, ordinal, index, crc));
      const entries = this.#packages.get(key);
      if (entries === undefined) this.#packages.set(key, [entry]);
      else entries.push(entry);
      this.#bases.set(key, baseEcosystem(ecosystem));
      if (!record.withdrawn) ecosystems.add(ecosystem);
    }
    for (const ecosystem of ecosystems) this.#ecosystems.set(ecosystem, (this.#ecosystems.get(ecosystem) ?? 0) + 1);
  }

  /** Writes the buckets, every number of them, and describes the set. */
  finish(about: Pick<SourceSet, 'name' | 'kind' | 'origin' | 'asOf' | 'importedAt' | 'rejected'>): SourceSet {
    const buckets = 2 ** Math.ceil(Math.log2(Math.max(1, this.#packages.size / packagesPerBucket)));
    const contents = new Array<string[] | undefined>(buckets);
    for (const [key, entries] of this.#packages) {
      const bucket = crc32(key) & (buckets - 1);
      const text = `${key}:[${entries.join(',')}]\n`;
      const present = contents[bucket];
      if (present === undefined) contents[bucket] = [text];
      else present.push(text);
    }
    for (let bucket = 0; bucket < buckets; bucket++) {
      const number = this.number * setSize + bucket;
      const text = `\n${(contents[bucket] ?? []).join('')}`;
      const body = Buffer.allocUnsafe(4 + Buffer.byteLength(text));
      body.writeUInt32BE(crc32(bucketSeal(number, text)));
      body.write(text, 4);
      this.#insert.bucket.run(number, body);
    }
    const { name, kind, origin, asOf, importedAt, rejected } = about;
    const foreign = [...this.#bases].filter(([, base]) => base !== name).map(([key]) => crc32(key));
    return {
      number: this.number,
      name,
      kind,
      origin,
      asOf,
      importedAt,
      records: this.records,
      withdrawn: this.#withdrawn,
      rejected,
      digest: this.#digest(),
      buckets,
      ecosystems: Object.fromEntries([...this.#ecosystems].sort(([a], [b]) => (a < b ? -1 : 1))),
      foreign: foreign.length > foreignListed ? null : foreign,
    };
  }

  #digest(): string {
    const hash: Hash = createHash('sha256');
    for (const id of [...this.#contents.keys()].sort()) hash.update(`${id}\0`).update(this.#contents.get(id) ?? '');
    return `sha256:${hash.digest('hex')}`;
  }
}

function storedEntry(record: OsvRecord, affected: OsvAffected, ordinal: number, index: number, crc: number): StoredEntry {
  // What is malformed may hide a range: then only what is left can match, and the rest is said.
  const usable = !affected.malformed && (affected.ranges.length > 0 || affected.versions.length > 0);
  const flag = record.withdrawn ? 'withdrawn' : usable ? 'usable' : 'unusable';
  return [
    ordinal,
    index,
    crc,
    entryFlags.indexOf(flag),
    affected.ranges.map((range) => [range.type.charAt(0), ...range.events.map((event) => `${eventLetters[event.kind]}${event.version}`)]),
    joinVersions(affected.versions),
  ];
}

const eventLetters = { introduced: 'i', fixed: 'f', last_affected: 'l', limit: 'm' } as const;
