export { distributionOf } from './distribution.ts';
export { withLicenses } from './licenses.ts';
export { withOwners } from './ownership.ts';
export { packageDatabaseProblems } from './package-database.ts';
