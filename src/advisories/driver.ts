import { PortcullisError } from '../errors.ts';

export type SqlValue = string | number | Uint8Array | null;
export type SqlRow = Readonly<Record<string, SqlValue>>;

/** A prepared statement; parameters are bound in order to `?`. */
export interface SqlStatement {
  run(...parameters: readonly SqlValue[]): void;
  get(...parameters: readonly SqlValue[]): SqlRow | undefined;
  all(...parameters: readonly SqlValue[]): readonly SqlRow[];
}

/** A SQLite database, synchronous. Errors are the driver's own; their `message` holds SQLite's words. */
export interface SqlDatabase {
  exec(sql: string): void;
  prepare(sql: string): SqlStatement;
  close(): void;
}

export interface SqlDriver {
  readonly name: 'node:sqlite' | 'libsql';
  /** Opens a database file. One that isn't there is created (by libsql even with `readOnly`: look first). */
  open(path: string, options?: { readonly readOnly?: boolean }): SqlDatabase;
}

/** What both drivers have in common. */
interface NativeStatement {
  run(...parameters: unknown[]): unknown;
  get(...parameters: unknown[]): unknown;
  all(...parameters: unknown[]): unknown;
}
interface NativeDatabase {
  exec(sql: string): unknown;
  prepare(sql: string): NativeStatement;
  close(): unknown;
}

function wrap(database: NativeDatabase, readOnly: boolean): SqlDatabase {
  // libsql's own `readonly` doesn't keep it from writing.
  if (readOnly) database.exec('PRAGMA query_only = 1; PRAGMA trusted_schema = 0');
  return {
    exec: (sql) => void database.exec(sql),
    close: () => void database.close(),
    prepare: (sql) => {
      const statement = database.prepare(sql);
      return {
        run: (...parameters) => void statement.run(...parameters),
        get: (...parameters) => (statement.get(...parameters) ?? undefined) as SqlRow | undefined,
        all: (...parameters) => statement.all(...parameters) as readonly SqlRow[],
      };
    },
  };
}

/** Node's own SQLite announces itself as experimental on stderr whenever it is loaded: no news for our users. */
function quietly<T>(load: () => T): T {
  const emitWarning = process.emitWarning;
  process.emitWarning = ((warning: string | Error, ...rest: unknown[]) => {
    if (rest[0] === 'ExperimentalWarning' && String(warning).includes('SQLite')) return;
    (emitWarning as (...parameters: unknown[]) => void).call(process, warning, ...rest);
  }) as typeof process.emitWarning;
  try {
    return load();
  } finally {
    process.emitWarning = emitWarning;
  }
}

function loadBuiltin(): SqlDriver | undefined {
  let sqlite: { DatabaseSync: new (path: string, options: { readOnly: boolean }) => NativeDatabase } | undefined;
  try {
    sqlite = quietly(() => process.getBuiltinModule?.('node:sqlite') as typeof sqlite);
  } catch {
    return undefined; // known, but switched off
  }
  const DatabaseSync = sqlite?.DatabaseSync;
  if (DatabaseSync === undefined) return undefined;
  return {
    name: 'node:sqlite',
    open: (path, { readOnly = false } = {}) => wrap(new DatabaseSync(path, { readOnly }), readOnly),
  };
}

async function loadLibsql(): Promise<SqlDriver> {
  let Database: new (path: string, options: { readonly: boolean }) => NativeDatabase;
  try {
    Database = ((await import('libsql')) as unknown as { default: typeof Database }).default;
  } catch (cause) {
    throw new PortcullisError('STORE_UNREADABLE', 'The advisory store needs SQLite, and neither Node nor the libsql package has it here.', {
      hint: 'Use Node 22.13 or newer, or install again without --omit=optional so that libsql gets its binary for this system.',
      cause,
    });
  }
  return {
    name: 'libsql',
    open: (path, { readOnly = false } = {}) => wrap(new Database(path, { readonly: readOnly }), readOnly),
  };
}

let loaded: Promise<SqlDriver> | undefined;

/**
 * The SQLite driver of this process, loaded at first use: Node's own (22.13 and newer), else the libsql package.
 * @throws {PortcullisError} STORE_UNREADABLE when there is neither
 */
export function sqlDriver(): Promise<SqlDriver> {
  loaded ??= (async () => loadBuiltin() ?? (await loadLibsql()))();
  return loaded;
}
