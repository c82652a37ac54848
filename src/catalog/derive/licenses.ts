import type { ImageFiles, Package } from '../../model/index.ts';
import type { LicensesFact } from '../cataloger.ts';

/** Gives Debian packages the licences of their copyright files, which may lie in another package's folder behind a link. */
export function withLicenses(packages: readonly Package[], facts: readonly LicensesFact[], files: ImageFiles): Package[] {
  if (facts.length === 0) return [...packages];
  const byPath = new Map(facts.map((fact) => [fact.path, fact.licenses]));
  return packages.map((item) => {
    if (item.type !== 'deb' || item.licenses.length > 0) return item;
    const path = files.stat(`/usr/share/doc/${item.name}/copyright`)?.path;
    const licenses = path === undefined ? undefined : byPath.get(path);
    return licenses === undefined || licenses.length === 0 ? item : { ...item, licenses };
  });
}
