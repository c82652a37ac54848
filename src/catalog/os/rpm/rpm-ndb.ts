import { defineCataloger } from '../../cataloger.ts';
import { readDatabase } from './database.ts';
import { databasePaths, maxDatabaseBytes } from './database-places.ts';
import { ndbHeaders } from './ndb.ts';

const paths = databasePaths('Packages.db');

export default defineCataloger({
  name: 'os/rpm-ndb',
  version: 2,
  summary: 'rpm packages in an NDB database named Packages.db (SUSE), with the files they own.',
  provides: ['packages', 'ownership', 'checksums'],
  evidence: 'packages',
  ecosystem: 'rpm',
  maxBytes: maxDatabaseBytes,
  wellKnown: paths,
  selects: (entry) => entry.type === 'file' && paths.includes(entry.path),
  *read(file, request) {
    yield* readDatabase(file, request, ndbHeaders(file.bytes));
  },
});
