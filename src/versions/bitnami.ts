import { defineOrder } from './order.ts';
import { compareCores, compareIdentifiers, parseSemanticVersion, type SemanticVersion } from './semver-text.ts';

interface BitnamiVersion {
  readonly core: SemanticVersion['core'];
  readonly preRelease: readonly string[];
  /** Identifiers of the revision; empty for none and for `-0`. */
  readonly revision: readonly string[];
}

/**
 * The order of Bitnami's packages: a semantic version whose part behind the hyphen is the number of Bitnami's build, which
 * makes it newer (`1.2.3 < 1.2.3-1 < 1.2.3-10`); `17.0.7-7-1` has the revision 7, 1.
 * Two rules of ours, because Bitnami's advisories need them: a part that begins with a letter (`2.6.0-rc1`) is a pre-release
 * as in SemVer, not a revision; and `1.19.0-0`, which advisories write for "from the first build of 1.19.0 on", equals `1.19.0`.
 */
export const bitnami = defineOrder<BitnamiVersion>({
  name: 'bitnami',
  specification: 'https://github.com/bitnami/go-version#version-revision',
  parse(text) {
    const version = parseSemanticVersion(text);
    if (version === undefined) return undefined;
    const behind = version.preRelease;
    if (!/^\d/.test(behind[0] ?? '')) return { core: version.core, preRelease: behind, revision: [] };
    const revision = behind.flatMap((identifier) => identifier.split('-')).filter((identifier) => identifier !== '');
    return { core: version.core, preRelease: [], revision: revision.length === 1 && /^0+$/.test(revision[0] ?? '') ? [] : revision };
  },
  compare: (a, b) => compareCores(a.core, b.core) || comparePreReleases(a.preRelease, b.preRelease) || compareIdentifiers(a.revision, b.revision),
});

function comparePreReleases(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) return b.length - a.length;
  return compareIdentifiers(a, b);
}
