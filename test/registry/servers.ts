import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash, createPrivateKey, randomUUID, sign } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, createServer as createSocketServer } from 'node:net';
import { join } from 'node:path';
import { hasTool } from '../support/cli.ts';

/** The tools without which nothing can be proven here, and which of them are absent. */
export const missingTools = [
  ['docker-registry', '--version'],
  ['skopeo', '--version'],
  ['openssl', 'version'],
  ['htpasswd', '-h'],
].flatMap(([name, probe]) => (hasTool(name as string, probe as string) ? [] : [name as string]));

/** Everything that runs, to be stopped by its own id. */
export class Servers {
  readonly #children: ChildProcess[] = [];
  readonly #servers: Server[] = [];

  /** Starts a program and waits until something listens on the port. */
  async program(command: string, parameters: readonly string[], port: number | string, env: Record<string, string> = {}): Promise<ChildProcess> {
    const child = spawn(command, parameters, { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, ...env } });
    let said = '';
    child.stderr?.on('data', (part) => {
      said = `${said}${part}`.slice(-4000);
    });
    this.#children.push(child);
    for (let tries = 0; tries < 200; tries++) {
      if (child.exitCode !== null) break;
      if (await listens(port)) return child;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`${command} does not listen: ${said}`);
  }

  /** Starts a server of the test itself; gives its port, or listens on the path. */
  async own(listener: (request: IncomingMessage, response: ServerResponse) => void, path?: string): Promise<{ port: number; server: Server }> {
    const server = createServer(listener);
    this.#servers.push(server);
    await new Promise<void>((resolve) => (path === undefined ? server.listen(0, '127.0.0.1', resolve) : server.listen(path, resolve)));
    return { port: path === undefined ? (server.address() as AddressInfo).port : 0, server };
  }

  async stop(): Promise<void> {
    for (const server of this.#servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
    for (const child of this.#children.splice(0)) {
      if (child.exitCode !== null) continue;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
    }
  }
}

function listens(port: number | string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = typeof port === 'string' ? connect(port) : connect(port, '127.0.0.1');
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

/** A port that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createSocketServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

export interface RegistrySettings {
  readonly root: string;
  /** YAML below `http:`. */
  readonly tls?: { readonly certificate: string; readonly key: string; readonly clientCas?: string };
  readonly htpasswd?: string;
  readonly token?: { readonly realm: string; readonly certificate: string };
}

/** Starts docker-registry; gives `127.0.0.1:PORT`. */
export async function startRegistry(servers: Servers, directory: string, settings: RegistrySettings): Promise<string> {
  const port = await freePort();
  const { tls, htpasswd, token, root } = settings;
  const auth =
    htpasswd !== undefined
      ? { auth: { htpasswd: { realm: 'test', path: htpasswd } } }
      : token !== undefined
        ? { auth: { token: { realm: token.realm, service: 'test-registry', issuer: 'test-issuer', rootcertbundle: token.certificate } } }
        : {};
  const http = {
    addr: `127.0.0.1:${port}`,
    ...(tls === undefined
      ? {}
      : { tls: { certificate: tls.certificate, key: tls.key, ...(tls.clientCas === undefined ? {} : { clientcas: [tls.clientCas] }) } }),
  };
  const config = join(directory, `registry-${port}.yml`);
  writeFileSync(config, JSON.stringify({ version: '0.1', log: { level: 'error' }, storage: { filesystem: { rootdirectory: root } }, http, ...auth }));
  await servers.program('docker-registry', ['serve', config], port);
  return `127.0.0.1:${port}`;
}

/** Runs a tool that has to go well. */
export function tool(command: string, parameters: readonly string[], input?: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, parameters, { encoding: 'utf8', ...(input === undefined ? {} : { input }) });
  if (status !== 0) throw new Error(`${command} ${parameters.join(' ')}: ${error?.message ?? stderr}`);
  return stdout;
}

