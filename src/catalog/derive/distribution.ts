import type { Distribution } from '../../model/index.ts';
import type { DistributionFact } from '../cataloger.ts';
import { releaseFiles } from '../os/release.ts';

/**
 * The distribution out of what the release files say: the first in their order counts. An older relative fills in
 * what os-release leaves out (CentOS 7's VERSION_ID has no minor).
 */
export function distributionOf(facts: readonly DistributionFact[]): Distribution | null {
  for (const file of releaseFiles) {
    // Of two with one path (a link and its target) they are the same file.
    const found = facts.find((fact) => fact.location.path === `/${file.path}`);
    if (found !== undefined) return found;
  }
  return facts[0] ?? null;
}
