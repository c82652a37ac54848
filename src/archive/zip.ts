import { crc32, inflateRawSync } from 'node:zlib';

/** Bounds on what an archive controls. */
export interface ZipLimits {
  readonly entries: number;
  /** Uncompressed bytes of one entry. */
  readonly entryBytes: number;
  /** Uncompressed bytes of all entries together, as declared. */
  readonly totalBytes: number;
  /** Uncompressed bytes may be this many times the compressed ones, once an entry exceeds `ratioFrom` bytes. */
  readonly ratio: number;
  readonly ratioFrom: number;
  readonly nameBytes: number;
}

const MiB = 1024 * 1024;

export const defaultZipLimits: ZipLimits = {
  entries: 2_000_000,
  entryBytes: 256 * MiB,
  totalBytes: 16 * 1024 * MiB,
  ratio: 300,
  ratioFrom: 16 * MiB,
  nameBytes: 4096,
};

/** Random access to the bytes of an archive that isn't in memory. */
export interface ZipSource {
  /** Bytes. */
  readonly size: number;
  /** Exactly `length` bytes from `offset`, or fewer at the end of the source. The result may be reused by the next call. */
  read(offset: number, length: number): Uint8Array;
}

/** An entry of the central directory. */
export interface ZipEntry {
  /** As written; nothing says that it is a safe path. */
  readonly name: string;
  readonly directory: boolean;
  readonly compressedSize: number;
  /** Uncompressed bytes, as declared; `read` checks them. */
  readonly size: number;
  readonly crc32: number;
  /** 0 stored, 8 deflated. */
  readonly method: number;
  readonly encrypted: boolean;
  /** Where its local header lies in the source. */
  readonly offset: number;
}

/** `damaged`: not as the format demands; `limit`: over a limit; `unsupported`: encrypted, or an unknown compression. */
export class ZipError extends Error {
  readonly reason: 'damaged' | 'limit' | 'unsupported';
  constructor(reason: 'damaged' | 'limit' | 'unsupported', message: string) {
    super(message);
    this.name = 'ZipError';
    this.reason = reason;
  }
}

export interface Zip {
  /** In the order of the central directory. */
  readonly entries: readonly ZipEntry[];
  /**
   * An entry's uncompressed bytes, checked against its size and CRC.
   * @throws {ZipError}
   */
  read(entry: ZipEntry): Uint8Array;
  /**
   * An entry's bytes as they are stored, unchecked; a copy.
   * @throws {ZipError} when they don't lie within the archive
   */
  readRaw(entry: ZipEntry): Uint8Array;
}

const endSignature = 0x06054b50;
const end64Signature = 0x06064b50;
const locator64Signature = 0x07064b50;
const centralSignature = 0x02014b50;
const localSignature = 0x04034b50;

class ByteSource implements ZipSource {
  readonly size: number;
  readonly #bytes: Uint8Array;
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.size = bytes.length;
  }
  read(offset: number, length: number): Uint8Array {
    return this.#bytes.subarray(offset, offset + length);
  }
}

/**
 * Opens a zip archive (PKWARE APPNOTE 6.3, with zip64) by its central directory, in memory or by random access.
 * Bytes before the archive (self-extracting files, executable jars) and behind it are allowed. Reads nothing of the entries yet.
 * @throws {ZipError} when it isn't a zip archive, is damaged or exceeds a limit
 */
export function openZip(source: Uint8Array | ZipSource, limits: ZipLimits = defaultZipLimits): Zip {
  const bytes = source instanceof Uint8Array ? new ByteSource(source) : source;
  const directory = locateDirectory(bytes);
  const entries = readDirectory(bytes, directory, limits);
  refuseOverlaps(entries, directory.start);
  const readRaw = (entry: ZipEntry): Uint8Array => {
    const header = exactly(bytes, entry.offset, 30, `the header of ${quote(entry.name)}`);
    if (header.getUint32(0, true) !== localSignature) throw new ZipError('damaged', `the entry ${quote(entry.name)} has no local header`);
    const start = entry.offset + 30 + header.getUint16(26, true) + header.getUint16(28, true);
    if (start + entry.compressedSize > directory.start) throw new ZipError('damaged', `the entry ${quote(entry.name)} reaches into the central directory`);
    const raw = bytes.read(start, entry.compressedSize);
    if (raw.length !== entry.compressedSize) throw new ZipError('damaged', `the entry ${quote(entry.name)} is cut off`);
    return new Uint8Array(raw);
  };
  return { entries, readRaw, read: (entry) => unpackEntry(entry, readRaw(entry), limits) };
}

/**
 * Uncompresses an entry's stored bytes (`readRaw`) and checks size and CRC.
 * @throws {ZipError}
 */
