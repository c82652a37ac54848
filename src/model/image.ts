/** Algorithm and lower-case hex, e.g. `sha256:…` (OCI image-spec, descriptor.md). */
export type Digest = `${'sha256' | 'sha512'}:${string}`;

/** OCI image-spec, image-index.md: `linux`, `arm`, `v7`. */
export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
}

/** OCI image-spec, descriptor.md. */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
  readonly platform?: Platform;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** One line of the image's history (OCI image-spec, config.md). */
export interface HistoryEntry {
  readonly createdBy: string;
  readonly comment?: string;
  readonly emptyLayer: boolean;
  /** Index of the layer that this line made; null for an empty layer. */
  readonly layer: number | null;
}

/** Docker's HEALTHCHECK as the configuration holds it; `test[0]` is `NONE`, `CMD` or `CMD-SHELL`. */
export interface Healthcheck {
  readonly test: readonly string[];
}

/** What the image's configuration says of how it runs (OCI image-spec, config.md). */
export interface ImageConfiguration {
  /** As written: `''` means root. */
  readonly user: string;
  /** `80/tcp`, `53/udp`. */
  readonly exposedPorts: readonly string[];
  /** `NAME=value`. */
  readonly env: readonly string[];
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  readonly workingDir: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly volumes: readonly string[];
  /** null: the configuration has none. */
  readonly healthcheck: Healthcheck | null;
  /** RFC 3339, as written; null when absent. */
  readonly created: string | null;
  readonly history: readonly HistoryEntry[];
}

/** What stands in place of an image: a document that says what is in one. Nothing of it can be verified. */
export interface ImageInput {
  readonly kind: 'sbom' | 'evidence';
  /** `CycloneDX 1.6`, `SPDX-2.3`, `Syft JSON 16.0.1`, `portcullis.evidence.v1`. */
  readonly format: string;
  /** The program that wrote it, in its own words; null when it doesn't say. */
  readonly generator: string | null;
  /** The image that it says it describes. */
  readonly subject: { readonly name: string | null; readonly version: string | null; readonly digest: string | null };
  /** What of it was left aside, a sentence each. */
  readonly notes: readonly string[];
}

export interface LayerFacts {
  readonly index: number;
  /** Digest of the uncompressed layer; null where the source has no layers (directory). */
  readonly diffId: Digest | null;
  readonly createdBy: string | null;
}

/** Which image: what the caller typed, what was verified, what the image says of itself. */
export interface ImageFacts {
  /** As the caller typed it. */
  readonly reference: string;
  /** Of the manifest; null where the source has none. */
  readonly digest: Digest | null;
  /** Of the configuration; null where the source has none. */
  readonly imageId: Digest | null;
  readonly platform: Platform;
  /** Names that the archive or registry gives the image: shown, never trusted. */
  readonly tags: readonly string[];
  readonly layers: readonly LayerFacts[];
  /** False for a directory or a document: nothing could be checked against a digest. */
  readonly verified: boolean;
  /** Absent for an image. */
  readonly input?: ImageInput;
}
