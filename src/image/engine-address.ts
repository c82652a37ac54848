import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { platform } from 'node:os';
import { join } from 'node:path';
import { PortcullisError } from '../errors.ts';
import { dockerConfigDirectory, homeOf } from '../transport/index.ts';

export type EngineName = 'docker' | 'podman';
type Environment = Readonly<Record<string, string | undefined>>;

/** Where a container engine listens. */
export interface EngineAddress {
  readonly engine: EngineName;
  /** `unix:///run/docker.sock`, `tcp://host:2376`: for messages. */
  readonly shown: string;
  readonly connection:
    | { readonly socketPath: string }
    | { readonly host: string; readonly port: number; readonly tls: { readonly ca?: Buffer; readonly cert?: Buffer; readonly key?: Buffer } | null };
}

function usage(message: string, hint: string): PortcullisError {
  return new PortcullisError('USAGE', message, { hint });
}

function fileAt(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

function tlsFrom(directory: string): { ca?: Buffer; cert?: Buffer; key?: Buffer } {
  const [ca, cert, key] = ['ca.pem', 'cert.pem', 'key.pem'].map((name) => fileAt(join(directory, name)));
  return { ...(ca === undefined ? {} : { ca }), ...(cert === undefined ? {} : { cert }), ...(key === undefined ? {} : { key }) };
}

/** @throws PortcullisError USAGE for an address of a kind that isn't spoken */
function parseAddress(engine: EngineName, text: string, source: string, tlsDirectory: string | null): EngineAddress {
  if (text.startsWith('unix://')) return { engine, shown: text, connection: { socketPath: text.slice('unix://'.length) } };
  if (text.startsWith('/')) return { engine, shown: `unix://${text}`, connection: { socketPath: text } };
  const url = /^(?:tcp|https?):\/\//.test(text) && URL.canParse(text) ? new URL(text.replace(/^[a-z]+:/, 'http:')) : undefined;
  if (url !== undefined && url.hostname !== '' && url.username === '') {
    const isTls = tlsDirectory !== null || text.startsWith('https:');
    const host = url.hostname.replace(/^\[|\]$/g, '');
    return {
      engine,
      shown: `${isTls ? 'https' : 'http'}://${url.host}`,
      connection: { host, port: Number(url.port) || (isTls ? 2376 : 2375), tls: isTls ? tlsFrom(tlsDirectory ?? '') : null },
    };
  }
  const isSsh = text.startsWith('ssh://');
  throw usage(
    `${source} names ${isSsh ? 'a connection by ssh' : 'an address of a kind'} that is not supported.`,
    isSsh ? 'Forward the socket: ssh -L /tmp/engine.sock:/run/docker.sock HOST, and set it to unix:///tmp/engine.sock.' : 'Use unix://PATH or tcp://HOST:PORT.',
  );
}

function isSocket(path: string): boolean {
  try {
    return statSync(path).isSocket();
  } catch {
    return false;
  }
}

function firstSocket(engine: EngineName, paths: readonly (string | null)[]): EngineAddress | null {
  const path = paths.find((candidate) => candidate !== null && isSocket(candidate));
  return path === undefined || path === null ? null : { engine, shown: `unix://${path}`, connection: { socketPath: path } };
}

function below(directory: string | undefined, ...parts: readonly string[]): string | null {
  return directory === undefined || directory === '' ? null : join(directory, ...parts);
}

/** The context that `docker context use` or DOCKER_CONTEXT chose; null: the default one. */
function contextAddress(env: Environment): EngineAddress | null {
  const directory = dockerConfigDirectory(env);
  let name = env.DOCKER_CONTEXT;
  if (name === undefined || name === '') {
    try {
      const config = JSON.parse(fileAt(join(directory, 'config.json'))?.toString('utf8') ?? '{}') as { currentContext?: unknown } | null;
      name = typeof config?.currentContext === 'string' ? config.currentContext : '';
    } catch {
      name = '';
    }
  }
  if (name === '' || name === 'default') return null;
  const id = createHash('sha256').update(name).digest('hex');
  const bytes = fileAt(join(directory, 'contexts', 'meta', id, 'meta.json'));
  let host: unknown;
  try {
    host = (JSON.parse(bytes?.toString('utf8') ?? 'null') as { Endpoints?: { docker?: { Host?: unknown } } } | null)?.Endpoints?.docker?.Host;
  } catch {
    host = undefined;
  }
  if (typeof host !== 'string') throw usage(`The Docker context ${name} is not known.`, 'See docker context ls; DOCKER_CONTEXT and currentContext choose one.');
  const tls = join(directory, 'contexts', 'tls', id, 'docker');
  return parseAddress('docker', host, `The Docker context ${name}`, fileAt(join(tls, 'ca.pem')) === undefined ? null : tls);
}

/**
 * Where Docker listens: `DOCKER_HOST`, else the chosen context, else the sockets of the system, of a rootless engine and of
 * Docker Desktop. null: nowhere.
 * @throws PortcullisError USAGE when what is set can't be used
 */
export function dockerAddress(env: Environment): EngineAddress | null {
  const host = env.DOCKER_HOST;
  if (host !== undefined && host !== '') {
    const tls = env.DOCKER_TLS_VERIFY !== undefined && env.DOCKER_TLS_VERIFY !== '' ? env.DOCKER_CERT_PATH || dockerConfigDirectory(env) : null;
    return parseAddress('docker', host, 'DOCKER_HOST', tls);
  }
  const context = contextAddress(env);
  if (context !== null) return context;
  return firstSocket('docker', [
    '/var/run/docker.sock',
    below(env.XDG_RUNTIME_DIR, 'docker.sock'),
    join(homeOf(env), '.docker', 'run', 'docker.sock'),
    join(homeOf(env), '.docker', 'desktop', 'docker.sock'),
  ]);
}

/** Where Podman's API service listens: `CONTAINER_HOST`, else the sockets of the user, of the machine and of the system. null: nowhere. */
export function podmanAddress(env: Environment): EngineAddress | null {
  const host = env.CONTAINER_HOST;
  if (host !== undefined && host !== '') return parseAddress('podman', host, 'CONTAINER_HOST', null);
  const machine = join(homeOf(env), '.local', 'share', 'containers', 'podman', 'machine');
  return firstSocket('podman', [
    below(env.XDG_RUNTIME_DIR, 'podman', 'podman.sock'),
    ...(platform() === 'darwin' ? [join(machine, 'podman.sock'), join(machine, 'qemu', 'podman.sock')] : []),
    '/run/podman/podman.sock',
  ]);
}
