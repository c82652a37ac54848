import { type BerkeleyItem, hashPairs, treePairs } from './berkeley-items.ts';
import { BerkeleyFile, pageTypes } from './berkeley-page.ts';
import { Damage, type DatabaseRecord, damageOf } from './damage.ts';

/**
 * Header blobs of a Berkeley DB database, `Packages` (rpm, lib/backend/db3.c): the value of every key but 0, which
 * counts the headers. All pages are looked at in turn instead of following buckets or trees: what is freed has a type
 * of its own, and so nothing is lost by a broken pointer. Throws Damage when the file as a whole can't be read; a
 * broken page or item yields damage, as does finding fewer entries than the metadata counts.
 */
export function* berkeleyHeaders(bytes: Uint8Array): Generator<DatabaseRecord> {
  const file = new BerkeleyFile(bytes);
  if (bytes.length % file.pageSize !== 0) yield { damage: new Damage(`${bytes.length} bytes are not whole pages of ${file.pageSize}`) };
  if (file.lastPage >= file.pages) yield { damage: new Damage(`it ends after ${file.pages} of ${file.lastPage + 1} pages`) };
  let pairs = 0;
  for (let number = 1; number < file.pages; number++) {
    try {
      const type = file.typeOf(number);
      const page = file.page(number);
      if (isHash(type)) pairs += Math.floor(file.uint16(page, 20) / 2);
      for (const item of itemsOf(file, page, type)) {
        if ('damage' in item) {
          yield { damage: new Damage(`page ${number}: ${item.damage.message}`, item.damage.kind) };
          continue;
        }
        const { key, value } = item;
        if (key !== null && key.length !== 4) throw new Damage(`a key of ${key.length} bytes`);
        if (key !== null && file.uint32(key, 0) === 0) continue;
        yield { blob: value, place: key === null ? `page ${number}` : `header ${file.uint32(key, 0)}, page ${number}` };
      }
    } catch (error) {
      yield { damage: new Damage(`page ${number}: ${damageOf(error).message}`) };
    }
  }
  if (file.entries !== null && pairs < file.entries) yield { damage: new Damage(`${pairs} of the ${file.entries} entries that it counts were found`) };
}

function itemsOf(file: BerkeleyFile, page: Uint8Array, type: number): Iterable<BerkeleyItem> {
  if (isHash(type)) return hashPairs(file, page);
  // Duplicates outside a pair's page lie in trees of their own: sorted ones on pages of duplicates, others on pages of records.
  if (type === pageTypes.btreeLeaf || type === pageTypes.duplicatesLeaf || type === pageTypes.recordsLeaf) return treePairs(file, page, type);
  return [];
}

function isHash(type: number): boolean {
  return type === pageTypes.hash || type === pageTypes.unsortedHash;
}
