import type { Coverage, Evidence, EvidenceKind, Facts, ImageFacts, ImageInput, InputDocument, Package, Platform, Problem, Request } from '../../model/index.ts';
import { distributionTypes, isNamedByDistribution } from '../package-types.ts';
import { problemOf, touchesTypes } from '../problem.ts';
import { readCyclonedx } from './cyclonedx.ts';
import { distributionOf } from './distribution.ts';
import { packageOf, type SbomPackage } from './package-of.ts';
import { Faults, packageTypes, type SbomReading } from './reading.ts';
import { readSpdx } from './spdx.ts';
import { readSyft } from './syft.ts';

const readers = { cyclonedx: readCyclonedx, spdx: readSpdx, syft: readSyft } as const;
/** Types whose advisories name source packages. */
const typesWithSources = ['deb', 'apk', 'rpm'] as const;

/** What an SBOM can hold; the dockerfile is the caller's own. */
const held: ReadonlySet<EvidenceKind> = new Set(['image', 'packages', 'distribution', 'dockerfile']);
/** Made later, by matching. */
const later: ReadonlySet<EvidenceKind> = new Set(['vulnerabilities', 'feeds']);

function platformOf(text: string | null): Platform {
  const [os, architecture, variant] = (text ?? '').split('/');
  return { os: os || 'linux', architecture: architecture || 'unknown', ...(variant ? { variant } : {}) };
}

/** The types of which it is known what there is: those that are listed, or that the SBOM says were looked for. */
function searchedTypes(reading: SbomReading, packages: readonly Package[]): ReadonlySet<string> {
  if (reading.searched === 'all') return new Set(packageTypes);
  const named = new Set<string>([...packages.map(({ type }) => type), ...(reading.searched ?? [])]);
  // A system has one package manager: whoever read its database, or looked for one, looked for the others too.
  const system = distributionTypes.some((type) => named.has(type)) ? distributionTypes : [];
  return new Set([...named, ...system]);
}

function* unsearched(reading: SbomReading, packages: readonly Package[]): Generator<Problem> {
  if (reading.lacks !== null && !reading.problems.some(({ evidence }) => evidence === 'packages')) {
    yield problemOf({ kind: 'no-data', evidence: 'packages', cause: 'outside', what: 'the SBOM', why: reading.lacks, subject: 'incomplete' });
  }
  const searched = searchedTypes(reading, packages);
  const ecosystems = packageTypes.filter((type) => !searched.has(type));
  if (ecosystems.length === 0) return;
  yield problemOf({
    kind: 'no-data',
    evidence: 'packages',
    ecosystems,
    cause: 'outside',
    what: `packages of the type${ecosystems.length === 1 ? '' : 's'} ${ecosystems.join(', ')}`,
    why: 'the SBOM lists none and does not say that they were looked for',
    subject: 'unsearched',
  });
}

/** Advisories of distributions name source packages: where an SBOM leaves them out, not every vulnerability can be found. */
function* sourceless(packages: readonly SbomPackage[]): Generator<Problem> {
  for (const type of typesWithSources) {
    const own = packages.filter((item) => item.package.type === type);
    if (own.length === 0 || own.some(({ namesSource }) => namesSource)) continue;
    yield problemOf({
      kind: 'no-data',
      evidence: 'vulnerabilities',
      ecosystem: type,
      cause: 'outside',
      what: `the source packages of the ${type} packages`,
      why: 'the SBOM does not name them, and advisories go by them',
    });
  }
}

