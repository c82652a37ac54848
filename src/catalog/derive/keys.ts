import type { Certificate, ImageFiles, PrivateKey } from '../../model/index.ts';
import type { CatalogFacts } from '../cataloger.ts';

/** Gives each private key its owner and rights as they are in the squashed image, and the certificates that belong to it. */
export function privateKeysOf(keys: readonly CatalogFacts['keys'][], certificates: readonly Certificate[], files: ImageFiles): PrivateKey[] {
  const paths = new Map<string, string[]>();
  for (const { publicKey, location } of certificates) {
    const known = paths.get(publicKey) ?? [];
    if (!known.includes(location.path)) paths.set(publicKey, [...known, location.path].sort());
  }
  return keys.map((key) => {
    const entry = files.stat(key.location.path);
    return {
      ...key,
      mode: entry?.mode ?? key.mode,
      uid: entry?.uid ?? 0,
      gid: entry?.gid ?? 0,
      certificates: key.publicKey === null ? [] : (paths.get(key.publicKey) ?? []),
    };
  });
}
