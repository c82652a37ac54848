import { Damage } from './damage.ts';
import type { SqliteFile } from './sqlite-file.ts';
import { recordValues, type SqliteValue } from './sqlite-record.ts';
import { tableRows } from './sqlite-table.ts';

/** A table as the schema describes it. */
export interface SqliteTable {
  readonly root: number;
  /** Lower-case names in order. */
  readonly columns: readonly string[];
}

/** Looks a table up in `sqlite_schema` (fileformat2, "Storage Of The SQL Database Schema"). Throws Damage when the schema or the table's entry can't be read or has no such table. */
export function findTable(file: SqliteFile, name: string): SqliteTable {
  let damage: Damage | null = null;
  for (const row of tableRows(file, 1)) {
    if ('damage' in row) {
      damage ??= row.damage;
      continue;
    }
    const [type, called, , root, sql] = recordValues(row.record, 5);
    if (textOf(file, type) !== 'table' || textOf(file, called).toLowerCase() !== name.toLowerCase()) continue;
    if (root?.type !== 'integer' || root.value < 2) throw new Damage(`the schema gives no page for table ${name}`);
    return { root: root.value, columns: columnNames(textOf(file, sql)) };
  }
  throw new Damage(damage === null ? `the schema has no table ${name}` : `the schema can't be read: ${damage.message}`);
}

function textOf(file: SqliteFile, value: SqliteValue | undefined): string {
  return value?.type === 'text' ? file.text(value.bytes) : '';
}

/** Column names out of a CREATE TABLE statement. SQLite stores the statement that made the table, so it is well-formed; comments aren't expected. */
function columnNames(sql: string): string[] {
  const tokens = sql.match(/'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|\[[^\]]*\]|[(),]|[^\s(),'"`[\]]+/g) ?? [];
  const names: string[] = [];
  let depth = 0;
  let first = false;
  for (const token of tokens) {
    if (token === '(') {
      depth++;
      first = depth === 1;
    } else if (token === ')') depth--;
    else if (token === ',' && depth === 1) first = true;
    else if (depth === 1 && first) {
      names.push(token.replace(/^['"`[]|['"`\]]$/g, '').toLowerCase());
      first = false;
    }
  }
  return names;
}
