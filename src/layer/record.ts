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

/** What readers took from one file: results by reader, and the content where it was to be kept. */
export interface RecordedFile {
  /** Index of its entry in the layer. */
  readonly entry: number;
  /** Plain data, by the reader's name. */
  readonly results: Readonly<Record<string, readonly unknown[]>>;
  readonly content: Uint8Array | null;
}

/**
 * All that one layer contributes. Depends on nothing but the layer's bytes, the readers with their versions, the
 * requests and the limits.
 */
export interface LayerRecord {
  readonly entries: readonly RecordedEntry[];
  readonly files: readonly RecordedFile[];
}

/** Of the encoded form. */
export const recordVersion = 2;

/** Grows as needed; numbers are little-endian. */
class Writer {
  #buffer = Buffer.allocUnsafe(65_536);
  #length = 0;
  #room(bytes: number): void {
    if (this.#length + bytes <= this.#buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#length + bytes));
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
  done(): Uint8Array<ArrayBuffer> {
    const exact = new Uint8Array(this.#length);
    exact.set(this.#buffer.subarray(0, this.#length));
    return exact;
  }
}

/** One transferable buffer: the form that crosses threads and that a cache may store. */
export function encodeLayerRecord(record: LayerRecord): Uint8Array<ArrayBuffer> {
  const writer = new Writer();
  writer.small(recordVersion);
  writer.small(record.entries.length);
  for (const entry of record.entries) {
    writer.small(types.indexOf(entry.type));
    writer.small(entry.mode);
    writer.small(entry.uid);
    writer.small(entry.gid);
    writer.number(entry.size);
    writer.text(entry.path);
    writer.text(entry.linkName);
    writer.text(entry.capability ?? '');
  }
  writer.small(record.files.length);
  for (const file of record.files) {
    writer.small(file.entry);
    writer.text(JSON.stringify(file.results));
    writer.small(file.content === null ? 0 : 1);
    if (file.content !== null) writer.bytes(file.content);
  }
  return writer.done();
}

/** @throws PortcullisError DEFECT when the bytes are no record of this version */
export function decodeLayerRecord(bytes: Uint8Array): LayerRecord {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = 0;
  const small = (): number => {
    const value = buffer.readUInt32LE(at);
    at += 4;
    return value;
  };
  const text = (): string => {
    const length = small();
    const value = buffer.toString('utf8', at, at + length);
    at += length;
    return value;
  };
  if (small() !== recordVersion) throw new PortcullisError('DEFECT', 'A layer record is of another version.');
  const entries: RecordedEntry[] = [];
  for (let left = small(); left > 0; left--) {
    const type = types[small()] as RecordedType;
    const mode = small();
    const uid = small();
    const gid = small();
    const size = buffer.readDoubleLE(at);
    at += 8;
    const path = text();
    const linkName = text();
    const capability = text();
    entries.push({ type, mode, uid, gid, size, path, linkName, ...(capability === '' ? {} : { capability }) });
  }
  const files: RecordedFile[] = [];
  for (let left = small(); left > 0; left--) {
    const entry = small();
    const results = JSON.parse(text()) as RecordedFile['results'];
    let content: Uint8Array | null = null;
    if (small() === 1) {
      const length = small();
      content = new Uint8Array(buffer.subarray(at, at + length));
      at += length;
    }
    files.push({ entry, results, content });
  }
  return { entries, files };
}
