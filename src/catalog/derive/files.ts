import type { Node, Squash } from '../../layer/index.ts';
import type { FileDigestAlgorithm, FileFact, FileSelection } from '../../model/index.ts';
import { type Pattern, pattern } from '../../patterns/index.ts';
import { capabilitiesOf } from '../capabilities.ts';
import type { DigestsFact } from '../cataloger.ts';

/** What of the files is asked for. */
export interface FilesAsked {
  /** Absent: every file. */
  readonly selection?: FileSelection | undefined;
  /** Digests that are wanted of what is kept. */
  readonly algorithms: readonly FileDigestAlgorithm[];
  readonly digestsOf: KnownDigests;
  /** Gives the package that put a node there; null: nobody asked. */
  readonly ownerOf: ((node: Node) => string | null) | null;
  /** False where the source has no extended attributes. */
  readonly hasCapabilities: boolean;
}

/** What is known of a file's digests. */
export type KnownDigests = (node: Node) => DigestsFact['digests'] | undefined;

/** Digests by the content that they name: a file may have several names. */
export function digestsByContent(squash: Squash, digests: Iterable<DigestsFact>): KnownDigests {
  // All names of a content share the object that names its place.
  const known = new Map<Node['content'], DigestsFact['digests']>();
  for (const each of digests) {
    const node = squash.lookup(each.path, false);
    if (node !== undefined) known.set(node.content, { ...known.get(node.content), ...each.digests });
  }
  return (node) => known.get(node.content);
}

/** The digests of a file that are wanted. */
function digestsIn(asked: FilesAsked, known: DigestsFact['digests'] | undefined): FileFact['digests'] | undefined {
  if (known === undefined || asked.algorithms.length === 0) return undefined;
  return Object.fromEntries(asked.algorithms.flatMap((algorithm) => (known[algorithm] === undefined ? [] : [[algorithm, known[algorithm]]])));
}

class Selector {
  readonly #selection: FileSelection;
  readonly #names: readonly Pattern[];
  readonly #digests: ReadonlySet<string>;

  constructor(selection: FileSelection) {
    this.#selection = selection;
    this.#names = (selection.names ?? []).map((source) => pattern(source));
    this.#digests = new Set(selection.digests);
  }

  takes(node: Node, path: string, capability: string, digests: DigestsFact['digests'] | undefined): boolean {
    const { modeBits = 0, capabilities } = this.#selection;
    if ((node.mode & modeBits) !== 0 && node.type !== 'symlink') return true;
    if (capabilities === true && capability !== '') return true;
    if (this.#digests.size > 0 && Object.entries(digests ?? {}).some(([algorithm, digest]) => this.#digests.has(`${algorithm}:${digest}`))) return true;
    return this.#names.some((each) => each.matches(path));
  }
}

/** The files of the squashed image that are asked for, by path. */
export function filesOf(squash: Squash, asked: FilesAsked): FileFact[] {
  const selector = asked.selection === undefined ? null : new Selector(asked.selection);
  const found: FileFact[] = [];
  squash.walk((node, path) => {
    const known = node.type === 'file' ? asked.digestsOf(node) : undefined;
    if (selector !== null && !selector.takes(node, path, node.capability, known)) return;
    const digests = digestsIn(asked, known);
    found.push({
      path,
      type: node.type,
      mode: node.mode,
      uid: node.uid,
      gid: node.gid,
      size: node.size,
      linkTarget: node.type === 'symlink' ? node.linkName : null,
      layer: node.layer,
      capabilities: asked.hasCapabilities ? (capabilitiesOf(node.capability) ?? ['unreadable']) : null,
      ...(asked.ownerOf === null ? {} : { package: asked.ownerOf(node) }),
      ...(digests === undefined ? {} : { digests }),
    });
  });
  return found.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}
