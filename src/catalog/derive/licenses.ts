import type { ImageFiles, Package } from '../../model/index.ts';
import type { LicensesFact } from '../cataloger.ts';

/** Where a package's licences stand, if not in the database itself; undefined: nowhere. */
function licensePath({ type, name, locations }: Package): string | undefined {
  const directory = locations[0]?.path.replace(/\/[^/]*$/, '');
  if (type === 'deb') return `/usr/share/doc/${name}/copyright`;
  if (type === 'ebuild') return `${directory}/LICENSE`;
  return type === 'opkg' ? `${directory}/info/${name}.control` : undefined;
}

/** Gives packages the licences that stand beside their database: Debian's copyright files, which may lie in another package's folder behind a link. */
export function withLicenses(packages: readonly Package[], facts: readonly LicensesFact[], files: ImageFiles): Package[] {
  if (facts.length === 0) return [...packages];
  const byPath = new Map(facts.map((fact) => [fact.path, fact.licenses]));
  return packages.map((item) => {
    const place = item.licenses.length > 0 ? undefined : licensePath(item);
    const path = place === undefined ? undefined : files.stat(place)?.path;
    const licenses = path === undefined ? undefined : byPath.get(path);
    return licenses === undefined || licenses.length === 0 ? item : { ...item, licenses };
  });
}
