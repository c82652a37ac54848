import { createColors } from 'picocolors';
import type { FoundVulnerability, ImageVulnerabilities, Severity, VulnerabilitiesDocument } from '../model/index.ts';
import { neutralizeForTerminal as clean } from './neutralize.ts';
import type { RenderOptions, Reporter } from './reporter.ts';
import { type Column, layOut } from './table-layout.ts';
import { wrap } from './wrap.ts';

type Colors = ReturnType<typeof createColors>;

const columns: readonly Column[] = [
  { heading: 'Severity', comfortable: 10 },
  { heading: 'Vulnerability', comfortable: 38 },
  { heading: 'Package', comfortable: 20 },
  { heading: 'Installed', comfortable: 18 },
  { heading: 'Fixed in', comfortable: 18 },
  { heading: 'Layer', comfortable: 5 },
];

const severityOrder: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'negligible', 'unknown'];

/** Matches with their packages, worst first: severity, then exploited ones, then by package and id. */
export function worstFirst<T extends FoundVulnerability>(matches: readonly T[]): T[] {
  const rank = ({ severity, kev }: T): number => severityOrder.indexOf(severity) * 2 + (kev === null ? 1 : 0);
  const key = ({ package: { name, purl }, id, location }: T): string => `${name}\0${purl}\0${id}\0${location?.path ?? ''}`;
  const keyed = matches.map((match) => ({ match, rank: rank(match), key: key(match) }));
  return keyed.sort((a, b) => a.rank - b.rank || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ match }) => match);
}

const fixes = { fixed: 'a fix exists', 'not-fixed': 'no fix', 'wont-fix': 'will not be fixed', unknown: 'not known' } as const;

function names({ id, aliases }: FoundVulnerability): string {
  const cve = [id, ...aliases].find((name) => name.startsWith('CVE-'));
  return cve === undefined || cve === id ? id : `${cve} (${id})`;
}

function signals({ kev, epss }: FoundVulnerability): string[] {
  return [
    ...(kev === null ? [] : [`known to be exploited since ${kev.dateAdded}${kev.ransomware ? ', also by ransomware' : ''}`]),
    ...(epss === null ? [] : [`EPSS ${(epss.score * 100).toFixed(1)} %`]),
  ];
}

/** What `-v` says of a match beside its row. */
function details(match: FoundVulnerability): string[] {
  const { severitySource, cvss, aliases, published, modified, matchedBy, source, location } = match;
  const compared = `${matchedBy.through === 'source' ? 'source ' : ''}${matchedBy.name} ${matchedBy.version}`;
  return [
    ...(match.summary === null ? [] : [match.summary]),
    ...(aliases.length === 0 ? [] : [`also ${aliases.join(', ')}`]),
    ...(severitySource === null ? [] : [`severity by ${severitySource}`]),
    ...cvss.map(({ score, vector, source: by }) => `CVSS ${score.toFixed(1)} ${vector} (${by})`),
    `${source}: ${compared} is in ${matchedBy.range}`,
    ...(location === null ? [] : [`in ${location.path}${location.member === undefined ? '' : `!/${location.member}`}`]),
    [...(published === null ? [] : [`published ${published.slice(0, 10)}`]), ...(modified === null ? [] : [`changed ${modified.slice(0, 10)}`])].join(', '),
  ].filter((line) => line !== '');
}

function cells(match: FoundVulnerability, { verbose }: RenderOptions): string[][] {
  const { vex, class: kind } = match;
  const marked = vex === undefined ? [] : [`${vex.status} by ${vex.source}${vex.justification === null ? '' : `: ${vex.justification}`}`];
  const about = [names(match), ...(kind === undefined ? [] : [kind]), ...signals(match), ...marked, ...(verbose ? details(match) : [])];
  return [
    [match.severity],
    about.map(clean),
    [clean(match.package.name)],
    [clean(match.package.version)],
    [clean(match.fixedIn ?? fixes[match.fixState])],
    [match.layer === null ? '' : String(match.layer.index)],
  ];
}

