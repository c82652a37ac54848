import { defineOrder } from './order.ts';
import { compareSemanticVersions, parseSemanticVersion } from './semver-text.ts';

/**
 * Semantic Versioning 2.0.0, for ecosystems that use it as it is (Swift, Hex). Pre-releases count, build metadata does not.
 * Read as `parseSemanticVersion` says.
 */
export const semver = defineOrder({
  name: 'semver',
  specification: 'https://semver.org/spec/v2.0.0.html#spec-item-11',
  parse: parseSemanticVersion,
  compare: compareSemanticVersions,
});
