import nodeSemver from 'semver';
import { npm } from '../../npm.ts';
import type { Oracle } from './oracle.ts';

/** npm's own library in its loose mode; it knows no shortened versions and no numbers above 2^53. */
export const npmLibrary: Oracle = {
  tool: 'semver (npm)',
  order: npm,
  ecosystems: ['npm', 'crates.io', 'Go', 'Bitnami'],
  pairs: 10_000,
  judgesValidity: false,
  absent: () => undefined,
  compare: (pairs) =>
    pairs.map(([a, b]) => {
      const left = nodeSemver.parse(a, { loose: true });
      const right = nodeSemver.parse(b, { loose: true });
      return left === null || right === null ? undefined : left.compare(right);
    }),
};
