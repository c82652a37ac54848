import type { Distribution, ImageFiles, Package, PackageType, Problem } from '../../model/index.ts';
import { problemOf } from '../problem.ts';

/** Where each kind of package database lies, the first place first. */
const databases: Readonly<Record<'deb' | 'apk' | 'rpm', readonly string[]>> = {
  deb: ['/var/lib/dpkg/status', '/var/lib/dpkg/status.d'],
  apk: ['/lib/apk/db/installed', '/usr/lib/apk/db/installed'],
  rpm: [
    '/var/lib/rpm/rpmdb.sqlite',
    '/var/lib/rpm/Packages',
    '/var/lib/rpm/Packages.db',
    '/usr/lib/sysimage/rpm/rpmdb.sqlite',
    '/usr/lib/sysimage/rpm/Packages',
    '/usr/lib/sysimage/rpm/Packages.db',
    '/usr/share/rpm/rpmdb.sqlite',
    '/usr/share/rpm/Packages',
    '/usr/share/rpm/Packages.db',
    '/var/lib/rpmmanifest/container-manifest-2',
  ],
};

const families: readonly [PackageType & ('deb' | 'apk' | 'rpm'), readonly string[]][] = [
  ['deb', ['debian', 'ubuntu', 'devuan', 'raspbian', 'kali', 'linuxmint', 'pop', 'deepin', 'mx']],
  ['apk', ['alpine', 'wolfi', 'chainguard', 'postmarketos', 'alpaquita', 'bellsoft-hardened-containers', 'minimos', 'cleanstart']],
  [
    'rpm',
    [
      'rhel',
      'fedora',
      'centos',
      'almalinux',
      'rocky',
      'ol',
      'amzn',
      'scientific',
      'sles',
      'sled',
      'suse',
      'opensuse',
      'opensuse-leap',
      'opensuse-tumbleweed',
      'mariner',
      'azurelinux',
      'photon',
      'openeuler',
      'mageia',
      'virtuozzo',
      'cloudlinux',
      'eurolinux',
      'anolis',
      'openanolis',
    ],
  ],
];

/** The kind of packages that the distribution installs; undefined when it isn't known. */
export function packageFamily(distribution: Distribution): 'deb' | 'apk' | 'rpm' | undefined {
  for (const id of [distribution.id, ...distribution.like]) {
    const family = families.find(
      ([, ids]) => ids.includes(id) || (id.startsWith('opensuse') && ids.includes('opensuse')) || (id.startsWith('sle') && ids.includes('sles')),
    );
    if (family !== undefined) return family[0];
  }
  return undefined;
}

interface Context {
  readonly distribution: Distribution | null;
  readonly packages: readonly Package[];
  /** Names that apk packages provide besides their own. */
  readonly provided: readonly string[];
  readonly files: ImageFiles;
  /** Paths (without leading slash) that a layer took away. */
  readonly removals: readonly { readonly path: string; readonly layer: number }[];
  /** Problems found so far: a database that is there but unreadable has one already. */
  readonly problems: readonly Problem[];
}

/**
 * Package databases that are gone, empty, of another family than the distribution, or at odds with the traces that
 * packages leave elsewhere: never "no packages".
 */
