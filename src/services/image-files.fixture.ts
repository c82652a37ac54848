import type { Distribution, EntryType, FileEntry, ImageConfiguration, ImageFiles, Package } from '../model/index.ts';
import type { ServiceImage } from './service-reader.ts';

/** A file of a test image: its text or bytes, a link, an empty directory, or one that can't be read (yet). */
export type FixtureFile =
  | string
  | Uint8Array
  | { readonly text: string | Uint8Array; readonly mode?: number; readonly uid?: number; readonly gid?: number; readonly layer?: number }
  | { readonly link: string; readonly layer?: number }
  | { readonly directory: true; readonly mode?: number }
  | { readonly pending: true }
  | { readonly unreadable: string }
  | { readonly type: 'fifo' | 'device' | 'other' };

interface Node {
  readonly entry: FileEntry;
  readonly bytes?: Uint8Array;
  readonly pending?: boolean;
  readonly unreadable?: string;
  readonly children: Map<string, Node>;
}

const maxLinks = 40;

/**
 * An image's files in memory, for tests: absolute path → file. Parent directories come by themselves.
 * Links are followed as a program in the image would follow them, never above `/`.
 */
export function imageFilesOf(files: Readonly<Record<string, FixtureFile>>): ImageFiles {
  const root = nodeOf('/', { directory: true });
  for (const [path, file] of Object.entries(files)) {
    const names = path.split('/').filter((name) => name !== '');
    let at = root;
    names.forEach((name, index) => {
      const here = `/${names.slice(0, index + 1).join('/')}`;
      const last = index === names.length - 1;
      const known = at.children.get(name);
      const next = known !== undefined && !last ? known : nodeOf(here, last ? file : { directory: true });
      at.children.set(name, next);
      at = next;
    });
  }

  /** Walks from the root; `follow`: whether a link at the very end is followed too. */
  function walk(path: string, follow: boolean): Node | undefined {
    const left = path.split('/').filter((name) => name !== '');
    const stack: Node[] = [root];
    let links = 0;
    while (left.length > 0) {
      const name = left.shift() as string;
      if (name === '.') continue;
      if (name === '..') {
        if (stack.length > 1) stack.pop();
        continue;
      }
      const child = stack.at(-1)?.children.get(name);
      if (child === undefined) return undefined;
      const target = child.entry.linkTarget;
      if (target !== null && (left.length > 0 || follow)) {
        links += 1;
        if (links > maxLinks) return undefined;
        if (target.startsWith('/')) stack.length = 1;
        left.unshift(...target.split('/').filter((part) => part !== ''));
        continue;
      }
      stack.push(child);
    }
    return stack.at(-1);
  }

  return {
    stat: (path) => walk(path, true)?.entry,
    lstat: (path) => walk(path, false)?.entry,
    list: (path) => [...(walk(path, true)?.children.keys() ?? [])].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
    read(path) {
      const node = walk(path, true);
      if (node === undefined || node.entry.type !== 'file') return { state: 'missing' };
      if (node.pending === true) return { state: 'pending' };
      if (node.unreadable !== undefined) return { state: 'unreadable', why: node.unreadable };
      return { state: 'read', bytes: node.bytes ?? new Uint8Array(), entry: node.entry };
    },
  };
}

function nodeOf(path: string, file: FixtureFile): Node {
  const children = new Map<string, Node>();
  const entry = (type: EntryType, over: Partial<FileEntry> = {}): FileEntry => {
    return { path, type, mode: type === 'directory' ? 0o755 : 0o644, uid: 0, gid: 0, size: 0, linkTarget: null, layer: 0, ...over };
  };
  if (typeof file === 'string' || file instanceof Uint8Array) return nodeOf(path, { text: file });
  if ('text' in file) {
    const { text, ...over } = file;
    const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
    return { entry: entry('file', { size: bytes.byteLength, ...over }), bytes, children };
  }
  if ('link' in file) return { entry: entry('symlink', { linkTarget: file.link, mode: 0o777, layer: file.layer ?? 0 }), children };
  if ('directory' in file) return { entry: entry('directory', { mode: file.mode ?? 0o755 }), children };
  if ('pending' in file) return { entry: entry('file', { size: 1 }), pending: true, children };
  if ('unreadable' in file) return { entry: entry('file', { size: 1 }), unreadable: file.unreadable, children };
  return { entry: entry(file.type), children };
}

/** A package of a test image; `type` decides how its version is read. */
export function packageOf(type: 'deb' | 'apk' | 'rpm', name: string, version: string): Package {
  return {
    purl: `pkg:${type}/${name}@${version}`,
    type,
    name,
    version,
    source: null,
    architecture: null,
    licenses: [],
    locations: [],
    ownedBy: null,
    lockfile: false,
    cataloger: 'fixture',
  };
}

/** `distributionOf('debian', '12')`; `like` is os-release's ID_LIKE. */
export function distributionOf(id: string, version: string, like: readonly string[] = []): Distribution {
  return { id, version, name: `${id} ${version}`, like, codename: null, location: { path: '/etc/os-release' } };
}

/** A whole image for a service reader, from the parts that a test cares for. */
export function serviceImageOf(parts: {
  readonly files: Readonly<Record<string, FixtureFile>> | ImageFiles;
  readonly configuration?: Partial<ImageConfiguration>;
  readonly distribution?: Distribution | null;
  readonly packages?: readonly Package[];
}): ServiceImage {
  const { files } = parts;
  return {
    files: typeof files.read === 'function' ? (files as ImageFiles) : imageFilesOf(files as Readonly<Record<string, FixtureFile>>),
    configuration: {
      user: '',
      exposedPorts: [],
      env: [],
      entrypoint: [],
      cmd: [],
      workingDir: '',
      labels: {},
      volumes: [],
      healthcheck: null,
      created: null,
      history: [],
      ...parts.configuration,
    },
    distribution: parts.distribution === undefined ? distributionOf('debian', '12') : parts.distribution,
    packages: parts.packages ?? [],
  };
}