/** A private certificate authority with a server's and a client's certificate, and one that signs tokens. */
export function makeCertificates(directory: string): { file(name: string): string } {
  mkdirSync(directory, { recursive: true });
  const file = (name: string): string => join(directory, name);
  const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  tool('openssl', ['req', '-x509', ...ec, '-keyout', file('ca.key'), '-out', file('ca.crt'), '-days', '2', '-subj', '/CN=test authority']);
  for (const [name, extension] of [
    ['server', 'subjectAltName=IP:127.0.0.1,DNS:localhost,DNS:registry.invalid'],
    ['client', 'extendedKeyUsage=clientAuth'],
  ] as const) {
    tool('openssl', ['req', ...ec, '-keyout', file(`${name}.key`), '-out', file(`${name}.csr`), '-subj', `/CN=${name}`]);
    writeFileSync(file(`${name}.ext`), extension);
    tool('openssl', [
      ...['x509', '-req', '-in', file(`${name}.csr`), '-CA', file('ca.crt'), '-CAkey', file('ca.key'), '-CAcreateserial'],
      ...['-out', file(`${name}.crt`), '-days', '2', '-extfile', file(`${name}.ext`)],
    ]);
  }
  tool('openssl', [
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    file('token.key'),
    '-out',
    file('token.crt'),
    '-days',
    '2',
    '-subj',
    '/CN=issuer',
  ]);
  return { file };
}

export interface TokenRequest {
  readonly method: string;
  readonly authorization: string | undefined;
  readonly scopes: readonly string[];
  readonly form: URLSearchParams | null;
}

/**
 * A token service as distribution's specification describes it: everybody may pull `public/…`; who gives the password, or
 * the refresh token by OAuth2, may pull everything.
 */
export class Issuer {
  readonly requests: TokenRequest[] = [];
  /** Seconds that a token is said to live. */
  life = 300;
  readonly #key: ReturnType<typeof createPrivateKey>;
  readonly #certificate: string;

  constructor(keyFile: string, certificateFile: string) {
    this.#key = createPrivateKey(readFileSync(keyFile));
    this.#certificate = readFileSync(certificateFile, 'latin1').replace(/-----[^-]+-----|\s/g, '');
  }

  readonly listener = (request: IncomingMessage, response: ServerResponse): void => {
    const parts: Buffer[] = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://issuer');
      const form = request.method === 'POST' ? new URLSearchParams(Buffer.concat(parts).toString()) : null;
      const scopes = form === null ? url.searchParams.getAll('scope') : [form.get('scope') ?? ''];
      const { authorization } = request.headers;
      this.requests.push({ method: request.method ?? '', authorization, scopes, form });
      const isKnown = authorization === `Basic ${Buffer.from('user:pass:word').toString('base64')}` || form?.get('refresh_token') === 'refresh-me';
      if (!isKnown && (authorization !== undefined || form !== null)) {
        response.writeHead(401).end('{}');
        return;
      }
      const access = scopes.flatMap((scope) => {
        const [type, name = '', actions = ''] = scope.split(':');
        return isKnown || name.startsWith('public/') ? [{ type, name, actions: actions.split(',').filter((action) => action === 'pull') }] : [];
      });
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ [form === null ? 'token' : 'access_token']: this.#token(access), expires_in: this.life }));
    });
  };

  #token(access: readonly object[]): string {
    const now = Math.floor(Date.now() / 1000);
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const header = part({ typ: 'JWT', alg: 'RS256', x5c: [this.#certificate] });
    const claims = part({ iss: 'test-issuer', sub: 'x', aud: 'test-registry', exp: now + 600, nbf: now - 60, iat: now, jti: randomUUID(), access });
    return `${header}.${claims}.${sign('RSA-SHA256', Buffer.from(`${header}.${claims}`), this.#key).toString('base64url')}`;
  }
}

export function sha256(bytes: Uint8Array | string): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
