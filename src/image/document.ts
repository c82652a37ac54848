import { createHash } from 'node:crypto';
import type { Limits } from '../archive/index.ts';
import { PortcullisError } from '../errors.ts';
import type { Descriptor, Digest, HistoryEntry, ImageConfiguration, Platform } from '../model/index.ts';
import { parserMessage } from '../parser-message.ts';
import { type Container, readRegion } from './container.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

export function digestOf(bytes: Uint8Array, algorithm = 'sha256'): Digest {
  return `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}` as Digest;
}

/** A digest in the form of OCI's descriptor.md with an algorithm that is supported; undefined otherwise. */
export function asDigest(value: unknown): Digest | undefined {
  return typeof value === 'string' && (/^sha256:[0-9a-f]{64}$/.test(value) || /^sha512:[0-9a-f]{128}$/.test(value)) ? (value as Digest) : undefined;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function invalid(what: string, why: string): PortcullisError {
  return new PortcullisError('IMAGE_INVALID', `${what} is not valid: ${why}.`, { hint: 'Save or build the image again.' });
}

/** Which of two files of one name a tool reads depends on the tool. @throws PortcullisError IMAGE_INVALID */
export function refuseRepeated(container: Container, name: string): void {
  if (container.isRepeated(name)) throw invalid(container.path, `it holds ${name} twice`);
}

export function parseJson(bytes: Uint8Array, what: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw invalid(what, `it is not JSON (${parserMessage(error)})`);
  }
}

export function parseObject(bytes: Uint8Array, what: string): JsonObject {
  const value = parseJson(bytes, what);
  if (!isObject(value)) throw invalid(what, 'it is not a JSON object');
  return value;
}

/** A document by its digest, verified. @throws PortcullisError IMAGE_DIGEST when its bytes have another, IMAGE_INVALID when it isn't there */
export async function readBlob(container: Container, descriptor: Descriptor, role: 'index' | 'manifest' | 'configuration', limits: Limits): Promise<Buffer> {
  const { digest } = descriptor;
  const region = await container.find(blobPath(digest), { role, descriptor });
  if (region === undefined) throw invalid(container.path, `it does not hold ${role} ${digest}`);
  const bytes = await readRegion(region, role, limits);
  verifyDigest(bytes, digest, role);
  return bytes;
}

/** Where a layout keeps a blob (OCI image-spec, image-layout.md). */
export function blobPath(digest: Digest): string {
  return `blobs/${digest.replace(':', '/')}`;
}

/** @throws PortcullisError IMAGE_DIGEST */
export function verifyDigest(bytes: Uint8Array, digest: Digest, what: string): void {
  const actual = digestOf(bytes, digest.slice(0, digest.indexOf(':')));
  if (actual !== digest) {
    throw new PortcullisError('IMAGE_DIGEST', `${what} is named ${digest}, but its bytes have ${actual}.`, {
      hint: 'The image is damaged or was changed: save or build it again.',
    });
  }
}

function platformOf(value: unknown): Platform | undefined {
  if (!isObject(value) || typeof value.os !== 'string' || typeof value.architecture !== 'string') return undefined;
  const variant = value.variant;
  return { os: value.os, architecture: value.architecture, ...(typeof variant === 'string' && variant !== '' ? { variant } : {}) };
}

function textMap(value: unknown): Readonly<Record<string, string>> {
  if (!isObject(value)) return {};
  return Object.fromEntries(Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

/** The descriptors in a list of a manifest or index. @throws PortcullisError IMAGE_INVALID */
export function descriptorsOf(value: unknown, what: string): Descriptor[] {
  if (!Array.isArray(value)) throw invalid(what, 'it has no list of descriptors where one belongs');
  return value.map((item) => descriptorOf(item, what));
}

export function descriptorOf(item: unknown, what: string): Descriptor {
  if (!isObject(item)) throw invalid(what, 'a descriptor is missing or is not an object');
  const digest = asDigest(item.digest);
  if (digest === undefined) throw invalid(what, `a descriptor has no digest that can be verified (${JSON.stringify(item.digest ?? null).slice(0, 100)})`);
  const size = item.size;
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) throw invalid(what, 'a descriptor has no size');
  const platform = platformOf(item.platform);
  return {
    mediaType: typeof item.mediaType === 'string' ? item.mediaType : '',
    digest,
    size,
    ...(platform === undefined ? {} : { platform }),
    annotations: textMap(item.annotations),
  };
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** What a configuration document says, and the layers that it names. */
export interface ConfigDocument {
  readonly platform: Platform;
  readonly configuration: ImageConfiguration;
  readonly diffIds: readonly Digest[];
}

/**
 * Parses an image configuration (OCI image-spec, config.md; Docker image spec v1.2 for Healthcheck and old forms).
 * @throws PortcullisError IMAGE_INVALID
 */
export function parseConfig(bytes: Uint8Array, what: string): ConfigDocument {
  const document = parseObject(bytes, what);
  const rootfs = document.rootfs;
  const listed = isObject(rootfs) ? rootfs.diff_ids : undefined;
  if (!Array.isArray(listed)) throw invalid(what, 'it has no rootfs.diff_ids, so its layers cannot be verified');
  const diffIds = listed.map((item) => {
    const digest = asDigest(item);
    if (digest === undefined) throw invalid(what, 'one of its rootfs.diff_ids is not a digest');
    return digest;
  });
  const config = isObject(document.config) ? document.config : {};
  const healthcheck = isObject(config.Healthcheck) ? texts(config.Healthcheck.Test) : [];
  let layer = 0;
  const history: HistoryEntry[] = (Array.isArray(document.history) ? document.history : []).filter(isObject).map((item) => {
    const emptyLayer = item.empty_layer === true;
    return {
      createdBy: typeof item.created_by === 'string' ? item.created_by : '',
      ...(typeof item.comment === 'string' ? { comment: item.comment } : {}),
      emptyLayer,
      layer: emptyLayer ? null : layer++,
    };
  });
  const entrypoint = config.Entrypoint;
  const cmd = config.Cmd;
  return {
    platform: platformOf(document) ?? { os: typeof document.os === 'string' ? document.os : 'unknown', architecture: 'unknown' },
    diffIds,
    configuration: {
      user: typeof config.User === 'string' ? config.User : '',
      exposedPorts: isObject(config.ExposedPorts) ? Object.keys(config.ExposedPorts) : [],
      env: texts(config.Env),
      entrypoint: typeof entrypoint === 'string' ? [entrypoint] : texts(entrypoint),
      cmd: typeof cmd === 'string' ? [cmd] : texts(cmd),
      workingDir: typeof config.WorkingDir === 'string' ? config.WorkingDir : '',
      labels: textMap(config.Labels),
      volumes: isObject(config.Volumes) ? Object.keys(config.Volumes) : [],
      healthcheck: healthcheck.length === 0 ? null : { test: healthcheck },
      created: typeof document.created === 'string' ? document.created : null,
      // A history whose lines don't fit the layers says nothing of which line made which layer.
      history: layer === diffIds.length ? history : history.map((entry) => ({ ...entry, layer: null })),
    },
  };
}

/** For each layer the history line that made it; null where the history doesn't say. */
export function createdBy(configuration: ImageConfiguration, layers: number): (string | null)[] {
  const lines: (string | null)[] = new Array(layers).fill(null);
  for (const entry of configuration.history) if (entry.layer !== null && entry.layer < layers) lines[entry.layer] = entry.createdBy;
  return lines;
}
