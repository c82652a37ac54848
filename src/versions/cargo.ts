import { defineOrder } from './order.ts';
import { compareSemanticVersions, parseSemanticVersion } from './semver-text.ts';

/** The order of crates: Semantic Versioning 2.0.0. Advisories also write `0.1`, which is read as `0.1.0`. */
export const cargo = defineOrder({
  name: 'cargo',
  specification: 'https://doc.rust-lang.org/cargo/reference/manifest.html#the-version-field',
  parse: parseSemanticVersion,
  compare: compareSemanticVersions,
});
