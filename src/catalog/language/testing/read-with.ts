import type { Cataloger, CatalogProblem, PackageFact } from '../../cataloger.ts';

/** A cataloger of packages, and of what takes others in. */
export type PackageCataloger = Cataloger<'packages' | 'includes'>;

/** What a cataloger of packages reads out of one file. */
export interface Reading {
  readonly packages: readonly PackageFact[];
  readonly problems: readonly CatalogProblem['problem'][];
}

/** Reads one file, given as bytes or text, and throws what the cataloger throws. */
export function readWith(cataloger: PackageCataloger, path: string, content: Uint8Array | string): Reading {
  const bytes = typeof content === 'string' ? Buffer.from(content) : Buffer.from(content);
  const file = { path, mode: 0o755, bytes, text: () => bytes.toString('utf8') };
  const all = [...cataloger.read(file, { kind: 'packages' }, { limits: { facts: 1_000_000, depth: 256 } })];
  return {
    packages: all.flatMap((one) => ('kind' in one && one.kind === 'packages' ? [one.fact] : [])),
    problems: all.flatMap((one) => ('problem' in one ? [one.problem] : [])),
  };
}

/** `NAME VERSION` of each package, in order. */
export function namesIn(reading: Reading): string[] {
  return reading.packages.map(({ name, version }) => `${name} ${version}`);
}
