import { createColors } from 'picocolors';
import type { Action, Counts, Finding, ImageError, ImageVerdict, VerdictDocument } from '../model/index.ts';
import { findingMessage } from './finding-message.ts';
import { type FindingRow, findingRows } from './finding-rows.ts';
import { inputLine } from './input-line.ts';
import { neutralizeForTerminal as clean } from './neutralize.ts';
import { defineReporter, type RenderOptions } from './reporter.ts';
import { type Column, layOut } from './table-layout.ts';
import { wrap } from './wrap.ts';

type Colors = ReturnType<typeof createColors>;

/** For people: a block for each image, and the final verdict in the last line. */
export default defineReporter({
  name: 'table',
  summary: 'A table for people; the last line begins with the verdict.',
  mediaType: 'text/plain',
  *render(document, options) {
    const colors = createColors(options.color);
    for (const image of document.images) {
      const block =
        'error' in image ? errorBlock(image, options, colors) : verdictBlock(image, rowName(image, document), document.images.length === 1, options, colors);
      for (const line of block) yield `${line}\n`;
      yield '\n';
    }
    if (document.settings.length > 0) {
      const settings = document.settings.map(({ name, value, origin }) => clean(`${name} = ${value} (${origin})`));
      yield* lines(listed('Settings that can change a verdict', settings, options.width));
    }
    yield `${lastLine(document)}\n`;
  },
});

const columns: readonly Column[] = [
  { heading: 'Image', comfortable: 11 },
  { heading: 'Gate', comfortable: 16 },
  { heading: 'Trigger', comfortable: 17 },
  { heading: 'Found', comfortable: 30 },
  { heading: 'Action', comfortable: 8 },
];

/** @param alone the report's last line says the image's own verdict */
function* verdictBlock(image: ImageVerdict, name: string, alone: boolean, options: RenderOptions, colors: Colors): Iterable<string> {
  yield* facts(
    [
      ['Image', `${image.reference} (${image.platform})`],
      ['Tags', image.tags.join(', ')],
      ['Digest', image.digest ?? image.imageId ?? 'none'],
      ['From', image.input === undefined ? '' : inputLine(image.input)],
      ...(image.input?.notes ?? []).map((note) => ['', note] as const),
      ['', image.verified ? '' : 'nothing was verified: the source has no digests'],
      ['System', image.distribution === null ? 'no distribution known' : image.distribution.name || `${image.distribution.id} ${image.distribution.version}`],
      ['Policy', `${image.policy.name}${image.policy.version === null ? '' : ` ${image.policy.version}`} (${image.policy.source})`],
      ['', image.policy.digest],
    ],
    options.width,
    colors,
  );
  const rows = findingRows(image.findings, options);
  yield '';
  if (rows.length === 0) yield 'No rule fired.';
  else {
    const label = clean(name);
    const cells = rows.map((row) => [[label], [clean(row[0].gate)], triggersOf(row), found(row, options), [actionCell(row[0])]]);
    yield* layOut(columns, cells, options.width, (row, column, text) => {
      const finding = rows[row]?.[0];
      return column === 4 && finding ? actionColor(finding, colors)(text) : text;
    });
  }
  if (image.problems.length > 0) {
    yield '';
    const problems = image.problems.map(({ id, evidence, kind, what, why, location }) =>
      clean(`${evidence}: ${what}: ${why} (${[kind, ...(location ? place(location) : [])].join(', ')})${options.showIds ? ` id ${id}` : ''}`),
    );
    yield* listed('Problems', problems, options.width);
  }
  const remedies = remediesOf(image, options);
  if (remedies.length > 0) {
    yield '';
    yield* listed('To do before it can pass', remedies, options.width);
  }
  if (alone && image.reason === 'policy') return;
  yield '';
  const because = image.reason === 'policy' ? '' : `${reasons[image.reason]}; `;
  const verdict = image.verdict.toUpperCase();
  const [first = '', ...more] = wrap(`Verdict ${verdict}: ${because}${counted(image.counts)}`, Math.max(options.width, 20));
  yield first.replace(verdict, colorOf(image.verdict, colors));
  yield* more;
}

/** Remedies that are listed; each finding's own is shown with `-v`. */
const mostRemedies = 12;

