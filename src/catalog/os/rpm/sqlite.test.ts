import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tags } from './header.ts';
import cataloger from './rpm-sqlite.ts';
import { expectMutationsToShow, headerBlob, namesAndVersions, packageBlob, readWith, seeded } from './testing/index.ts';

const path = 'var/lib/rpm/rpmdb.sqlite';
const read = (bytes: Uint8Array) => readWith(cataloger, path, bytes);
const tool = spawnSync('sqlite3', ['-version']).status === 0 ? 'sqlite3' : undefined;
const schema = "CREATE TABLE 'Packages' (hnum INTEGER PRIMARY KEY AUTOINCREMENT,blob BLOB NOT NULL);";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'portcullis-sqlite-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Header blobs of packages at random sizes, from some hundred bytes to some hundred pages. */
function blobs(count: number, most = 60_000): { readonly names: string[]; readonly blobs: Buffer[] } {
  const random = seeded(count);
  const names = Array.from({ length: count }, (_, index) => `p${index}-${Math.floor(random() * 1e9)}`);
  return {
    names: names.map((name) => `${name} 1.0-1`).sort(),
    blobs: names.map((name) => packageBlob(name, [[tags.oldFileNames, new Array(1 + Math.floor((random() ** 4 * most) / 12)).fill('/usr/bin/xyz')]])),
  };
}

let files = 0;
function newPath(): string {
  return join(folder, `rpmdb-${files++}.sqlite`);
}

interface Choices {
  readonly pageSize?: number;
  readonly encoding?: string;
  readonly statement?: string;
  readonly journal?: string;
  /** Statements after the rows. */
  readonly after?: string;
}
function database(rows: readonly Uint8Array[], choices: Choices = {}): Buffer {
  const path = newPath();
  const db = new Database(path);
  db.exec(
    `PRAGMA page_size=${choices.pageSize ?? 4096}; PRAGMA encoding='${choices.encoding ?? 'UTF-8'}'; PRAGMA journal_mode=${choices.journal ?? 'DELETE'};`,
  );
  db.exec(`CREATE TABLE before (a TEXT); ${choices.statement ?? schema}`);
  const insert = db.prepare('INSERT INTO Packages (blob) VALUES (?)');
  db.exec('BEGIN');
  for (const row of rows) insert.run([row]);
  db.exec(`COMMIT; ${choices.after ?? ''}`);
  db.close();
  return readFileSync(path);
}

