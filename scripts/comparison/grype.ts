import { spawnSync } from 'node:child_process';
import type { Advisories } from '../../src/advisories/index.ts';
import type { Distribution, Match, Package } from '../../src/model/index.ts';

/** A match as `grype -o json` writes it: what is compared of it. */
export interface GrypeMatch {
  readonly vulnerability: { readonly id: string };
  readonly relatedVulnerabilities?: readonly { readonly id: string }[];
  readonly artifact: { readonly name: string; readonly version: string };
}

/** One vulnerability of one package that only one of the two tells, and why. */
export interface VulnerabilityDifference {
  readonly only: 'portcullis' | 'grype';
  readonly id: string;
  readonly package: string;
  readonly version: string;
  readonly cause: string;
}

/** Grype's matches of an image in an OCI layout directory; null when it fails (no database, an old one). */
export function runGrype(directory: string): GrypeMatch[] | null {
  const { status, stdout } = spawnSync('grype', [`oci-dir:${directory}`, '-o', 'json', '-q'], { encoding: 'utf8', maxBuffer: 1 << 30, timeout: 600_000 });
  if (status !== 0) return null;
  try {
    return (JSON.parse(stdout) as { matches?: GrypeMatch[] }).matches ?? null;
  } catch {
    return null;
  }
}

const packageKey = (name: string, version: string): string => `${name.toLowerCase()}\n${version.replace(/^0:/, '')}`;

/** Names of one vulnerability, CVEs first: the first stands for all. */
function namesOf(ids: readonly string[]): readonly string[] {
  return [...new Set(ids)].sort((a, b) => Number(b.startsWith('CVE-')) - Number(a.startsWith('CVE-')));
}

/**
 * What only one of the two tells of an image, each difference with its cause, as far as our side can tell it.
 * @param packages what we list of the image
 */
export function compareWithGrype(
  ours: readonly Match[],
  theirs: readonly GrypeMatch[],
  packages: readonly Package[],
  distribution: Distribution | null,
  advisories: Advisories,
): VulnerabilityDifference[] {
  const told = new Set(ours.flatMap((match) => [match.id, ...match.aliases].map((id) => `${id}\n${packageKey(match.package.name, match.package.version)}`)));
  const listed = new Map<string, Package[]>();
  for (const each of packages) {
    const key = packageKey(each.name, each.version);
    listed.set(key, [...(listed.get(key) ?? []), each]);
  }
  const byGrype = new Set<string>();
  const grypeKnows = new Set<string>();
  const differences: VulnerabilityDifference[] = [];
  for (const { vulnerability, relatedVulnerabilities = [], artifact } of theirs) {
    const key = packageKey(artifact.name, artifact.version);
    grypeKnows.add(key);
    const ids = namesOf([vulnerability.id, ...relatedVulnerabilities.map(({ id }) => id)]);
    for (const id of ids) byGrype.add(`${id}\n${key}`);
    if (ids.some((id) => told.has(`${id}\n${key}`))) continue;
    const cause = causeOfMiss(ids, listed.get(key) ?? [], distribution, advisories);
    differences.push({ only: 'grype', id: ids[0] ?? '', package: artifact.name, version: artifact.version, cause });
  }
  for (const match of ours) {
    const key = packageKey(match.package.name, match.package.version);
    const ids = namesOf([match.id, ...match.aliases]);
    if (ids.some((id) => byGrype.has(`${id}\n${key}`))) continue;
    const cause = grypeKnows.has(key) ? 'grype has other advisories or ranges for this package' : 'grype tells nothing of this package';
    differences.push({ only: 'portcullis', id: ids[0] ?? '', package: match.package.name, version: match.package.version, cause });
  }
  return differences;
}

function causeOfMiss(ids: readonly string[], packages: readonly Package[], distribution: Distribution | null, advisories: Advisories): string {
  if (packages.length === 0) return 'we do not list the package under this name and version';
  if (packages.every((each) => each.ownedBy !== null)) return "a distribution packaged it: only the distribution's advisories count";
  const compared = ids.flatMap((id) => advisories.compare(id, packages, distribution));
  if (compared.length === 0) return 'no advisory of the loaded feeds names it for this package';
  if (compared.some(({ withdrawn }) => withdrawn)) return 'the advisory is withdrawn';
  if (compared.some(({ result }) => result === 'incomparable')) return 'the versions cannot be compared';
  return 'the version lies outside the ranges of the loaded advisory';
}

/** Differences counted by side and cause, the most frequent first. */
export function byCause(
  differences: readonly VulnerabilityDifference[],
): { readonly only: string; readonly cause: string; readonly count: number; readonly examples: readonly string[] }[] {
  const groups = new Map<string, VulnerabilityDifference[]>();
  for (const difference of differences) {
    const key = `${difference.only}\n${difference.cause}`;
    groups.set(key, [...(groups.get(key) ?? []), difference]);
  }
  return [...groups.values()]
    .map((group) => ({
      only: (group[0] as VulnerabilityDifference).only,
      cause: (group[0] as VulnerabilityDifference).cause,
      count: group.length,
      examples: group.slice(0, 3).map(({ id, package: name, version }) => `${id} ${name} ${version}`),
    }))
    .sort((a, b) => b.count - a.count);
}
