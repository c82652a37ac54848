import { PortcullisError } from '../errors.ts';
import { dockerHub } from './defaults.ts';
import { isLoopback } from './loopback.ts';
import type { RegistryReference } from './reference.ts';
import type { RegistryOptions } from './registry-options.ts';

/** Where a repository is asked for: a mirror, or the registry itself. */
export interface Endpoint {
  /** As credentials are kept under, and for messages: `docker.io`, `localhost:5000`. */
  readonly domain: string;
  /** With the mirror's prefix: `library/nginx`. */
  readonly repository: string;
  readonly origin: URL;
  readonly isMirror: boolean;
  /** True where TLS is tried first, but this machine may answer without. */
  readonly mayBePlain: boolean;
}

function endpointAt(scheme: 'http' | 'https', host: string, rest: Omit<Endpoint, 'origin'>): Endpoint {
  if (!URL.canParse(`${scheme}://${host}/`)) throw new PortcullisError('USAGE', `"${host}" is not a host.`, { hint: 'Write it as HOST or HOST:PORT.' });
  return { ...rest, origin: new URL(`${scheme}://${host}/`) };
}

/** @throws {PortcullisError} USAGE when the address of a mirror isn't one */
function mirrorEndpoint(address: string, reference: RegistryReference): Endpoint {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const isPlainEnough = url !== undefined && url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  if (url === undefined || (url.protocol !== 'https:' && url.protocol !== 'http:') || !isPlainEnough) {
    throw new PortcullisError('USAGE', `"${address.slice(0, 200)}" is not the address of a mirror.`, {
      hint: 'Write it as https://HOST or https://HOST/PREFIX.',
    });
  }
  const prefix = url.pathname.replace(/^\/+|\/+$/g, '').replace(/^v2(?:\/|$)/, '');
  return {
    domain: url.host,
    repository: prefix === '' ? reference.path : `${prefix}/${reference.path}`,
    origin: new URL(url.origin),
    isMirror: true,
    mayBePlain: false,
  };
}

/**
 * Where to ask for a repository, mirrors first. TLS is used unless plain HTTP was named for the host; on this machine
 * itself it is tried first.
 * @throws {PortcullisError} USAGE when an address that the caller gave isn't one
 */
export function endpointsOf(reference: RegistryReference, options: RegistryOptions): Endpoint[] {
  const { domain, path, scheme } = reference;
  const host = domain === dockerHub.domain ? dockerHub.host : domain;
  const isPlain = scheme === 'http' || (scheme === null && options.plainHttp.includes(domain));
  const isHere = isLoopback(host.replace(/:\d+$/, ''));
  return [
    ...options.mirrors.filter((mirror) => mirror.domain === domain).map((mirror) => mirrorEndpoint(mirror.url, reference)),
    endpointAt(isPlain ? 'http' : 'https', host, {
      domain,
      repository: path,
      isMirror: false,
      mayBePlain: !isPlain && scheme === null && isHere,
    }),
  ];
}
