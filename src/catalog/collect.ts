import { randomBytes } from 'node:crypto';
import type { Limits } from '../archive/index.ts';
import { imageFiles, type LayerCache, pathOf, type Refusal } from '../layer/index.ts';
import type {
  Coverage,
  DistributionPackageType,
  Evidence,
  EvidenceKind,
  Facts,
  FileDigestAlgorithm,
  Image,
  ImageFiles,
  Location,
  Package,
  Problem,
  Request,
} from '../model/index.ts';
import type { CatalogFacts, CatalogKind } from './cataloger.ts';
import { configurationForServices, configurationSecrets, dockerfileWithoutSecrets, factsWithoutSecrets, withoutSecrets } from './configuration-secrets.ts';
import {
  accountsOf,
  asPrograms,
  digestsByContent,
  distributionOf,
  driftOf,
  filesOf,
  lostMetadata,
  missingDigests,
  nixPackages,
  ownershipProblems,
  ownersOf,
  packageDatabaseProblems,
  privateKeysOf,
  unnamedSources,
  withLicenses,
  withOrigins,
  withOwners,
  withoutRepeatedComponents,
} from './derive/index.ts';
import { dockerfileContradictions, dockerfileOf, type GivenDockerfile, withGivenDockerfile } from './dockerfile.ts';
import driftDigests, { probableDigests } from './drift-digests.ts';
import { servicesWithoutSecrets } from './facts-without-secrets.ts';
import { ask, MergedLayers, type Wanted } from './merged.ts';
import { distributionTypes, isDistributionType } from './package-types.ts';
import { type PlannedReader, planReaders } from './plan.ts';
import { problemOf, touchesTypes } from './problem.ts';
import { purlOf } from './purl.ts';
import { readLayers } from './read-layers.ts';
import { catalogerByName } from './registry.ts';
import { sbomEvidence } from './sbom/index.ts';
import { withUnsoughtPrograms } from './unsought-programs.ts';

export interface CatalogOptions {
  readonly limits: Limits;
  /** The caller's claim of what the image was built from. */
  readonly dockerfile: GivenDockerfile | null;
  /** Records of layers that were read before; without one everything is read. */
  readonly cache?: LayerCache | undefined;
}

/** How often layers are read again for what only then is known to be needed. */
const MAX_ROUNDS = 6;

const PYTHON = 'language/python';

/** How many entries that can't be unpacked get a problem of their own. */
const MAX_REFUSED = 20;

/** Kinds that are read out of the squashed image: where it can't be unpacked none of them is certain. */
const OF_THE_TREE = ['packages', 'accounts', 'groups', 'files', 'contents', 'secrets', 'certificates', 'keys', 'drift', 'services'] as const;

/** Kinds that are made after cataloguing: by matching, and by programs outside. */
const LATER: ReadonlySet<EvidenceKind> = new Set(['vulnerabilities', 'feeds', 'malware']);

/**
 * Everything about one image that the requests ask for: reads the layers, once, squashes, and derives what needs
 * the whole image. What could not be known is a problem, and the coverage says what became of each request. An SBOM
 * gives what it holds; stored evidence is given back as it is.
 * @throws PortcullisError IMAGE_* when a layer can't be read or isn't what its digest says
 */
export async function catalog(image: Image, requests: readonly Request[], options: CatalogOptions): Promise<Evidence> {
  if (image.evidence !== undefined) {
    const made = image.evidence.coverage.map(({ request }) => request);
    return withUnsoughtPrograms(withGivenDockerfile(image.evidence, options.dockerfile), made, requests);
  }
  if (image.document !== undefined) {
    const given = options.dockerfile === null ? null : dockerfileWithoutSecrets(dockerfileOf(options.dockerfile, image.configuration));
    return withUnsoughtPrograms(sbomEvidence(image.document, image.facts, requests, given), [], requests);
  }
  const kinds = new Set(requests.map((request) => request.kind));
  const readers = await withProbableDigests(planReaders(requests), image, options.limits);
  const imageFacts = factsWithoutSecrets(image.facts);
  const facts: { -readonly [K in keyof Facts]?: Facts[K] } = { image: imageFacts };
  const problems: Problem[] = [];
  if (image.facts.verified) facts.configuration = withoutSecrets(image.configuration);
  else if (kinds.has('configuration')) {
    problems.push(
      problemOf({
        kind: 'unsupported',
        evidence: 'configuration',
        cause: 'outside',
        what: 'the image configuration',
        why: 'a directory has none: user, ports and health check are not known',
      }),
    );
  }
  if (kinds.has('dockerfile')) {
    const dockerfile = dockerfileOf(options.dockerfile, image.configuration);
    facts.dockerfile = dockerfileWithoutSecrets(dockerfile);
    if (image.facts.verified) problems.push(...dockerfileContradictions(dockerfile, image.configuration));
  }
  const needsTree = kinds.has('files') || kinds.has('contents');
  if (readers.length > 0 || needsTree) Object.assign(facts, await readFacts(image, requests, readers, options, problems));
  else
    await readLayers(
      image.layers.map((blob) => ({ blob, plan: { readers: [], limits: options.limits } })),
      options.cache,
    ); // verified all the same
  return { image: imageFacts, facts, coverage: requests.flatMap((request) => coveragesOf(request, problems, image)), problems };
}

