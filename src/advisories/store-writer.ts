import { createHash, type Hash } from 'node:crypto';
import { crc32, deflateRawSync } from 'node:zlib';
import type { SqlDatabase, SqlStatement } from './driver.ts';
import { isMaintenanceNotice, isScoped, type OsvAffected, type OsvRecord } from './osv.ts';
import { baseEcosystem, normalizeName } from './package-name.ts';
import { bucketKey, bucketSeal, entryFlags, knowledgeKey, type SourceSet, type StoredEntry, schema, setSize } from './store-file.ts';
import { joinVersions } from './version-list.ts';

/** Packages that share a bucket, on average. */
const packagesPerBucket = 2;
/** CVEs that share a bucket of knowledge: rows are few and short to read. */
const cvesPerBucket = 16;
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

  /** Takes away what a set that was begun has written. */
  abandon(number: number): void {
    const [from, end] = [number * setSize, (number + 1) * setSize];
    for (const [table, column] of [
      ['record', 'number'],
      ['bucket', 'number'],
      ['name', 'record'],
    ] as const) {
      this.#database.prepare(`DELETE FROM ${table} WHERE ${column} >= ? AND ${column} < ?`).run(from, end);
    }
  }

  /** Records a set that `begin` started and that is complete. */
  add(set: SourceSet): void {
    this.#sets.push(set);
  }

  /** Keeps the listing that a set's records were fetched by. Gives its SHA-256. */
  keepListing(number: number, listing: Uint8Array): string {
    this.#database.prepare('INSERT INTO listing VALUES (?, ?)').run(number, deflateRawSync(listing));
    return createHash('sha256').update(listing).digest('hex');
  }

  /** Writes a set of knowledge; its number must be new. A CVE that comes twice keeps what came last. */
  putKnowledge(number: number, entries: Iterable<readonly [cve: string, value: unknown]>, about: KnowledgeAbout): SourceSet {
    const lines = new Map<string, string>();
    for (const [cve, value] of entries) lines.set(knowledgeKey(cve), JSON.stringify(value));
    const buckets = writeBuckets(
      number,
      [...lines].map(([key, value]) => [key, value]),
      cvesPerBucket,
      this.#insert.bucket,
    );
    const { name, kind, origin, asOf, importedAt, rejected, version } = about;
    const set: SourceSet = {
      ...{ number, name, kind, origin, asOf, importedAt, records: lines.size, withdrawn: 0, rejected },
      ...{ digest: knowledgeDigest(about, lines), buckets, ecosystems: {}, foreign: [], version },
    };
    this.#sets.push(set);
    return set;
  }

  /** Copies sets from another store file as they are, but for what `changes` says of a set's number. */
  carryOver(path: string, sets: readonly SourceSet[], changes: ReadonlyMap<number, Partial<Pick<SourceSet, 'number' | 'asOf'>>> = new Map()): void {
    if (sets.length === 0) return;
    this.#database.exec('COMMIT');
    this.#database.prepare('ATTACH DATABASE ? AS previous').run(path);
    this.#database.exec('BEGIN');
    const shifts: string[] = [];
    for (const set of sets) {
      const changed = { ...set, ...changes.get(set.number) };
      const [from, end, shift] = [set.number * setSize, (set.number + 1) * setSize, (changed.number - set.number) * setSize];
      this.#database.prepare('INSERT INTO record SELECT number + ?, digest, body FROM previous.record WHERE number >= ? AND number < ?').run(shift, from, end);
      if (shift === 0) this.#database.prepare('INSERT INTO bucket SELECT * FROM previous.bucket WHERE number >= ? AND number < ?').run(from, end);
      else this.#sealAgain(set, changed.number);
      this.#database.prepare('INSERT INTO listing SELECT ?, body FROM previous.listing WHERE number = ?').run(changed.number, set.number);
      shifts.push(`WHEN ${set.number} THEN ${shift}`);
      this.#sets.push(changed);
    }
    const numbers = sets.map((set) => set.number).join(', ');
    this.#database.exec(
      `INSERT INTO name SELECT name, record + CASE record / ${setSize} ${shifts.join(' ')} END FROM previous.name WHERE record / ${setSize} IN (${numbers})`,
    );
    this.#database.exec('COMMIT');
    this.#database.exec('DETACH DATABASE previous');
    this.#database.exec('BEGIN');
  }

  /** A bucket's seal holds its number. */
  #sealAgain(set: SourceSet, number: number): void {
    const select = this.#database.prepare('SELECT body FROM previous.bucket WHERE number = ?');
    for (let bucket = 0; bucket < set.buckets; bucket++) {
      const body = select.get(set.number * setSize + bucket)?.body;
      const text = body instanceof Uint8Array ? Buffer.from(body).toString('utf8', 4) : '';
      if (!(body instanceof Uint8Array) || crc32(bucketSeal(set.number * setSize + bucket, text)) !== Buffer.from(body).readUInt32BE(0)) {
        throw new Error('a part of the index was changed');
      }
      this.#insert.bucket.run(number * setSize + bucket, sealed(number * setSize + bucket, text));
    }
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

type KnowledgeAbout = Pick<SourceSet, 'name' | 'kind' | 'origin' | 'asOf' | 'importedAt' | 'rejected'> & { readonly version: string };

/** Over what a set of knowledge says, and of which state it says it. */
export function knowledgeDigest(about: Pick<SourceSet, 'asOf' | 'version'>, lines: ReadonlyMap<string, string>): string {
  const hash = createHash('sha256').update(JSON.stringify([about.version ?? '', about.asOf]));
  for (const key of [...lines.keys()].sort()) hash.update(`\n${key}:${lines.get(key)}`);
  return `sha256:${hash.digest('hex')}`;
}

/** A bucket's row: its seal, then its text. */
function sealed(number: number, text: string): Uint8Array {
  const body = Buffer.allocUnsafe(4 + Buffer.byteLength(text));
  body.writeUInt32BE(crc32(bucketSeal(number, text)));
  body.write(text, 4);
  return body;
}

/** Writes lines `key:value` into a set's buckets, every number of them. Gives how many there are. */
function writeBuckets(set: number, lines: readonly (readonly [key: string, value: string])[], perBucket: number, insert: SqlStatement): number {
  const buckets = 2 ** Math.ceil(Math.log2(Math.max(1, lines.length / perBucket)));
  const contents = new Array<string[] | undefined>(buckets);
  for (const [key, value] of lines) {
    const bucket = crc32(key) & (buckets - 1);
    const text = `${key}:${value}\n`;
    const present = contents[bucket];
    if (present === undefined) contents[bucket] = [text];
    else present.push(text);
  }
  for (let bucket = 0; bucket < buckets; bucket++) {
    const number = set * setSize + bucket;
    insert.run(number, sealed(number, `\n${(contents[bucket] ?? []).join('')}`));
  }
  return buckets;
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
    const lines = [...this.#packages].map(([key, entries]) => [key, `[${entries.join(',')}]`] as const);
    const buckets = writeBuckets(this.number, lines, packagesPerBucket, this.#insert.bucket);
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
