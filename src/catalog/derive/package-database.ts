import type { Distribution, DistributionPackageType, FileEntry, ImageFiles, Location, Problem } from '../../model/index.ts';
import { distributionTypes, isDistributionType } from '../package-types.ts';
import { problemOf } from '../problem.ts';
import { databasePlaces, placeState } from './database-places.ts';
import { packageFamilies } from './package-family.ts';
import { type PackageTraceContext, packageTraceProblems } from './package-traces.ts';

/** What the package databases are checked against. */
export interface PackageDatabaseContext extends PackageTraceContext {
  readonly distribution: Distribution | null;
  /** Paths (without leading slash) that a layer took away. */
  readonly removals: readonly { readonly path: string; readonly layer: number }[];
  /** Problems found so far: a database that is there but unreadable has one already. */
  readonly problems: readonly Problem[];
}

/**
 * Package databases that are gone, empty, unusable, of another family or release than the distribution, or at odds
 * with the traces that packages leave elsewhere: never "no packages".
 */
export function* packageDatabaseProblems(context: PackageDatabaseContext): Generator<Problem> {
  for (const type of distributionTypes) if (context.read.has(type)) yield* databaseProblems(type, context);
  yield* unknownDistribution(context);
  yield* releaseContradiction(context);
  yield* packageTraceProblems(context);
}

function locationOf(entry: FileEntry, { hasLayers }: PackageDatabaseContext): Location {
  return { path: entry.path, ...(hasLayers ? { layer: entry.layer } : {}) };
}

function* databaseProblems(type: DistributionPackageType, context: PackageDatabaseContext): Generator<Problem> {
  const { distribution, packages, files } = context;
  const families = distribution === null ? [] : packageFamilies(distribution);
  const hasPackages = packages.some((item) => item.type === type);
  const about = { evidence: 'packages', ecosystem: type } as const;
  const what = `the ${type} package database`;
  const unusable = new Set<string>();
  const present: FileEntry[] = [];
  for (const place of databasePlaces[type]) {
    const found = placeState(files, place);
    if (found.state === 'present') present.push(found.entry);
    if (found.state !== 'unusable' || unusable.has(found.entry.path)) continue;
    unusable.add(found.entry.path);
    const why = `${found.why}, so what is installed cannot be known`;
    yield problemOf({ ...about, kind: 'unreadable', what: found.entry.path, why, location: locationOf(found.entry, context) });
  }
  const removed = lastRemoval(type, context, present.length > 0);
  if (removed !== undefined) {
    const why = `/${removed.path} was removed by layer ${removed.layer}, so what is installed cannot be known`;
    yield problemOf({ ...about, kind: 'removed', what, why, location: { path: `/${removed.path}`, layer: removed.layer } });
  } else if (unusable.size === 0 && families[0] === type && !hasDatabase(families, files) && distribution !== null) {
    const places = databasePlaces[type].slice(0, 2).join(', ');
    const why = `the image is ${distribution.name}, but has no package database (${places}), so what is installed cannot be known`;
    yield problemOf({ ...about, kind: 'removed', what, why, location: distribution.location });
  }
  const [first] = present;
  // Package managers of other families may be installed, with a database that holds nothing.
  const isForeign = families.length > 0 && !families.includes(type);
  const isExplained = context.problems.some((problem) => problem.evidence === 'packages' && problem.scope.ecosystem === type);
  if (first !== undefined && !hasPackages && !isForeign && !isExplained) {
    const why = 'the package database is empty, so what is installed cannot be known';
    yield problemOf({ ...about, kind: 'unreadable', what: first.path, why, location: locationOf(first, context) });
  }
  if (isForeign && hasPackages && type !== 'nix' && !packages.some((item) => families.some((family) => item.type === family)) && distribution !== null) {
    const why = `the image says that it is ${distribution.name}, which has no ${type} packages`;
    yield problemOf({ ...about, kind: 'contradiction', what, why, location: distribution.location, subject: 'family' });
  }
}

/** Whether a database of one of these kinds is there. */
function hasDatabase(types: readonly DistributionPackageType[], files: ImageFiles): boolean {
  return types.some((type) => databasePlaces[type].some((place) => placeState(files, place).state === 'present'));
}

/** The last layer that took a database, or a part of it, away for good. */
function lastRemoval(
  type: DistributionPackageType,
  { removals, files }: PackageDatabaseContext,
  hasOther: boolean,
): { path: string; layer: number } | undefined {
  // rpm changes its database's format, and with it the name, when it is rebuilt; a Nix store is swept of what nobody needs.
  if ((type === 'rpm' && hasOther) || type === 'nix') return undefined;
  return removals.findLast(
    ({ path }) =>
      databasePlaces[type].some((place) => `/${path}` === place || (place.endsWith('/') && isRecord(path, place))) && files.stat(`/${path}`) === undefined,
  );
}

/** Whether a path is a file right in a database's directory: a package's own in distroless' `status.d`, pacman's mark of its database. */
function isRecord(path: string, place: string): boolean {
  return `/${path}`.startsWith(place) && !path.endsWith('.md5sums') && !path.includes('/', place.length);
}

function* unknownDistribution({ distribution, packages, read }: PackageDatabaseContext): Generator<Problem> {
  if (distribution === null || packageFamilies(distribution).length > 0 || !distributionTypes.every((type) => read.has(type))) return;
  if (packages.some((item) => isDistributionType(item.type))) return;
  yield problemOf({
    kind: 'unsupported',
    evidence: 'packages',
    what: `the packages of ${distribution.name}`,
    why: 'the image names this distribution, but no package database that can be read is in it',
    location: distribution.location,
  });
}

/** Debian's and Ubuntu's os-release is a file of the package base-files, which carries the release in its version. */
function* releaseContradiction({ distribution, packages }: PackageDatabaseContext): Generator<Problem> {
  if (distribution === null || (distribution.id !== 'debian' && distribution.id !== 'ubuntu')) return;
  const base = packages.find((item) => item.type === 'deb' && item.name === 'base-files');
  if (base === undefined) return;
  const isUbuntu = base.version.includes('ubuntu');
  const major = /^[0-9]+/.exec(base.version)?.[0];
  const isOther = isUbuntu !== (distribution.id === 'ubuntu') || (!isUbuntu && distribution.version !== '' && distribution.version !== major);
  if (!isOther) return;
  yield problemOf({
    kind: 'contradiction',
    evidence: 'packages',
    ecosystem: 'deb',
    what: 'the deb package database',
    why: `the image says that it is ${distribution.name}, but the package base-files that this comes from is ${base.version}`,
    location: base.locations[0] ?? distribution.location,
    subject: 'release',
  });
}