describe('rpmdb.sqlite', () => {
  test.each([512, 1024, 4096, 32768, 65536])('of pages of %d bytes gives all packages, through interior and overflow pages', (pageSize) => {
    const { names, blobs: rows } = blobs(150);
    const reading = read(database(rows, { pageSize }));
    expect(reading.problems).toEqual([]);
    expect(namesAndVersions(reading)).toEqual(names);
  });

  test.each<[string, Choices]>([
    ['text in UTF-16, little-endian', { encoding: 'UTF-16le' }],
    ['text in UTF-16, big-endian', { encoding: 'UTF-16be' }],
    ['a write-ahead log that was written back', { journal: 'WAL', after: 'PRAGMA wal_checkpoint(TRUNCATE);' }],
    [
      'the column elsewhere and quoted',
      { statement: 'CREATE TABLE "packages" ([a b] TEXT DEFAULT (\'x,y\'), "Blob" BLOB, c INT, CONSTRAINT x CHECK (c <> 1));' },
    ],
    ['many other tables', { after: `BEGIN; ${Array.from({ length: 200 }, (_, index) => `CREATE TABLE t${index} (a, b);`).join('')} COMMIT;` }],
    [
      'free pages',
      { after: "CREATE TABLE big (a); INSERT INTO big VALUES (zeroblob(500000)); DROP TABLE big; INSERT INTO before VALUES ('x'); DELETE FROM before;" },
    ],
  ])('with %s gives all packages', (_, choices) => {
    const { names, blobs: rows } = blobs(40);
    const reading = read(database(rows, choices));
    expect(reading.problems).toEqual([]);
    expect(namesAndVersions(reading)).toEqual(names);
  });

  test('gives what is left after deleting, without what was deleted', () => {
    const { names, blobs: rows } = blobs(120, 5000);
    const bytes = database(rows, { pageSize: 1024, after: 'DELETE FROM Packages WHERE hnum % 3 = 0 OR hnum BETWEEN 40 AND 70;' });
    const kept = rows.map((_, index) => index + 1).filter((row) => row % 3 !== 0 && !(row >= 40 && row <= 70));
    const reading = read(bytes);
    expect(reading.problems).toEqual([]);
    expect(reading.packages.length).toBe(kept.length);
    for (const { name } of reading.packages) expect(names).toContain(`${name} 1.0-1`);
  });

  test.skipIf(tool === undefined)('with reserved bytes on each page gives all packages (needs the sqlite3 tool)', () => {
    const { names, blobs: rows } = blobs(30);
    const path = newPath();
    const inserts = rows.map((row) => `INSERT INTO Packages (blob) VALUES (x'${row.toString('hex')}');`).join('\n');
    execFileSync(tool as string, [path], { input: `.filectrl reserve_bytes 32\n${schema}\n${inserts}\nVACUUM;\n` });
    const bytes = readFileSync(path);
    expect(bytes[20]).toBe(32);
    expect(namesAndVersions(read(bytes))).toEqual(names);
    expect(read(bytes).problems).toEqual([]);
  });

  test('shows damage', () => {
    expectMutationsToShow(database(blobs(30, 8000).blobs, { pageSize: 1024 }), read, { rounds: 800, focus: 8192, seed: 4 });
  });

  test('that is cut off gives what is left and says where it ends', () => {
    const bytes = database(blobs(60).blobs);
    const reading = read(bytes.subarray(0, bytes.length - 4096));
    expect(reading.packages.length).toBeGreaterThan(30);
    expect(reading.problems).toMatchObject([
      { kind: 'unreadable', why: expect.stringContaining(`it ends after page ${bytes.length / 4096 - 1} of ${bytes.length / 4096}`) },
    ]);
    expect(read(bytes.subarray(0, bytes.length - 1)).problems[0]?.why).toContain('not whole pages of 4096');
  });

  test('whose pages form a circle ends in a problem', () => {
    const bytes = database(blobs(400, 2000).blobs, { pageSize: 512 });
    for (let page = 1; page < bytes.length / 512; page++) {
      if (bytes[page * 512] === 5) bytes.writeUInt32BE(page + 1, page * 512 + 8);
    }
    expect(read(bytes).problems).toMatchObject([{ kind: 'unreadable', why: expect.stringMatching(/page \d+ is used twice/) }]);
  });

  test('of which every page is damaged is given up after a while', () => {
    const bytes = database([Buffer.alloc(10), ...new Array(30_000).fill(Buffer.from('x'))]);
    expect(read(bytes).problems).toMatchObject([
      { kind: 'unreadable', why: expect.stringMatching(/^row 1, page \d+: a header .*; and 9997 more, after which it was given up$/) },
    ]);
  });

  test.each<[string, () => Uint8Array, object]>([
    ['without bytes', () => new Uint8Array(0), { kind: 'unreadable', why: '0 bytes are no SQLite database' }],
    ['of other content', () => Buffer.alloc(4096), { kind: 'unreadable', why: 'it does not begin as a SQLite database' }],
    ['without packages', () => database([]), { kind: 'contradiction', why: 'it is whole and lists no package' }],
    ['without its table', () => database([], { after: 'DROP TABLE Packages;' }), { kind: 'unreadable', why: 'the schema has no table Packages' }],
    [
      'whose content is all in its log',
      () => database([], { journal: 'WAL' }),
      { kind: 'unreadable', why: expect.stringContaining('its writers use a write-ahead log') },
    ],
    [
      'without its column',
      () => database([], { statement: 'CREATE TABLE Packages (hnum INTEGER PRIMARY KEY, blob TEXT);', after: 'ALTER TABLE Packages RENAME blob TO b;' }),
      { why: 'its table Packages has no column blob' },
    ],
    [
      'with text for a header',
      () => database([], { after: "INSERT INTO Packages (blob) VALUES ('x');" }),
      { why: expect.stringMatching(/row 1, page \d+: its header is of type text/) },
    ],
    [
      'with a package without name',
      () =>
        database([
          headerBlob([
            [tags.version, '1'],
            [tags.release, '1'],
          ]),
        ]),
      { why: expect.stringContaining('a header without a name') },
    ],
    [
      'without rowids',
      () => database([], { statement: 'CREATE TABLE Packages (hnum INTEGER PRIMARY KEY, blob BLOB) WITHOUT ROWID;' }),
      { why: expect.stringContaining('type 10 is not a page of a table') },
    ],
  ])('%s is a problem', (_, bytes, problem) => {
    const reading = read(bytes());
    expect(reading.packages).toEqual([]);
    expect(reading.problems).toMatchObject([problem]);
  });

  test('owns the files that a language package is read from, when that is asked for', () => {
    const bytes = database([
      packageBlob('npm', [[tags.oldFileNames, ['/usr/share/doc/npm/README', '/usr/lib/node_modules/npm/package.json']]]),
      packageBlob('meta'),
    ]);
    const owned = [{ package: 'npm', architecture: 'x86_64', type: 'rpm', files: ['/usr/lib/node_modules/npm/package.json'] }];
    expect(read(bytes).ownership).toEqual(owned);
    expect(readWith(cataloger, path, bytes, false).ownership).toEqual([]);
  });

  test('keeps a package whose files contradict each other, and says so', () => {
    const reading = read(database([packageBlob('a', [[tags.baseNames, ['x']]]), packageBlob('b')]));
    expect(namesAndVersions(reading)).toEqual(['a 1.0-1', 'b 1.0-1']);
    expect(reading.problems).toMatchObject([{ kind: 'unreadable', why: expect.stringMatching(/row 1, page \d+: file names without directories/) }]);
  });
});

