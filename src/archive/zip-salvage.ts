import { constants, crc32, inflateRawSync } from 'node:zlib';
import type { ZipLimits } from './zip.ts';

/** An entry found by its local header. */
export interface SalvagedEntry {
  /** Empty where its header is damaged. */
  readonly name: string;
  /** What could be unpacked; the last entry of an archive that was cut off may be a part. */
  readonly content: Uint8Array | null;
  /** Why there is no content, or not the right one; null where all that is there could be read. */
  readonly why: string | null;
}

const signature = Buffer.from([0x50, 0x4b, 0x03, 0x04]);
const DAMAGED = 'its header is damaged';
/** Entries that can't be unpacked, before the rest is left alone: what looks like their headers is made up. */
const MAX_UNREADABLE = 100;

/**
 * What there is of a zip archive without its directory (PKWARE APPNOTE 6.3, 4.3.7): the entries in the order of their local headers,
 * unpacked as far as they go and unchecked.
 * @param budget bytes that may be unpacked in all; the entry that exceeds it is the last
 */
export function* salvageZip(bytes: Buffer, limits: ZipLimits, budget: number): Generator<SalvagedEntry> {
  let unreadable = 0;
  let left = budget;
  for (let at = bytes.indexOf(signature); at >= 0 && at + 30 <= bytes.length; ) {
    const nameLength = bytes.readUInt16LE(at + 26);
    const start = at + 30 + nameLength + bytes.readUInt16LE(at + 28);
    const name = bytes.toString('utf8', at + 30, at + 30 + nameLength);
    const entry = nameLength > limits.nameBytes || start > bytes.length ? DAMAGED : unpack(bytes, at, start, Math.min(left, limits.entryBytes));
    if (typeof entry === 'string') {
      // A header that makes no sense has no name either.
      yield { name: entry === DAMAGED ? '' : name, content: null, why: entry };
      if (++unreadable > MAX_UNREADABLE) return;
      at = bytes.indexOf(signature, at + 4);
      continue;
    }
    left -= entry.content.length;
    yield { name, content: entry.content, why: damageOf(bytes, at, entry) };
    at = bytes.indexOf(signature, entry.end);
  }
}

/** What contradicts its header; an entry that goes on to the end of the bytes was cut off, and one without a size of its own can't be compared. */
function damageOf(bytes: Buffer, header: number, { content, end }: { content: Uint8Array; end: number }): string | null {
  if ((bytes.readUInt16LE(header + 6) & 8) !== 0 || end >= bytes.length) return null;
  const isRight = bytes.readUInt32LE(header + 22) === content.length && bytes.readUInt32LE(header + 14) === crc32(content);
  return isRight ? null : "it doesn't have the size and checksum that it declares";
}

/** The content of an entry and where its bytes end; or why it can't be had. */
function unpack(bytes: Buffer, header: number, start: number, most: number): { content: Uint8Array; end: number } | string {
  const flags = bytes.readUInt16LE(header + 6);
  const method = bytes.readUInt16LE(header + 8);
  const size = bytes.readUInt32LE(header + 18);
  if ((flags & 1) !== 0) return 'it is encrypted';
  if (method === 0) {
    // Without a size it goes on to what looks like the next header.
    const next = bytes.indexOf(signature, start);
    const end = (flags & 8) === 0 ? Math.min(start + size, bytes.length) : next < 0 ? bytes.length : next;
    return end - start > most ? `it unpacks to more than ${most} bytes` : { content: bytes.subarray(start, end), end };
  }
  // The methods that are known (APPNOTE 6.3.10, 4.4.5) have small numbers.
  if (method !== 8) return method > 99 ? DAMAGED : `it uses compression method ${method}`;
  try {
    const options = { maxOutputLength: Math.max(most, 1), finishFlush: constants.Z_SYNC_FLUSH, info: true };
    const { buffer, engine } = inflateRawSync(bytes.subarray(start), options) as unknown as { buffer: Buffer; engine: { bytesWritten: number } };
    return { content: buffer, end: start + Math.max(engine.bytesWritten, 1) };
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? `it unpacks to more than ${most} bytes` : 'its compressed data is damaged';
  }
}