async function readFacts(
  image: Image,
  requests: readonly Request[],
  readers: readonly PlannedReader[],
  options: CatalogOptions,
  problems: Problem[],
): Promise<Partial<Facts>> {
  const { limits } = options;
  const kinds = new Set(requests.map((request) => request.kind));
  const fingerprintKey = kinds.has('secrets') ? (options.cache?.fingerprintKey ?? randomBytes(32)) : undefined;
  const secretly = fingerprintKey === undefined ? {} : { fingerprintKey };
  const records = await readLayers(
    image.layers.map((blob) => ({ blob, plan: { readers, limits, ...secretly } })),
    options.cache,
  );
  const merged = new MergedLayers(records, readers, image.facts.verified);
  const readAgain = async (wanted: Wanted, readers: readonly PlannedReader[]): Promise<void> => {
    const known = merged.problems.length;
    const layers = [...wanted.keys()].sort((a, b) => a - b);
    const again = await readLayers(
      layers.map((layer) => ({
        blob: image.layers[layer] as Image['layers'][number],
        plan: {
          readers,
          limits,
          ...secretly,
          only: Object.fromEntries(
            [...(wanted.get(layer) as Map<number, { path: string; readers: Set<string>; keep: boolean }>)].map(([entry, want]) => [
              entry,
              { ...want, readers: [...want.readers] },
            ]),
          ),
        },
      })),
      options.cache,
    );
    for (const [index, layer] of layers.entries())
      merged.add(layer, again[index] as (typeof again)[number], wanted.get(layer) as Map<number, { path: string }>);
    for (const problem of merged.problems.slice(known)) problems.push(problem);
  };
  const unread = merged.unread(readers.filter(({ name }) => name !== driftDigests.name));
  problems.push(...refusedEntries(merged.squash.refused, kinds));
  for (const problem of merged.problems) problems.push(problem);
  if (unread.size > 0) await readAgain(unread, readers);
  for (let left = MAX_ROUNDS, included = merged.included(); included.size > 0; included = merged.included()) {
    if (left-- === 0) {
      problems.push(
        problemOf({
          kind: 'limit',
          evidence: 'packages',
          ecosystem: 'pypi',
          what: 'requirements files',
          why: `they take one another in over more than ${MAX_ROUNDS} levels`,
        }),
      );
      break;
    }
    await readAgain(included, readers);
  }

  const found: { -readonly [K in keyof Facts]?: Facts[K] } = {};
  const files = imageFiles(merged.squash, merged.contentOf);
  const distribution = distributionOf(of(merged, 'distribution'));
  if (kinds.has('distribution') || kinds.has('packages')) found.distribution = distribution;
  let packages: Package[] = [];
  const hasLayers = image.facts.verified;
  if (kinds.has('packages')) {
    const read = databasesRead(readers, requests);
    const lost = readers.some(({ name }) => name === PYTHON) ? lostMetadata(merged.squash, hasLayers) : { packages: [], problems: [] };
    problems.push(...lost.problems);
    // A store of Nix has no file that lists it: its directories do.
    const stored = read.has('nix') ? nixPackages(files, hasLayers) : [];
    const derived = [...stored.map((fact) => ({ fact, reader: 'os/nix-store' })), ...lost.packages.map((fact) => ({ fact, reader: PYTHON }))];
    const packageFacts = withOrigins([...merged.ofKind('packages'), ...derived], merged.ofKind('origins'), files);
    packages = packageFacts.map(({ fact, reader }) => {
      const { purl: _, provides: __, ...rest } = fact;
      return { ...rest, purl: purlOf(fact, distribution), ownedBy: null, cataloger: reader };
    });
    packages = withoutRepeatedComponents(packages);
    packages = withLicenses(packages, of(merged, 'licenses'), files);
    packages = asPrograms(withOwners(packages, of(merged, 'ownership'), files));
    packages.sort(byIdentity);
    found.packages = packages;
    const provided = packageFacts.flatMap(({ fact }) => fact.provides ?? []);
    const { removals } = merged.squash;
    problems.push(...packageDatabaseProblems({ distribution, packages, provided, files, removals, problems, read, hasLayers }));
    problems.push(...unnamedSources(packages));
  }
  if (kinds.has('accounts')) found.accounts = accountsOf(of(merged, 'accounts'), of(merged, 'shadow'));
  if (kinds.has('groups')) found.groups = of(merged, 'groups');
  if (kinds.has('certificates')) found.certificates = of(merged, 'certificates').sort(byPlace);
  if (kinds.has('keys')) found.keys = privateKeysOf(of(merged, 'keys').sort(byPlace), of(merged, 'certificates'), files);
  const ownership = { squash: merged.squash, packages, checksums: of(merged, 'checksums'), diversions: of(merged, 'diversions') };
  let digestsOf = digestsByContent(merged.squash, of(merged, 'digests'));
  if (kinds.has('drift')) {
    const wanted: Wanted = new Map();
    const algorithms = new Set<FileDigestAlgorithm>();
    for (const [node, missing] of missingDigests(ownership, digestsOf)) {
      ask(wanted, node, pathOf(node), driftDigests.name, false);
      for (const algorithm of missing) algorithms.add(algorithm);
    }
    if (wanted.size > 0) {
      await readAgain(wanted, [{ name: driftDigests.name, request: { kind: 'drift', detail: { digests: [...algorithms].sort() } } }]);
      digestsOf = digestsByContent(merged.squash, of(merged, 'digests'));
    }
    found.drift = driftOf(ownership, digestsOf);
    problems.push(...ownershipProblems('drift', ownership, problems));
  }
  const filesRequest = requests.find((request) => request.kind === 'files');
  if (filesRequest !== undefined) {
    if (filesRequest.detail?.owners === true) problems.push(...ownershipProblems('files', ownership, problems));
    found.files = filesOf(merged.squash, {
      selection: filesRequest.detail?.files,
      algorithms: filesRequest.detail?.digests ?? [],
      digestsOf,
      ownerOf: filesRequest.detail?.owners === true ? ownersOf(ownership) : null,
      hasCapabilities: image.facts.verified,
    });
  }
  if (fingerprintKey !== undefined) {
    found.secrets = [...configurationSecrets(image.configuration, fingerprintKey), ...of(merged, 'secrets').sort(byPlace)];
  }
  if (kinds.has('contents')) found.contents = of(merged, 'contents').sort(byPlace);
  if (kinds.has('services')) {
    // Loaded only when asked for: it is the largest room.
    const { servicesOf, serviceProblems } = await import('./derive/services.ts');
    let rounds = 0;
    for (;;) {
      const wanted: Wanted = new Map();
      const asking: ImageFiles = {
        ...files,
        read: (path) => {
          const answer = files.read(path);
          if (answer.state === 'pending') {
            const node = merged.squash.lookup(path, true);
            if (node === undefined) return { state: 'missing' };
            if (rounds >= MAX_ROUNDS) {
              merged.giveUp(node, `it is included over more than ${MAX_ROUNDS} levels of files that lie elsewhere`);
              return files.read(path);
            }
            if (node.size > limits.fileBytes) {
              merged.giveUp(node, `it has ${node.size} bytes, more than the ${limits.fileBytes} that are read`);
              return files.read(path);
            }
            ask(wanted, node, path, null, true);
          }
          return answer;
        },
      };
      const services = servicesOf({ files: asking, configuration: configurationForServices(image.configuration), distribution, packages });
      if (wanted.size === 0) {
        found.services = servicesWithoutSecrets(services);
        problems.push(...serviceProblems(found.services));
        break;
      }
      rounds++;
      await readAgain(wanted, readers);
    }
  }
  return found;
}