/** What to do about the findings that stop the image: each package to be updated once, with every fixing version; each other remedy once. */
function remediesOf(image: ImageVerdict, { verbose }: RenderOptions): string[] {
  if (verbose) return [];
  const fixes = new Map<string, string[]>();
  const remedies: string[] = [];
  for (const { action, state, remediation, vulnerability, package: about } of image.findings) {
    if (action !== 'stop' || state === 'excepted' || remediation === null || remediation.trim() === '') continue;
    const fix = about === null ? null : (vulnerability?.fixedIn ?? null);
    const key = fix === null || about === null ? remediation : `Update ${about.name} ${about.version} to `;
    const known = fixes.get(key);
    if (known === undefined) remedies.push(key);
    fixes.set(key, [...new Set([...(known ?? []), ...(fix === null ? [] : [fix])])]);
  }
  const shown = remedies.map((key) => {
    const versions = fixes.get(key) ?? [];
    const [first] = versions;
    if (first === undefined) return clean(key);
    return clean(versions.length === 1 ? `${key}${first} or newer.` : `${key}the newest of ${versions.join(', ')}, or newer.`);
  });
  return shown.length <= mostRemedies ? shown : [...shown.slice(0, mostRemedies), `and ${shown.length - mostRemedies} more (-v shows each)`];
}

function errorBlock(image: ImageError, { width }: RenderOptions, colors: Colors): Iterable<string> {
  const { code, message, hint } = image.error;
  return facts(
    [
      ['Image', image.reference],
      ['Error', `${code}: ${message}`],
      ['Hint', hint ?? ''],
    ],
    width,
    colors,
  );
}

/** Lines of a label and a value, wrapped beside the label; a blank value is left out. */
function* facts(pairs: readonly (readonly [label: string, value: string])[], width: number, colors: Colors): Iterable<string> {
  const indent = 8;
  for (const [label, value] of pairs) {
    if (value.trim() === '') continue;
    for (const [index, line] of wrap(clean(value), Math.max(width - indent, 12)).entries()) {
      if (index > 0 || label === '') yield `${' '.repeat(indent)}${line}`;
      else yield `${(label === 'Error' ? colors.red : colors.bold)(label)}${' '.repeat(indent - label.length)}${line}`;
    }
  }
}

function* listed(title: string, items: readonly string[], width: number): Iterable<string> {
  yield `${title}:`;
  for (const item of items) {
    for (const [index, line] of wrap(item, Math.max(width - 4, 12)).entries()) yield `  ${index === 0 ? '-' : ' '} ${line}`;
  }
}

function* lines(texts: Iterable<string>): Iterable<string> {
  for (const text of texts) yield `${text}\n`;
  yield '\n';
}

/** What was found, where, and on whose word it doesn't count. */
function found(row: FindingRow, { verbose, showIds }: RenderOptions): string[] {
  const [finding] = row;
  const isOneReason = row.every(({ message }) => message === finding.message);
  if (!isOneReason || (row.length > 1 && finding.state !== 'undecided'))
    return [clean(`${row.length} findings (-v lists them), the first: ${findingMessage(finding)}`)];
  const { layer, file, exception } = finding;
  const message = verbose ? findingMessage(finding) : brief(findingMessage(finding));
  const stated = file === null ? '' : statedPlace(file);
  const where = [
    // Messages that explain a setting name its place themselves, unless that was cut off.
    ...(stated === '' || message.includes(stated) ? [] : [stated]),
    ...(layer === null ? [] : [`layer ${layer.index}${verbose && layer.createdBy !== null ? `, made by ${layer.createdBy}` : ''}`]),
  ];
  return [
    clean(message),
    ...(where.length === 0 ? [] : [clean(`in ${where.join(', ')}`)]),
    ...(finding.state !== 'excepted' ? [] : [clean(`would be ${finding.action.toUpperCase()}; excepted${exception ? ` by ${exceptedBy(exception)}` : ''}`)]),
    ...(verbose && finding.remediation !== null ? [clean(`to do: ${finding.remediation}`)] : []),
    ...(showIds ? [...new Set(row.map(({ id }) => clean(`id ${id}`)))] : []),
  ];
}

/** Each trigger of a row once. */
function triggersOf(row: FindingRow): string[] {
  return [...new Set(row.map(({ trigger }) => clean(trigger)))];
}

