import type { Distribution } from '../../model/index.ts';
import type { DistributionFact } from '../cataloger.ts';
import { releasePaths } from '../release-paths.ts';

/**
 * The distribution out of what the release files say: the first in their order counts.
 */
export function distributionOf(facts: readonly DistributionFact[]): Distribution | null {
  for (const path of releasePaths) {
    // Of two with one path (a link and its target) they are the same file.
    const found = facts.find((fact) => fact.location.path === `/${path}`);
    if (found !== undefined) return found;
  }
  return facts[0] ?? null;
}
