import type { FileEntry, ImageFiles } from '../model/index.ts';
import { type Node, pathOf, type Squash } from './squash.ts';

/** What is known of a file's content: the bytes, or why they can't be had; undefined: not read yet. */
export type Content = Uint8Array | { readonly unreadable: string } | undefined;

function entryOf(node: Node): FileEntry {
  return {
    path: `/${pathOf(node)}`,
    type: node.type,
    mode: node.mode,
    uid: node.uid,
    gid: node.gid,
    size: node.size,
    linkTarget: node.type === 'symlink' ? node.linkName : null,
    layer: node.layer,
  };
}

/**
 * The squashed image as its programs see it.
 * @param contentOf gives the content of a node; where it gives undefined the reader's `read` answers `pending`
 */
export function imageFiles(squash: Squash, contentOf: (node: Node) => Content): ImageFiles {
  return {
    stat: (path) => {
      const node = squash.lookup(path, true);
      return node === undefined ? undefined : entryOf(node);
    },
    lstat: (path) => {
      const node = squash.lookup(path, false);
      return node === undefined ? undefined : entryOf(node);
    },
    list: (path) => {
      const children = squash.lookup(path, true)?.children;
      return children == null ? [] : [...children.keys()].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    },
    read: (path) => {
      const node = squash.lookup(path, true);
      if (node === undefined) return { state: 'missing' };
      if (node.type !== 'file') return { state: 'unreadable', why: `it is a ${node.type}, not a file` };
      if (node.size === 0) return { state: 'read', bytes: new Uint8Array(0), entry: entryOf(node) };
      const content = contentOf(node);
      if (content === undefined) return { state: 'pending' };
      if (content instanceof Uint8Array) return { state: 'read', bytes: content, entry: entryOf(node) };
      return { state: 'unreadable', why: content.unreadable };
    },
  };
}
