import { PortcullisError } from '../errors.ts';

export type RecordedType = 'file' | 'hardlink' | 'symlink' | 'device' | 'directory' | 'fifo' | 'other';
const types: readonly RecordedType[] = ['file', 'hardlink', 'symlink', 'device', 'directory', 'fifo', 'other'];

/** One entry of a layer, as squashing needs it. */
export interface RecordedEntry {
  /** Without a leading slash. */
  readonly path: string;
  readonly type: RecordedType;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly linkName: string;
  /** The extended attribute `security.capability`, hexadecimal; absent: there is none, or the source can't tell. */
  readonly capability?: string;
}

/** What readers took from one file: results by the readers that had any, and the content where it was to be kept. */
export interface RecordedFile {
  /** Index of its entry in the layer. */
  readonly entry: number;
  /** The entry's path, without a leading slash. */
  readonly path: string;
  /** Plain data, by the reader's name. */
  readonly results: Readonly<Record<string, readonly unknown[]>>;
  readonly content: Uint8Array | null;
}

/**
 * All that one layer contributes. Depends on nothing but the layer's bytes, the readers with their versions, the
 * requests and the limits.
 */
export interface LayerRecord {
  readonly entries: EntryTable;
  readonly files: FileTable;
}

/** Grows as needed; numbers are little-endian. */
class Writer {
  #buffer: Buffer<ArrayBuffer>;
  #length = 0;
  constructor(bytes = 65_536) {
    this.#buffer = Buffer.allocUnsafeSlow(bytes);
  }
  #room(bytes: number): void {
    if (this.#length + bytes <= this.#buffer.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(this.#buffer.length * 2, this.#length + bytes));
    this.#buffer.copy(grown, 0, 0, this.#length);
    this.#buffer = grown;
  }
  number(value: number): void {
    this.#room(8);
    this.#buffer.writeDoubleLE(value, this.#length);
    this.#length += 8;
  }
  small(value: number): void {
    this.#room(4);
    this.#buffer.writeUInt32LE(value >>> 0, this.#length);
    this.#length += 4;
  }
  text(value: string): void {
    if (value === '') {
      this.small(0);
      return;
    }
    // No character takes more than three bytes; long texts are measured.
    this.#room(4 + (value.length < 1024 ? value.length * 3 : Buffer.byteLength(value)));
    const bytes = this.#buffer.write(value, this.#length + 4);
    this.#buffer.writeUInt32LE(bytes, this.#length);
    this.#length += 4 + bytes;
  }
  bytes(value: Uint8Array): void {
    this.small(value.length);
    this.#room(value.length);
    this.#buffer.set(value, this.#length);
    this.#length += value.length;
  }
  /** What has been written so far; valid until more is written. */
  written(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#buffer.buffer, this.#buffer.byteOffset, this.#length);
  }
}

