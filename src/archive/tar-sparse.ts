import { invalidTar } from './tar-header.ts';

/** A stretch of data in a sparse file: where it lies in the file, and its length. */
export interface SparseSegment {
  readonly offset: number;
  readonly length: number;
}

function checked(segments: readonly SparseSegment[], realSize: number, at: number): readonly SparseSegment[] {
  let end = 0;
  for (const segment of segments) {
    if (!(segment.offset >= end) || !(segment.length >= 0) || segment.offset + segment.length > realSize) {
      throw invalidTar('a sparse file has a map that does not fit it', at);
    }
    end = segment.offset + segment.length;
  }
  return segments;
}

/** GNU's old format: `count` pairs of 12-byte octal fields from `start`. */
export function oldSparseSegments(block: Buffer, start: number, count: number): SparseSegment[] {
  const segments: SparseSegment[] = [];
  const read = (from: number): number => {
    const first = block[from] as number;
    if (first & 0x80) {
      let value = first & 0x3f;
      for (let index = from + 1; index < from + 12; index++) value = value * 256 + (block[index] as number);
      return value;
    }
    const text = block.toString('latin1', from, from + 12).replace(/[\0 ]/g, '');
    return text === '' ? Number.NaN : /^[0-7]+$/.test(text) ? Number.parseInt(text, 8) : Number.NaN;
  };
  for (let index = 0; index < count; index++) {
    const offset = read(start + index * 24);
    const length = read(start + index * 24 + 12);
    if (Number.isNaN(offset) || Number.isNaN(length)) break;
    segments.push({ offset, length });
  }
  return segments;
}

/** pax formats 0.0 and 0.1: `GNU.sparse.map` is `offset,length,…`. */
export function paxSparseSegments(map: string): SparseSegment[] {
  const numbers = map.split(',').map(Number);
  const segments: SparseSegment[] = [];
  for (let index = 0; index + 1 < numbers.length; index += 2) segments.push({ offset: numbers[index] as number, length: numbers[index + 1] as number });
  return segments;
}

/**
 * pax format 1.0: the map stands before the data, decimal numbers one a line, padded to 512 bytes.
 * Gives the segments and where the data begins.
 */
function leadingMap(stored: Buffer, at: number): { segments: SparseSegment[]; dataAt: number } {
  let position = 0;
  const next = (): number => {
    const end = stored.indexOf(0x0a, position);
    const text = end < 0 || end - position > 20 ? '' : stored.toString('latin1', position, end);
    if (!/^[0-9]+$/.test(text)) throw invalidTar('a sparse file has a map that is not a list of numbers', at);
    position = end + 1;
    return Number(text);
  };
  const count = next();
  if (count > stored.length) throw invalidTar('a sparse file has a map longer than its data', at);
  const segments: SparseSegment[] = [];
  for (let index = 0; index < count; index++) segments.push({ offset: next(), length: next() });
  return { segments, dataAt: Math.ceil(position / 512) * 512 };
}

/**
 * A sparse file's whole content. `segments` null means that the map stands before the data (pax format 1.0).
 * @throws PortcullisError IMAGE_INVALID when map and data don't fit
 */
export function expandSparse(stored: Buffer, realSize: number, segments: readonly SparseSegment[] | null, at: number): Buffer {
  let position = 0;
  let list = segments;
  if (list === null) {
    const map = leadingMap(stored, at);
    list = map.segments;
    position = map.dataAt;
  }
  const whole = Buffer.alloc(realSize);
  for (const segment of checked(list, realSize, at)) {
    if (position + segment.length > stored.length) throw invalidTar('a sparse file has less data than its map says', at);
    stored.copy(whole, segment.offset, position, position + segment.length);
    position += segment.length;
  }
  return whole;
}
