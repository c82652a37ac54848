import { createHash } from 'node:crypto';
import { type Node, pathOf, type Squash } from '../../layer/index.ts';
import type { DriftedFile, EvidenceKind, FileDigestAlgorithm, Package, Problem } from '../../model/index.ts';
import type { ChecksumsFact, DiversionFact, KnownFile } from '../cataloger.ts';
import { distributionTypes } from '../package-types.ts';
import { problemOf } from '../problem.ts';
import type { KnownDigests } from './files.ts';

/** What the package managers say of files, and the packages that are installed. */
export interface OwnershipContext {
  readonly squash: Squash;
  readonly packages: readonly Package[];
  readonly checksums: readonly ChecksumsFact[];
  readonly diversions: readonly DiversionFact[];
}

interface Owned {
  readonly package: string;
  readonly by: KnownFile[1];
  readonly value: string;
}

/** Scripts of packages, which dpkg owns without saying so. */
const packageScript = /^\/var\/lib\/dpkg\/info\/([^/]+)\.(?:preinst|postinst|prerm|postrm|config)$/;

/** Names that a message lists. */
const MOST_NAMED = 5;

/** What a package that isn't installed any more left behind owns nothing. */
function currentOf({ packages, checksums }: OwnershipContext): ChecksumsFact[] {
  const installed = new Set(packages.map(({ type, name }) => `${type} ${name}`));
  return checksums.filter((fact) => installed.has(`${fact.type} ${fact.package}`));
}

/** Where dpkg has put a package's file; diversions and lists may write `/bin/…` where `/bin` is a link to `usr/bin`. */
function diverter({ squash, diversions }: OwnershipContext): (fact: ChecksumsFact, path: string) => string {
  if (diversions.length === 0) return (_, path) => path;
  const directories = new Map<string, string>();
  const real = (path: string): string => {
    const slash = path.lastIndexOf('/');
    const above = path.slice(0, slash);
    let directory = directories.get(above);
    if (directory === undefined) {
      const node = squash.lookup(above, true);
      directory = node === undefined || node.parent === null ? (node === undefined ? above : '') : `/${pathOf(node)}`;
      directories.set(above, directory);
    }
    return `${directory}${path.slice(slash)}`;
  };
  const moved = new Map(diversions.map((each) => [real(each.from), each]));
  return (fact, path) => {
    const diversion = fact.type === 'deb' ? moved.get(real(path)) : undefined;
    return diversion === undefined || diversion.package === fact.package ? path : diversion.to;
  };
}

interface Known {
  readonly owned: ReadonlyMap<Node, readonly Owned[]>;
  readonly configuration: ReadonlySet<Node>;
}

const alreadyKnown = new WeakMap<OwnershipContext, Known>();

/** What the package managers know, by the nodes of the squashed image: a database may write `/lib/…` where `/lib` is a link to `usr/lib`. */
function known(context: OwnershipContext): Known {
  const found = alreadyKnown.get(context) ?? readKnown(context);
  alreadyKnown.set(context, found);
  return found;
}

function readKnown(context: OwnershipContext): Known {
  const { squash } = context;
  const placeOf = diverter(context);
  const owned = new Map<Node, Owned[]>();
  const configuration = new Set<Node>();
  for (const fact of currentOf(context)) {
    const own = (path: string, by: KnownFile[1], value: string): Node | undefined => {
      const node = squash.lookup(placeOf(fact, path), false);
      if (node === undefined) return undefined; // removed: that is no drift of what is there
      const entry = { package: fact.package, by, value };
      const others = owned.get(node);
      if (others === undefined) owned.set(node, [entry]);
      else others.push(entry);
      return node;
    };
    for (const path of fact.configuration) {
      const node = own(path, '', '');
      if (node !== undefined) configuration.add(node);
    }
    for (const file of fact.files ?? []) own(...file);
  }
  return { owned, configuration };
}

/** Which distribution package put a node there: its name; null where none did. */
export function ownersOf(context: OwnershipContext): (node: Node) => string | null {
  const { owned } = known(context);
  return (node) => owned.get(node)?.[0]?.package ?? null;
}

/** The file with whose content the one that a package put at a node is compared; undefined: that is told without its content. */
function compared(node: Node, { by, value }: Owned, squash: Squash): Node | undefined {
  if (by === '' || by === 'other' || by === 'link') return undefined;
  if (node.type === 'file') return node;
  // apk names a link by the SHA-1 of its target; where a file was put, the link leads to a copy of it or to something else.
  if (node.type !== 'symlink' || createHash(by).update(node.linkName).digest('hex') === value) return undefined;
  const target = squash.lookup(pathOf(node), true);
  return target?.type === 'file' ? target : undefined;
}

