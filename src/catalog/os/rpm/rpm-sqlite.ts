import { defineCataloger } from '../../cataloger.ts';
import { readDatabase } from './database.ts';
import { databasePaths, maxDatabaseBytes } from './database-places.ts';
import { sqliteHeaders } from './sqlite.ts';
import { rollbackObjection, walObjection } from './sqlite-journal.ts';

const paths = databasePaths('rpmdb.sqlite', 'rpmdb.sqlite-wal', 'rpmdb.sqlite-journal');

export default defineCataloger({
  name: 'os/rpm-sqlite',
  version: 2,
  summary: 'rpm packages in rpmdb.sqlite (rpm 4.16 and newer: Fedora, RHEL 9 and its like, Azure Linux), with the files they own.',
  provides: ['packages', 'ownership', 'checksums'],
  evidence: 'packages',
  ecosystem: 'rpm',
  maxBytes: maxDatabaseBytes,
  wellKnown: paths,
  selects: (entry) => entry.type === 'file' && paths.includes(entry.path),
  *read(file, request) {
    // Files beside the database: each is judged by itself, since one file is seen at a time.
    const objection = file.path.endsWith('-wal') ? walObjection(file.bytes) : file.path.endsWith('-journal') ? rollbackObjection(file.bytes) : undefined;
    if (objection === undefined) yield* readDatabase(file, request, sqliteHeaders(file.bytes));
    else if (objection !== null) yield { problem: { kind: 'unreadable', what: `the rpm database's journal /${file.path}`, why: objection } };
  },
});
