import { type BerkeleyFile, pageTypes } from './berkeley-page.ts';
import { Damage, damageOf, slice } from './damage.ts';

const hashItems = { data: 1, duplicates: 2, overflow: 3, duplicateTree: 4 } as const;
const treeItems = { data: 1, duplicates: 2, overflow: 3 } as const;
const deleted = 0x80;

/** A key and one of its values. The key is null where the page doesn't hold it (duplicates in pages of their own). */
export interface BerkeleyPair {
  readonly key: Uint8Array | null;
  readonly value: Uint8Array;
}
export type BerkeleyItem = BerkeleyPair | { readonly damage: Damage };

/** Pairs of a hash page: items in turn key and value, from the page's end downwards (db_page.h, "HASH PAGE LAYOUT"). */
export function* hashPairs(file: BerkeleyFile, page: Uint8Array): Generator<BerkeleyItem> {
  const count = file.uint16(page, 20);
  if (count % 2 !== 0) throw new Damage(`${count} items are no pairs`);
  const items: Uint8Array[] = [];
  let end = page.length;
  for (let index = 0; index < count; index++) {
    const start = file.uint16(page, file.headerSize + index * 2);
    if (start >= end || start < file.headerSize + count * 2) throw new Damage(`item ${index + 1} of ${count} at offset ${start}`);
    items.push(page.subarray(start, end));
    end = start;
  }
  // The page notes its lowest item: a count that was lowered shows.
  const lowest = file.uint16(page, 22);
  if (lowest !== (end & 0xffff)) throw new Damage(`its items end at ${end}, not at ${lowest}`);
  for (let index = 0; index < count; index += 2) {
    try {
      const key = hashItem(file, items[index] as Uint8Array);
      const value = items[index + 1] as Uint8Array;
      if (value[0] === hashItems.duplicateTree) continue;
      if (value[0] === hashItems.duplicates) yield* inlineDuplicates(file, key, value.subarray(1));
      else yield { key, value: hashItem(file, value) };
    } catch (error) {
      yield { damage: damageOf(error) };
    }
  }
}

function hashItem(file: BerkeleyFile, item: Uint8Array): Uint8Array {
  if (item[0] === hashItems.data) return item.subarray(1);
  if (item[0] === hashItems.overflow) return file.overflow(file.uint32(item, 4), file.uint32(item, 8));
  throw new Damage(`an item of type ${item[0]}`);
}

/** Values of one key in one item, each between its length and its length. */
function* inlineDuplicates(file: BerkeleyFile, key: Uint8Array, set: Uint8Array): Generator<BerkeleyPair> {
  let at = 0;
  while (at < set.length) {
    const length = file.uint16(set, at);
    const value = slice(set, at + 2, length, 'a duplicate');
    if (file.uint16(set, at + 2 + length) !== length) throw new Damage(`a duplicate at ${at} whose lengths differ`);
    yield { key, value };
    at += length + 4;
  }
}

/** Pairs of a btree's leaf, or the values of a leaf of duplicates, whose key stands elsewhere (db_page.h, "BTREE PAGE LAYOUT"). */
export function* treePairs(file: BerkeleyFile, page: Uint8Array, type: number): Generator<BerkeleyItem> {
  const count = file.uint16(page, 20);
  const paired = type === pageTypes.btreeLeaf;
  if (paired && count % 2 !== 0) throw new Damage(`${count} items are no pairs`);
  slice(page, file.headerSize, count * 2, 'its list of items');
  let room = page.length;
  let lowest = page.length;
  for (let index = 0; index < count; index += paired ? 2 : 1) {
    const keyAt = file.uint16(page, file.headerSize + index * 2);
    const valueAt = paired ? file.uint16(page, file.headerSize + (index + 1) * 2) : keyAt;
    lowest = Math.min(lowest, keyAt, valueAt);
    try {
      const value = treeItem(file, page, valueAt);
      room -= value.size;
      if (room < 0) throw new Damage('its items take more than the page has');
      if (value.bytes === null) continue;
      // Keys may be shared between pairs; a key on overflow pages can't be that of an rpm database.
      yield { key: paired ? (treeItem(file, page, keyAt, false).bytes ?? null) : null, value: value.bytes };
    } catch (error) {
      yield { damage: damageOf(error) };
    }
  }
  if (lowest !== page.length && (lowest & 0xffff) !== file.uint16(page, 22)) throw new Damage(`its items end at ${lowest}, not at ${file.uint16(page, 22)}`);
}

interface TreeItem {
  /** Null: deleted, or a tree of duplicates, whose leaves are read by themselves. */
  readonly bytes: Uint8Array | null;
  readonly size: number;
}

function treeItem(file: BerkeleyFile, page: Uint8Array, at: number, follow = true): TreeItem {
  if (at < file.headerSize || at + 3 > page.length) throw new Damage(`an item at offset ${at}`);
  const type = page[at + 2] as number;
  if ((type & deleted) !== 0) return { bytes: null, size: 3 };
  if (type === treeItems.data) {
    const length = file.uint16(page, at);
    return { bytes: slice(page, at + 3, length, 'an item'), size: length + 3 };
  }
  if (type === treeItems.duplicates) return { bytes: null, size: 12 };
  if (type !== treeItems.overflow) throw new Damage(`an item of type ${type}`);
  return { bytes: follow ? file.overflow(file.uint32(page, at + 4), file.uint32(page, at + 8)) : null, size: 12 };
}
