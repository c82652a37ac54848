import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { askCredentialHelper } from './credential-helper.ts';
import type { Credentials } from './credentials.ts';
import { dockerHub } from './defaults.ts';

/** What was found, and what stood in the way: a file that can't be read is told when the registry then refuses. */
export interface FoundCredentials {
  readonly credentials: Credentials | null;
  readonly problems: readonly string[];
}

type Environment = Readonly<Record<string, string | undefined>>;
type JsonObject = Readonly<Record<string, unknown>>;

const MAX_FILE = 4 * 1024 * 1024;

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The home directory of an environment. */
export function homeOf(env: Environment): string {
  return env.HOME !== undefined && env.HOME !== '' ? env.HOME : homedir();
}

/** Docker's configuration directory: `DOCKER_CONFIG`, else `~/.docker`. */
export function dockerConfigDirectory(env: Environment): string {
  return env.DOCKER_CONFIG !== undefined && env.DOCKER_CONFIG !== '' ? env.DOCKER_CONFIG : join(homeOf(env), '.docker');
}

/**
 * The files that may hold credentials, the first to be asked first, as containers-auth.json(5) orders them:
 * `REGISTRY_AUTH_FILE` alone where it is set, else Podman's, then Docker's.
 */
export function credentialFiles(env: Environment): string[] {
  const named = env.REGISTRY_AUTH_FILE;
  if (named !== undefined && named !== '') return [named];
  const runtime = env.XDG_RUNTIME_DIR;
  const config = env.XDG_CONFIG_HOME !== undefined && env.XDG_CONFIG_HOME !== '' ? env.XDG_CONFIG_HOME : join(homeOf(env), '.config');
  return [
    ...(runtime !== undefined && runtime !== '' ? [join(runtime, 'containers', 'auth.json')] : []),
    join(config, 'containers', 'auth.json'),
    join(dockerConfigDirectory(env), 'config.json'),
  ];
}

/** `https://host/v1/` and `host` are the same entry to Docker; Podman's have a path after the host. */
function normalKey(key: string): string {
  const bare = key.replace(/^https?:\/\//, '').replace(/\/+$/, '');
  const [host = '', ...path] = bare.split('/');
  const isVersion = path.length === 1 && /^v[12]$/.test(path[0] as string);
  const domain = host === dockerHub.alias || host === dockerHub.host ? dockerHub.domain : host;
  return [domain, ...(isVersion ? [] : path)].join('/');
}

/** The keys to look for, the most specific first: `host/a/b`, `host/a`, `host`. */
function wantedKeys(domain: string, path: string): string[] {
  const parts = path.split('/');
  return [...parts.map((_, index) => [domain, ...parts.slice(0, parts.length - index)].join('/')), domain];
}

function entryCredentials(entry: unknown): Credentials | null | 'malformed' {
  if (!isObject(entry)) return null;
  if (typeof entry.identitytoken === 'string' && entry.identitytoken !== '') return { kind: 'identity', token: entry.identitytoken };
  if (typeof entry.registrytoken === 'string' && entry.registrytoken !== '') return { kind: 'bearer', token: entry.registrytoken };
  if (typeof entry.auth === 'string' && entry.auth !== '') {
    // Docker pads with NUL what an old client wrote.
    const text = Buffer.from(entry.auth, 'base64').toString('utf8').replace(/\0+$/, '');
    const colon = text.indexOf(':');
    return colon < 1 ? 'malformed' : { kind: 'password', username: text.slice(0, colon), password: text.slice(colon + 1) };
  }
  if (typeof entry.username === 'string' && entry.username !== '' && typeof entry.password === 'string') {
    return { kind: 'password', username: entry.username, password: entry.password };
  }
  return null;
}

async function readConfig(path: string): Promise<JsonObject | null | string> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    return code === 'ENOENT' || code === 'ENOTDIR' ? null : `${path} can't be read (${code ?? (error as Error).message})`;
  }
  if (bytes.length > MAX_FILE) return `${path} is larger than ${MAX_FILE} bytes`;
  if (bytes.toString('utf8').trim() === '') return null;
  try {
    const document: unknown = JSON.parse(bytes.toString('utf8'));
    return isObject(document) ? document : `${path} is not a JSON object`;
  } catch {
    // The parser's message would quote the file, which holds secrets.
    return `${path} is not valid JSON`;
  }
}

function helperFor(config: JsonObject, keys: readonly string[]): { name: string; key: string } | undefined {
  const helpers = isObject(config.credHelpers) ? Object.entries(config.credHelpers) : [];
  for (const key of keys) {
    const helper = helpers.find(([name, value]) => normalKey(name) === key && typeof value === 'string' && value !== '');
    if (helper !== undefined) return { name: helper[1] as string, key };
  }
  return undefined;
}

/**
 * Looks for the credentials of a repository in the files of Docker and Podman and asks the credential helpers that they name.
 * @param domain as in a reference (`docker.io`, `localhost:5000`)
 */
export async function findCredentials(domain: string, path: string, env: Environment): Promise<FoundCredentials> {
  const problems: string[] = [];
  const keys = wantedKeys(domain, path);
  const hostKey = domain === dockerHub.domain ? dockerHub.credentialsKey : domain;
  for (const file of credentialFiles(env)) {
    const config = await readConfig(file);
    if (typeof config === 'string') problems.push(config);
    if (config === null || typeof config === 'string') continue;
    const special = helperFor(config, keys);
    const store = typeof config.credsStore === 'string' && config.credsStore !== '' ? config.credsStore : undefined;
    if (special !== undefined || store !== undefined) {
      const serverUrl = special === undefined || special.key === domain ? hostKey : special.key;
      const answer = await askCredentialHelper(special?.name ?? (store as string), serverUrl, env);
      if (typeof answer === 'string') problems.push(answer);
      else if (answer !== null) return { credentials: answer, problems };
    }
    const entries = isObject(config.auths) ? Object.entries(config.auths) : [];
    for (const key of keys) {
      for (const [name, entry] of entries) {
        if (normalKey(name) !== key) continue;
        const credentials = entryCredentials(entry);
        if (credentials === 'malformed') problems.push(`the entry ${key} of ${file} is not base64 of user:password`);
        else if (credentials !== null) return { credentials, problems };
      }
    }
  }
  return { credentials: null, problems };
}
