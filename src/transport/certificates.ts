import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PortcullisError } from '../errors.ts';
import { homeOf } from './credential-files.ts';
import type { RegistryOptions } from './registry-options.ts';

/** What a TLS connection trusts and shows; empty: the system's defaults. */
export interface TlsMaterial {
  readonly ca?: string[];
  readonly cert?: string;
  readonly key?: string;
}

async function readPem(path: string, what: string): Promise<string> {
  let text: string;
  try {
    text = await readFile(path, 'latin1');
  } catch (error) {
    throw new PortcullisError('USAGE_FILE', `${what} ${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? (error as Error).message}).`, {
      cause: error,
    });
  }
  if (!text.includes('-----BEGIN ')) throw new PortcullisError('USAGE_FILE', `${what} ${path} is not in PEM format.`);
  return text;
}

/** Node's roots and those of NODE_EXTRA_CA_CERTS, which naming any certificate would otherwise put out of force. */
async function defaultRoots(env: RegistryOptions['env']): Promise<string[]> {
  const tls = await import('node:tls');
  const get = (tls as unknown as { getCACertificates?: (type: string) => string[] }).getCACertificates;
  if (get !== undefined) return get('default');
  const extra = env.NODE_EXTRA_CA_CERTS;
  return [...tls.rootCertificates, ...(extra === undefined || extra === '' ? [] : [await readFile(extra, 'latin1').catch(() => '')])].filter(
    (pem) => pem !== '',
  );
}

function certificateDirectories(host: string, env: RegistryOptions['env']): string[] {
  const home = homeOf(env);
  return [join(home, '.config', 'containers'), join(home, '.config', 'docker'), '/etc/containers', '/etc/docker'].map((root) => join(root, 'certs.d', host));
}

/** `*.crt` are trusted, `X.cert` with `X.key` is shown (Docker's and Podman's certs.d). */
async function fromDirectory(directory: string): Promise<{ ca: string[]; cert?: string; key?: string }> {
  const names = (await readdir(directory).catch(() => [])).sort();
  const ca: string[] = [];
  for (const name of names) if (name.endsWith('.crt')) ca.push(await readPem(join(directory, name), 'The certificate'));
  const pair = names.find((name) => name.endsWith('.cert') && names.includes(`${name.slice(0, -5)}.key`));
  if (pair === undefined) return { ca };
  return {
    ca,
    cert: await readPem(join(directory, pair), 'The client certificate'),
    key: await readPem(join(directory, `${pair.slice(0, -5)}.key`), 'The key'),
  };
}

/**
 * What to trust and to show for a host: `--ca-file`, `--client-cert`, and the first `certs.d` that has something for it.
 * @param host with its port, as in a reference
 * @param isRegistry false for a host that a registry redirects to: no client certificate is shown there
 * @throws {PortcullisError} USAGE_FILE when a named file can't be read
 */
export async function tlsMaterial(host: string, isRegistry: boolean, options: RegistryOptions): Promise<TlsMaterial> {
  const ca: string[] = [];
  let cert: string | undefined;
  let key: string | undefined;
  if (options.caFile !== null) ca.push(await readPem(options.caFile, 'The certificate file'));
  for (const directory of certificateDirectories(host, options.env)) {
    const found = await fromDirectory(directory);
    if (found.ca.length === 0 && found.cert === undefined) continue;
    ca.push(...found.ca);
    ({ cert, key } = found);
    break;
  }
  if (options.clientCertificate !== null) {
    cert = await readPem(options.clientCertificate.certificateFile, 'The client certificate');
    key = await readPem(options.clientCertificate.keyFile, 'The key');
  }
  return {
    ...(ca.length === 0 ? {} : { ca: [...(await defaultRoots(options.env)), ...ca] }),
    ...(isRegistry && cert !== undefined && key !== undefined ? { cert, key } : {}),
  };
}