/** The readers, of which that for drift computes what it will probably be told by. */
async function withProbableDigests(readers: readonly PlannedReader[], image: Image, limits: Limits): Promise<readonly PlannedReader[]> {
  if (!readers.some(({ name }) => name === driftDigests.name)) return readers;
  const digests = await probableDigests(image, limits);
  return readers.map((reader) => (reader.name === driftDigests.name ? { ...reader, request: { kind: 'drift', detail: { digests } } } : reader));
}

/** The kinds of package databases that the readers read; whoever reads those of languages, or of another distribution, looks into Nix' store too. */
function databasesRead(readers: readonly PlannedReader[], requests: readonly Request[]): Set<DistributionPackageType> {
  const ecosystems = readers.map(({ name }) => catalogerByName.get(name)?.ecosystem);
  const wantsNix = requests.some(
    ({ kind, detail }) => kind === 'packages' && (detail?.types?.some((type) => type === 'nix' || !isDistributionType(type)) ?? true),
  );
  return new Set(distributionTypes.filter((type) => (type === 'nix' ? wantsNix : ecosystems.includes(type))));
}

/** Entries that no runtime would unpack: what the image holds is then anybody's guess. */
function refusedEntries(refused: readonly Refusal[], kinds: ReadonlySet<EvidenceKind>): Problem[] {
  const asked = OF_THE_TREE.filter((kind) => kinds.has(kind));
  return (asked.length === 0 ? (['packages'] as const) : asked).flatMap((evidence) => refusedOf(evidence, refused));
}

