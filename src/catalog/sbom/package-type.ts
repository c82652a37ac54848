import type { PackageURL } from 'packageurl-js';
import type { PackageType } from '../../model/index.ts';
import { packageTypes } from './reading.ts';

/** purl types that name no package: images and what runs them, sources, models, tags of a registry of products. */
const noPackages: ReadonlySet<string> = new Set(['oci', 'docker', 'k8s', 'swid', 'githubactions', 'huggingface', 'mlflow']);

/** Types that a writer spelt otherwise: Syft before 0.36. */
const formerTypes: Readonly<Record<string, PackageType>> = { alpine: 'apk' };

/**
 * The type that a purl's stands for: one of an ecosystem that is not known (`hex`, `swift`, `julia`) is a package all the same,
 * with a name, a version and a licence. Undefined: it names no package.
 */
export function packageTypeIn({ type = '' }: Pick<PackageURL, 'type'>): PackageType | undefined {
  if (noPackages.has(type)) return undefined;
  if (Object.hasOwn(formerTypes, type)) return formerTypes[type];
  return packageTypes.find((each) => each === type) ?? 'generic';
}

/** Where sources are kept: what is named by its place there was built from it, or is what the SBOM is about. */
const repositories: ReadonlySet<string> = new Set(['github', 'gitlab', 'bitbucket']);

function typeOf(purl: string): string {
  return /^pkg:\/*([a-z0-9.+-]+)\//i.exec(purl)?.[1]?.toLowerCase() ?? '';
}

/** Whether what an SBOM is about is itself a package: not an image, a source repository or a product. */
export function isPackage(purl: string | undefined): boolean {
  const type = typeOf(purl ?? '');
  return type !== '' && !noPackages.has(type) && !repositories.has(type);
}

/** Whether what packages were made from is a package of an ecosystem, not an archive or repository of sources. */
export function isOfEcosystem(purl: string): boolean {
  const type = typeOf(purl);
  return type !== 'generic' && packageTypes.some((each) => each === type);
}
