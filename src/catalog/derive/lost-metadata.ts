import { type Node, pathOf, type Squash } from '../../layer/index.ts';
import type { Location, Problem } from '../../model/index.ts';
import type { PackageFact } from '../cataloger.ts';
import { problemOf } from '../problem.ts';

/** Distributions and what is the matter with them. */
interface LostMetadata {
  readonly packages: readonly PackageFact[];
  readonly problems: readonly Problem[];
}

function isLost(node: Node, squash: Squash): boolean {
  if (node.type !== 'directory' || !node.name.endsWith('.dist-info') || node.name.startsWith('~')) return false;
  return node.children?.get('RECORD')?.type === 'file' && squash.lookup(`/${pathOf(node)}/METADATA`, true) === undefined;
}

/**
 * Python distributions of which the list of installed files is there and the metadata are not: they were not removed by an installer, which takes
 * the list too. Their directory says name and version (PyPA, recording installed projects).
 * @param hasLayers whether locations name layers
 */
export function lostMetadata(squash: Squash, hasLayers: boolean): LostMetadata {
  const packages: PackageFact[] = [];
  const problems: Problem[] = [];
  for (const node of squash.nodes()) {
    if (!isLost(node, squash)) continue;
    const path = `/${pathOf(node)}`;
    const location: Location = { path: `${path}/RECORD`, ...(hasLayers ? { layer: node.layer } : {}) };
    const [name = '', version = ''] = node.name.slice(0, -'.dist-info'.length).split('-', 2);
    problems.push(
      problemOf({
        kind: 'removed',
        evidence: 'packages',
        ecosystem: 'pypi',
        what: `${path}/METADATA`,
        why: 'it is not there, and what it belongs to was not uninstalled',
        location,
      }),
    );
    if (name !== '') packages.push({ type: 'pypi', name, version, source: null, architecture: null, licenses: [], locations: [location], lockfile: false });
  }
  return { packages, problems };
}
