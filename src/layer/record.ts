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
  readonly files: readonly RecordedFile[];
}

/** Grows as needed; numbers are little-endian. */
class Writer {
  #buffer: Buffer<ArrayBuffer> = Buffer.allocUnsafeSlow(65_536);
  #length = 0;
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
    const bytes = Buffer.byteLength(value);
    this.small(bytes);
    this.#room(bytes);
    this.#buffer.write(value, this.#length);
    this.#length += bytes;
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
}

/**
 * A layer's entries in their encoded form. As objects, a hundred thousand of them would be walked by every garbage
 * collection while the rest of the image is read.
 */
export class EntryTable implements Iterable<RecordedEntry> {
  readonly #writer: Writer | null;
  #bytes: Uint8Array;
  #length: number;
  private constructor(writer: Writer | null, bytes: Uint8Array, length: number) {
    this.#writer = writer;
    this.#bytes = bytes;
    this.#length = length;
  }
  /** An empty table, to be added to. */
  static empty(): EntryTable {
    return new EntryTable(new Writer(), new Uint8Array(0), 0);
  }
  static of(entries: Iterable<RecordedEntry>): EntryTable {
    const table = EntryTable.empty();
    for (const entry of entries) table.add(entry);
    return table;
  }
  /** @param bytes what `encoded` gave */
  static decode(bytes: Uint8Array, length: number): EntryTable {
    return new EntryTable(null, bytes, length);
  }
  get length(): number {
    return this.#length;
  }
  /** Gives the entry's index. */
  add(entry: RecordedEntry): number {
    const writer = this.#writer as Writer;
    writer.small(types.indexOf(entry.type));
    writer.small(entry.mode);
    writer.small(entry.uid);
    writer.small(entry.gid);
    writer.number(entry.size);
    writer.text(entry.path);
    writer.text(entry.linkName);
    writer.text(entry.capability ?? '');
    return this.#length++;
  }
  encoded(): Uint8Array {
    if (this.#writer !== null) this.#bytes = this.#writer.written();
    return this.#bytes;
  }
  *[Symbol.iterator](): Generator<RecordedEntry> {
    const reader = new Reader(this.encoded());
    for (let left = this.#length; left > 0; left--) {
      const type = types[reader.small()] as RecordedType;
      const mode = reader.small();
      const uid = reader.small();
      const gid = reader.small();
      const size = reader.number();
      const path = reader.text();
      const linkName = reader.text();
      const capability = reader.text();
      yield capability === '' ? { type, mode, uid, gid, size, path, linkName } : { type, mode, uid, gid, size, path, linkName, capability };
    }
  }
}

/** Of the encoded form. */
export const recordVersion = 4;

/** One transferable buffer: the form that crosses threads and that a cache may store. */
export function encodeLayerRecord(record: LayerRecord): Uint8Array<ArrayBuffer> {
  const writer = new Writer();
  writer.small(recordVersion);
  writer.small(record.entries.length);
  writer.bytes(record.entries.encoded());
  writer.small(record.files.length);
  for (const file of record.files) {
    writer.small(file.entry);
    writer.text(file.path);
    writer.text(JSON.stringify(file.results));
    writer.small(file.content === null ? 0 : 1);
    if (file.content !== null) writer.bytes(file.content);
  }
  return writer.written().slice();
}

/** @throws PortcullisError DEFECT when the bytes are no record of this version */
export function decodeLayerRecord(bytes: Uint8Array): LayerRecord {
  const reader = new Reader(bytes);
  if (reader.small() !== recordVersion) throw new PortcullisError('DEFECT', 'A layer record is of another version.');
  const length = reader.small();
  const entries = EntryTable.decode(reader.bytes(), length);
  const files: RecordedFile[] = [];
  for (let left = reader.small(); left > 0; left--) {
    const entry = reader.small();
    const path = reader.text();
    const results = JSON.parse(reader.text()) as RecordedFile['results'];
    files.push({ entry, path, results, content: reader.small() === 1 ? reader.bytes().slice() : null });
  }
  return { entries, files };
}
