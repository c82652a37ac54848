import { classes, type Difference } from './classes.ts';
import { keyOf } from './listed.ts';

/** One peer's list of an image against ours. */
export interface Comparison {
  readonly image: string;
  readonly tool: string;
  readonly version: string;
  readonly ours: number;
  /** null: the peer failed on the image. */
  readonly theirs: number | null;
  readonly same: number;
  readonly onlyOurs: readonly Classified[];
  readonly onlyTheirs: readonly Classified[];
}

export interface Classified extends Difference {
  /** null: nobody has looked into it. */
  readonly name: string | null;
}

function countsOf(differences: readonly Classified[]): string {
  const counts = new Map<string, number>();
  for (const { name } of differences) counts.set(name ?? '**not explained**', (counts.get(name ?? '**not explained**') ?? 0) + 1);
  return [...counts].map(([name, count]) => `${count} ${name}`).join('; ') || '–';
}

function examplesOf(name: string, all: readonly Comparison[]): string[] {
  const seen = new Set<string>();
  for (const { onlyOurs, onlyTheirs, tool } of all) {
    for (const each of onlyOurs) if (each.name === name) seen.add(`\`${keyOf(each.listed)}\``);
    for (const each of onlyTheirs) if (each.name === name) seen.add(`\`${keyOf(each.listed)}\` (${tool} alone)`);
  }
  return [...seen].sort();
}

/** The page `docs/comparison.md`: a row for each image and peer, and the reason of each class of difference. */
export function comparisonPage(comparisons: readonly Comparison[]): string {
  const tools = [...new Set(comparisons.flatMap(({ tool, version }) => (version === '' ? [] : [`${tool} ${version}`])))].join(' and ');
  const rows = comparisons.map(
    ({ image, tool, ours, theirs, same, onlyOurs, onlyTheirs }) =>
      `| ${image} | ${tool} | ${ours} | ${theirs ?? 'failed'} | ${theirs === null ? '–' : same} | ${countsOf(onlyOurs)} | ${countsOf(onlyTheirs)} |`,
  );
  const sections = classes.flatMap(({ name, why }) => {
    const examples = examplesOf(name, comparisons);
    if (examples.length === 0) return [];
    const shown = examples.slice(0, 4).join(', ');
    return [`### ${name}`, '', why, '', `${examples.length === 1 ? 'Here' : `${examples.length} here`}: ${shown}${examples.length > 4 ? ', …' : ''}.`, ''];
  });
  return [
    '# Packages that other tools list',
    '',
    `What Portcullis lists of the sample images beside ${tools}: the sets of purl type, name and version. \`npm run compare\` writes this page, with the tools on PATH where they are, otherwise with their recorded lists; a test fails on a difference that belongs to no class below.`,
    '',
    'Spellings of one thing count as one: the namespace of a distribution (`alma`, `almalinux`), an epoch in the version or beside it, the letters in front of the version of Go’s standard library.',
    '',
    '| image | peer | Portcullis | peer’s | the same | only Portcullis | only the peer |',
    '|---|---|---:|---:|---:|---|---|',
    ...rows,
    '',
    '## The differences',
    '',
    ...sections,
  ]
    .join('\n')
    .trimEnd()
    .concat('\n');
}
