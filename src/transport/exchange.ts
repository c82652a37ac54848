import type { Dispatcher } from 'undici';
import { PortcullisError } from '../errors.ts';
import { type Connections, isLoopback } from './connections.ts';
import { shownUrl } from './http.ts';

/** A request as it goes out. */
export interface Outgoing {
  readonly url: URL;
  readonly method?: 'GET' | 'HEAD' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  /** Only for the origin that was asked, never for one that it redirects to. */
  readonly authorization?: string | undefined;
  readonly body?: string;
  readonly redirects: number;
  readonly signal: AbortSignal;
}

/** An answer whose body is still to be read, or to be dropped. */
export interface Answer {
  readonly status: number;
  /** Where the answer came from after redirects. */
  readonly url: URL;
  /** True when that isn't the origin that was asked. */
  readonly isElsewhere: boolean;
  header(name: string): string | undefined;
  headers(name: string): readonly string[];
  readonly body: AsyncIterable<Buffer>;
  /** Reads the little that is left, so that the connection can be used again, or ends it. */
  drop(): Promise<void>;
  /** Ends the answer where it is. */
  cancel(): void;
}

/** Bytes of a body that are rather read than cost a connection. */
const SMALL = 64 * 1024;

/** Something that may go well when it is tried again. */
export class Passing extends Error {
  /** Milliseconds that the server asks to wait; null: it doesn't say. */
  readonly wait: number | null;
  readonly status: number | null;
  constructor(message: string, options: { wait?: number | null; status?: number; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'Passing';
    this.wait = options.wait ?? null;
    this.status = options.status ?? null;
  }
}

/** Node's and undici's reasons, the innermost first: `getaddrinfo ENOTFOUND …` says more than `fetch failed`. */
export function reasonOf(error: unknown): string {
  let current = error;
  for (let depth = 0; depth < 5 && current instanceof Error && current.cause instanceof Error; depth++) current = current.cause;
  if (!(current instanceof Error)) return String(current);
  if (current instanceof AggregateError && current.errors[0] instanceof Error) current = current.errors[0];
  const { message, name } = current as Error;
  const tls = /:SSL routines:[^:]*:([^:]+):/.exec(message);
  if (tls !== null) return `TLS failed: ${tls[1]}`;
  return message === '' ? ((current as NodeJS.ErrnoException).code ?? name) : message.replace(/\.$/, '').slice(0, 500);
}

/** The code of an error or of what caused it. */
export function codeOf(error: unknown): string {
  for (let current = error, depth = 0; current instanceof Error && depth < 5; current = current.cause, depth++) {
    const code = (current as NodeJS.ErrnoException).code ?? ((current as AggregateError).errors?.[0] as NodeJS.ErrnoException | undefined)?.code;
    if (typeof code === 'string' && !(current instanceof PortcullisError) && !code.startsWith('UND_ERR_ABORTED')) return code;
  }
  return '';
}

/** What another attempt doesn't change: names, certificates, closed ports. */
const LASTING =
  /^(?:ENOTFOUND|ECONNREFUSED|EACCES|EPROTO|ERR_TLS_|ERR_SSL_|ERR_OSSL_|ERR_INVALID|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|HOSTNAME_MISMATCH|UND_ERR_INVALID)/;

export function isLasting(error: unknown): boolean {
  return LASTING.test(codeOf(error));
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
  const { request } = await import('./undici.ts');
  const origin = outgoing.url.origin;
  let url = outgoing.url;
  for (let redirects = 0; ; redirects++) {
    const isOrigin = url.origin === origin;
    const dispatcher = await connections.to(url, isOrigin);
    let response: Dispatcher.ResponseData;
    try {
      response = await request(url, {
        dispatcher,
        method: outgoing.method ?? 'GET',
        signal: outgoing.signal,
        headers: {
          'accept-encoding': 'identity',
          'user-agent': 'portcullis',
          ...outgoing.headers,
          ...(isOrigin && outgoing.authorization !== undefined ? { authorization: outgoing.authorization } : {}),
        },
        ...(outgoing.body === undefined ? {} : { body: outgoing.body }),
      });
    } catch (error) {
      outgoing.signal.throwIfAborted();
      if (error instanceof PortcullisError) throw error;
      if (isLasting(error)) throw unreachable(url, reasonOf(error), error);
      throw new Passing(reasonOf(error), { cause: error });
    }
    const answer = answerOf(response, url, !isOrigin);
    const location = answer.header('location');
    if (![301, 302, 303, 307, 308].includes(response.statusCode) || location === undefined) return answer;
    await answer.drop();
    if (outgoing.method === 'POST') throw unreachable(url, 'it redirects a request for a token');
    if (redirects >= outgoing.redirects) throw unreachable(outgoing.url, `more than ${outgoing.redirects} redirects`);
    url = redirectTarget(url, location, outgoing.url.protocol === 'http:' && url.protocol === 'http:');
  }
}

function answerOf(response: Dispatcher.ResponseData, url: URL, isElsewhere: boolean): Answer {
  const all = (name: string): readonly string[] => {
    const value = response.headers[name];
    return value === undefined ? [] : Array.isArray(value) ? value : [value];
  };
  const cancel = (): void => {
    // Destroying an unread body is reported as an error of its own, which nobody else listens to.
    response.body.on('error', () => {}).destroy();
  };
  return {
    status: response.statusCode,
    url,
    isElsewhere,
    header: (name) => all(name)[0],
    headers: all,
    body: response.body as AsyncIterable<Buffer>,
    drop: async () => {
      if (Number(all('content-length')[0] ?? SMALL) < SMALL) await response.body.dump({ limit: SMALL, signal: AbortSignal.timeout(1000) }).catch(() => {});
      cancel();
    },
    cancel,
  };
}

/** The whole body, at most so many bytes. @throws {PortcullisError} IMAGE_LIMIT, {Passing} when it is cut off */
export async function readBody(answer: Answer, most: number, what: string): Promise<Buffer> {
  const tooLarge = (): PortcullisError =>
    new PortcullisError('IMAGE_LIMIT', `${what} is larger than ${most} bytes, the limit.`, { hint: 'That is no ordinary image.' });
  const announced = answer.header('content-length');
  if (announced !== undefined && Number(announced) > most) {
    await answer.drop();
    throw tooLarge();
  }
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of answer.body) {
      size += part.length;
      if (size > most) throw tooLarge();
      parts.push(part);
    }
  } catch (error) {
    if (error instanceof PortcullisError) throw error;
    throw new Passing(reasonOf(error), { cause: error });
  } finally {
    answer.cancel();
  }
  return Buffer.concat(parts, size);
}
