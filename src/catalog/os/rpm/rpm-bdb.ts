import { defineCataloger } from '../../cataloger.ts';
import { berkeleyHeaders } from './berkeley-db.ts';
import { readDatabase } from './database.ts';
import { databasePaths, maxDatabaseBytes } from './database-places.ts';

const paths = databasePaths('Packages');

export default defineCataloger({
  name: 'os/rpm-bdb',
  version: 2,
  summary: 'rpm packages in a Berkeley DB named Packages (rpm before 4.16: RHEL 8 and older and their like), with the files they own.',
  provides: ['packages', 'ownership', 'checksums'],
  evidence: 'packages',
  ecosystem: 'rpm',
  maxBytes: maxDatabaseBytes,
  wellKnown: paths,
  selects: (entry) => entry.type === 'file' && paths.includes(entry.path),
  *read(file, request) {
    yield* readDatabase(file, request, berkeleyHeaders(file.bytes));
  },
});
