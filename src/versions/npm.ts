import { defineOrder } from './order.ts';
import { compareSemanticVersions, parseSemanticVersion } from './semver-text.ts';

/**
 * The order of npm packages: Semantic Versioning 2.0.0, also for the pre-releases inside an advisory's range (npm's own rule
 * for ranges leaves them out and is not used here).
 * It takes what npm reads in its loose mode, as old packages have it: `=1.2.3`, `v1.2.3` and a pre-release without hyphen
 * (`1.9.0b1`), and unlike npm numbers of any size.
 */
export const npm = defineOrder({
  name: 'npm',
  specification: 'https://github.com/npm/node-semver#versions',
  parse: (text) =>
    parseSemanticVersion(
      text
        .trim()
        .replace(/^[v=]{1,2}(?=\d)/, '')
        .replace(/^(\d+\.\d+\.\d+)(?=[A-Za-z])/, '$1-'),
    ),
  compare: compareSemanticVersions,
});
