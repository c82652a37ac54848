import type { FileEntry } from './files.ts';
import type { Location } from './location.ts';

/** Algorithms by which a file's content can be named. */
export type FileDigestAlgorithm = 'md5' | 'sha1' | 'sha256';

/** A file, directory, link or device of the squashed image, as policies see it. */
export interface FileFact extends FileEntry {
  /** Linux capabilities that an executable gets (`cap_net_raw`), from `security.capability`; null where the source can't tell. */
  readonly capabilities: readonly string[] | null;
  /** Name of the distribution package that put it there, null: none did; only where it was asked for. */
  readonly package?: string | null;
  /** Of a regular file, in hexadecimal; only what was asked for. */
  readonly digests?: Readonly<Partial<Record<FileDigestAlgorithm, string>>>;
}

/** Which files a request is about; one is kept when any of these selects it. */
export interface FileSelection {
  /** Expressions that fit the absolute path from its beginning. */
  readonly names?: readonly string[];
  /** Permission bits of which an entry that is no link has one at least: 0o6000. */
  readonly modeBits?: number;
  /** Files with capabilities. */
  readonly capabilities?: boolean;
  /** Files with one of these contents: `sha256:…`. */
  readonly digests?: readonly string[];
}

/** A line of a file that an expression fits. The line itself is not kept: it may hold a secret. */
export interface ContentMatch {
  /** As the policy wrote it. */
  readonly pattern: string;
  /** The first such line. */
  readonly location: Location;
}

/** A file that is not as the package manager put it, or an executable that none put there. */
export interface DriftedFile {
  readonly kind: 'changed' | 'unowned';
  /** Name of the package that owns it; null for what nobody owns. */
  readonly package: string | null;
  readonly mode: number;
  readonly location: Location;
}