/** `/etc/x.conf:3`; the image's command line has no lines. */
function statedPlace({ path, line }: NonNullable<Finding['file']>): string {
  return line === null || path === 'the command line' ? path : `${path}:${line}`;
}

/** Characters of a message that are shown without `-v`. */
const longMessage = 480;

/** A message that lists a hundred things, cut where an item ends. */
function brief(message: string): string {
  if (message.length <= longMessage) return message;
  const end = message.lastIndexOf(', ', longMessage);
  return `${message.slice(0, end > longMessage / 2 ? end : longMessage)}, … (-v shows all)`;
}

/** On whose word; of a VEX statement what it says too. */
function exceptedBy({ source, scope, statement }: NonNullable<Finding['exception']>): string {
  if (statement === undefined) return `${source} (${scope})`;
  const { author, status, justification } = statement;
  return `${source} (${scope}${author === null ? '' : ` by ${author}`}): ${status}${justification === null ? '' : `, ${justification}`}`;
}

function place(location: { readonly path: string; readonly line?: number; readonly layer?: number }): string[] {
  return [
    location.line === undefined ? location.path : `${location.path}:${location.line}`,
    ...(location.layer === undefined ? [] : [`layer ${location.layer}`]),
  ];
}

/** What the rows call an image: of several in one archive its tag, else the reference's short name. */
function rowName({ reference, tags }: ImageVerdict, { images, settings }: VerdictDocument): string {
  const chosen = settings.find(({ name }) => name === 'tag')?.value;
  if (chosen !== undefined && tags.includes(chosen)) return chosen;
  const shared = images.filter((image) => image.reference === reference).length > 1;
  return (shared ? tags[0] : undefined) ?? shortName(reference);
}

/** The last part of a path or repository name, without an archive's ending; the block's header has all of it. */
function shortName(reference: string): string {
  const name =
    reference
      .replace(/(?<!\/)\/+$/, '')
      .split('/')
      .at(-1) ?? '';
  return name.replace(/(?<=.)\.(tar|tgz|tar\.(gz|zst))$/, '') || reference;
}

function actionCell(finding: Finding): string {
  return finding.state === 'excepted' ? 'excepted' : finding.action.toUpperCase();
}

function colorOf(action: Action, colors: Colors): (text: string) => string {
  return { stop: colors.red, warn: colors.yellow, go: colors.green }[action];
}

function actionColor(finding: Finding, colors: Colors): (text: string) => string {
  return finding.state === 'excepted' ? colors.dim : colorOf(finding.action, colors);
}

const reasons = {
  'denied-image': 'the policy denies this image',
  'allowed-image': 'the policy allows this image',
  'no-mapping': 'no mapping of the policy covers this image',
  'no-rules': 'no rule applied to this image',
} as const;

function counted({ stop, warn, go, undecided, excepted }: Counts): string {
  return `${stop} stop, ${warn} warn, ${go} go${undecided > 0 ? `, ${undecided} undecided` : ''}${excepted > 0 ? `, ${excepted} excepted` : ''}`;
}

/**
 * The verdict and the counts over all images. Never coloured: it begins with the verdict for programs too. ERROR, which is no
 * verdict, when an image could not be judged.
 */
function lastLine({ verdict, images }: VerdictDocument): string {
  const judged = images.filter((image): image is ImageVerdict => !('error' in image));
  const failed = images.length - judged.length;
  if (verdict === null)
    return images.length === 0 ? 'ERROR  no image was given' : `ERROR  ${failed === 1 ? 'the image' : `all ${failed} images`} could not be judged`;
  const sum = (key: keyof Counts) => judged.reduce((total, image) => total + image.counts[key], 0);
  const counts = counted({ stop: sum('stop'), warn: sum('warn'), go: sum('go'), undecided: sum('undecided'), excepted: sum('excepted') });
  const scope = images.length === 1 ? '' : `; ${images.length} images`;
  // A run that couldn't judge all has no verdict as a whole (docs/decisions/0003).
  return failed > 0
    ? `ERROR  ${failed} of ${images.length} images could not be judged; the others: ${verdict.toUpperCase()}  ${counts}`
    : `${verdict.toUpperCase()}  ${counts}${scope}`;
}