describe('a journal beside rpmdb.sqlite', () => {
  /** The main file and its journals while a change is under way. */
  function during(journal: string, change: string): { readonly main: Buffer; readonly wal: Buffer | null; readonly rollback: Buffer | null } {
    const path = newPath();
    const db = new Database(path);
    db.exec(`PRAGMA journal_mode=${journal}; PRAGMA wal_autocheckpoint=0; ${schema}`);
    db.prepare('INSERT INTO Packages (blob) VALUES (?)').run([packageBlob('first')]);
    db.exec('PRAGMA wal_checkpoint(RESTART);');
    db.exec(change);
    const optional = (suffix: string): Buffer | null => {
      try {
        return readFileSync(`${path}${suffix}`);
      } catch {
        return null;
      }
    };
    const found = { main: readFileSync(path), wal: optional('-wal'), rollback: optional('-journal') };
    db.close();
    return found;
  }

  const wal = (bytes: Uint8Array) => readWith(cataloger, `${path}-wal`, bytes);
  const rollback = (bytes: Uint8Array) => readWith(cataloger, `${path}-journal`, bytes);

  test('with changed pages is a problem of its own', () => {
    const { main, wal: log } = during('WAL', `INSERT INTO Packages (blob) VALUES (x'${packageBlob('second').toString('hex')}');`);
    expect(namesAndVersions(read(main))).toEqual(['first 1.0-1']);
    const reading = wal(log as Buffer);
    expect(reading.packages).toEqual([]);
    expect(reading.problems).toMatchObject([
      { kind: 'unreadable', what: `the rpm database's journal /${path}-wal`, why: expect.stringMatching(/^it holds \d+ changed pages/) },
    ]);
  });

  test('is none when it is empty or only has what an earlier log left', () => {
    expect(wal(new Uint8Array(0))).toEqual({ packages: [], ownership: [], problems: [] });
    const { wal: log } = during('WAL', `INSERT INTO Packages (blob) VALUES (x'00');`);
    expect(wal((log as Buffer).subarray(0, 32)).problems).toEqual([]);
    const restarted = Buffer.from(log as Buffer);
    restarted.writeUInt32BE(restarted.readUInt32BE(16) + 1, 16);
    expect(wal(restarted).problems).toEqual([]);
  });

  test('is a problem when it is cut off or not a log', () => {
    expect(wal(Buffer.alloc(20)).problems).toMatchObject([{ why: 'it is cut off after 20 bytes' }]);
    expect(wal(Buffer.alloc(5000)).problems).toMatchObject([{ why: expect.stringContaining('does not begin as a write-ahead log') }]);
  });

  test('of the older kind is a problem while a change is under way', () => {
    const { rollback: hot } = during(
      'DELETE',
      `PRAGMA cache_size=1; PRAGMA cache_spill=1; BEGIN; CREATE TABLE x (a); INSERT INTO x VALUES (zeroblob(400000)); UPDATE Packages SET blob=x'00';`,
    );
    expect(rollback(hot as Buffer).problems).toMatchObject([{ kind: 'unreadable', why: 'a change to the main file was not completed' }]);
    expect(rollback(Buffer.alloc(512)).problems).toEqual([]);
    expect(rollback(new Uint8Array(0)).problems).toEqual([]);
  });
});
