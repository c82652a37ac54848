export type EntryType = 'file' | 'directory' | 'symlink' | 'device' | 'fifo' | 'other';

/** A file of the squashed image. */
export interface FileEntry {
  /** Absolute. */
  readonly path: string;
  readonly type: EntryType;
  /** Permission bits with set-id and sticky: 0o4755. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes. */
  readonly size: number;
  /** Of a symbolic link, as written. */
  readonly linkTarget: string | null;
  readonly layer: number;
}

/**
 * The squashed image as its programs see it. Paths are absolute; links are followed inside the image and never
 * lead out of it. Nothing throws: what isn't there is undefined.
 */
export interface ImageFiles {
  /** The entry that the path leads to through links, with its own real path. */
  stat(path: string): FileEntry | undefined;
  /** The entry itself, its last link not followed. */
  lstat(path: string): FileEntry | undefined;
  /** Names in a directory, in byte order; empty when it isn't one. */
  list(path: string): readonly string[];
  /**
   * A regular file's bytes. `pending`: it exists and will be there when the reader is run again; go on as if it
   * were empty. `unreadable`: it exists and can't be had (too large, a damaged layer), with the reason. `missing`: no such file.
   */
  read(
    path: string,
  ):
    | { readonly state: 'read'; readonly bytes: Uint8Array; readonly entry: FileEntry }
    | { readonly state: 'pending' }
    | { readonly state: 'unreadable'; readonly why: string }
    | { readonly state: 'missing' };
}
