import { PortcullisError } from '../errors.ts';
import type { RecordedEntry, RecordedType } from './record.ts';

/** A file of the squashed image. */
export interface Node {
  readonly name: string;
  readonly parent: Node | null;
  type: Exclude<RecordedType, 'hardlink'>;
  mode: number;
  uid: number;
  gid: number;
  size: number;
  linkName: string;
  /** As recorded; `''`: none. */
  capability: string;
  /** The layer that wrote the entry. */
  layer: number;
  /** Which entry holds the content; of a hard link that of its target, the same object. -1: a directory that no entry named. */
  content: { readonly layer: number; readonly entry: number };
  /** True when the name is a hard link to content under another name. */
  hardlink: boolean;
  /** The path that the content's entry has in its layer, where a link in it or a hard link makes it another; null: where the node is. */
  written: string | null;
  /** True when a link in the entry's path led it elsewhere than its name says. */
  relocated: boolean;
  /** The last layer that wrote the node or something below it. */
  touched: number;
  /** The last layer that took away all below the node that it hadn't touched. */
  swept: number;
  children: Map<string, Node> | null;
}

/** A path that a layer took away: by a whiteout, an opaque directory, or another kind of file in its place. */
export interface Removal {
  readonly path: string;
  readonly layer: number;
}

/** An entry that no runtime can unpack, and why, to be read after its path. */
export interface Refusal {
  readonly path: string;
  readonly layer: number;
  readonly why: string;
}

const MAX_LINKS = 40; // Linux's own limit for one look-up (path_resolution(7))

/** Path components that links may add to all look-ups together: forty long links in each of a million paths would never end. */
const MAX_LINKED_COMPONENTS = 100_000_000;

/**
 * Merges layers from the bottom up as a container runtime that unpacks them in order would: whiteouts and opaque
 * directories (OCI image-spec, layer.md), replaced kinds, hard links, links in the middle of an entry's path.
 */
export class Squash {
  readonly root: Node = {
    name: '',
    parent: null,
    type: 'directory',
    mode: 0o755,
    uid: 0,
    gid: 0,
    size: 0,
    linkName: '',
    capability: '',
    layer: 0,
    content: { layer: 0, entry: -1 },
    hardlink: false,
    written: null,
    relocated: false,
    touched: -1,
    swept: -1,
    children: new Map(),
  };
  /** Where each entry that somebody asked about has ended, by layer and entry. */
  readonly #placed: Map<number, Node>[] = [];
  #followedLink = false;
  /** Where the last path led without a link; forgotten as soon as something else than a file has been written. */
  #last: { readonly path: string; readonly layer: number; readonly node: Node } | null = null;
  /** Why the last directory could not be had. */
  #obstacle = '';
  #linkedComponents = 0;
  readonly #watched: (path: string) => boolean;
  readonly removals: Removal[] = [];
  /** Entries that cannot be unpacked: a runtime refuses the image, and here they have no effect. */
  readonly refused: Refusal[] = [];

  /** @param watched paths whose removal is to be remembered */
  constructor(watched: (path: string) => boolean = () => false) {
    this.#watched = watched;
  }

  /**
   * Applies a layer. `of` holds the indexes of the entries whose place will be asked for.
   * @throws PortcullisError IMAGE_LIMIT when links make the look-ups too long
   */
  apply(layer: number, entries: Iterable<RecordedEntry>, of: ReadonlySet<number>): void {
    const placed = new Map<number, Node>();
    this.#placed[layer] = placed;
    let index = -1;
    for (const entry of entries) {
      index++;
      const slash = entry.path.lastIndexOf('/');
      const name = entry.path.slice(slash + 1);
      const path = slash < 0 ? '' : entry.path.slice(0, slash);
      if (name.startsWith('.wh.')) {
        this.#whiteOut(path, name.slice('.wh.'.length), layer);
        continue;
      }
      if (entry.path === '') {
        if (entry.type === 'directory') Object.assign(this.root, { mode: entry.mode, uid: entry.uid, gid: entry.gid, layer });
        continue;
      }
      const parent = this.#parentFor(path, layer);
      if (parent === undefined) {
        this.refused.push({ path: entry.path, layer, why: this.#obstacle });
        continue;
      }
      const isRelocated = this.#followedLink;
      const node = this.#place(parent, name, entry, layer, index);
      if (node === null) continue;
      for (let at: Node | null = node; at !== null && at.touched !== layer; at = at.parent) at.touched = layer;
      if (isRelocated) {
        node.relocated = true;
        node.written ??= entry.path;
      }
      if (of.has(index)) placed.set(index, node);
    }
  }

  /** A whiteout concerns the layers below alone: what its own layer wrote stays, before it and after it. */
  #whiteOut(path: string, name: string, layer: number): void {
    const directory = this.#directoryFor(path, null);
    if (directory === undefined) {
      if (this.#obstacle !== '') this.refused.push({ path: `${path === '' ? '' : `${path}/`}.wh.${name}`, layer, why: this.#obstacle });
      return;
    }
    if (directory.children === null) return;
    if (name === '.wh..opq') {
      this.#sweep(directory, layer);
      return;
    }
    const gone = directory.children.get(name);
    if (gone === undefined) return;
    if (gone.touched === layer) this.#sweep(gone, layer);
    else this.#remove(directory, gone, layer);
  }

  /** Takes away what is below a directory and wasn't written by this layer; each directory once a layer. */
  #sweep(top: Node, layer: number): void {
    const pending = [top];
    for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
      if (node.children === null || node.swept === layer) continue;
      node.swept = layer;
      for (const child of node.children.values()) {
        if (child.touched === layer) pending.push(child);
        else this.#remove(node, child, layer);
      }
    }
  }

