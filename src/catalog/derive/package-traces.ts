import type { DistributionPackageType, ImageFiles, Package, Problem } from '../../model/index.ts';
import { problemOf } from '../problem.ts';
import { databasePlaces } from './database-places.ts';

/** What the traces are compared with. */
export interface PackageTraceContext {
  readonly packages: readonly Package[];
  /** Names that apk packages provide besides their own. */
  readonly provided: readonly string[];
  readonly files: ImageFiles;
  /** The kinds of databases that were read; of the others nothing can be said. */
  readonly read: ReadonlySet<DistributionPackageType>;
  /** False for a directory: its facts have no layer. */
  readonly hasLayers: boolean;
}

/** Traces that packages leave beside the database, and that the database doesn't explain: entries were taken out of it. */
export function* packageTraceProblems(context: PackageTraceContext): Generator<Problem> {
  if (context.read.has('deb')) {
    yield* checksumTraces(context, '/var/lib/dpkg/status', '/var/lib/dpkg/info');
    yield* checksumTraces(context, '/var/lib/dpkg/status.d', '/var/lib/dpkg/status.d');
  }
  if (context.read.has('apk')) yield* worldTraces(context);
  if (context.read.has('alpm')) {
    yield* directoryTraces(context, 'alpm', '/var/lib/pacman/local', ({ name, version }) => `${name}-${version}`);
  }
  if (context.read.has('ebuild')) {
    yield* directoryTraces(context, 'ebuild', '/var/db/pkg', ({ name, version }) => `${name}-${version}`, context.files.list('/var/db/pkg'));
  }
}

/**
 * Databases in which a package is a directory, below these categories or at once: one that describes no package is what is left of
 * it, or of one that somebody took out.
 */
function* directoryTraces(
  { packages, files, hasLayers }: PackageTraceContext,
  type: DistributionPackageType,
  database: string,
  nameOf: (item: Package) => string,
  categories: readonly string[] = [''],
): Generator<Problem> {
  const known = new Set(packages.filter((item) => item.type === type).map(nameOf));
  const missing = categories.flatMap((category) =>
    files.list(`${database}/${category}`).flatMap((base) => {
      // Portage writes into `-MERGING-NAME` until a package is whole.
      const name = category === '' ? base : `${category}/${base}`;
      return known.has(name) || base.startsWith('-') || files.stat(`${database}/${name}`)?.type !== 'directory' ? [] : [name];
    }),
  );
  const entry = missing.length === 0 ? undefined : files.stat(database);
  if (entry === undefined) return;
  yield problemOf({
    kind: 'contradiction',
    evidence: 'packages',
    ecosystem: type,
    what: `the ${type} package database`,
    why: `${database} has directories in which no package is described: ${listed(missing)}`,
    location: { path: entry.path, ...(hasLayers ? { layer: entry.layer } : {}) },
    subject: 'traces',
  });
}

function listed(names: readonly string[]): string {
  return names.length <= 5 ? names.join(', ') : `${names.slice(0, 5).join(', ')} and ${names.length - 5} more`;
}

/** dpkg keeps a package's checksums until it is removed (unlike its file list, which stays with its configuration files). */
function* checksumTraces({ packages, files, hasLayers }: PackageTraceContext, database: string, directory: string): Generator<Problem> {
  const entry = files.stat(database);
  if (entry === undefined) return;
  const known = new Set(packages.filter((item) => item.type === 'deb').map((item) => item.name));
  const missing = files
    .list(directory)
    .filter((file) => file.endsWith('.md5sums'))
    .map((file) => file.slice(0, -'.md5sums'.length).split(':')[0] as string)
    .filter((name) => !known.has(name));
  if (missing.length === 0) return;
  yield problemOf({
    kind: 'contradiction',
    evidence: 'packages',
    ecosystem: 'deb',
    what: database,
    why: `${directory} holds the traces of ${listed(missing)}, which the database does not list`,
    location: { path: entry.path, ...(hasLayers ? { layer: entry.layer } : {}) },
    subject: 'traces',
  });
}

/** apk(5): world names what was asked to be installed; each must be in the database, or provided by what is. */
function* worldTraces({ packages, files, provided, hasLayers }: PackageTraceContext): Generator<Problem> {
  const world = files.read('/etc/apk/world');
  const installed = packages.filter((item) => item.type === 'apk').map((item) => item.name);
  if (world.state !== 'read' || installed.length === 0) return;
  const known = new Set([...installed, ...provided]);
  const missing: string[] = [];
  for (const word of Buffer.from(world.bytes).toString('utf8').split(/\s+/)) {
    const name = /^[A-Za-z0-9_][A-Za-z0-9+._-]*/.exec(word)?.[0];
    if (name === undefined || word.includes(':') || known.has(name)) continue; // `so:…`, `cmd:…`, `!name` and `.name` ask for no package
    missing.push(name);
  }
  const entry = databasePlaces.apk.map((place) => files.stat(place)).find((found) => found !== undefined);
  if (missing.length === 0 || entry === undefined) return;
  yield problemOf({
    kind: 'contradiction',
    evidence: 'packages',
    ecosystem: 'apk',
    what: entry.path,
    why: `/etc/apk/world names ${listed(missing)}, which the database does not list`,
    location: { path: entry.path, ...(hasLayers ? { layer: entry.layer } : {}) },
    subject: 'world',
  });
}