export function* packageDatabaseProblems(context: Context): Generator<Problem> {
  const { distribution, packages, files, removals } = context;
  const family = distribution === null ? undefined : packageFamily(distribution);
  for (const type of ['deb', 'apk', 'rpm'] as const) {
    const here = databases[type].filter((path) => exists(files, path));
    const removed = removals.filter(({ path }) => databases[type].some((database) => `/${path}` === database || `/${path}`.startsWith(`${database}/`)));
    const hasPackages = packages.some((item) => item.type === type);
    const last = removed[removed.length - 1];
    if (here.length === 0 && last !== undefined) {
      yield problemOf({
        kind: 'removed',
        evidence: 'packages',
        ecosystem: type,
        what: `the ${type} package database`,
        why: `/${last.path} was removed by layer ${last.layer}, so what is installed cannot be known`,
        location: { path: `/${last.path}`, layer: last.layer },
      });
    } else if (here.length === 0 && family === type && distribution !== null) {
      yield problemOf({
        kind: 'removed',
        evidence: 'packages',
        ecosystem: type,
        what: `the ${type} package database`,
        why: `the image is ${distribution.name}, but has no package database (${databases[type].slice(0, 2).join(', ')}), so what is installed cannot be known`,
        location: distribution.location,
      });
    } else if (here.length > 0 && !hasPackages && !context.problems.some((problem) => problem.scope.ecosystem === type)) {
      yield problemOf({
        kind: 'unreadable',
        evidence: 'packages',
        ecosystem: type,
        what: here[0] as string,
        why: 'the package database is empty, so what is installed cannot be known',
        location: { path: here[0] as string },
      });
    }
    if (family !== undefined && family !== type && hasPackages && !packages.some((item) => item.type === family) && distribution !== null) {
      yield problemOf({
        kind: 'contradiction',
        evidence: 'packages',
        ecosystem: type,
        what: `the ${type} package database`,
        why: `the image says that it is ${distribution.name}, which has no ${type} packages`,
        location: distribution.location,
        subject: 'family',
      });
    }
  }
  if (distribution !== null && family === undefined && !packages.some((item) => item.type === 'deb' || item.type === 'apk' || item.type === 'rpm')) {
    yield problemOf({
      kind: 'unsupported',
      evidence: 'packages',
      what: `the packages of ${distribution.name}`,
      why: 'the image names this distribution, but no package database that can be read is in it',
      location: distribution.location,
    });
  }
  yield* dpkgTraces(context);
  yield* apkTraces(context);
}

function exists(files: ImageFiles, path: string): boolean {
  const entry = files.stat(path);
  if (entry === undefined) return false;
  return entry.type === 'directory' ? files.list(path).length > 0 : true;
}

function listed(names: readonly string[]): string {
  return names.length <= 5 ? names.join(', ') : `${names.slice(0, 5).join(', ')} and ${names.length - 5} more`;
}

/** dpkg keeps a file list for each package until it is purged: a list without a database entry is an entry taken away. */
function* dpkgTraces({ packages, files }: Context): Generator<Problem> {
  const info = '/var/lib/dpkg/info';
  if (!exists(files, '/var/lib/dpkg/status')) return;
  const known = new Set(packages.filter((item) => item.type === 'deb').map((item) => item.name));
  const missing: string[] = [];
  for (const file of files.list(info)) {
    if (!file.endsWith('.md5sums')) continue; // unlike lists, checksums go when a package is removed but not purged
    const name = (file.slice(0, -'.md5sums'.length).split(':') as [string])[0];
    if (!known.has(name)) missing.push(name);
  }
  if (missing.length === 0) return;
  yield problemOf({
    kind: 'contradiction',
    evidence: 'packages',
    ecosystem: 'deb',
    what: '/var/lib/dpkg/status',
    why: `${info} holds the traces of ${listed(missing)}, which the database does not list`,
    location: { path: '/var/lib/dpkg/status' },
    subject: 'traces',
  });
}

/** apk's world names what was asked to be installed; each must be in the database. */
function* apkTraces({ packages, files, provided }: Context): Generator<Problem> {
  const world = files.read('/etc/apk/world');
  if (world.state !== 'read' || !packages.some((item) => item.type === 'apk')) return;
  const known = new Set(
    packages
      .filter((item) => item.type === 'apk')
      .map((item) => item.name)
      .concat(provided),
  );
  const missing: string[] = [];
  for (const word of Buffer.from(world.bytes).toString('utf8').split(/\s+/)) {
    const name = /^[A-Za-z0-9_][A-Za-z0-9+._-]*/.exec(word)?.[0];
    if (name === undefined || word.includes(':') || known.has(name)) continue; // `so:…` and `cmd:…` name no package
    missing.push(name);
  }
  if (missing.length === 0) return;
  yield problemOf({
    kind: 'contradiction',
    evidence: 'packages',
    ecosystem: 'apk',
    what: 'the apk package database',
    why: `/etc/apk/world names ${listed(missing)}, which the database does not list`,
    location: { path: '/etc/apk/world' },
  });
}
