// Measures matching against hand-made labels (anchore/vulnerability-match-labels, CC0): `node scripts/run.mjs scripts/labels.ts
// [FEEDS] [-v]`. FEEDS: a directory with `osv/` and `match-labels.jsonl.gz`; default ../shared/feeds. docs/matching.md says what
// the figures mean.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type Advisories, importAdvisories, openAdvisories } from '../src/advisories/index.ts';
import { openZip } from '../src/archive/index.ts';
import type { Distribution, Package, PackageType } from '../src/model/index.ts';

interface Label {
  readonly image: string;
  readonly package?: { readonly name: string; readonly version: string };
  readonly vulnerability: string;
  readonly effective_cve?: string;
  readonly label: string;
}

/** A package that a label may mean, and the distribution that it is from. */
interface Candidate {
  readonly ecosystem: string;
  readonly pkg: Package;
  readonly distribution: Distribution | null;
}

interface Figures {
  truePositives: number;
  falsePositives: number;
  missed: number;
  rightlyLeft: number;
}

const languages: Readonly<Partial<Record<PackageType, string>>> = {
  npm: 'npm',
  pypi: 'PyPI',
  golang: 'Go',
  cargo: 'crates.io',
  gem: 'RubyGems',
  composer: 'Packagist',
};

const packageOf = (type: PackageType, name: string, version: string): Package => ({
  ...{ purl: `pkg:${type}/${name}@${version}`, type, name, version, source: null, architecture: null, licenses: [], locations: [] },
  ...{ ownedBy: null, lockfile: false, cataloger: 'label' },
});

const distributionOf = (id: string, version: string): Distribution => ({
  ...{ id, version, name: `${id} ${version}`, like: [], codename: null, location: { path: '/etc/os-release' } },
});

/**
 * The distribution's release, which labels don't say: by the image's name and the build's own mark in the version (`.el9`,
 * `+deb12u1`). Without such a mark it is not known, and the label is left out for the distribution.
 */
function fromDistribution(image: string, name: string, version: string): Candidate | undefined {
  const enterprise = /\.el(\d+)/.exec(version)?.[1];
  if (/almalinux/.test(image) && enterprise !== undefined) {
    return { ecosystem: `AlmaLinux:${enterprise}`, pkg: packageOf('rpm', name, version), distribution: distributionOf('almalinux', enterprise) };
  }
  const debian = /[+~]deb(\d+)u\d+/.exec(version)?.[1];
  if (debian === undefined) return undefined;
  return { ecosystem: `Debian:${debian}`, pkg: packageOf('deb', name, version), distribution: distributionOf('debian', debian) };
}

/** Labels name Java packages by their artifact alone: every group of the feed that has it may be meant. */
function mavenNames(feeds: string): Map<string, Set<string>> {
  const names = new Map<string, Set<string>>();
  const zip = openZip(readFileSync(join(feeds, 'osv', 'Maven', 'all.zip')));
  for (const entry of zip.entries) {
    const record = JSON.parse(Buffer.from(zip.read(entry)).toString()) as { affected?: { package?: { name?: string } }[] };
    for (const { package: named } of record.affected ?? []) {
      const artifact = named?.name?.split(':')[1];
      if (named?.name !== undefined && artifact !== undefined) names.set(artifact, (names.get(artifact) ?? new Set()).add(named.name));
    }
  }
  return names;
}

function candidatesOf({ image, package: named }: Label, maven: ReadonlyMap<string, ReadonlySet<string>>): Candidate[] {
  if (named === undefined) return [];
  const { name, version } = named;
  const own = fromDistribution(image, name, version);
  // A distribution's build is never judged by a language's advisories.
  if (own !== undefined || /\.el\d|\.amzn|ubuntu|-r\d+$/.test(version)) return own === undefined ? [] : [own];
  const plain = Object.entries(languages).map(([type, ecosystem]) => ({ ecosystem, pkg: packageOf(type as PackageType, name, version), distribution: null }));
  const java = [...(maven.get(name) ?? [])].map((full) => ({ ecosystem: 'Maven', pkg: packageOf('maven', full, version), distribution: null }));
  return [...plain, ...java];
}