/** Debian and Alpine name a source package only where it has another name; an SBOM that names some names all of these. */
function withSources(packages: readonly SbomPackage[]): Package[] {
  const naming = new Set(packages.filter(({ namesSource }) => namesSource).map((item) => item.package.type));
  const purls = new Set(packages.map((item) => item.package.purl));
  return packages.map(({ package: item, isSourceless }) => ({
    ...item,
    source:
      item.source ??
      (!isSourceless && (item.type === 'deb' || item.type === 'apk') && naming.has(item.type) ? { name: item.name, version: item.version } : null),
    // A package that isn't listed owns nothing.
    ownedBy: item.ownedBy !== null && purls.has(item.ownedBy) ? item.ownedBy : null,
  }));
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function byIdentity(a: Package, b: Package): number {
  return (
    compareText(a.type, b.type) ||
    compareText(a.name, b.name) ||
    compareText(a.version, b.version) ||
    compareText(a.architecture ?? '', b.architecture ?? '') ||
    compareText(a.locations[0]?.path ?? '', b.locations[0]?.path ?? '')
  );
}

function coverageOf(request: Request, facts: Partial<Facts>, problems: readonly Problem[]): Coverage {
  if (later.has(request.kind)) return { request, state: 'not-asked', problems: [] };
  if (!held.has(request.kind) || (request.kind !== 'image' && facts[request.kind] === undefined)) return { request, state: 'not-applicable', problems: [] };
  const own = problems.filter((problem) => problem.evidence === request.kind && touchesTypes(problem, request.detail?.types));
  return { request, state: own.length === 0 ? 'collected' : 'incomplete', problems: own.map(({ id }) => id) };
}

function listed(counts: ReadonlyMap<string, number>): string {
  const sorted = [...counts].sort(([a], [b]) => compareText(a, b)).map(([kind, count]) => `${count} ${kind}`);
  return `${sorted.slice(0, 20).join(', ')}${sorted.length > 20 ? ', …' : ''}`;
}

function inputOf(reading: SbomReading, others: ReadonlyMap<string, number>, { attested }: InputDocument): ImageInput {
  const { format, generator, aside } = reading;
  const subject = { ...reading.subject, name: attested?.name ?? reading.subject.name, digest: attested?.digest ?? reading.subject.digest };
  const notes = [
    ...(attested === undefined ? [] : ['It came in an attestation, whose signature was not checked.']),
    ...reading.notes,
    ...(aside.size === 0 ? [] : [`Left aside, as they are no packages: ${listed(aside)}.`]),
    ...(others.size === 0 ? [] : [`Left aside, as their purls name no packages: ${listed(others)}.`]),
  ];
  return { kind: 'sbom', format, generator, subject, notes };
}

/**
 * Evidence out of an SBOM: its packages by their purls, and the distribution. Whatever else a rule asks for it can't
 * hold; what it may leave out (a type of which it lists none) is a problem that lies outside of the image.
 * @param image what is known of the image without the document
 */
export function sbomEvidence(document: InputDocument, image: ImageFacts, requests: readonly Request[], dockerfile: Facts['dockerfile'] | null): Evidence {
  const reading = readers[document.format as keyof typeof readers](document.content);
  const others = new Map<string, number>();
  const read: SbomPackage[] = [];
  const faults = new Faults(reading.problems);
  for (const doubt of document.doubts ?? []) faults.add('unreadable', doubt, 'the SBOM', doubt);
  for (const entry of reading.entries) {
    const item = packageOf(entry, faults, others);
    if (item !== null) read.push(item);
  }
  const packages = withSources(read).sort(byIdentity);
  const urls = read.filter((item) => isNamedByDistribution(item.package.type)).map(({ url }) => url);
  const distribution = distributionOf(reading, urls, image.reference);
  const problems = [...reading.problems, ...unsearched(reading, packages), ...sourceless(read), ...distribution.problems];
  if (distribution.found === null && (urls.length > 0 || reading.searched === null)) {
    const why = 'the SBOM does not name it';
    problems.push(problemOf({ kind: 'no-data', evidence: 'distribution', cause: 'outside', what: 'the distribution', why }));
  }
  const why = 'what an SBOM says of them is not known to be all of them';
  problems.push(problemOf({ kind: 'unsupported', evidence: 'image', cause: 'outside', what: 'the names and tags of the image', why }));

  const kinds = new Set(requests.map(({ kind }) => kind));
  const facts: Partial<Facts> = {
    ...(kinds.has('packages') ? { packages } : {}),
    ...(kinds.has('packages') || kinds.has('distribution') ? { distribution: distribution.found } : {}),
    ...(kinds.has('dockerfile') && dockerfile !== null ? { dockerfile } : {}),
  };
  const known = { ...image, platform: platformOf(reading.platform), tags: reading.tags, layers: reading.layers, input: inputOf(reading, others, document) };
  const asked = problems.filter(({ evidence }) => kinds.has(evidence));
  return { image: known, facts: { ...facts, image: known }, coverage: requests.map((request) => coverageOf(request, facts, asked)), problems: asked };
}
