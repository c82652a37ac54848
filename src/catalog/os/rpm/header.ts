import { Damage, viewOf } from './damage.ts';

/** Numbers of the tags that are read (rpm, include/rpm/rpmtag.h). */
export const tags = {
  sha1Header: 269,
  sha256Header: 273,
  name: 1000,
  version: 1001,
  release: 1002,
  epoch: 1003,
  license: 1014,
  arch: 1022,
  oldFileNames: 1027,
  fileStates: 1029,
  fileModes: 1030,
  fileDigests: 1035,
  fileLinkTos: 1036,
  fileFlags: 1037,
  sourceRpm: 1044,
  fileVerifyFlags: 1045,
  dirIndexes: 1116,
  baseNames: 1117,
  dirNames: 1118,
  fileDigestAlgorithm: 5011,
  modularityLabel: 5096,
} as const;

const headerImage = 61;
const headerImmutable = 63;
/** Tags below are regions and the header's own business. */
const firstDataTag = 100;
const entrySize = 16;
const regionTrailerSize = 16;
/** rpm refuses headers with more (lib/header.c, hdrchkTags and hdrchkData). */
const maxEntries = 0xffff;
const maxStore = 0x0fffffff;
/** Bounds on one tag's values: real packages have up to some 100 000 files and licences of a few KiB. */
const maxValues = 1_000_000;
const maxString = 65_536;

const types = { char: 1, int8: 2, int16: 3, int32: 4, int64: 5, string: 6, binary: 7, stringArray: 8, i18nString: 9 } as const;
/** Bytes of one value by type; strings have none. */
const widths: Readonly<Record<number, number>> = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1 };

interface Entry {
  readonly type: number;
  readonly offset: number;
  readonly count: number;
}

/** The part of a header that its package was built with and that its digests cover. */
export interface ImmutableRegion {
  /** False: as rpm 3 made it, without digests. */
  readonly digested: boolean;
  readonly entries: Uint8Array;
  readonly store: Uint8Array;
}

/**
 * A package header as rpm databases store it: big-endian counts of entries and of store bytes, the entries of
 * 16 bytes (tag, type, offset, count), the store (rpm, docs/manual/format_header.md; without the magic that stands
 * in package files). Values are decoded when asked for.
 */
export class RpmHeader {
  /** Null in headers that were built without one. */
  readonly region: ImmutableRegion | null;
  readonly #entries = new Map<number, Entry>();
  readonly #store: Buffer;

  /** Throws Damage when counts, region or an entry don't fit the blob. */
  constructor(blob: Uint8Array) {
    if (blob.length < 8) throw new Damage(`a header of ${blob.length} bytes`);
    const view = viewOf(blob);
    const count = view.getUint32(0);
    const size = view.getUint32(4);
    if (count === 0 || count > maxEntries) throw new Damage(`a header with ${count} entries`);
    if (size > maxStore) throw new Damage(`a header with ${size} bytes of data`);
    if (8 + count * entrySize + size !== blob.length) {
      throw new Damage(`a header of ${blob.length} bytes that says ${count} entries and ${size} bytes of data`);
    }
    const start = 8 + count * entrySize;
    this.#store = Buffer.from(blob.buffer, blob.byteOffset + start, size);
    this.region = regionOf(blob, view, count, start);
    for (let index = this.region === null ? 0 : 1; index < count; index++) this.#addEntry(view, 8 + index * entrySize);
  }

  /** The first string of a tag; null when the header doesn't have it. Throws Damage for another type, a string without end or one of more than 64 KiB. */
  string(tag: number): string | null {
    const entry = this.#entries.get(tag);
    if (entry === undefined) return null;
    if (entry.type !== types.string && entry.type !== types.i18nString && entry.type !== types.stringArray) throw wrongType(tag, entry);
    const end = this.#store.indexOf(0, entry.offset);
    if (end < 0) throw new Damage(`the string of tag ${tag} has no end`);
    if (end - entry.offset > maxString) throw new Damage(`the string of tag ${tag} has ${end - entry.offset} bytes`, 'limit');
    return this.#store.toString('utf8', entry.offset, end);
  }

