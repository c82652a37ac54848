export { distributionOf } from './distribution.ts';
export { filesOf } from './files.ts';
export { withLicenses } from './licenses.ts';
export { withOwners } from './ownership.ts';
export { packageDatabaseProblems } from './package-database.ts';