function judged(
  label: Label,
  candidates: readonly Candidate[],
  advisories: Advisories,
): { readonly ecosystem: string; readonly isMatched: boolean } | undefined {
  const names = [label.vulnerability, ...(label.effective_cve === undefined ? [] : [label.effective_cve])];
  let known: string | undefined;
  for (const { ecosystem, pkg, distribution } of candidates) {
    if (!names.some((name) => advisories.compare(name, [pkg], distribution).length > 0)) continue;
    known ??= ecosystem;
    const { matches } = advisories.match([pkg], distribution, new Date());
    if (matches.some(({ id, aliases }) => names.some((name) => id === name || aliases.includes(name)))) return { ecosystem, isMatched: true };
  }
  return known === undefined ? undefined : { ecosystem: known, isMatched: false };
}

const percent = (part: number, whole: number): string => (whole === 0 ? '-' : `${((100 * part) / whole).toFixed(1)} %`);

const [given, ...words] = process.argv.slice(2).filter((word) => word !== '-v');
const isVerbose = process.argv.includes('-v');
if (words.length > 0) throw new Error('Usage: node scripts/run.mjs scripts/labels.ts [FEEDS] [-v]');
const feeds = given ?? '../shared/feeds';
const dataDir = mkdtempSync(join(tmpdir(), 'portcullis-labels-'));
try {
  await importAdvisories(join(feeds, 'osv'), { dataDir });
  const advisories = (await openAdvisories({ dataDir })) as Advisories;
  const maven = mavenNames(feeds);
  const labels = gunzipSync(readFileSync(join(feeds, 'match-labels.jsonl.gz')))
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Label);
  // The same label of several images of one name is one question.
  const questions = new Map(labels.map((label) => [JSON.stringify([label.package, label.vulnerability, label.image.split('@')[0], label.label]), label]));
  const figures = new Map<string, Figures>();
  let asked = 0;
  for (const label of questions.values()) {
    if (label.label !== 'TP' && label.label !== 'FP') continue;
    asked += 1;
    const result = judged(label, candidatesOf(label, maven), advisories);
    if (result === undefined) continue;
    const of = figures.get(result.ecosystem) ?? { truePositives: 0, falsePositives: 0, missed: 0, rightlyLeft: 0 };
    figures.set(result.ecosystem, of);
    const isTrue = label.label === 'TP';
    if (result.isMatched) of[isTrue ? 'truePositives' : 'falsePositives'] += 1;
    else of[isTrue ? 'missed' : 'rightlyLeft'] += 1;
    if (isVerbose && result.isMatched !== isTrue) {
      process.stdout.write(
        `${isTrue ? 'missed' : 'against the label'}: ${result.ecosystem} ${label.package?.name} ${label.package?.version} ${label.vulnerability} ${label.image}\n`,
      );
    }
  }
  advisories.close();
  process.stdout.write(`${labels.length} labels, ${asked} different ones that say TP or FP\n\n`);
  process.stdout.write(
    '| ecosystem | the feed has the record | found, label TP | found, label FP | not found, label TP | not found, label FP | precision | recall |\n',
  );
  process.stdout.write('|---|---|---|---|---|---|---|---|\n');
  const sum: Figures = { truePositives: 0, falsePositives: 0, missed: 0, rightlyLeft: 0 };
  const row = (name: string, of: Figures): void => {
    const { truePositives, falsePositives, missed, rightlyLeft } = of;
    const cells = [name, truePositives + falsePositives + missed + rightlyLeft, truePositives, falsePositives, missed, rightlyLeft];
    process.stdout.write(
      `| ${[...cells, percent(truePositives, truePositives + falsePositives), percent(truePositives, truePositives + missed)].join(' | ')} |\n`,
    );
  };
  for (const [name, of] of [...figures].sort(([a], [b]) => (a < b ? -1 : 1))) {
    row(name, of);
    for (const key of Object.keys(sum) as (keyof Figures)[]) sum[key] += of[key];
  }
  row('all', sum);
} finally {
  rmSync(dataDir, { recursive: true, force: true });
}
