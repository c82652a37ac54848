import { Damage } from './damage.ts';
import { type RpmHeader, tags } from './header.ts';
import type { RpmPackage } from './package-fact.ts';

/** What a header says of its package. Throws Damage when name, version or release is missing or empty, or a tag has a wrong type. */
export function packageOf(header: RpmHeader): RpmPackage {
  return {
    name: required(header, tags.name, 'name'),
    version: required(header, tags.version, 'version'),
    release: required(header, tags.release, 'release'),
    epoch: header.numbers(tags.epoch)?.[0] ?? null,
    architecture: optional(header, tags.arch),
    sourceRpm: optional(header, tags.sourceRpm),
    license: optional(header, tags.license),
    module: optional(header, tags.modularityLabel),
  };
}

function required(header: RpmHeader, tag: number, what: string): string {
  const value = header.string(tag);
  if (value === null || value === '') throw new Damage(`a header without a ${what}`);
  return value;
}

/** `(none)` is how rpm prints a missing tag; some builders store it as the value. */
function optional(header: RpmHeader, tag: number): string | null {
  const value = header.string(tag);
  return value === '' || value === '(none)' ? null : value;
}
