import { Damage, type DatabaseRecord, damageOf } from './damage.ts';
import { SqliteFile } from './sqlite-file.ts';
import { recordValues } from './sqlite-record.ts';
import { findTable, type SqliteTable } from './sqlite-schema.ts';
import { tableRows } from './sqlite-table.ts';

/**
 * Header blobs of an `rpmdb.sqlite`: column `blob` of table `Packages`, in order of the row ids (rpm, lib/backend/sqlite.c).
 * Throws Damage when the file as a whole can't be read; a file that is cut off yields damage and what is left.
 */
export function* sqliteHeaders(bytes: Uint8Array): Generator<DatabaseRecord> {
  const file = new SqliteFile(bytes);
  if (bytes.length % file.pageSize !== 0) yield { damage: new Damage(`${bytes.length} bytes are not whole pages of ${file.pageSize}`) };
  if (file.declaredPages !== null && file.declaredPages > file.pages) yield { damage: new Damage(`it ends after page ${file.pages} of ${file.declaredPages}`) };
  const table = packagesTable(file);
  const column = table.columns.indexOf('blob');
  if (column < 0) throw new Damage('its table Packages has no column blob');
  for (const row of tableRows(file, table.root)) {
    if ('damage' in row) {
      yield row;
      continue;
    }
    const place = `row ${row.rowid}, page ${row.page}`;
    try {
      const value = recordValues(row.record, column + 1)[column];
      if (value?.type !== 'blob') throw new Damage(`its header is ${value === undefined ? 'missing' : `of type ${value.type}`}`);
      yield { blob: value.bytes, place };
    } catch (error) {
      yield { damage: new Damage(`${place}: ${damageOf(error).message}`) };
    }
  }
}

function packagesTable(file: SqliteFile): SqliteTable {
  try {
    return findTable(file, 'Packages');
  } catch (error) {
    const hint = file.journal === 'wal' ? '; its writers use a write-ahead log, which may hold the rest' : '';
    throw new Damage(`${damageOf(error).message}${hint}`);
  }
}