  /** All strings of a tag; null when the header doesn't have it. Throws Damage as `string` does. */
  strings(tag: number): string[] | null {
    const entry = this.#entries.get(tag);
    if (entry === undefined) return null;
    if (entry.type !== types.stringArray && entry.type !== types.string) throw wrongType(tag, entry);
    checkCount(tag, entry);
    let end = entry.offset;
    for (let index = 0; index < entry.count; index++) {
      const zero = this.#store.indexOf(0, end);
      if (zero < 0) throw new Damage(`string ${index + 1} of ${entry.count} of tag ${tag} has no end`);
      end = zero + 1;
    }
    return this.#store.toString('utf8', entry.offset, end - 1).split('\0');
  }

  /** All numbers of a tag of 8, 16 or 32 bits, unsigned; null when the header doesn't have it. Throws Damage for another type. */
  numbers(tag: number): number[] | null {
    const entry = this.#entries.get(tag);
    if (entry === undefined) return null;
    const width = entry.type === types.char || entry.type === types.int8 ? 1 : entry.type === types.int16 ? 2 : entry.type === types.int32 ? 4 : 0;
    if (width === 0) throw wrongType(tag, entry);
    checkCount(tag, entry);
    const numbers = new Array<number>(entry.count);
    for (let index = 0; index < entry.count; index++) numbers[index] = this.#store.readUIntBE(entry.offset + index * width, width);
    return numbers;
  }

  #addEntry(view: DataView, at: number): void {
    const tag = view.getUint32(at);
    const type = view.getUint32(at + 4);
    const offset = view.getUint32(at + 8);
    const count = view.getUint32(at + 12);
    if (tag < firstDataTag) throw new Damage(`a header with tag ${tag} among its data`);
    if (type < types.char || type > types.i18nString) throw new Damage(`tag ${tag} of unknown type ${type}`);
    const width = widths[type];
    // A string takes at least its terminating byte, so a count can't promise more than the store holds.
    if (count === 0 || offset + count * (width ?? 1) > this.#store.length)
      throw new Damage(`tag ${tag} with ${count} values at ${offset} reaches over the header's end`);
    if (width !== undefined && type !== types.binary && offset % width !== 0) throw new Damage(`tag ${tag} at ${offset} is not aligned`);
    // What was added at installation stands behind the region and replaces what is in it.
    this.#entries.set(tag, { type, offset, count });
    if (tag === tags.baseNames) this.#entries.delete(tags.oldFileNames);
  }
}

function checkCount(tag: number, entry: Entry): void {
  if (entry.count > maxValues) throw new Damage(`tag ${tag} has ${entry.count} values`, 'limit');
}

function wrongType(tag: number, entry: Entry): Damage {
  return new Damage(`tag ${tag} has type ${entry.type}, which it can't have`);
}

/** Follows rpm's hdrblobVerifyRegion: the first entry is the region, its data a trailer that says how many entries it covers. */
function regionOf(blob: Uint8Array, view: DataView, count: number, start: number): ImmutableRegion | null {
  const tag = view.getUint32(8);
  if (tag !== headerImmutable && tag !== headerImage) return null;
  const offset = view.getUint32(16);
  if (view.getUint32(12) !== types.binary || view.getUint32(20) !== regionTrailerSize) throw new Damage('a header whose region has a wrong type or size');
  const trailer = start + offset;
  if (trailer + regionTrailerSize > blob.length) throw new Damage("a header whose region's trailer lies over its end");
  const covered = -view.getInt32(trailer + 8);
  const valid =
    view.getUint32(trailer) === tag &&
    view.getUint32(trailer + 4) === types.binary &&
    view.getUint32(trailer + 12) === regionTrailerSize &&
    covered > 0 &&
    covered % entrySize === 0 &&
    covered / entrySize <= count;
  if (!valid) throw new Damage("a header whose region's trailer doesn't fit its region");
  return { digested: tag === headerImmutable, entries: blob.subarray(8, 8 + covered), store: blob.subarray(start, trailer + regionTrailerSize) };
}
