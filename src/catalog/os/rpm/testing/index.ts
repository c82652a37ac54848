export { headerBlob, packageBlob, type TestTag } from './header-blob.ts';
export { expectMutationsToShow, seeded } from './mutations.ts';
export { ndbFile } from './ndb-file.ts';
export { namesAndVersions, type Reading, readWith } from './read-with.ts';
