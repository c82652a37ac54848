import type { Package } from '../model/index.ts';

/** An rpm release that was built in a module: `.module_el8.5.0+…`, `.module+el9.4.0+…`. */
const moduleBuild = /\.module[_+]/;

/**
 * Whether a record's version may be compared with a package's at all, by module stream: builds of a module compare only
 * within the same stream, and a package outside modules is never fixed or affected by a module's build.
 * The stream of a record stands in its title (`Important: nodejs:18 security update`), that of a package in its rpm header
 * (`nodejs:18:…`, tag 5096). A record's version without a release (`1.0`) was built nowhere in particular and is compared
 * with any. `unknown`: one of the two doesn't say its stream. Takes the versions that the record names, and its title.
 */
export function sameStream(pkg: Package, recordVersions: readonly string[], title: () => string): 'comparable' | 'other' | 'unknown' {
  const recordIsModule = recordVersions.some((version) => moduleBuild.test(version));
  const packageIsModule = pkg.module !== undefined || moduleBuild.test(pkg.version);
  if (!recordIsModule) return packageIsModule && recordVersions.some((version) => version.includes('-')) ? 'other' : 'comparable';
  if (!packageIsModule) return 'other';
  const [name, stream] = pkg.module?.split(':') ?? [];
  if (name === undefined || stream === undefined) return 'unknown';
  const stated = streamsOf(title());
  if (stated.length === 0) return 'unknown';
  return stated.some((each) => each.name === name && each.stream === stream) ? 'comparable' : 'other';
}

function streamsOf(title: string): { name: string; stream: string }[] {
  return [...title.matchAll(/(?:^|[\s,])([A-Za-z0-9][\w.+-]*):([A-Za-z0-9][\w.+-]*)(?=[\s,.]|$)/g)].map((match) => ({
    name: match[1] ?? '',
    stream: match[2] ?? '',
  }));
}