function colorOf({ severity, vex }: FoundVulnerability, colors: Colors): (text: string) => string {
  if (vex !== undefined) return colors.dim;
  return severity === 'critical' || severity === 'high' ? colors.red : severity === 'medium' ? colors.yellow : (text) => text;
}

function counted(matches: readonly FoundVulnerability[]): string {
  const counts = severityOrder.flatMap((severity) => {
    const count = matches.filter((match) => match.severity === severity).length;
    return count === 0 ? [] : [`${count} ${severity}`];
  });
  const marked = matches.filter((match) => match.vex !== undefined).length;
  return `${matches.length} found${counts.length === 0 ? '' : `: ${counts.join(', ')}`}${marked === 0 ? '' : `; ${marked} of them answered by VEX`}`;
}

function* labelled(label: string, value: string, width: number): Iterable<string> {
  for (const [index, line] of wrap(clean(value), Math.max(width - 10, 20)).entries()) yield `${(index === 0 ? label : '').padEnd(10)}${line}`;
}

const stateWords = {
  'no-data': 'no advisory data',
  unsupported: 'no advisories exist that can be read',
  'end-of-life': 'end of life',
  available: 'available',
} as const;

function* imageLines(image: ImageVulnerabilities, options: RenderOptions, colors: Colors): Iterable<string> {
  const { width } = options;
  yield* labelled('Image', `${image.reference} (${image.platform})`, width);
  if (image.tags.length > 0) yield* labelled('Tags', image.tags.join(', '), width);
  yield* labelled('System', image.distribution?.name ?? 'no distribution', width);
  for (const { ecosystem, state } of image.needed) if (state !== 'available') yield* labelled('Beware', `${ecosystem}: ${stateWords[state]}`, width);
  yield '';
  const { vulnerabilities: matches } = image;
  if (matches.length > 0) {
    const rows = matches.map((match) => cells(match, options));
    yield* layOut(columns, rows, width, (row, column, text) => {
      const match = matches[row];
      return column === 0 && match !== undefined ? colorOf(match, colors)(text) : text;
    });
    yield '';
  }
  // What couldn't be judged is never shown as clean.
  yield matches.length === 0 && image.problems.length > 0 ? 'None found, but not everything could be judged.' : counted(matches);
  for (const problem of image.problems) yield* labelled('Problem', `${problem.what}: ${problem.why}`, width);
}

/** The vulnerabilities of an image for people, worst first; `-v` says where each severity, range and match comes from. */
export const vulnerabilitiesTable: Reporter<VulnerabilitiesDocument> = {
  name: 'table',
  summary: 'Vulnerabilities with their packages and fixes, for people.',
  mediaType: 'text/plain',
  *render(document, options) {
    const colors = createColors(options.color);
    for (const image of document.images) {
      if ('error' in image) yield `${clean(image.reference)}: ${clean(image.error.message)}\n`;
      else for (const line of imageLines(image, options, colors)) yield `${line}\n`;
      yield '\n';
    }
    const { digest, exploitation } = document.advisories;
    yield* labelledLines('Feeds', digest ?? 'nothing is loaded', options.width);
    const { kev, epss } = exploitation ?? { kev: null, epss: null };
    yield* labelledLines(
      '',
      `KEV ${kev?.version ?? 'not loaded'}, EPSS ${epss === null ? 'not loaded' : `${epss.model} of ${epss.asOf?.slice(0, 10) ?? 'an unknown day'}`}`,
      options.width,
    );
    for (const { source, unmatched, statements, matched } of document.vex ?? []) {
      yield* labelledLines('VEX', `${source}: ${matched} of ${statements} statements name something in these images`, options.width);
      for (const { vulnerability, product } of unmatched.slice(0, 10))
        yield* labelledLines('', `matched nothing: ${vulnerability} in ${product}`, options.width);
    }
  },
};

function* labelledLines(label: string, value: string, width: number): Iterable<string> {
  for (const line of labelled(label, value, width)) yield `${line}\n`;
}