/** Reads what a Writer wrote. */
class Reader {
  readonly #buffer: Buffer;
  #at = 0;
  constructor(bytes: Uint8Array) {
    this.#buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  }
  small(): number {
    const value = this.#buffer.readUInt32LE(this.#at);
    this.#at += 4;
    return value;
  }
  number(): number {
    const value = this.#buffer.readDoubleLE(this.#at);
    this.#at += 8;
    return value;
  }
  text(): string {
    const length = this.small();
    if (length === 0) return '';
    const value = this.#buffer.toString('utf8', this.#at, this.#at + length);
    this.#at += length;
    return value;
  }
  /** A view, not a copy. */
  bytes(): Uint8Array {
    const length = this.small();
    const value = new Uint8Array(this.#buffer.buffer, this.#buffer.byteOffset + this.#at, length);
    this.#at += length;
    return value;
  }
  /** Passes over a text or bytes. */
  skip(): void {
    this.#at += 4 + this.#buffer.readUInt32LE(this.#at);
  }
}

/**
 * Items in their encoded form. As objects, a hundred thousand of them would be walked by every garbage collection while
 * the rest of the image is read.
 */
abstract class Table<Item> implements Iterable<Item> {
  readonly #writer: Writer | null;
  #bytes: Uint8Array;
  #length: number;
  /** Without `decoded` an empty table, to be added to. @param decoded what `encoded` gave */
  constructor(decoded?: { readonly bytes: Uint8Array; readonly length: number }) {
    this.#writer = decoded === undefined ? new Writer() : null;
    this.#bytes = decoded?.bytes ?? new Uint8Array(0);
    this.#length = decoded?.length ?? 0;
  }
  protected abstract write(writer: Writer, item: Item): void;
  protected abstract read(reader: Reader): Item;
  get length(): number {
    return this.#length;
  }
  /** Gives the item's index. */
  add(item: Item): number {
    this.write(this.#writer as Writer, item);
    return this.#length++;
  }
  encoded(): Uint8Array {
    if (this.#writer !== null) this.#bytes = this.#writer.written();
    return this.#bytes;
  }
  *[Symbol.iterator](): Generator<Item> {
    const reader = new Reader(this.encoded());
    for (let left = this.#length; left > 0; left--) yield this.read(reader);
  }
}

/** A layer's entries in their order. */
export class EntryTable extends Table<RecordedEntry> {
  static of(entries: Iterable<RecordedEntry>): EntryTable {
    const table = new EntryTable();
    for (const entry of entries) table.add(entry);
    return table;
  }
  protected override write(writer: Writer, entry: RecordedEntry): void {
    writer.small(types.indexOf(entry.type));
    writer.small(entry.mode);
    writer.small(entry.uid);
    writer.small(entry.gid);
    writer.number(entry.size);
    writer.text(entry.path);
    writer.text(entry.linkName);
    writer.text(entry.capability ?? '');
  }
  protected override read(reader: Reader): RecordedEntry {
    const type = types[reader.small()] as RecordedType;
    const mode = reader.small();
    const uid = reader.small();
    const gid = reader.small();
    const size = reader.number();
    const path = reader.text();
    const linkName = reader.text();
    const capability = reader.text();
    return capability === '' ? { type, mode, uid, gid, size, path, linkName } : { type, mode, uid, gid, size, path, linkName, capability };
  }
}

/** The files of a layer of which something is recorded. */
export class FileTable extends Table<RecordedFile> {
  static of(files: Iterable<RecordedFile>): FileTable {
    const table = new FileTable();
    for (const file of files) table.add(file);
    return table;
  }
  /** The indexes of their entries. */
  entries(): Set<number> {
    const reader = new Reader(this.encoded());
    const indexes = new Set<number>();
    for (let left = this.length; left > 0; left--) {
      indexes.add(reader.small());
      reader.skip();
      reader.skip();
      if (reader.small() === 1) reader.skip();
    }
    return indexes;
  }
  protected override write(writer: Writer, { entry, path, results, content }: RecordedFile): void {
    writer.small(entry);
    writer.text(path);
    writer.text(JSON.stringify(results));
    writer.small(content === null ? 0 : 1);
    if (content !== null) writer.bytes(content);
  }
  protected override read(reader: Reader): RecordedFile {
    const entry = reader.small();
    const path = reader.text();
    const results = JSON.parse(reader.text()) as RecordedFile['results'];
    return { entry, path, results, content: reader.small() === 1 ? reader.bytes().slice() : null };
  }
}

/** Of the encoded form. */
export const recordVersion = 4;

/** One transferable buffer: the form that crosses threads and that a cache may store. */
export function encodeLayerRecord({ entries, files }: LayerRecord): Uint8Array<ArrayBuffer> {
  const tables = [entries, files].map((table) => [table.length, table.encoded()] as const);
  const writer = new Writer(4 + tables.reduce((sum, [, bytes]) => sum + 8 + bytes.length, 0));
  writer.small(recordVersion);
  for (const [length, bytes] of tables) {
    writer.small(length);
    writer.bytes(bytes);
  }
  return writer.written();
}

/** Its tables are parts of the bytes. @throws PortcullisError DEFECT when the bytes are no record of this version */
export function decodeLayerRecord(bytes: Uint8Array): LayerRecord {
  const reader = new Reader(bytes);
  if (reader.small() !== recordVersion) throw new PortcullisError('DEFECT', 'A layer record is of another version.');
  const part = (): { length: number; bytes: Uint8Array } => ({ length: reader.small(), bytes: reader.bytes() });
  return { entries: new EntryTable(part()), files: new FileTable(part()) };
}
