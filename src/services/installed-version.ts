import type { Package } from '../model/index.ts';

const distributionTypes: ReadonlySet<Package['type']> = new Set(['deb', 'apk', 'rpm', 'alpm', 'ebuild', 'opkg', 'nix']);

/**
 * A program's own version, from the distribution package that holds it: `1:9.2p1-2+deb12u3` gives `9.2p1`,
 * Alpine's `9.7_p1-r4` gives `9.7p1`. null when no such package is installed.
 *
 * @param names package names, the most telling first
 */
export function installedVersionOf(packages: readonly Package[], names: readonly (string | RegExp)[]): string | null {
  for (const name of names) {
    const found = packages.find((one) => !one.lockfile && distributionTypes.has(one.type) && isNamed(one, name));
    if (found !== undefined) return upstreamVersion(found);
  }
  return null;
}

function isNamed(one: Package, name: string | RegExp): boolean {
  return typeof name === 'string' ? one.name === name : name.test(one.name);
}

function upstreamVersion(one: Package): string {
  const version = one.version.replace(/^[0-9]+:/, '');
  if (one.type === 'apk') return version.replace(/-r[0-9]+$/, '').replace(/_(?=p[0-9])/, '');
  const dash = version.lastIndexOf('-');
  return (dash > 0 ? version.slice(0, dash) : version).replace(/[+~](?:dfsg|ds|really|deb|ubuntu|git).*$/, '');
}

/**
 * Orders two versions of a program by their numbers (`1.9.1` before `1.22.0`); what follows the numbers is left out.
 * Negative, zero or positive.
 */
export function compareReleases(a: string, b: string): number {
  const left = numbersOf(a);
  const right = numbersOf(b);
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function numbersOf(version: string): number[] {
  return (/^[0-9]+(?:\.[0-9]+)*/.exec(version)?.[0] ?? '').split('.').map(Number);
}
