import * as z from 'zod';
import type { Package } from '../../model/index.ts';
import { orderForPackageType } from '../../versions/index.ts';

/** A package's name and a version of it: `name|version` in a policy line. */
export const namedVersion = z.object({ name: z.string().min(1), version: z.string().min(1) });

/**
 * Compares an installed package's version with another by its ecosystem's order: negative when the installed one is
 * older. Undefined when they can't be compared.
 */
export function compareInstalled(installed: Package, version: string): -1 | 0 | 1 | undefined {
  if (installed.version === version) return 0;
  return orderForPackageType(installed.type)?.compare(installed.version, version);
}

/**
 * Whether a package has just that version, by its ecosystem's order. For rpm a version without epoch means any epoch,
 * since older policies were written without.
 */
export function hasVersion(installed: Package, version: string): boolean {
  if (compareInstalled(installed, version) === 0) return true;
  return installed.type === 'rpm' && !version.includes(':') && installed.version.replace(/^\d+:/, '') === version;
}

/** How a message names a package: `openssl 1.1.1k-9 (deb, amd64)`. */
export function describePackage(each: Package): string {
  const kind = each.architecture === null ? each.type : `${each.type}, ${each.architecture}`;
  return `${each.name} ${each.version} (${kind}${each.lockfile ? ', from a lock file' : ''})`;
}

/** Groups packages by name, in order. */
export function byName(packages: readonly Package[], types: readonly string[]): ReadonlyMap<string, readonly Package[]> {
  const wanted = new Set(types);
  const groups = new Map<string, Package[]>();
  for (const each of packages) {
    if (!wanted.has(each.type)) continue;
    const group = groups.get(each.name);
    if (group === undefined) groups.set(each.name, [each]);
    else group.push(each);
  }
  return groups;
}
