import { type IncomingMessage, request } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { PortcullisError } from '../errors.ts';
import type { Image } from '../model/index.ts';
import type { ImageCandidate } from './candidate.ts';
import { dockerAddress, type EngineAddress, type EngineName, podmanAddress } from './engine-address.ts';
import { looksLikeJsonObject } from './json-text.ts';
import { listArchive } from './local.ts';
import type { OpenOptions } from './open-options.ts';
import { spool } from './spool.ts';

/** Milliseconds until an engine has to answer whether it has an image. */
const ANSWER_TIME = 10_000;
/** Between two pieces of an export: an engine prepares large images before it sends the first. */
const IDLE_TIME = 300_000;
const MAX_ERROR = 64 * 1024;

/** A name or id; what can't lead to another part of the API. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*(?::[0-9]+(?=\/))?(?:\/[A-Za-z0-9][A-Za-z0-9._-]*)*(?::[A-Za-z0-9_][A-Za-z0-9._-]*)?(?:@sha(?:256|512):[0-9a-f]+)?$/;

/** True when the text can be the name or id of an engine's image. */
export function isEngineName(text: string): boolean {
  return text.length <= 512 && NAME.test(text);
}

/** The engine's address from the environment; null when it isn't there. @throws PortcullisError USAGE */
export function engineAddress(engine: EngineName, env: Readonly<Record<string, string | undefined>>): EngineAddress | null {
  return engine === 'docker' ? dockerAddress(env) : podmanAddress(env);
}

const title: Readonly<Record<EngineName, string>> = { docker: 'Docker', podman: 'Podman' };

function unreachable({ engine, shown }: EngineAddress, why: string, cause?: unknown): PortcullisError {
  const hint =
    engine === 'docker'
      ? 'Is Docker running, and may you use its socket? DOCKER_HOST names another.'
      : 'Start its API service: systemctl --user start podman.socket, or podman system service. CONTAINER_HOST names another.';
  return new PortcullisError('ENGINE_UNREACHABLE', `${title[engine]} at ${shown} ${why}.`, { hint, ...(cause === undefined ? {} : { cause }) });
}

function get(address: EngineAddress, path: string, idleTime: number): Promise<IncomingMessage> {
  const { connection } = address;
  return new Promise((resolve, reject) => {
    const common = { path, method: 'GET', headers: { host: 'engine', 'user-agent': 'portcullis' } };
    const sent =
      'socketPath' in connection
        ? request({ ...common, socketPath: connection.socketPath })
        : connection.tls === null
          ? request({ ...common, host: connection.host, port: connection.port })
          : tlsRequest({ ...common, host: connection.host, port: connection.port, ...connection.tls });
    sent.setTimeout(idleTime, () => sent.destroy(new Error(`no answer for ${idleTime / 1000} seconds`)));
    sent.on('error', (error: NodeJS.ErrnoException) => reject(unreachable(address, `does not answer: ${error.code ?? error.message}`, error)));
    sent.on('response', resolve);
    sent.end();
  });
}

async function errorText(response: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of response as AsyncIterable<Buffer>) {
      size += part.length;
      if (size > MAX_ERROR) break;
      parts.push(part);
    }
    const { message } = JSON.parse(Buffer.concat(parts).toString('utf8')) as { message?: unknown };
    return typeof message === 'string' ? `: ${message.slice(0, 300).replace(/\.$/, '')}` : '';
  } catch {
    return '';
  } finally {
    response.destroy();
  }
}

/** Asks an engine whether it has an image. @throws PortcullisError ENGINE_UNREACHABLE */
export async function engineHas(address: EngineAddress, name: string): Promise<boolean> {
  const response = await get(address, `/images/${name}/json`, ANSWER_TIME);
  if (response.statusCode === 200 || response.statusCode === 404) {
    response.destroy();
    return response.statusCode === 200;
  }
  throw unreachable(address, `answers ${response.statusCode}${await errorText(response)}`);
}

/** Docker's form can't hold layers that are compressed with zstd, which Podman keeps: it is asked for OCI's by its own API. */
const exportPath: Readonly<Record<EngineName, (name: string) => string>> = {
  docker: (name) => `/images/${name}/get`,
  podman: (name) => `/v4.0.0/libpod/images/${name}/get?format=oci-archive`,
};

async function* exported(address: EngineAddress, name: string): AsyncGenerator<Buffer> {
  const response = await get(address, exportPath[address.engine](name), IDLE_TIME);
  if (response.statusCode === 404) {
    throw new PortcullisError('IMAGE_NOT_FOUND', `${title[address.engine]} has no image ${name}${await errorText(response)}.`, {
      hint: `See what it has with: ${address.engine} images. To gate it from its registry: registry:${name}`,
    });
  }
  if (response.statusCode !== 200) throw unreachable(address, `answers ${response.statusCode} when asked for ${name}${await errorText(response)}`);
  try {
    for await (const part of response as AsyncIterable<Buffer>) yield part;
    if (!response.complete) throw new Error('it ended early');
  } catch (error) {
    if (error instanceof PortcullisError) throw error;
    throw unreachable(address, `stops while it exports ${name}: ${(error as Error).message}`, error);
  } finally {
    response.destroy();
  }
}

/**
 * An image that an engine has: exported by its API (Docker Engine API, `GET /images/{name}/get`; Podman's libpod API)
 * into a temporary file, then read like an archive.
 * @throws PortcullisError IMAGE_NOT_FOUND, ENGINE_UNREACHABLE, USAGE, and as for archives
 */
export async function listEngine(engine: EngineName, name: string, reference: string, options: OpenOptions): Promise<readonly ImageCandidate[]> {
  if (!isEngineName(name)) {
    throw new PortcullisError('USAGE', `"${name.slice(0, 200)}" is not the name of an image.`, { hint: `Write it as ${engine}:NAME:TAG or ${engine}:ID.` });
  }
  const address = engineAddress(engine, options.registry?.env ?? process.env);
  if (address === null) {
    const missing: EngineAddress = { engine, shown: 'any of its usual sockets', connection: { socketPath: '' } };
    throw unreachable(missing, 'is not there');
  }
  const spooled = await spool(exported(address, name), `${title[engine]}'s export of ${name}`, options);
  if (await looksLikeJsonObject(spooled.path)) {
    throw new PortcullisError('IMAGE_FORMAT', `${title[engine]} answers with a document where ${name} should come.`, {
      hint: 'Is it a container engine that listens there?',
    });
  }
  const images = await listArchive(spooled.path, reference, null, reference, options);
  return images.map((image) => ({ ...image, open: async () => withoutDigest(await image.open()) }));
}

/** The manifest of an export is made for it: its digest is not the one by which anybody knows the image. */
function withoutDigest(image: Image): Image {
  return { ...image, facts: { ...image.facts, digest: null } };
}
