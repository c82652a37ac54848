import { open } from 'node:fs/promises';
import type { Dispatcher } from 'undici';
import { PortcullisError } from '../errors.ts';

/** What a download may cost. Times in milliseconds. */
export interface DownloadLimits {
  readonly bytes: number;
  readonly redirects: number;
  readonly connectTime: number;
  /** Until the answer's headers. */
  readonly headersTime: number;
  /** Between two pieces of the body. */
  readonly idleTime: number;
}

export const defaultDownloadLimits: DownloadLimits = {
  bytes: 4 * 1024 * 1024 * 1024,
  redirects: 5,
  connectTime: 15_000,
  headersTime: 60_000,
  idleTime: 60_000,
};

export interface DownloadOptions {
  readonly limits?: Partial<DownloadLimits>;
  readonly signal?: AbortSignal;
}

export interface Downloaded {
  readonly bytes: number;
  /** `Last-Modified` of the answer (RFC 9110, section 8.8.2) as RFC 3339; null when it has none. */
  readonly lastModified: string | null;
}

/** An address without what must not be shown: user, password, query and fragment. */
export function shownUrl(url: string | URL): string {
  const parsed = new URL(url);
  return `${parsed.protocol}//${parsed.host}${parsed.pathname}`;
}

/**
 * Fetches `http:` or `https:` into a new file. Honours `HTTP_PROXY`, `HTTPS_PROXY`, `NO_PROXY` and `NODE_EXTRA_CA_CERTS`.
 * Follows a few redirects, never from https to http. A body that is shorter or longer than announced is an error.
 * @throws {PortcullisError} FEED_NOT_FOUND when the address can't be fetched or exceeds a limit, USAGE when it isn't one
 */
export async function download(address: string, path: string, options: DownloadOptions = {}): Promise<Downloaded> {
  const limits = { ...defaultDownloadLimits, ...options.limits };
  let url = parseAddress(address);
  // undici stays off the path of everything that needs no network.
  const { EnvHttpProxyAgent, request } = await import('./undici.ts');
  const dispatcher = new EnvHttpProxyAgent({
    connect: { timeout: limits.connectTime },
    headersTimeout: limits.headersTime,
    bodyTimeout: limits.idleTime,
  });
  try {
    for (let redirects = 0; ; redirects++) {
      const response = await request(url, {
        dispatcher,
        headers: { 'accept-encoding': 'identity', 'user-agent': 'portcullis' },
        ...(options.signal === undefined ? {} : { signal: options.signal }),
      });
      const target = header(response, 'location');
      if (response.statusCode >= 300 && response.statusCode < 400 && target !== undefined) {
        await response.body.dump({ limit: 64 * 1024 });
        if (redirects >= limits.redirects) throw failed(address, `more than ${limits.redirects} redirects`);
        url = redirected(address, url, target);
        continue;
      }
      if (response.statusCode !== 200) {
        await response.body.dump({ limit: 64 * 1024 });
        throw failed(address, `the server answers ${response.statusCode}`);
      }
      return await store(address, response, path, limits);
    }
  } catch (error) {
    if (error instanceof PortcullisError) throw error;
    options.signal?.throwIfAborted();
    throw failed(address, reasonOf(error), error);
  } finally {
    await dispatcher.destroy();
  }
}

async function store(address: string, response: Dispatcher.ResponseData, path: string, limits: DownloadLimits): Promise<Downloaded> {
  const encoding = header(response, 'content-encoding') ?? 'identity';
  const announced = header(response, 'content-length');
  try {
    if (encoding !== 'identity') throw failed(address, `the server sends it in the encoding ${encoding}, which wasn't asked for`);
    if (announced !== undefined && Number(announced) > limits.bytes) throw failed(address, `it is larger than ${limits.bytes} bytes`);
    const file = await open(path, 'wx', 0o600);
    let bytes = 0;
    try {
      for await (const chunk of response.body as AsyncIterable<Buffer>) {
        bytes += chunk.length;
        if (bytes > limits.bytes) throw failed(address, `it is larger than ${limits.bytes} bytes`);
        await file.writeFile(chunk);
      }
    } finally {
      await file.close();
    }
    if (announced !== undefined && Number(announced) !== bytes) throw failed(address, `the server announced ${announced} bytes and sent ${bytes}`);
    return { bytes, lastModified: httpDate(header(response, 'last-modified')) };
  } catch (error) {
    // Destroying an unread body is reported as an error of its own, which nobody else listens to.
    response.body.on('error', () => {}).destroy();
    throw error;
  }
}

function parseAddress(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url !== undefined && (url.protocol === 'https:' || url.protocol === 'http:')) return url;
  throw new PortcullisError('USAGE', 'The address to fetch is not an http or https URL.', { hint: 'Give one like https://example.org/all.zip' });
}

function redirected(address: string, from: URL, location: string): URL {
  const to = URL.canParse(location, from.href) ? new URL(location, from) : undefined;
  if (to === undefined || (to.protocol !== 'https:' && to.protocol !== 'http:')) throw failed(address, 'it redirects to what is no http or https URL');
  if (from.protocol === 'https:' && to.protocol === 'http:') throw failed(address, 'it redirects from https to http');
  return to;
}

function header(response: Dispatcher.ResponseData, name: string): string | undefined {
  const value = response.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function httpDate(text: string | undefined): string | null {
  const time = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}

function failed(address: string, why: string, cause?: unknown): PortcullisError {
  return new PortcullisError('FEED_NOT_FOUND', `${shownUrl(address)} can't be fetched: ${why}.`, {
    hint: 'Check the address, the network and the proxy (HTTPS_PROXY, NO_PROXY, NODE_EXTRA_CA_CERTS); a downloaded file can be imported too.',
    ...(cause === undefined ? {} : { cause }),
  });
}

/** undici's and Node's reasons, the innermost first: `getaddrinfo ENOTFOUND …` says more than `fetch failed`. */
function reasonOf(error: unknown): string {
  let current = error;
  for (let depth = 0; depth < 5 && current instanceof Error && current.cause instanceof Error; depth++) current = current.cause;
  if (!(current instanceof Error)) return String(current);
  return current.message === '' ? ((current as NodeJS.ErrnoException).code ?? current.name) : current.message.replace(/\.$/, '');
}
