import { PortcullisError } from '../errors.ts';
import * as registry from './registry.ts';
import type { Reporter } from './reporter.ts';

export { catalogReporterNamed, catalogReporters, sbomFormats } from './catalog/index.ts';
export { displayWidth } from './display-width.ts';
export { errorDocument, renderErrorDocument } from './error.ts';
export { evidenceJson, orderedJson } from './evidence-json.ts';
export { explanationText } from './explanation-text.ts';
export { jsonPieces } from './json-pieces.ts';
export { neutralizeForTerminal, neutralizeJson } from './neutralize.ts';
export { defineReporter, type RenderOptions, type Reporter } from './reporter.ts';
export { servicesTable } from './services-table.ts';
export { vulnerabilitiesTable, worstFirst } from './vulnerabilities-table.ts';

/** Every report that a verdict document can be written as, by name. */
export const reporters: readonly Reporter[] = Object.values(registry);

/**
 * The reporter that `-o NAME` means.
 * @throws PortcullisError USAGE for an unknown name; the hint lists the known ones
 */
export function reporterNamed(name: string): Reporter {
  const reporter = reporters.find((candidate) => candidate.name === name);
  if (reporter) return reporter;
  throw new PortcullisError('USAGE', `There is no output format '${name}'.`, { hint: `Known formats: ${reporters.map((known) => known.name).join(', ')}.` });
}
