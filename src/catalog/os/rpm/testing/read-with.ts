import type { Cataloger, OwnershipFact, PackageFact } from '../../../cataloger.ts';

export interface Reading {
  readonly packages: readonly PackageFact[];
  readonly ownership: readonly OwnershipFact[];
  readonly problems: readonly { readonly kind: string; readonly what: string; readonly why: string; readonly line?: number }[];
}

/** Everything that a cataloger gives for a file of these bytes at this path. */
export function readWith(
  cataloger: Cataloger<'packages' | 'ownership' | 'checksums'> | Cataloger<'packages'>,
  path: string,
  bytes: Uint8Array,
  askOwnership = true,
): Reading {
  const packages: PackageFact[] = [];
  const ownership: OwnershipFact[] = [];
  const problems: Reading['problems'][number][] = [];
  const file = { path, mode: 0o644, bytes, text: () => Buffer.from(bytes).toString('utf8') };
  for (const given of cataloger.read(file, { kind: 'packages', detail: { ownership: askOwnership } }, { limits: { facts: 1_000_000, depth: 100 } })) {
    if ('problem' in given) problems.push(given.problem);
    else if (given.kind === 'packages') packages.push(given.fact);
    else if (given.kind === 'ownership') ownership.push(given.fact);
  }
  return { packages, ownership, problems };
}

/** `name version` of every package, sorted. */
export function namesAndVersions(reading: Reading): string[] {
  return reading.packages.map(({ name, version }) => `${name} ${version}`).sort();
}
