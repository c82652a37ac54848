import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as zlib from 'node:zlib';
import { type TarItem, tar } from './tar.ts';

export type Compression = 'none' | 'gzip' | 'zstd';

/** An entry of a layer: what a tar can say, or a whiteout. */
export type LayerItem =
  | TarItem
  /** Takes this path of the layers below away. */
  | { readonly whiteout: string }
  /** Hides what the layers below have in this directory. */
  | { readonly opaque: string };

export interface BuiltLayer {
  /** The uncompressed tar. */
  readonly tar: Buffer;
  /** As it lies in the image. */
  readonly blob: Buffer;
  readonly compression: Compression;
  readonly diffId: string;
  readonly digest: string;
  /** The history line; `''` leaves it out. */
  readonly createdBy: string;
}

export interface LayerOptions {
  /** gzip unless said otherwise. */
  readonly compression?: Compression;
  readonly createdBy?: string;
}

/** The `config` object of an OCI image configuration, with Docker's Healthcheck. */
export interface RunConfig {
  readonly User?: string;
  readonly ExposedPorts?: Readonly<Record<string, object>>;
  readonly Env?: readonly string[];
  readonly Entrypoint?: readonly string[];
  readonly Cmd?: readonly string[];
  readonly WorkingDir?: string;
  readonly Labels?: Readonly<Record<string, string>>;
  readonly Volumes?: Readonly<Record<string, object>>;
  readonly Healthcheck?: { readonly Test?: readonly string[] };
}

export interface ImageSpec {
  /** From the base up. */
  readonly layers: readonly BuiltLayer[];
  readonly config?: RunConfig;
  /** `name:tag`; none when absent. */
  readonly tags?: readonly string[];
  /** linux/amd64 unless said otherwise. */
  readonly platform?: { readonly os: string; readonly architecture: string; readonly variant?: string };
  /** In place of one line a layer. */
  readonly history?: readonly { readonly created_by?: string; readonly comment?: string; readonly empty_layer?: boolean }[];
  /** Fields of the configuration document in place of those made here. */
  readonly document?: Readonly<Record<string, unknown>>;
}

/** The files of an image archive or layout: change `files` to damage it before it is written. */
export interface ImageFile {
  readonly files: Map<string, Buffer>;
  tar(): Buffer;
  /** Writes the archive as one tar; gives the path back. */
  writeTo(path: string): string;
  /** Writes the files into a directory (an OCI layout); gives the path back. */
  writeToDirectory(path: string): string;
}

export function sha256(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** A zstd frame of stored blocks (RFC 8878), for a Node that can't compress. */
function storedZstd(bytes: Buffer): Buffer {
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(bytes.length));
  const parts: Buffer[] = [Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0xe0]), size];
  for (let at = 0; at === 0 || at < bytes.length; at += 0x1_0000) {
    const part = bytes.subarray(at, at + 0x1_0000);
    const last = at + part.length >= bytes.length ? 1 : 0;
    const head = Buffer.alloc(3);
    head.writeUIntLE((part.length << 3) | last, 0, 3);
    parts.push(head, part);
  }
  return Buffer.concat(parts);
}

export function compress(bytes: Buffer, compression: Compression): Buffer {
  if (compression === 'none') return bytes;
  if (compression === 'gzip') return zlib.gzipSync(bytes);
  const { zstdCompressSync } = zlib as { zstdCompressSync?: (bytes: Uint8Array) => Uint8Array };
  return zstdCompressSync === undefined ? storedZstd(bytes) : Buffer.from(zstdCompressSync(bytes));
}

/** The tar entry that stands for an item. */
export function itemOf(item: LayerItem): TarItem {
  if ('opaque' in item) return { path: join(item.opaque, '.wh..wh..opq') };
  if (!('whiteout' in item)) return item;
  const slash = item.whiteout.lastIndexOf('/') + 1;
  return { path: `${item.whiteout.slice(0, slash)}.wh.${item.whiteout.slice(slash)}` };
}

/** A layer of the entries, in their order; parents are not added. */
export function layer(items: readonly LayerItem[], options: LayerOptions = {}): BuiltLayer {
  return layerOfTar(tar(items.map(itemOf)), options);
}

/** A layer of bytes that are, or pretend to be, a tar. */
export function layerOfTar(bytes: Buffer, { compression = 'gzip', createdBy = 'built by a test' }: LayerOptions = {}): BuiltLayer {
  const blob = compress(bytes, compression);
  return { tar: bytes, blob, compression, diffId: sha256(bytes), digest: sha256(blob), createdBy };
}

