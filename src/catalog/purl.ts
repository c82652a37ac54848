import { PackageURL } from 'packageurl-js';
import type { Distribution } from '../model/index.ts';
import type { PackageFact } from './cataloger.ts';
import { isNamedByDistribution } from './package-types.ts';

/** Half of a surrogate pair, which JSON may hold (`"\\ud800"`) and no UTF-8 text does. */
const wellFormed = (text: string): string => text.replaceAll(/\p{Cs}/gu, '\ufffd');

/**
 * The package's URL (package-url/purl-spec); distribution packages carry the distribution as namespace and qualifier.
 * Compare by fields, never by text.
 */
export function purlOf(fact: PackageFact, distribution: Distribution | null): string {
  let namespace = fact.purl?.namespace;
  let name = wellFormed(fact.purl?.name ?? fact.name);
  const version = wellFormed(fact.purl?.version ?? fact.version);
  const qualifiers: Record<string, string> = { ...fact.purl?.qualifiers };
  if (isNamedByDistribution(fact.type)) {
    namespace ??= distribution?.id;
    if (fact.architecture !== null) qualifiers.arch ??= fact.architecture;
    if (distribution !== null) qualifiers.distro ??= distribution.version === '' ? distribution.id : `${distribution.id}-${distribution.version}`;
  } else if (fact.type === 'npm' && name.startsWith('@') && name.includes('/')) {
    namespace = name.slice(0, name.indexOf('/'));
    name = name.slice(name.indexOf('/') + 1);
  } else if (fact.type === 'pypi') {
    name = name.toLowerCase().replace(/[-_.]+/g, '-');
  }
  // Maven's need a group; an archive that names none is no more than a name.
  const type = fact.type === 'maven' && namespace === undefined ? 'generic' : fact.type;
  try {
    return new PackageURL(
      type,
      namespace,
      name,
      version === '' ? undefined : version,
      Object.keys(qualifiers).length === 0 ? undefined : qualifiers,
      undefined,
    ).toString();
  } catch {
    // What the specification forbids in a name is escaped rather than lost.
    return `pkg:${type}/${encodeURIComponent(name)}${version === '' ? '' : `@${encodeURIComponent(version)}`}`;
  }
}
