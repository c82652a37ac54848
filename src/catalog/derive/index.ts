export { accountsOf } from './accounts.ts';
export { distributionOf } from './distribution.ts';
export { driftOf, ownershipProblems, ownersOf } from './drift.ts';
export { filesOf } from './files.ts';
export { privateKeysOf } from './keys.ts';
export { withLicenses } from './licenses.ts';
export { withOwners } from './ownership.ts';
export { packageDatabaseProblems } from './package-database.ts';
export { asPrograms } from './programs.ts';