function refusedOf(evidence: EvidenceKind, refused: readonly Refusal[]): Problem[] {
  const shown = refused.slice(0, MAX_REFUSED);
  const problems = shown.map(({ path, layer, why }) =>
    problemOf({
      kind: 'unreadable',
      evidence,
      what: `/${path}`,
      why: `${why}, so the image cannot be unpacked`,
      location: { path: `/${path}`, layer },
    }),
  );
  if (refused.length > shown.length) {
    const [first] = refused;
    problems.push(
      problemOf({
        kind: 'unreadable',
        evidence,
        what: 'the image',
        why: `${refused.length} entries, of which ${shown.length} are named, cannot be unpacked`,
        location: { path: '/', layer: first?.layer ?? 0 },
        subject: 'refused',
      }),
    );
  }
  return problems;
}

function of<K extends CatalogKind>(merged: MergedLayers, kind: K): CatalogFacts[K][] {
  return merged.ofKind(kind).map((item) => item.fact);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

interface Placed {
  readonly location: Location | null;
  readonly pattern?: string;
  readonly rule?: string;
}

/** By path, line, and whatever tells two at one place apart. */
function byPlace(a: Placed, b: Placed): number {
  return (
    compareText(a.location?.path ?? '', b.location?.path ?? '') ||
    (a.location?.layer ?? 0) - (b.location?.layer ?? 0) ||
    (a.location?.line ?? 0) - (b.location?.line ?? 0) ||
    compareText(a.pattern ?? a.rule ?? '', b.pattern ?? b.rule ?? '')
  );
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

/** Capabilities of files can't be read from a directory: what else is asked of files is answered all the same. */
function coveragesOf(request: Request, problems: readonly Problem[], image: Image): Coverage[] {
  if (request.kind !== 'files' || image.facts.verified) return [coverageOf(request, problems)];
  const selection = request.detail?.files;
  if (selection?.capabilities !== true) return [coverageOf(request, problems)];
  const { capabilities: _, ...rest } = selection;
  return [{ request, state: 'not-applicable', problems: [] }, coverageOf({ kind: 'files', detail: { ...request.detail, files: rest } }, problems)];
}

function coverageOf(request: Request, problems: readonly Problem[]): Coverage {
  if (LATER.has(request.kind)) return { request, state: 'not-asked', problems: [] };
  const types = request.detail?.types;
  const own = problems.filter((problem) => problem.evidence === request.kind && touchesTypes(problem, types));
  return { request, state: own.length === 0 ? 'collected' : 'incomplete', problems: own.map((problem) => problem.id) };
}