/** Files whose digests, by these algorithms, it takes to tell drift, and that aren't known yet. */
export function missingDigests(context: OwnershipContext, digestsOf: KnownDigests): Map<Node, Set<FileDigestAlgorithm>> {
  const { owned, configuration } = known(context);
  const missing = new Map<Node, Set<FileDigestAlgorithm>>();
  for (const [node, owners] of owned) {
    if (configuration.has(node)) continue;
    for (const each of owners) {
      const file = compared(node, each, context.squash);
      if (file === undefined || file.content.entry < 0) continue;
      const by = each.by as FileDigestAlgorithm;
      if (digestsOf(file)?.[by] !== undefined) continue;
      missing.set(file, (missing.get(file) ?? new Set<FileDigestAlgorithm>()).add(by));
    }
  }
  return missing;
}

/** Whether what stands there is what was put there; null where that can't be compared. */
function isAsPut(node: Node, owned: Owned, squash: Squash, digestsOf: KnownDigests): boolean | null {
  const { by, value } = owned;
  if (by === '' || by === 'other') return null;
  if (by === 'link') return node.type === 'symlink' && node.linkName === value;
  if (node.type === 'file') {
    const digest = digestsOf(node)?.[by];
    return digest === undefined ? null : digest === value;
  }
  if (node.type !== 'symlink') return false;
  const target = compared(node, owned, squash);
  return target === undefined ? createHash(by).update(node.linkName).digest('hex') === value : digestsOf(target)?.[by] === value;
}

/**
 * Files that differ from what a package manager put there (configuration aside), and executables that none put there.
 * A package's lists count only while the package is installed. Files that are missing are not drift. Nothing is without an owner where
 * it isn't known what packages own (`ownershipProblems`).
 */
export function driftOf(context: OwnershipContext, digestsOf: KnownDigests): DriftedFile[] {
  const { squash } = context;
  if (!currentOf(context).some(({ files }) => files !== null)) return []; // nobody owns anything here: a bare image, or one without lists
  const { owned, configuration } = known(context);
  const scripts = new Set(context.packages.filter(({ type }) => type === 'deb').map(({ name }) => name));
  const isListed = unlisted(context).length === 0;
  const drift: DriftedFile[] = [];
  squash.walk((node, path) => {
    const location = { path, layer: node.layer };
    const owners = owned.get(node);
    if (owners === undefined) {
      if (node.type !== 'file' || (node.mode & 0o111) === 0 || !isListed) return;
      if (scripts.has(packageScript.exec(path)?.[1]?.split(':', 1)[0] ?? '')) return;
      drift.push({ kind: 'unowned', package: null, mode: node.mode, location });
      return;
    }
    if (configuration.has(node)) return;
    const compared = owners.filter((each) => isAsPut(node, each, squash, digestsOf) !== null);
    // Of two packages that brought the file one may have replaced the other's.
    if (compared.length === 0 || compared.some((each) => isAsPut(node, each, squash, digestsOf) === true)) return;
    drift.push({ kind: 'changed', package: compared[0]?.package ?? null, mode: node.mode, location });
  });
  return drift.sort((a, b) => (a.location.path < b.location.path ? -1 : 1));
}

function named(names: readonly string[]): string {
  const more = names.length - MOST_NAMED;
  return more > 0 ? `${names.slice(0, MOST_NAMED).join(', ')} and ${more} more` : names.join(', ');
}

/** Installed packages whose files nobody names. dpkg has a list for each; of rpm and apk an empty package looks the same, so only all of them tell. */
function unlisted({ packages, checksums }: OwnershipContext): string[] {
  const lists = new Set(checksums.flatMap(({ type, package: name, files }) => (files === null ? [] : [`${type} ${name}`])));
  return distributionTypes.flatMap((type) => {
    const names = [...new Set(packages.flatMap((item) => (item.type === type ? [item.name] : [])))];
    const missing = names.filter((name) => !lists.has(`${type} ${name}`));
    return type === 'deb' || missing.length === names.length ? missing : [];
  });
}

/**
 * Why it isn't known whose files are whose: a package database that can't be read whole, packages without a list of their files,
 * digests of a kind that isn't computed.
 * @param found what is known of the packages' own problems
 */
export function* ownershipProblems(evidence: EvidenceKind, context: OwnershipContext, found: readonly Problem[]): Generator<Problem> {
  for (const { kind, evidence: about, scope, cause, what, why, location } of found) {
    const { ecosystem } = scope;
    if (about !== 'packages' || (ecosystem !== undefined && !distributionTypes.some((type) => type === ecosystem))) continue;
    yield problemOf({ kind, evidence, cause, what, why, location, ...(ecosystem === undefined ? {} : { ecosystem }), subject: `packages ${what}` });
  }
  const missing = unlisted(context);
  if (missing.length > 0) {
    const why = `no list tells which files these packages have: ${named(missing)}`;
    yield problemOf({ kind: 'no-data', evidence, what: 'the lists of files', why });
  }
  const others = new Set(currentOf(context).flatMap(({ package: name, files }) => (files?.some(([, by]) => by === 'other') === true ? [name] : [])));
  if (others.size > 0 && evidence === 'drift') {
    const why = `the digests of these packages’ files are of a kind that isn’t computed: ${named([...others])}`;
    yield problemOf({ kind: 'unsupported', evidence, what: 'the digests of files', why });
  }
}
