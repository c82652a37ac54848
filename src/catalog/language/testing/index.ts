export { expectDamageToShow } from './damage.ts';
export { namesIn, type Reading, readWith } from './read-with.ts';