  #remove(directory: Node, gone: Node, layer: number): void {
    this.#last = null;
    this.#remember(gone, layer);
    directory.children?.delete(gone.name);
  }

  /** Where the content of a layer's entry is found in the end; undefined when a later layer or entry took its place. */
  placeOf(layer: number, entry: number): Node | undefined {
    const node = this.#placed[layer]?.get(entry);
    if (node === undefined || node.content.layer !== layer || node.content.entry !== entry) return undefined;
    for (let at: Node = node; at.parent !== null; at = at.parent) {
      if (at.parent.children?.get(at.name) !== at) return undefined;
    }
    return node;
  }

  #place(parent: Node, name: string, entry: RecordedEntry, layer: number, index: number): Node | null {
    const children = parent.children as Map<string, Node>;
    const before = children.get(name);
    if (entry.type !== 'file' || (before !== undefined && before.type !== 'file')) this.#last = null;
    if (entry.type === 'hardlink') {
      // What stands at the entry's path goes first, and with it a target that is the same, lies below, or is reached through it.
      children.delete(name);
      const target = this.#linkTarget(entry.linkName);
      if (target === undefined || target.type === 'directory') {
        if (before !== undefined) children.set(name, before);
        const isGone = target === undefined && this.#linkTarget(entry.linkName) !== undefined;
        const what = isGone ? 'whose place it takes' : target === undefined ? `which no layer up to layer ${layer} holds` : 'which is a directory';
        this.refused.push({ path: entry.path, layer, why: `it is a hard link to /${entry.linkName.replace(/^\/+/, '')}, ${what}` });
        return null;
      }
      if (before !== undefined) this.#remember(before, layer, target.type === 'file' && before.children === null);
      const node: Node = { ...target, name, parent, layer, hardlink: true, written: target.written ?? pathOf(target), touched: -1 };
      children.set(name, node);
      return node;
    }
    if (before !== undefined && before.type === 'directory' && entry.type === 'directory') {
      Object.assign(before, { mode: entry.mode, uid: entry.uid, gid: entry.gid, layer, content: { layer, entry: index } });
      return before;
    }
    if (before !== undefined) this.#remember(before, layer, entry.type === 'file' && before.children === null);
    const node: Node = {
      name,
      parent,
      type: entry.type,
      mode: entry.mode,
      uid: entry.uid,
      gid: entry.gid,
      size: entry.size,
      linkName: entry.linkName,
      capability: entry.capability ?? '',
      layer,
      content: { layer, entry: index },
      hardlink: false,
      written: null,
      relocated: false,
      touched: -1,
      swept: -1,
      children: entry.type === 'directory' ? new Map() : null,
    };
    children.set(name, node);
    return node;
  }

  /** What a hard link names: links in the middle of its path are followed, the last one isn't (POSIX pax, link type). */
  #linkTarget(path: string): Node | undefined {
    const slash = path.lastIndexOf('/');
    return this.#directoryFor(slash < 0 ? '' : path.slice(0, slash), null)?.children?.get(path.slice(slash + 1));
  }

  /** The directory for an entry of a layer, which mostly is that of the entry before it. */
  #parentFor(path: string, layer: number): Node | undefined {
    if (this.#last?.path === path && this.#last.layer === layer) {
      this.#followedLink = false;
      return this.#last.node;
    }
    const node = this.#directoryFor(path, layer);
    this.#last = node === undefined || this.#followedLink ? null : { path, layer, node };
    return node;
  }

  /**
   * The directory that a path leads to, links followed. With a layer given, what is missing is made. Undefined:
   * there is none, and `#obstacle` says what stands in the way.
   */
  #directoryFor(path: string, make: number | null): Node | undefined {
    this.#followedLink = false;
    this.#obstacle = '';
    if (path === '') return this.root;
    let node: Node = this.root;
    let links = 0;
    let parts = path.split('/');
    // What isn't there is made at the end, so that `missing/..` makes nothing: unpackers resolve it by its letters.
    const missing: string[] = [];
    for (let at = 0; at < parts.length; at++) {
      const part = parts[at] as string;
      if (part === '' || part === '.') continue;
      if (part === '..') {
        if (missing.pop() === undefined) node = node.parent ?? this.root;
        continue;
      }
      const next = missing.length > 0 ? undefined : node.children?.get(part);
      if (next === undefined) {
        missing.push(part);
      } else if (next.type === 'symlink') {
        if (++links > MAX_LINKS) {
          this.#obstacle = `its directory /${path} leads through more than ${MAX_LINKS} symbolic links`;
          return undefined;
        }
        this.#followedLink = true;
        if (next.linkName.startsWith('/')) node = this.root;
        parts = this.#linked(next, parts, at);
        at = -1;
      } else {
        node = next;
      }
    }
    if (node.children === null) {
      if (make !== null) this.#obstacle = `/${pathOf(node)}, in which it should lie, is a ${node.type}`;
      return undefined;
    }
    if (missing.length > 0 && make === null) return undefined;
    for (const name of missing) node = makeDirectory(node, name, make as number);
    return node;
  }

  /** The components that remain to be walked once a link has been followed. */
  #linked(link: Node, parts: readonly string[], at: number): string[] {
    const remaining = [...link.linkName.split('/'), ...parts.slice(at + 1)];
    this.#linkedComponents += remaining.length;
    if (this.#linkedComponents > MAX_LINKED_COMPONENTS) {
      throw new PortcullisError('IMAGE_LIMIT', `Following the symbolic links of the image takes more than ${MAX_LINKED_COMPONENTS} steps.`, {
        hint: 'No real image does that: look at what it holds before you trust it.',
      });
    }
    return remaining;
  }

  /**
   * The node at a path inside the image; links in the middle are followed, the last one when `follow` says so.
   * Undefined when there is none, or links go in a circle.
   */
  lookup(path: string, follow: boolean): Node | undefined {
    let node: Node = this.root;
    let links = 0;
    let parts = path.split('/');
    for (let at = 0; at < parts.length; at++) {
      const part = parts[at] as string;
      if (part === '') continue;
      if (part === '.' || part === '..') {
        if (node.children === null) return undefined;
        if (part === '..') node = node.parent ?? this.root;
        continue;
      }
      const next: Node | undefined = node.children?.get(part);
      if (next === undefined) return undefined;
      if (next.type === 'symlink' && (follow || parts.slice(at + 1).some((rest) => rest !== '' && rest !== '.'))) {
        if (++links > MAX_LINKS || parts.length > 4096) return undefined;
        if (next.linkName.startsWith('/')) node = this.root;
        parts = this.#linked(next, parts, at);
        at = -1;
        continue;
      }
      node = next;
    }
    return node;
  }

  /** Every node but the root, parents first, names in the order in which they were made. */
  *nodes(): Generator<Node> {
    const pending: Iterator<Node>[] = [(this.root.children as Map<string, Node>).values()];
    while (pending.length > 0) {
      const next = (pending[pending.length - 1] as Iterator<Node>).next();
      if (next.done) {
        pending.pop();
        continue;
      }
      yield next.value;
      if (next.value.children !== null) pending.push(next.value.children.values());
    }
  }

  /** Calls back with every node but the root, parents first, and its absolute path: cheaper than `pathOf` for each. */
  walk(visit: (node: Node, path: string) => void): void {
    const pending: [Node, string][] = [[this.root, '']];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const [directory, above] = next;
      for (const node of directory.children?.values() ?? []) {
        const path = `${above}/${node.name}`;
        visit(node, path);
        if (node.children !== null) pending.push([node, path]);
      }
    }
  }

  #remember(gone: Node, layer: number, replaced = false): void {
    const pending = [gone];
    for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
      if (node.children !== null) {
        for (const child of node.children.values()) pending.push(child);
      } else if (!replaced) {
        const path = pathOf(node);
        if (this.#watched(path)) this.removals.push({ path, layer });
      }
    }
  }
}

/** A directory that no entry names, as mkdir(2) makes it: below a set-group-id directory it is so too, and belongs to its group. */
function makeDirectory(parent: Node, name: string, layer: number): Node {
  const node: Node = {
    name,
    parent,
    type: 'directory',
    mode: 0o755 | (parent.mode & 0o2000),
    uid: 0,
    gid: (parent.mode & 0o2000) === 0 ? 0 : parent.gid,
    size: 0,
    linkName: '',
    capability: '',
    layer,
    content: { layer, entry: -1 },
    hardlink: false,
    written: null,
    relocated: false,
    touched: -1,
    swept: -1,
    children: new Map(),
  };
  parent.children?.set(name, node);
  return node;
}

/** A node's path without a leading slash. */
export function pathOf(node: Node): string {
  let path = node.name;
  for (let at = node.parent; at !== null && at.parent !== null; at = at.parent) path = `${at.name}/${path}`;
  return path;
}
