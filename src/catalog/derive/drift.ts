import { type Node, pathOf, type Squash } from '../../layer/index.ts';
import type { DriftedFile, FileDigestAlgorithm, Package } from '../../model/index.ts';
import type { ChecksumsFact, DigestsFact } from '../cataloger.ts';
import { digestsByContent } from './files.ts';

interface Owned {
  readonly package: string;
  readonly algorithm: FileDigestAlgorithm | '';
  readonly digest: string;
}

/** Where package managers keep the scripts of packages, which they own without saying so. */
const databases = /^\/(?:var\/lib\/(?:dpkg|rpm|apk)|(?:usr\/)?lib\/(?:apk|sysimage))\//;

/** What the package managers know, by the nodes of the squashed image: a database may write `/lib/…` where `/lib` is a link to `usr/lib`. */
function known(squash: Squash, checksums: readonly ChecksumsFact[]): { owned: Map<Node, Owned[]>; configuration: Set<Node> } {
  const owned = new Map<Node, Owned[]>();
  const configuration = new Set<Node>();
  for (const fact of checksums) {
    for (const path of fact.configuration) {
      const node = squash.lookup(path, false);
      if (node !== undefined) configuration.add(node);
    }
    for (const [path, algorithm, digest] of fact.files) {
      const node = squash.lookup(path, false);
      if (node === undefined) continue; // removed: that is no drift of what is there
      const entry = { package: fact.package, algorithm, digest };
      const others = owned.get(node);
      if (others === undefined) owned.set(node, [entry]);
      else others.push(entry);
    }
  }
  return { owned, configuration };
}

/** What a package that isn't installed any more left behind owns nothing. */
function currentOf(packages: readonly Package[], checksums: readonly ChecksumsFact[]): ChecksumsFact[] {
  const installed = new Set(packages.map(({ type, name }) => `${type} ${name}`));
  return checksums.filter((fact) => installed.has(`${fact.type} ${fact.package}`) || fact.package === 'dpkg-divert');
}

/** Which distribution package put a node there: its name; null where none did. */
export function ownersOf(squash: Squash, packages: readonly Package[], checksums: readonly ChecksumsFact[]): (node: Node) => string | null {
  const { owned } = known(squash, currentOf(packages, checksums));
  return (node) => owned.get(node)?.find((each) => each.package !== 'dpkg-divert')?.package ?? null;
}

/**
 * Regular files that differ from what a package manager put there (configuration aside), and executables that none put there.
 * A package's lists count only while the package is installed. Files that are missing are not drift.
 */
export function driftOf(squash: Squash, packages: readonly Package[], checksums: readonly ChecksumsFact[], digests: readonly DigestsFact[]): DriftedFile[] {
  const current = currentOf(packages, checksums);
  if (current.length === 0) return []; // nobody owns anything here: a bare image, or one without lists
  const { owned, configuration } = known(squash, current);
  const digestsOf = digestsByContent(squash, digests);
  const drift: DriftedFile[] = [];
  for (const node of squash.nodes()) {
    if (node.type !== 'file') continue;
    const location = { path: `/${pathOf(node)}`, layer: node.layer };
    const owners = owned.get(node);
    if (owners === undefined) {
      if ((node.mode & 0o111) !== 0 && !databases.test(location.path)) drift.push({ kind: 'unowned', package: null, mode: node.mode, location });
      continue;
    }
    const found = digestsOf(node);
    const compared = owners.filter(({ algorithm }) => algorithm !== '' && found?.[algorithm] !== undefined);
    // Of two packages that brought the file one may have replaced the other's.
    const isAsPut = compared.some(({ algorithm, digest }) => algorithm !== '' && found?.[algorithm] === digest);
    if (compared.length === 0 || isAsPut || configuration.has(node)) continue;
    drift.push({ kind: 'changed', package: compared[0]?.package ?? null, mode: node.mode, location });
  }
  return drift.sort((a, b) => (a.location.path < b.location.path ? -1 : 1));
}