export function unpackEntry(entry: ZipEntry, raw: Uint8Array, limits: ZipLimits = defaultZipLimits): Uint8Array {
  if (entry.encrypted) throw new ZipError('unsupported', `the entry ${quote(entry.name)} is encrypted`);
  if (entry.method !== 0 && entry.method !== 8) throw new ZipError('unsupported', `the entry ${quote(entry.name)} uses compression method ${entry.method}`);
  if (entry.size > limits.entryBytes) throw new ZipError('limit', `the entry ${quote(entry.name)} is larger than ${limits.entryBytes} bytes`);
  if (entry.size > limits.ratioFrom && entry.size > entry.compressedSize * limits.ratio) {
    throw new ZipError('limit', `the entry ${quote(entry.name)} unpacks to more than ${limits.ratio} times its size`);
  }
  let content = raw;
  if (entry.method === 8) {
    try {
      // One byte more than declared is enough to notice a lie about the size.
      content = inflateRawSync(raw, { maxOutputLength: entry.size + 1 });
    } catch (error) {
      throw new ZipError('damaged', `the entry ${quote(entry.name)} can't be unpacked: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (content.length !== entry.size) throw new ZipError('damaged', `the entry ${quote(entry.name)} doesn't have the size that it declares`);
  if (crc32(content) !== entry.crc32) throw new ZipError('damaged', `the entry ${quote(entry.name)} doesn't have the checksum that it declares`);
  return content;
}

interface Directory {
  /** Where the central directory begins and ends in the source. */
  readonly start: number;
  readonly end: number;
  readonly count: number;
  /** Bytes before the archive: what offsets are relative to. */
  readonly base: number;
}

function locateDirectory(source: ZipSource): Directory {
  const tailStart = Math.max(0, source.size - 22 - 0xffff);
  const tail = new Uint8Array(source.read(tailStart, source.size - tailStart));
  const view = new DataView(tail.buffer, tail.byteOffset, tail.byteLength);
  let at = -1;
  for (let index = tail.length - 22; index >= 0; index--) {
    if (view.getUint32(index, true) !== endSignature) continue;
    // The comment ends with the file: bytes of a comment or entry that look like the signature don't count.
    if (index + 22 + view.getUint16(index + 20, true) === tail.length) {
      at = index;
      break;
    }
    // Bytes behind the archive, which Java overlooks: the last one with a directory before it.
    if (at === -1 && endsDirectory(source, tailStart + index, view, index)) at = index;
  }
  if (at === -1) throw new ZipError('damaged', "there is no end of central directory: not a zip archive, or it's cut off");
  const end = tailStart + at;
  const found = {
    disk: view.getUint16(at + 4, true),
    count: view.getUint16(at + 10, true),
    size: view.getUint32(at + 12, true),
    offset: view.getUint32(at + 16, true),
    end,
  };
  if (found.count === 0xffff || found.size === 0xffffffff || found.offset === 0xffffffff) readZip64(source, end, found);
  else if (found.disk !== 0) throw new ZipError('unsupported', 'the archive is split over several files');
  const start = found.end - found.size;
  const base = start - found.offset;
  if (start < 0 || base < 0) throw new ZipError('damaged', "the central directory doesn't lie within the file");
  // The rest of an archive that was cut off behind an archive in it.
  if (base > 0 && signatureAt(source, 0) === localSignature) throw new ZipError('damaged', 'its central directory is not of the whole file: it is cut off');
  return { start, end: found.end, count: found.count, base };
}

/** Whether a central directory lies before this end record, and no further part of an archive behind it. */
function endsDirectory(source: ZipSource, end: number, view: DataView, at: number): boolean {
  const behind = at + 22 + view.getUint16(at + 20, true);
  if (behind > view.byteLength || (behind + 2 <= view.byteLength && view.getUint16(behind, true) === 0x4b50)) return false;
  const start = end - view.getUint32(at + 12, true);
  return signatureAt(source, start) === centralSignature || signatureAt(source, end - 20) === locator64Signature;
}

function signatureAt(source: ZipSource, offset: number): number | undefined {
  const bytes = offset < 0 ? new Uint8Array() : source.read(offset, 4);
  return bytes.length === 4 ? new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true) : undefined;
}

/** The zip64 record takes the place of the fields that overflow; absent, the fields mean what they say. */
function readZip64(source: ZipSource, end: number, found: { count: number; size: number; offset: number; end: number }): void {
  if (end < 20) return;
  const locator = exactly(source, end - 20, 20, 'the zip64 locator');
  if (locator.getUint32(0, true) !== locator64Signature) return;
  // Bytes before the archive shift the offset that is written: then the record lies right before the locator.
  for (const at of [safe(locator.getBigUint64(8, true)), end - 20 - 56]) {
    if (at < 0 || at + 56 > end - 20) continue;
    const record = exactly(source, at, 56, 'the zip64 record');
    if (record.getUint32(0, true) !== end64Signature) continue;
    found.count = safe(record.getBigUint64(32, true));
    found.size = safe(record.getBigUint64(40, true));
    found.offset = safe(record.getBigUint64(48, true));
    found.end = at;
    return;
  }
  throw new ZipError('damaged', 'the zip64 end of central directory is missing');
}

function readDirectory(source: ZipSource, directory: Directory, limits: ZipLimits): ZipEntry[] {
  if (directory.count > limits.entries) throw new ZipError('limit', `the archive has more than ${limits.entries} entries`);
  const size = directory.end - directory.start;
  if (directory.count * 46 > size) throw new ZipError('damaged', 'the central directory is shorter than its entries');
  if (size > limits.entries * 128 + limits.nameBytes * 2) throw new ZipError('limit', 'the central directory is too large');
  const bytes = new Uint8Array(source.read(directory.start, size));
  if (bytes.length !== size) throw new ZipError('damaged', 'the central directory is cut off');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries: ZipEntry[] = [];
  let at = 0;
  let total = 0;
  for (let index = 0; index < directory.count || isEntry(view, at); index++) {
    if (index >= limits.entries) throw new ZipError('limit', `the archive has more than ${limits.entries} entries`);
    if (at + 46 > size || !isEntry(view, at)) throw new ZipError('damaged', `the central directory ends at entry ${index + 1}`);
    const nameLength = view.getUint16(at + 28, true);
    const extraLength = view.getUint16(at + 30, true);
    const next = at + 46 + nameLength + extraLength + view.getUint16(at + 32, true);
    if (next > size) throw new ZipError('damaged', `the central directory ends at entry ${index + 1}`);
    if (nameLength > limits.nameBytes) throw new ZipError('limit', `the name of entry ${index + 1} is longer than ${limits.nameBytes} bytes`);
    const flags = view.getUint16(at + 8, true);
    const name = decodeName(bytes.subarray(at + 46, at + 46 + nameLength), (flags & 0x800) !== 0);
    const sizes = entrySizes(view, at, at + 46 + nameLength, extraLength);
    total += sizes.size;
    if (total > limits.totalBytes) throw new ZipError('limit', `the archive unpacks to more than ${limits.totalBytes} bytes`);
    entries.push({
      name,
      directory: name.endsWith('/'),
      compressedSize: sizes.compressedSize,
      size: sizes.size,
      crc32: view.getUint32(at + 16, true),
      method: view.getUint16(at + 10, true),
      encrypted: (flags & 1) !== 0,
      offset: sizes.offset + directory.base,
    });
    at = next;
  }
  // Programs that can't write zip64 let the number of entries run over.
  if (entries.length % 0x10000 !== directory.count % 0x10000) {
    throw new ZipError('damaged', `the central directory has ${entries.length} entries, not ${directory.count} as its end says`);
  }
  return entries;
}

function isEntry(view: DataView, at: number): boolean {
  return at + 4 <= view.byteLength && view.getUint32(at, true) === centralSignature;
}

/** Sizes and offset, from the zip64 extra field where the 32-bit ones overflow (APPNOTE 4.5.3). */
function entrySizes(view: DataView, at: number, extra: number, extraLength: number): { size: number; compressedSize: number; offset: number } {
  const sizes = { size: view.getUint32(at + 24, true), compressedSize: view.getUint32(at + 20, true), offset: view.getUint32(at + 42, true) };
  const wide = (['size', 'compressedSize', 'offset'] as const).filter((field) => sizes[field] === 0xffffffff);
  if (wide.length === 0) return sizes;
  for (let field = extra; field + 4 <= extra + extraLength; field += 4 + view.getUint16(field + 2, true)) {
    if (view.getUint16(field, true) !== 1) continue;
    const length = view.getUint16(field + 2, true);
    if (length < wide.length * 8 || field + 4 + length > extra + extraLength) throw new ZipError('damaged', 'a zip64 extra field is too short');
    for (const [index, name] of wide.entries()) sizes[name] = safe(view.getBigUint64(field + 4 + index * 8, true));
    return sizes;
  }
  return sizes;
}

/** Entries that share bytes are how a small archive unpacks to a huge one. */
function refuseOverlaps(entries: readonly ZipEntry[], limit: number): void {
  const sorted = [...entries].sort((a, b) => a.offset - b.offset);
  for (const [index, entry] of sorted.entries()) {
    const next = sorted[index + 1]?.offset ?? limit;
    if (entry.offset + 30 + entry.compressedSize > next) {
      throw new ZipError('damaged', `the entry ${quote(entry.name)} overlaps with another or with the central directory`);
    }
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true });
const latin1 = new TextDecoder('latin1');

/** UTF-8 where the flag says so or the bytes are; otherwise byte by byte, so that different names stay different. */
function decodeName(bytes: Uint8Array, flagged: boolean): string {
  try {
    return utf8.decode(bytes);
  } catch {
    if (flagged) throw new ZipError('damaged', 'an entry name is not the UTF-8 that it claims to be');
    return latin1.decode(bytes);
  }
}

function exactly(source: ZipSource, offset: number, length: number, what: string): DataView {
  const bytes = offset < 0 ? new Uint8Array() : source.read(offset, length);
  if (bytes.length !== length) throw new ZipError('damaged', `${what} is cut off`);
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function safe(value: bigint): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new ZipError('damaged', 'an offset or size lies beyond any file');
  return Number(value);
}

function quote(name: string): string {
  return JSON.stringify(name.length > 200 ? `${name.slice(0, 200)}…` : name);
}
