import { Damage, join, slice, viewOf } from './damage.ts';

/** Page types (Berkeley DB, src/dbinc/db_page.h). */
export const pageTypes = {
  free: 0,
  duplicates: 1,
  unsortedHash: 2,
  btreeLeaf: 5,
  recordsLeaf: 6,
  overflow: 7,
  hashMeta: 8,
  btreeMeta: 9,
  duplicatesLeaf: 12,
  hash: 13,
} as const;
const knownTypes = 13;

const hashMagic = 0x061561;
const btreeMagic = 0x053162;
const metaSize = 96;
const pageHeaderSize = 26;
const checksummedHeaderSize = 32;
const metaHasChecksums = 0x01;

/** A Berkeley DB file of either byte order, read by page. Each overflow page is handed out once. */
export class BerkeleyFile {
  readonly method: 'hash' | 'btree';
  readonly pageSize: number;
  readonly littleEndian: boolean;
  /** Whole pages that are there, page 0 with the metadata among them. */
  readonly pages: number;
  /** Number of the last page that there should be. */
  readonly lastPage: number;
  /** Entries that the metadata counts; null when it doesn't (btree). */
  readonly entries: number | null;
  /** Bytes before a page's list of offsets or its content. */
  readonly headerSize: number;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #used: Uint8Array;

  /** Throws Damage when the metadata page isn't that of a hash or btree database, or of a version that isn't read. */
  constructor(bytes: Uint8Array) {
    if (bytes.length < metaSize) throw new Damage(`${bytes.length} bytes are no Berkeley DB`);
    const view = viewOf(bytes);
    this.littleEndian = [hashMagic, btreeMagic].includes(view.getUint32(12, true));
    const magic = view.getUint32(12, this.littleEndian);
    if (magic !== hashMagic && magic !== btreeMagic) throw new Damage('it does not begin as a Berkeley DB of type hash or btree');
    this.method = magic === hashMagic ? 'hash' : 'btree';
    const version = view.getUint32(16, this.littleEndian);
    // Page layout as read here since 3.1; 10 is that of 6.0 and newer.
    const [oldest, newest] = this.method === 'hash' ? [7, 10] : [8, 10];
    if (version < oldest || version > newest) throw new Damage(`a Berkeley DB ${this.method} of version ${version}`, 'unsupported');
    if (view.getUint8(24) !== 0) throw new Damage('it is encrypted', 'unsupported');
    if (view.getUint8(25) !== (this.method === 'hash' ? pageTypes.hashMeta : pageTypes.btreeMeta))
      throw new Damage(`page 0 of type ${view.getUint8(25)} has no metadata`);
    this.pageSize = view.getUint32(20, this.littleEndian);
    if (this.pageSize < 512 || this.pageSize > 65536 || (this.pageSize & (this.pageSize - 1)) !== 0)
      throw new Damage(`a page size of ${this.pageSize} at offset 20`);
    this.headerSize = (view.getUint8(26) & metaHasChecksums) === 0 ? pageHeaderSize : checksummedHeaderSize;
    this.lastPage = view.getUint32(32, this.littleEndian);
    this.entries = this.method === 'hash' ? view.getUint32(88, this.littleEndian) : null;
    this.pages = Math.floor(bytes.length / this.pageSize);
    this.#bytes = bytes;
    this.#view = view;
    this.#used = new Uint8Array(this.pages);
  }

  /** A page's type. Throws Damage for one that isn't known. */
  typeOf(number: number): number {
    const type = this.#view.getUint8(number * this.pageSize + 25);
    if (type > knownTypes) throw new Damage(`type ${type} is none of a page`);
    // Pages that were never written are zero throughout; all others know their number.
    const own = this.#view.getUint32(number * this.pageSize + 8, this.littleEndian);
    if (type !== pageTypes.free && own !== number) throw new Damage(`it says that it is page ${own}`);
    return type;
  }

  page(number: number): Uint8Array {
    return this.#bytes.subarray(number * this.pageSize, (number + 1) * this.pageSize);
  }

  /** A 16-bit number of a page. */
  uint16(page: Uint8Array, at: number): number {
    slice(page, at, 2, 'a number');
    return viewOf(page).getUint16(at, this.littleEndian);
  }

  /** A 32-bit number of a page or item. */
  uint32(page: Uint8Array, at: number): number {
    slice(page, at, 4, 'a number');
    return viewOf(page).getUint32(at, this.littleEndian);
  }

  /** An item of `length` bytes that stands on overflow pages from `first` on. Throws Damage when the chain is broken or has another length. */
  overflow(first: number, length: number): Uint8Array {
    const chunks: Uint8Array[] = [];
    let missing = length;
    let next = first;
    while (next !== 0) {
      if (next >= this.pages) throw new Damage(`overflow page ${next} of ${this.pages} is needed`);
      if (this.#used[next] === 1) throw new Damage(`overflow page ${next} is used twice`);
      this.#used[next] = 1;
      if (this.typeOf(next) !== pageTypes.overflow) throw new Damage(`page ${next} is not an overflow page`);
      const page = this.page(next);
      const chunk = slice(page, this.headerSize, this.uint16(page, 22), `overflow page ${next}`);
      missing -= chunk.length;
      if (missing < 0) throw new Damage(`an overflow chain from page ${first} holds more than its ${length} bytes`);
      chunks.push(chunk);
      next = this.uint32(page, 16);
    }
    if (missing !== 0) throw new Damage(`an overflow chain from page ${first} lacks ${missing} of ${length} bytes`);
    return join(chunks, length);
  }
}
