import type { Package } from '../../model/index.ts';

/** Bitnami counts its own builds behind the version. */
const withoutBuild = (version: string): string => version.replace(/-\d+$/, '');

/** Leaves out of the list of an image's components those that have a document of their own, which says more. */
export function withoutRepeatedComponents(packages: readonly Package[]): Package[] {
  const isListed = ({ locations }: Package): boolean => locations[0]?.path.endsWith('.json') === true;
  const key = ({ name, version }: Package): string => `${name} ${withoutBuild(version)}`;
  const documented = new Set(packages.filter((item) => item.type === 'bitnami' && !isListed(item)).map(key));
  return packages.filter((item) => item.type !== 'bitnami' || !isListed(item) || !documented.has(key(item)));
}
