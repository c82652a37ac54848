import { PortcullisError } from '../../errors.ts';
import type { CatalogDocument } from '../../model/index.ts';
import type { Reporter } from '../reporter.ts';
import { catalogCyclonedx } from './cyclonedx.ts';
import { catalogJson } from './json.ts';
import { catalogPurls } from './purls.ts';
import { catalogSpdx } from './spdx.ts';
import { catalogTable } from './table.ts';

/** Every report that a catalogue document can be written as. */
export const catalogReporters: readonly Reporter<CatalogDocument>[] = [catalogTable, catalogJson, catalogCyclonedx, catalogSpdx, catalogPurls];

/** Those that are about one image. */
export const sbomFormats: ReadonlySet<string> = new Set([catalogCyclonedx.name, catalogSpdx.name]);

/** @throws PortcullisError USAGE for an unknown name; the hint lists the known ones */
export function catalogReporterNamed(name: string): Reporter<CatalogDocument> {
  const reporter = catalogReporters.find((candidate) => candidate.name === name);
  if (reporter) return reporter;
  const known = catalogReporters.map((each) => each.name).join(', ');
  throw new PortcullisError('USAGE', `catalog has no output format '${name}'.`, { hint: `Known formats: ${known}.` });
}
