import { invalidTar, tarNumber } from './tar-header.ts';

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

/**
 * GNU's old format: `count` pairs of 12-byte numbers from `start`; an offset that begins with a NUL ends them.
 * @throws PortcullisError IMAGE_INVALID
 */
export function oldSparseSegments(block: Buffer, start: number, count: number, at: number): SparseSegment[] {
  const segments: SparseSegment[] = [];
  for (let index = 0; index < count; index++) {
    const from = start + index * 24;
    if (block[from] === 0) break;
    const offset = tarNumber(block, from, 12);
    const length = tarNumber(block, from + 12, 12);
    if (Number.isNaN(offset) || Number.isNaN(length)) throw invalidTar('a sparse file has a map that is not made of numbers', at);
    segments.push({ offset, length });
  }
  return segments;
}

/** A sparse file as its extended header describes it. */
export interface PaxSparse {
  /** Stands in the place of the path. */
  readonly name: string | undefined;
  readonly realSize: number | undefined;
  /** null: the map stands before the data (format 1.0). */
  readonly segments: readonly SparseSegment[] | null;
}

function decimal(text: string, at: number): number {
  if (!/^[0-9]{1,15}$/.test(text)) throw invalidTar('a sparse file has a map that is not made of numbers', at);
  return Number(text);
}

/**
 * Reads the records of GNU's pax formats 0.0, 0.1 and 1.0; null where they don't make the file sparse: an unknown
 * version, or a size or name without a map (as Go's archive/tar decides).
 * @throws PortcullisError IMAGE_INVALID
 */
export function paxSparse(pax: ReadonlyMap<string, string>, at: number): PaxSparse | null {
  const major = pax.get('GNU.sparse.major') ?? '';
  const minor = pax.get('GNU.sparse.minor') ?? '';
  const map = pax.get('GNU.sparse.map') ?? '';
  const isFormat1 = major === '1' && minor === '0';
  const isFormat0 = (major === '0' && (minor === '0' || minor === '1')) || (major === '' && minor === '' && map !== '');
  if (!isFormat0 && !isFormat1) return null;
  const size = pax.get('GNU.sparse.size') || pax.get('GNU.sparse.realsize');
  return {
    name: pax.get('GNU.sparse.name') || undefined,
    realSize: size === undefined || size === '' ? undefined : decimal(size, at),
    segments: isFormat1 ? null : pairsOf(map, at),
  };
}

/** `offset,length,…` */
function pairsOf(map: string, at: number): SparseSegment[] {
  if (map === '') return [];
  const numbers = map.split(',');
  if (numbers.length % 2 !== 0) throw invalidTar('a sparse file has half a pair in its map', at);
  const segments: SparseSegment[] = [];
  for (let index = 0; index < numbers.length; index += 2) {
    segments.push({ offset: decimal(numbers[index] as string, at), length: decimal(numbers[index + 1] as string, at) });
  }
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

/** The stored stretches of a sparse file, each where it lies in the file. @throws PortcullisError IMAGE_INVALID when map and data don't fit */
function* stretches(stored: Buffer, realSize: number, segments: readonly SparseSegment[] | null, at: number): Generator<{ offset: number; data: Buffer }> {
  let position = 0;
  let list = segments;
  if (list === null) {
    const map = leadingMap(stored, at);
    list = map.segments;
    position = map.dataAt;
  }
  for (const segment of checked(list, realSize, at)) {
    if (position + segment.length > stored.length) throw invalidTar('a sparse file has less data than its map says', at);
    yield { offset: segment.offset, data: stored.subarray(position, position + segment.length) };
    position += segment.length;
  }
}

/**
 * A sparse file's whole content. `segments` null means that the map stands before the data (pax format 1.0).
 * @throws PortcullisError IMAGE_INVALID when map and data don't fit
 */
export function expandSparse(stored: Buffer, realSize: number, segments: readonly SparseSegment[] | null, at: number): Buffer {
  const whole = Buffer.alloc(realSize);
  for (const { offset, data } of stretches(stored, realSize, segments, at)) data.copy(whole, offset);
  return whole;
}

/**
 * Hands a sparse file's content on, its holes as numbers of zeros.
 * @throws PortcullisError IMAGE_INVALID when map and data don't fit
 */
export function streamSparse(
  stored: Buffer,
  realSize: number,
  segments: readonly SparseSegment[] | null,
  at: number,
  to: { write(piece: Buffer): void; skip(zeros: number): void },
): void {
  let written = 0;
  for (const { offset, data } of stretches(stored, realSize, segments, at)) {
    if (offset > written) to.skip(offset - written);
    if (data.length > 0) to.write(data);
    written = offset + data.length;
  }
  if (realSize > written) to.skip(realSize - written);
}
