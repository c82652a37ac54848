/**
 * Bounds on what an image controls. Generous: every real image that was seen stays far below; a hostile one
 * ends in a clear error.
 */
export interface Limits {
  /** Entries of one layer. */
  readonly entries: number;
  /** Entries of all layers of one image. */
  readonly imageEntries: number;
  /** Bytes of all paths and link targets of one layer. */
  readonly nameBytes: number;
  /** Uncompressed bytes of one layer. */
  readonly layerBytes: number;
  /** Uncompressed bytes may be this many times the compressed ones, once they exceed `ratioFrom` bytes. */
  readonly ratio: number;
  readonly ratioFrom: number;
  /** Bytes of one path or link target (Linux PATH_MAX is 4096). */
  readonly pathBytes: number;
  /** Directories in one path. */
  readonly depth: number;
  /** Bytes of one pax extended header or GNU long name. */
  readonly headerBytes: number;
  /** Bytes of a manifest, index or configuration. */
  readonly documentBytes: number;
  readonly layers: number;
  /** Entries of the archive around the layers. */
  readonly archiveEntries: number;
  /** Bytes of a file that a reader selects. */
  readonly fileBytes: number;
  /** Bytes of all selected files of one layer that must be kept until squashing. */
  readonly keptBytes: number;
  /** Facts of one file. */
  readonly facts: number;
}

const MiB = 1024 * 1024;

export const defaultLimits: Limits = {
  entries: 2_000_000,
  imageEntries: 4_000_000,
  nameBytes: 256 * MiB,
  layerBytes: 64 * 1024 * MiB,
  ratio: 300,
  ratioFrom: 512 * MiB,
  pathBytes: 4096,
  depth: 256,
  headerBytes: MiB,
  documentBytes: 8 * MiB,
  layers: 1024,
  archiveEntries: 100_000,
  fileBytes: 64 * MiB,
  keptBytes: 256 * MiB,
  facts: 1_000_000,
};
