import { TextDecoder } from 'node:util';
import { Damage, join, slice, viewOf } from './damage.ts';

const magic = 'SQLite format 3\0';
const headerSize = 100;
/** 0: nothing was stored yet. */
const encodings: Readonly<Record<number, string>> = { 0: 'utf-8', 1: 'utf-8', 2: 'utf-16le', 3: 'utf-16be' };

/**
 * A SQLite main database file, read by page (https://www.sqlite.org/fileformat2.html). Each page is handed out once,
 * so that pages which point at each other end in Damage, and reading all of a file costs no more than its size.
 */
export class SqliteFile {
  /** The journal that its writers use. With `wal` the truth may lie in a second file, `NAME-wal`. */
  readonly journal: 'wal' | 'rollback';
  readonly pageSize: number;
  /** Bytes of a page without what extensions reserve at its end. */
  readonly usable: number;
  /** Whole pages that are there. */
  readonly pages: number;
  /** Pages that there should be by the file's header; null when the header doesn't say. */
  readonly declaredPages: number | null;
  readonly #bytes: Uint8Array;
  readonly #decoder: TextDecoder;
  readonly #used: Uint8Array;

  /** Throws Damage when the header isn't that of a SQLite 3 database. */
  constructor(bytes: Uint8Array) {
    if (bytes.length < headerSize) throw new Damage(`${bytes.length} bytes are no SQLite database`);
    if (Buffer.from(bytes.buffer, bytes.byteOffset, magic.length).toString('latin1') !== magic) throw new Damage('it does not begin as a SQLite database');
    const view = viewOf(bytes);
    const size = view.getUint16(16);
    this.pageSize = size === 1 ? 65536 : size;
    if (this.pageSize < 512 || (this.pageSize & (this.pageSize - 1)) !== 0) throw new Damage(`a page size of ${this.pageSize} at offset 16`);
    const readVersion = view.getUint8(19);
    if (readVersion !== 1 && readVersion !== 2) throw new Damage(`a SQLite format of version ${readVersion}`, 'unsupported');
    this.journal = readVersion === 2 ? 'wal' : 'rollback';
    this.usable = this.pageSize - view.getUint8(20);
    if (this.usable < 480) throw new Damage(`${this.usable} usable bytes a page`);
    if (view.getUint8(21) !== 64 || view.getUint8(22) !== 32 || view.getUint8(23) !== 32)
      throw new Damage('payload fractions at offset 21 other than the format demands');
    const encoding = encodings[view.getUint32(56)];
    if (encoding === undefined) throw new Damage(`text encoding ${view.getUint32(56)} at offset 56`);
    this.#decoder = new TextDecoder(encoding);
    this.pages = Math.floor(bytes.length / this.pageSize);
    // The count is only kept up by SQLite 3.7 and newer, which then leave the change counter here too.
    const declared = view.getUint32(28);
    this.declaredPages = declared > 0 && view.getUint32(24) === view.getUint32(92) ? declared : null;
    this.#bytes = bytes;
    this.#used = new Uint8Array(this.pages + 1);
  }

  /** The usable part of a page, counted from 1. Throws Damage when it isn't there or was handed out before. */
  page(number: number): Uint8Array {
    if (number < 1 || number > this.pages) throw new Damage(`page ${number} of ${this.pages} is needed`);
    if (this.#used[number] === 1) throw new Damage(`page ${number} is used twice`);
    this.#used[number] = 1;
    return this.#bytes.subarray((number - 1) * this.pageSize, (number - 1) * this.pageSize + this.usable);
  }

  /** A payload of `length` bytes whose first part is `local` and whose rest stands on overflow pages from `first` on. Throws Damage. */
  payload(local: Uint8Array, length: number, first: number): Uint8Array {
    const chunks = [local];
    let missing = length - local.length;
    let next = first;
    while (missing > 0) {
      const page = this.page(next);
      const chunk = slice(page, 4, Math.min(missing, this.usable - 4), `overflow page ${next}`);
      chunks.push(chunk);
      missing -= chunk.length;
      next = viewOf(page).getUint32(0);
    }
    if (next !== 0 && chunks.length > 1) throw new Damage(`an overflow chain goes on at page ${next} after its payload's end`);
    return join(chunks, length);
  }

  /** Text in the database's encoding. */
  text(bytes: Uint8Array): string {
    return this.#decoder.decode(bytes);
  }
}
