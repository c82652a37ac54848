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
  /** The layer that wrote the entry. */
  layer: number;
  /** Which entry holds the content; of a hard link that of its target. -1: a directory that no entry named. */
  content: { readonly layer: number; readonly entry: number };
  /** True when the name is a hard link to content under another name. */
  hardlink: boolean;
  /** True when a link in the entry's path led it elsewhere than its name says. */
  relocated: boolean;
  children: Map<string, Node> | null;
}

/** A path that a layer took away: by a whiteout, an opaque directory, or another kind of file in its place. */
export interface Removal {
  readonly path: string;
  readonly layer: number;
}

const MAX_LINKS = 40; // Linux's own limit for one look-up (path_resolution(7))

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
    layer: 0,
    content: { layer: 0, entry: -1 },
    hardlink: false,
    relocated: false,
    children: new Map(),
  };
  /** Where each entry that somebody asked about has ended. */
  readonly #placed = new Map<string, Node>();
  #followedLink = false;
  readonly #watched: (path: string) => boolean;
  readonly removals: Removal[] = [];
  /** Hard links whose target no layer holds: a runtime refuses them. */
  readonly danglingHardlinks: { readonly path: string; readonly target: string; readonly layer: number }[] = [];

  /** @param watched paths whose removal is to be remembered */
  constructor(watched: (path: string) => boolean = () => false) {
    this.#watched = watched;
  }

  /** Applies a layer. `of` holds the indexes of the entries whose place will be asked for. */
  apply(layer: number, entries: readonly RecordedEntry[], of: ReadonlySet<number>): void {
    // Whiteouts concern the layers below, wherever they stand in this one: they go first.
    for (const entry of entries) {
      const slash = entry.path.lastIndexOf('/');
      const name = entry.path.slice(slash + 1);
      if (!name.startsWith('.wh.')) continue;
      const directory = this.#directoryFor(entry.path.slice(0, Math.max(slash, 0)), null);
      if (directory?.children == null) continue;
      if (name === '.wh..wh..opq') {
        for (const child of directory.children.values()) this.#remember(child, layer);
        directory.children.clear();
      } else if (!name.startsWith('.wh..wh.')) {
        const gone = directory.children.get(name.slice(4));
        if (gone !== undefined) {
          this.#remember(gone, layer);
          directory.children.delete(gone.name);
        }
      }
    }
    for (let index = 0; index < entries.length; index++) {
      const entry = entries[index] as RecordedEntry;
      const slash = entry.path.lastIndexOf('/');
      const name = entry.path.slice(slash + 1);
      if (name.startsWith('.wh.')) continue;
      if (entry.path === '') {
        if (entry.type === 'directory') Object.assign(this.root, { mode: entry.mode, uid: entry.uid, gid: entry.gid, layer });
        continue;
      }
      const parent = this.#directoryFor(slash < 0 ? '' : entry.path.slice(0, slash), layer) as Node;
      const node = this.#place(parent, name, entry, layer, index);
      if (node !== null && this.#followedLink) node.relocated = true;
      if (node !== null && of.has(index)) this.#placed.set(`${layer}:${index}`, node);
    }
  }

  /** Where the content of a layer's entry is found in the end; undefined when a later layer or entry took its place. */
  placeOf(layer: number, entry: number): Node | undefined {
    const node = this.#placed.get(`${layer}:${entry}`);
    if (node === undefined || node.content.layer !== layer || node.content.entry !== entry) return undefined;
    for (let at: Node = node; at.parent !== null; at = at.parent) {
      if (at.parent.children?.get(at.name) !== at) return undefined;
    }
    return node;
  }

  #place(parent: Node, name: string, entry: RecordedEntry, layer: number, index: number): Node | null {
    const children = parent.children as Map<string, Node>;
    const before = children.get(name);
    if (entry.type === 'hardlink') {
      const target = this.lookup(entry.linkName, false);
      if (target === undefined || target.type === 'directory') {
        this.danglingHardlinks.push({ path: entry.path, target: entry.linkName, layer });
        return null;
      }
      if (target === before) return before;
      if (before !== undefined) this.#remember(before, layer);
      const node: Node = { ...target, name, parent, layer, hardlink: true };
      children.set(name, node);
      return node;
    }
    if (before !== undefined && before.type === 'directory' && entry.type === 'directory') {
      Object.assign(before, { mode: entry.mode, uid: entry.uid, gid: entry.gid, layer, content: { layer, entry: index } });
      return before;
    }
    if (before !== undefined) this.#remember(before, layer, entry.type === 'file');
    const node: Node = {
      name,
      parent,
      type: entry.type,
      mode: entry.mode,
      uid: entry.uid,
      gid: entry.gid,
      size: entry.size,
      linkName: entry.linkName,
      layer,
      content: { layer, entry: index },
      hardlink: false,
      relocated: false,
      children: entry.type === 'directory' ? new Map() : null,
    };
    children.set(name, node);
    return node;
  }

  /**
   * The directory that a path leads to, links followed. With a layer given, what is missing is made; what stands
   * in the way and isn't a directory is replaced by one.
   */
  #directoryFor(path: string, make: number | null): Node | undefined {
    this.#followedLink = false;
    if (path === '') return this.root;
    let node: Node = this.root;
    let links = 0;
    let parts = path.split('/');
    for (let at = 0; at < parts.length; at++) {
      const part = parts[at] as string;
      if (part === '' || part === '.') continue;
      if (part === '..') {
        node = node.parent ?? this.root;
        continue;
      }
      const children = node.children as Map<string, Node>;
      let next: Node | undefined = children.get(part);
      if (next?.type === 'symlink' && links < MAX_LINKS) {
        links++;
        this.#followedLink = true;
        if (next.linkName.startsWith('/')) node = this.root;
        parts = [...next.linkName.split('/'), ...parts.slice(at + 1)];
        at = -1;
        continue;
      }
      if (next === undefined || next.type !== 'directory') {
        if (make === null) return undefined;
        if (next !== undefined) this.#remember(next, make);
        next = {
          name: part,
          parent: node,
          type: 'directory',
          mode: 0o755,
          uid: 0,
          gid: 0,
          size: 0,
          linkName: '',
          layer: make,
          content: { layer: make, entry: -1 },
          hardlink: false,
          relocated: false,
          children: new Map(),
        };
        children.set(part, next);
      }
      node = next;
    }
    return node;
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
      if (part === '' || part === '.') continue;
      if (part === '..') {
        node = node.parent ?? this.root;
        continue;
      }
      const next: Node | undefined = node.children?.get(part);
      if (next === undefined) return undefined;
      if (next.type === 'symlink' && (follow || parts.slice(at + 1).some((rest) => rest !== '' && rest !== '.'))) {
        if (++links > MAX_LINKS || parts.length > 4096) return undefined;
        if (next.linkName.startsWith('/')) node = this.root;
        parts = [...next.linkName.split('/'), ...parts.slice(at + 1)];
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

  #remember(gone: Node, layer: number, replaced = false): void {
    const pending = [gone];
    for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
      if (node.children !== null) pending.push(...node.children.values());
      else if (!replaced) {
        const path = pathOf(node);
        if (this.#watched(path)) this.removals.push({ path, layer });
      }
    }
  }
}

/** A node's path without a leading slash. */
export function pathOf(node: Node): string {
  let path = node.name;
  for (let at = node.parent; at !== null && at.parent !== null; at = at.parent) path = `${at.name}/${path}`;
  return path;
}
