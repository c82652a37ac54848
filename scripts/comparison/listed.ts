import { PackageURL } from 'packageurl-js';
import type { Package } from '../../src/model/index.ts';

/** A package as all tools can be compared by: purl type, name with its namespace, version. */
export interface Listed {
  readonly type: string;
  readonly name: string;
  readonly version: string;
}

export const keyOf = ({ type, name, version }: Listed): string => `${type} ${name} ${version}`.trimEnd();

const distributionTypes = new Set(['deb', 'rpm', 'apk']);

/**
 * One spelling of what tools spell differently although they mean the same: a distribution's namespace (`alma`, `almalinux`),
 * the epoch (in the version or a qualifier of its own), Go's `v` and `go` in front of the standard library's version.
 */
export function normalized({ type, name, version }: Listed): Listed {
  if (distributionTypes.has(type)) return { type, name: name.slice(name.lastIndexOf('/') + 1), version: version.replace(/^\d+:/, '') };
  if (type === 'golang') return { type, name, version: version.replace(/^(?:v|go)(?=\d)/, '') };
  return { type, name, version };
}

/** What a purl says; undefined where it is none. */
export function listedOf(purl: string): Listed | undefined {
  try {
    const { type, namespace, name, version } = PackageURL.fromString(purl);
    return normalized({ type: type ?? '', name: namespace ? `${namespace}/${name}` : (name ?? ''), version: version ?? '' });
  } catch {
    return undefined;
  }
}

/** Packages of a catalogue by what is compared; of several at different places an installed one stands for all. */
export function byKey(packages: readonly Package[]): Map<string, { readonly listed: Listed; readonly item: Package }> {
  const found = new Map<string, { listed: Listed; item: Package }>();
  for (const item of packages) {
    const listed = listedOf(item.purl) ?? { type: item.type, name: item.name, version: item.version };
    const known = found.get(keyOf(listed));
    if (known === undefined || (known.item.lockfile && !item.lockfile)) found.set(keyOf(listed), { listed, item });
  }
  return found;
}
