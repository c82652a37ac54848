import { Damage, damageOf, slice, viewOf } from './damage.ts';
import type { SqliteFile } from './sqlite-file.ts';
import { varint } from './sqlite-record.ts';

const interiorTable = 5;
const leafTable = 13;

export type SqliteRow = { readonly rowid: number; readonly page: number; readonly record: Uint8Array } | { readonly damage: Damage };

/**
 * The rows of a table by rowid, from its root page (fileformat2, "B-tree Pages"). A damaged page or cell yields its
 * damage and the others are still read. Every byte of a page must be accounted for, as `PRAGMA integrity_check`
 * demands, so that a row can't get lost by a wrong count.
 */
export function* tableRows(file: SqliteFile, root: number): Generator<SqliteRow> {
  const pending = [root];
  let last = Number.NEGATIVE_INFINITY;
  for (let number = pending.pop(); number !== undefined; number = pending.pop()) {
    try {
      const page = openPage(file, number);
      if (page.type === interiorTable) {
        const children = page.cells.map((at) => viewOf(page.bytes).getUint32(at));
        pending.push(page.right, ...children.reverse());
        checkCoverage(
          page,
          page.cells.map((at) => varint(page.bytes, at + 4).end - at),
        );
        continue;
      }
      const sizes: number[] = [];
      let taken = 0;
      for (const at of page.cells) {
        try {
          const cell = leafCell(file, page.bytes, at);
          sizes.push(cell.size);
          taken += cell.size;
          if (taken > page.bytes.length) break;
          if (cell.rowid <= last) yield { damage: new Damage(`page ${number}, offset ${at}: row ${cell.rowid} stands after row ${last}`) };
          last = cell.rowid;
          yield { rowid: cell.rowid, page: number, record: file.payload(cell.local, cell.length, cell.overflow) };
        } catch (error) {
          yield { damage: new Damage(`page ${number}, offset ${at}: ${damageOf(error).message}`) };
        }
      }
      if (taken > page.bytes.length) throw new Damage('its cells take more than the page has');
      if (sizes.length === page.cells.length) checkCoverage(page, sizes);
    } catch (error) {
      yield { damage: new Damage(`page ${number}: ${damageOf(error).message}`) };
    }
  }
}

interface BtreePage {
  readonly bytes: Uint8Array;
  readonly type: typeof interiorTable | typeof leafTable;
  /** Offsets of the cells, in key order. */
  readonly cells: readonly number[];
  /** Of an interior page: the last child. */
  readonly right: number;
  readonly header: number;
}

function openPage(file: SqliteFile, number: number): BtreePage {
  const bytes = file.page(number);
  const view = viewOf(bytes);
  const header = number === 1 ? 100 : 0;
  const type = bytes[header];
  if (type !== interiorTable && type !== leafTable) throw new Damage(`type ${type} is not a page of a table`);
  const pointers = header + (type === interiorTable ? 12 : 8);
  const count = view.getUint16(header + 3);
  slice(bytes, pointers, count * 2, 'its list of cells');
  const cells = new Array<number>(count);
  for (let index = 0; index < count; index++) {
    const at = view.getUint16(pointers + index * 2);
    // The smallest cell has 4 bytes on a leaf and 5 on an interior page.
    if (at < pointers + count * 2 || at + 4 > bytes.length) throw new Damage(`cell ${index + 1} of ${count} at offset ${at}`);
    cells[index] = at;
  }
  return { bytes, type, cells, right: type === interiorTable ? view.getUint32(header + 8) : 0, header };
}

interface LeafCell {
  readonly rowid: number;
  /** Of the whole payload. */
  readonly length: number;
  readonly local: Uint8Array;
  /** The first overflow page; 0 without one. */
  readonly overflow: number;
  /** Bytes that the cell takes on its page. */
  readonly size: number;
}

/** fileformat2, "Cell Payload Overflow Pages". */
function leafCell(file: SqliteFile, page: Uint8Array, at: number): LeafCell {
  const length = varint(page, at);
  const rowid = varint(page, length.end);
  const most = file.usable - 35;
  const least = Math.floor(((file.usable - 12) * 32) / 255) - 23;
  const fitting = least + ((length.value - least) % (file.usable - 4));
  const localLength = length.value <= most ? length.value : fitting <= most ? fitting : least;
  const local = slice(page, rowid.end, localLength, `a row of ${length.value} bytes`);
  const spilled = localLength < length.value;
  const end = rowid.end + localLength + (spilled ? 4 : 0);
  if (end > page.length) throw new Damage(`a row at ${at} reaches over the page's end`);
  return { rowid: rowid.value, length: length.value, local, overflow: spilled ? viewOf(page).getUint32(end - 4) : 0, size: Math.max(4, end - at) };
}

/** Header, cell pointers, gap, cells, free blocks and fragments must add up to the page. */
function checkCoverage(page: BtreePage, sizes: readonly number[]): void {
  const view = viewOf(page.bytes);
  // 0 stands for 65536, which only an empty page of that size has.
  const content = view.getUint16(page.header + 5) || 65536;
  let taken = view.getUint8(page.header + 7);
  for (const size of sizes) taken += size;
  let before = 0;
  for (let free = view.getUint16(page.header + 1); free !== 0; free = view.getUint16(free)) {
    if (free <= before || free + 4 > page.bytes.length) throw new Damage(`a free block at offset ${free}`);
    taken += view.getUint16(free + 2);
    before = free;
  }
  if (content + taken !== page.bytes.length) throw new Damage(`its cells take ${taken} of ${page.bytes.length - content} bytes`);
}
