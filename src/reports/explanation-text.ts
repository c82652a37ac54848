import { createColors } from 'picocolors';
import type { Comparison, ExplainedPackage, ExplanationDocument, FoundVulnerability, ImageExplanation } from '../model/index.ts';
import { neutralizeForTerminal as clean } from './neutralize.ts';
import type { RenderOptions, Reporter } from './reporter.ts';
import { wrap } from './wrap.ts';

type Colors = ReturnType<typeof createColors>;
const column = 14;

function* line(label: string, value: string, width: number): Iterable<string> {
  for (const [index, text] of wrap(clean(value), Math.max(width - column, 20)).entries())
    yield `${(index === 0 ? clean(label) : '').padEnd(column)}${text}`.trimEnd();
}

const results = {
  affected: 'affected',
  unaffected: 'not affected',
  incomparable: "can't be compared: this is a problem, not an answer",
} as const;

function* comparisonLines(comparison: Comparison, width: number): Iterable<string> {
  const { advisory, ecosystem, name, through, version, order, ranges, listed, result, withdrawn, origin } = comparison;
  yield* line('Advisory', `${advisory} for ${ecosystem}, package ${name}${withdrawn ? ' (withdrawn: it never counts)' : ''}`, width);
  yield* line('', `from ${origin}`, width);
  yield* line(
    'Compared',
    `${version}${through === 'source' ? ` (of the source package ${name})` : ''}${order === null ? '' : ` in the order of ${order.name}, ${order.specification}`}`,
    width,
  );
  for (const { type, events } of ranges) {
    for (const { event, version: bound, comparison: sign } of events) {
      const said = sign === '?' ? `${version} can't be compared with ${bound}` : `${version} ${sign} ${bound}`;
      yield* line(`  ${type.toLowerCase()}`, `${event} ${bound}: ${bound === '0' ? 'every version' : said}`, width);
    }
  }
  if (listed.count > 0) yield* line('  listed', `${version} is ${listed.contains ? '' : 'not '}among ${listed.count} versions`, width);
  yield* line('Result', results[result], width);
}

function* vulnerabilityLines(match: FoundVulnerability, width: number): Iterable<string> {
  if (match.summary !== null) yield* line('', match.summary, width);
  yield* line('Severity', `${match.severity}${match.severitySource === null ? '' : `, by ${match.severitySource}`}`, width);
  for (const { vector, score, source } of match.cvss) yield* line('', `CVSS ${score.toFixed(1)} ${vector} (${source})`, width);
  if (match.aliases.length > 0) yield* line('Also', match.aliases.join(', '), width);
  if (match.kev !== null) {
    yield* line(
      'Exploited',
      `in CISA's catalogue since ${match.kev.dateAdded}, due ${match.kev.dueDate}${match.kev.ransomware ? '; used by ransomware' : ''}`,
      width,
    );
  }
  if (match.epss !== null) yield* line('EPSS', `${match.epss.score} (percentile ${match.epss.percentile}) of ${match.epss.date}`, width);
  if (match.vex !== undefined) {
    const { source, author, status, justification } = match.vex;
    yield* line('VEX', `${status} by ${source}${author === null ? '' : ` of ${author}`}${justification === null ? '' : `: ${justification}`}`, width);
  }
}

function* packageLines(pkg: ExplainedPackage, image: ImageExplanation, { width }: RenderOptions, colors: Colors): Iterable<string> {
  yield colors.bold(clean(`${pkg.name} ${pkg.version}`));
  yield* line('Package', pkg.purl, width);
  if (pkg.source !== null) yield* line('Source', `${pkg.source.name} ${pkg.source.version}`, width);
  if (pkg.ownedBy !== null) yield* line('Owned by', pkg.ownedBy, width);
  for (const { location, layer } of pkg.places) {
    yield* line(
      'From',
      `${location.path}${location.member === undefined ? '' : `!/${location.member}`}${location.line === undefined ? '' : `:${location.line}`}`,
      width,
    );
    if (layer !== null) yield* line('', `layer ${layer.index}${layer.createdBy === null ? '' : `, made by: ${layer.createdBy}`}`, width);
  }
  for (const match of image.vulnerabilities.filter(({ package: { purl } }) => purl === pkg.purl)) yield* vulnerabilityLines(match, width);
  for (const comparison of image.comparisons.filter(({ purl }) => purl === pkg.purl)) yield* comparisonLines(comparison, width);
  for (const [index, resolution] of pkg.resolutions.entries()) yield* line(index === 0 ? 'Resolved by' : '', resolution, width);
  yield '';
}

/** An explanation for people: each package with the advisory's range, the comparison, where it came from, what would resolve it. */
export const explanationText: Reporter<ExplanationDocument> = {
  name: 'text',
  summary: 'Where a finding comes from and what resolves it, for people.',
  mediaType: 'text/plain',
  *render(document, options) {
    const colors = createColors(options.color);
    for (const image of document.images) {
      if ('error' in image) {
        yield `${clean(image.reference)}: ${clean(image.error.message)}\n`;
        continue;
      }
      for (const text of line('Image', `${image.reference} (${image.platform})${image.tags.length === 0 ? '' : ` ${image.tags.join(', ')}`}`, options.width))
        yield `${text}\n`;
      yield '\n';
      if (image.packages.length === 0) yield `${clean(document.finding)} names no package of this image.\n\n`;
      for (const pkg of image.packages) for (const text of packageLines(pkg, image, options, colors)) yield `${text}\n`;
    }
    for (const text of line('Feeds', document.advisories.digest ?? 'nothing is loaded', options.width)) yield `${text}\n`;
  },
};
