import type { Dispatcher } from 'undici';
import { tlsMaterial } from './certificates.ts';
import type { RegistryOptions } from './registry-options.ts';

/** True for this machine itself, whose traffic nobody else sees. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost') || /^127(?:\.\d{1,3}){3}$/.test(hostname) || hostname === '[::1]' || hostname === '::1';
}

/** Connections to hosts, each with its certificates and its way (proxy or direct), kept open between requests. */
export class Connections {
  readonly #options: RegistryOptions;
  readonly #dispatchers = new Map<string, Promise<Dispatcher>>();

  constructor(options: RegistryOptions) {
    this.#options = options;
  }

  /**
   * The connection for a URL.
   * @param isRegistry false for a host that a registry redirects to
   * @throws {PortcullisError} USAGE_FILE when a certificate file can't be read
   */
  to(url: URL, isRegistry: boolean): Promise<Dispatcher> {
    const key = `${url.origin} ${isRegistry}`;
    const known = this.#dispatchers.get(key);
    if (known !== undefined) return known;
    const made = this.#open(url, isRegistry);
    this.#dispatchers.set(key, made);
    return made;
  }

  async #open(url: URL, isRegistry: boolean): Promise<Dispatcher> {
    // undici stays off the path of everything that needs no network.
    const { Agent, EnvHttpProxyAgent } = await import('./undici.ts');
    const { limits, env } = this.#options;
    const material = url.protocol === 'https:' ? await tlsMaterial(url.host, isRegistry, this.#options) : {};
    const shared = { connect: { timeout: limits.connectTime, ...material }, headersTimeout: limits.headersTime, bodyTimeout: limits.idleTime };
    if (isLoopback(url.hostname)) return new Agent(shared);
    return new EnvHttpProxyAgent({
      ...shared,
      requestTls: { timeout: limits.connectTime, ...material },
      // Plain HTTP is asked of the proxy; many refuse a tunnel to port 80.
      proxyTunnel: url.protocol === 'https:',
      httpProxy: env.http_proxy ?? env.HTTP_PROXY ?? '',
      httpsProxy: env.https_proxy ?? env.HTTPS_PROXY ?? '',
      noProxy: env.no_proxy ?? env.NO_PROXY ?? '',
    });
  }

  /** Ends everything that is under way. */
  async close(): Promise<void> {
    const all = [...this.#dispatchers.values()];
    this.#dispatchers.clear();
    for (const dispatcher of all) await dispatcher.then((open) => open.destroy()).catch(() => {});
  }
}
