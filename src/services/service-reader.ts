import type { Distribution, ImageConfiguration, ImageFiles, Package, Service } from '../model/index.ts';

/** What a service reader may know of an image. */
export interface ServiceImage {
  readonly files: ImageFiles;
  readonly configuration: ImageConfiguration;
  readonly distribution: Distribution | null;
  /** Installed packages (not those of lock files). */
  readonly packages: readonly Package[];
}

/**
 * Reads one service's effective configuration. Pure: nothing is executed or opened; run again with more files at
 * hand it gives a more complete answer (`ImageFiles.read` → `pending`). Never throws for what an image holds.
 */
export interface ServiceReader {
  /** `nginx`: the folder's name. */
  readonly name: string;
  readonly version: number;
  readonly summary: string;
  /** Every instance of the service in the image (usually none or one). */
  read(image: ServiceImage): Iterable<Service>;
}

export function defineServiceReader(reader: ServiceReader): ServiceReader {
  return reader;
}
