import type { Evidence } from './evidence.ts';
import type { Digest, ImageConfiguration, ImageFacts } from './image.ts';

/**
 * Where a layer's bytes lie. The first two are plain data and cross to worker threads; a `stream` (a registry) is read
 * where it was made. `open` gives all `length` bytes each time it is called, unverified.
 */
export type LayerSource =
  | { readonly kind: 'file'; readonly path: string; readonly offset: number; readonly length: number }
  | { readonly kind: 'directory'; readonly path: string }
  | { readonly kind: 'stream'; readonly length: number; open(): AsyncGenerator<Buffer> };

/** One layer of an opened image, from the base up. */
export interface LayerBlob {
  readonly index: number;
  readonly source: LayerSource;
  /** Of the bytes as they lie there; null where the format doesn't name it (old docker-archive) or nothing does (directory). */
  readonly digest: Digest | null;
  /** Of the uncompressed tar; null for a directory. */
  readonly diffId: Digest | null;
  readonly createdBy: string | null;
}

/** A document that stands in place of an image: parsed, of which nothing but the format's mark was looked at. */
export interface InputDocument {
  readonly format: 'cyclonedx' | 'spdx' | 'syft' | 'evidence';
  /** As JSON has it, however it was written. */
  readonly content: Readonly<Record<string, unknown>>;
  /** It came in an attestation, whose signature was not checked: the image that this is about. */
  readonly attested?: { readonly name: string | null; readonly digest: string | null };
  /** Why not all of it may be there, a sentence each. */
  readonly doubts?: readonly string[];
  /** Of an evidence file: which of its images. */
  readonly index: number;
}

/**
 * An opened image: its manifest and configuration are verified, its layers are verified when they are read. With
 * `document` it is an SBOM, with `evidence` what was stored of an image: then there are no layers.
 */
export interface Image {
  readonly facts: ImageFacts;
  readonly configuration: ImageConfiguration;
  readonly layers: readonly LayerBlob[];
  readonly document?: InputDocument;
  readonly evidence?: Evidence;
}
