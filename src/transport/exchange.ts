import type { IncomingMessage } from 'node:http';
import { PortcullisError } from '../errors.ts';
import { type Answer, answerOf, headersOf } from './answer.ts';
import type { Connections } from './connections.ts';
import { shownUrl } from './http.ts';
import { isLoopback } from './loopback.ts';
import { isLasting, Passing, reasonOf } from './passing.ts';
import type { RegistryLimits } from './registry-options.ts';

/** A request as it goes out. */
export interface Outgoing {
  readonly url: URL;
  readonly method?: 'GET' | 'HEAD' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  /** Only for the origin that was asked, never for one that it redirects to. */
  readonly authorization?: string | undefined;
  readonly body?: string;
  readonly limits: RegistryLimits;
  readonly signal: AbortSignal;
}

function unreachable(url: URL, why: string, cause?: unknown): PortcullisError {
  const certificate = /certificate|self.signed|CERT_|altnames/i.test(why);
  return new PortcullisError('REGISTRY_UNREACHABLE', `${shownUrl(url)} can't be fetched: ${why}.`, {
    hint: certificate
      ? 'Name the certificate authority with --ca-file FILE, or put it into /etc/docker/certs.d/HOST/ca.crt.'
      : 'Check the name, the network and the proxy (HTTPS_PROXY, NO_PROXY).',
    ...(cause === undefined ? {} : { cause }),
  });
}

function redirectTarget(from: URL, location: string, isPlainAllowed: boolean): URL {
  const to = URL.canParse(location, from.href) ? new URL(location, from) : undefined;
  if (to === undefined || (to.protocol !== 'https:' && to.protocol !== 'http:')) throw unreachable(from, 'it redirects to what is no http or https URL');
  if (to.protocol === 'http:' && !isPlainAllowed && !(isLoopback(from.hostname) && isLoopback(to.hostname))) {
    throw unreachable(from, 'it redirects from https to http');
  }
  if (to.username !== '' || to.password !== '') throw unreachable(from, 'it redirects to a URL with a user name');
  return to;
}

/**
 * One exchange with a server, its redirects followed. Credentials go to the origin that was asked alone, and a
 * client certificate likewise; https never becomes http.
 * @throws {Passing} when the network failed in a way that may pass
 * @throws {PortcullisError} REGISTRY_UNREACHABLE when it failed for good; USAGE_FILE for certificates that can't be read
 */
export async function exchange(connections: Connections, outgoing: Outgoing): Promise<Answer> {
  const { limits, signal, method = 'GET' } = outgoing;
  const origin = outgoing.url.origin;
  let url = outgoing.url;
  for (let redirects = 0; ; redirects++) {
    const isOrigin = url.origin === origin;
    const headers = {
      'accept-encoding': 'identity',
      'user-agent': 'portcullis',
      ...outgoing.headers,
      ...(isOrigin && outgoing.authorization !== undefined ? { authorization: outgoing.authorization } : {}),
      ...(outgoing.body === undefined ? {} : { 'content-length': Buffer.byteLength(outgoing.body) }),
    };
    let response: IncomingMessage;
    try {
      const sent = await connections.request(url, isOrigin, { method, headers, signal });
      response = await headersOf(sent, outgoing.body, url.protocol === 'https:', limits);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof PortcullisError) throw error;
      if (isLasting(error)) throw unreachable(url, reasonOf(error), error);
      throw new Passing(reasonOf(error), { cause: error });
    }
    const answer = answerOf(response, url, !isOrigin, limits.idleTime);
    const location = answer.header('location');
    if (![301, 302, 303, 307, 308].includes(answer.status) || location === undefined) return answer;
    await answer.drop();
    if (method === 'POST') throw unreachable(url, 'it redirects a request for a token');
    if (redirects >= limits.redirects) throw unreachable(outgoing.url, `more than ${limits.redirects} redirects`);
    url = redirectTarget(url, location, outgoing.url.protocol === 'http:' && url.protocol === 'http:');
  }
}
