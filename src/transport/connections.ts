import { type Agent, type ClientRequest, Agent as HttpAgent, request as httpRequest, type OutgoingHttpHeaders } from 'node:http';
import type { Agent as HttpsAgent } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ConnectionOptions } from 'node:tls';
import { type TlsMaterial, tlsMaterial } from './certificates.ts';
import { proxyFor } from './proxy.ts';
import type { RegistryOptions } from './registry-options.ts';

/** What a request is made of besides its URL. */
export interface RequestOptions {
  readonly method: string;
  readonly headers: OutgoingHttpHeaders;
  readonly signal: AbortSignal;
}

/** How a host is reached: its connections are kept open between requests. */
interface Way {
  readonly agent: Agent;
  request(url: URL, options: RequestOptions): ClientRequest;
}

/** Connections of one host at the same time. */
const MAX_SOCKETS = 8;
const keptOpen = { keepAlive: true, maxSockets: MAX_SOCKETS };

function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}

/** Connections to hosts, each with its certificates and its way (proxy or direct). */
export class Connections {
  readonly #options: RegistryOptions;
  readonly #ways = new Map<string, Promise<Way>>();

  constructor(options: RegistryOptions) {
    this.#options = options;
  }

  /**
   * Begins a request.
   * @param isRegistry false for a host that a registry redirects to: no client certificate is shown there
   * @throws {PortcullisError} USAGE_FILE when a certificate file can't be read
   */
  async request(url: URL, isRegistry: boolean, options: RequestOptions): Promise<ClientRequest> {
    const key = `${url.origin} ${isRegistry}`;
    let way = this.#ways.get(key);
    if (way === undefined) {
      way = this.#open(url, isRegistry);
      this.#ways.set(key, way);
    }
    return (await way).request(url, options);
  }

  async #open(url: URL, isRegistry: boolean): Promise<Way> {
    const proxy = proxyFor(url, this.#options.env);
    if (url.protocol === 'http:') return proxy === null ? plainWay() : await proxiedWay(proxy);
    const material = await tlsMaterial(url.host, isRegistry, this.#options);
    return tlsWay(material, proxy, this.#options.limits.connectTime);
  }

  /** Ends everything that is under way. */
  async close(): Promise<void> {
    const all = [...this.#ways.values()];
    this.#ways.clear();
    for (const way of all) await way.then(({ agent }) => agent.destroy()).catch(() => {});
  }
}

function plainWay(): Way {
  const agent = new HttpAgent(keptOpen);
  return {
    agent,
    request: (url, options) => httpRequest({ ...options, agent, host: hostOf(url), port: url.port || 80, path: `${url.pathname}${url.search}` }),
  };
}

function proxyAuthorization(proxy: URL): OutgoingHttpHeaders {
  if (proxy.username === '') return {};
  const text = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(text).toString('base64')}` };
}

/** Plain HTTP is asked of the proxy with the whole URL; many refuse a tunnel to port 80. */
async function proxiedWay(proxy: URL): Promise<Way> {
  const request = proxy.protocol === 'https:' ? (await import('node:https')).request : httpRequest;
  const agent = proxy.protocol === 'https:' ? new (await import('node:https')).Agent(keptOpen) : new HttpAgent(keptOpen);
  return {
    agent,
    request: (url, { method, headers, signal }) =>
      request({
        method,
        signal,
        agent,
        host: hostOf(proxy),
        port: proxy.port || (proxy.protocol === 'https:' ? 443 : 80),
        path: `${url.origin}${url.pathname}${url.search}`,
        headers: { ...headers, host: url.host, ...proxyAuthorization(proxy) },
      }),
  };
}

async function tlsWay(material: TlsMaterial, proxy: URL | null, connectTime: number): Promise<Way> {
  // Loaded only when TLS is spoken.
  const { Agent: TlsAgent, request } = await import('node:https');
  const agent = new TlsAgent({ ...keptOpen, ...material });
  if (proxy !== null) await throughTunnel(agent, proxy, connectTime);
  return { agent, request: (url, options) => request({ ...options, agent, host: hostOf(url), port: url.port || 443, path: `${url.pathname}${url.search}` }) };
}

type Connected = (error: Error | null, socket?: Duplex) => void;

/** Has an agent make its connections through a proxy (RFC 9110, section 9.3.6, CONNECT). */
async function throughTunnel(agent: HttpsAgent, proxy: URL, connectTime: number): Promise<void> {
  const { connect } = await import('node:tls');
  const tunnelled = agent as unknown as { createConnection(options: ConnectionOptions, connected: Connected): undefined };
  tunnelled.createConnection = (options, connected) => {
    tunnel(proxy, `${String(options.host).includes(':') ? `[${options.host}]` : options.host}:${options.port}`, connectTime).then(
      (socket) => connected(null, connect({ ...options, socket })),
      (error: Error) => connected(error),
    );
    return undefined;
  };
}

async function tunnel(proxy: URL, target: string, connectTime: number): Promise<Socket> {
  const isTls = proxy.protocol === 'https:';
  const request = isTls ? (await import('node:https')).request : httpRequest;
  return new Promise((resolve, reject) => {
    const sent = request({
      method: 'CONNECT',
      host: hostOf(proxy),
      port: proxy.port || (isTls ? 443 : 80),
      path: target,
      headers: { host: target, ...proxyAuthorization(proxy) },
      agent: false,
      timeout: connectTime,
    });
    const refused = (status: number | undefined): Error => {
      const error = new Error(`the proxy ${proxy.host} answers ${status} to a connection to ${target}`);
      // What a proxy forbids it forbids again; its own trouble may pass.
      return status !== undefined && status < 500 ? Object.assign(error, { code: 'ERR_PROXY_REFUSES' }) : error;
    };
    sent.on('connect', (response, socket) => {
      if (response.statusCode === 200) resolve(socket);
      else {
        socket.destroy();
        reject(refused(response.statusCode));
      }
    });
    sent.on('response', (response) => {
      response.destroy();
      reject(refused(response.statusCode));
    });
    sent.on('timeout', () => sent.destroy(new Error(`the proxy ${proxy.host} does not answer`)));
    sent.on('error', (error) => reject(new Error(`the proxy ${proxy.host} can't be reached: ${error.message}`, { cause: error })));
    sent.end();
  });
}
