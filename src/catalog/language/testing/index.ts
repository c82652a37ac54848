export { expectDamageToShow } from './damage.ts';
export { namesIn, type PackageCataloger, type Reading, readWith } from './read-with.ts';