/** The configuration document's bytes. */
export function configurationOf(image: ImageSpec): Buffer {
  const { os, architecture, variant } = image.platform ?? { os: 'linux', architecture: 'amd64' };
  const history = image.history ?? image.layers.flatMap(({ createdBy }) => (createdBy === '' ? [] : [{ created_by: createdBy }]));
  return json({
    created: '2024-01-01T00:00:00Z',
    os,
    architecture,
    ...(variant === undefined ? {} : { variant }),
    config: image.config ?? {},
    rootfs: { type: 'layers', diff_ids: image.layers.map(({ diffId }) => diffId) },
    history,
    ...image.document,
  });
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

function imageFile(files: Map<string, Buffer>): ImageFile {
  const bytes = (): Buffer => tar([...files].map(([path, content]) => ({ path, content })));
  return {
    files,
    tar: bytes,
    writeTo(path) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, bytes());
      return path;
    },
    writeToDirectory(path) {
      for (const [name, content] of files) {
        mkdirSync(dirname(join(path, name)), { recursive: true });
        writeFileSync(join(path, name), content);
      }
      return path;
    },
  };
}

/** `docker save` as it was until Docker 24: `<id>.json` and `<id>/layer.tar`, layers uncompressed. */
export function oldDockerArchive(images: readonly ImageSpec[]): ImageFile {
  const files = new Map<string, Buffer>();
  const manifest = images.map((image) => {
    const config = configurationOf(image);
    const name = `${sha256(config).slice(7)}.json`;
    files.set(name, config);
    const layers = image.layers.map(({ tar: bytes, diffId }) => {
      const directory = sha256(Buffer.from(`layer ${diffId}`)).slice(7);
      files.set(`${directory}/VERSION`, Buffer.from('1.0'));
      files.set(`${directory}/layer.tar`, bytes);
      return `${directory}/layer.tar`;
    });
    return { Config: name, RepoTags: image.tags ?? null, Layers: layers };
  });
  files.set('manifest.json', json(manifest));
  return imageFile(files);
}

/** `docker save` since Docker 25: an OCI layout with a `manifest.json` beside it. */
export function dockerArchive(images: readonly ImageSpec[]): ImageFile {
  const { files } = ociArchive(images);
  const manifest = images.map((image) => ({
    Config: blobPath(sha256(configurationOf(image))),
    RepoTags: image.tags ?? null,
    Layers: image.layers.map(({ digest }) => blobPath(digest)),
  }));
  files.set('manifest.json', json(manifest));
  return imageFile(files);
}

function blobPath(digest: string): string {
  return `blobs/${digest.replace(':', '/')}`;
}

const layerTypes: Readonly<Record<Compression, string>> = {
  none: 'application/vnd.oci.image.layer.v1.tar',
  gzip: 'application/vnd.oci.image.layer.v1.tar+gzip',
  zstd: 'application/vnd.oci.image.layer.v1.tar+zstd',
};

/**
 * An OCI image layout (image-layout.md); a tag becomes the annotation `org.opencontainers.image.ref.name`.
 * @param nested puts an index between `index.json` and the manifests, as for several platforms
 */
export function ociArchive(images: readonly ImageSpec[], { nested = false }: { readonly nested?: boolean } = {}): ImageFile {
  const files = new Map<string, Buffer>([['oci-layout', json({ imageLayoutVersion: '1.0.0' })]]);
  const blob = (mediaType: string, content: Buffer): { mediaType: string; digest: string; size: number } => {
    const digest = sha256(content);
    files.set(blobPath(digest), content);
    return { mediaType, digest, size: content.length };
  };
  const manifests = images.flatMap((image) => {
    const config = blob('application/vnd.oci.image.config.v1+json', configurationOf(image));
    const layers = image.layers.map((each) => blob(layerTypes[each.compression], each.blob));
    const mediaType = 'application/vnd.oci.image.manifest.v1+json';
    const descriptor = {
      ...blob(mediaType, json({ schemaVersion: 2, mediaType, config, layers })),
      platform: image.platform ?? { os: 'linux', architecture: 'amd64' },
    };
    if (image.tags === undefined) return [descriptor];
    return image.tags.map((tag) => ({ ...descriptor, annotations: { 'org.opencontainers.image.ref.name': tag } }));
  });
  const index = (list: readonly unknown[]): Buffer => json({ schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json', manifests: list });
  files.set('index.json', index(nested ? [blob('application/vnd.oci.image.index.v1+json', index(manifests))] : manifests));
  return imageFile(files);
}
