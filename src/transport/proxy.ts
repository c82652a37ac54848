import { PortcullisError } from '../errors.ts';
import { isLoopback } from './loopback.ts';

type Environment = Readonly<Record<string, string | undefined>>;

function value(env: Environment, name: string): string {
  return env[name.toLowerCase()] || env[name] || '';
}

/** `host`, `.host`, `*.host`, each with a port or without; an address with a prefix length. */
function covers(entry: string, hostname: string, port: string): boolean {
  if (entry === '*') return true;
  const withPort = /^(.*?):(\d+)$/.exec(entry.includes('[') || entry.indexOf(':') === entry.lastIndexOf(':') ? entry : '');
  if (withPort !== null && withPort[2] !== port) return false;
  const name = (withPort?.[1] ?? entry).replace(/^\*?\./, '').replace(/^\[|\]$/g, '');
  if (name === '') return false;
  const block = /^(\d+\.\d+\.\d+\.\d+)\/(\d{1,2})$/.exec(name);
  if (block !== null) return isInBlock(hostname, block[1] as string, Number(block[2]));
  return hostname === name || hostname.endsWith(`.${name}`);
}

function addressOf(text: string): number | undefined {
  const parts = text.split('.').map(Number);
  if (parts.length !== 4 || !parts.every((part) => Number.isInteger(part) && part >= 0 && part <= 255)) return undefined;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}

function isInBlock(hostname: string, base: string, bits: number): boolean {
  const [address, start] = [addressOf(hostname), addressOf(base)];
  if (address === undefined || start === undefined || bits > 32) return false;
  const size = 2 ** (32 - bits);
  return Math.floor(address / size) === Math.floor(start / size);
}

/**
 * The proxy that the environment names for a URL: `https_proxy`, `http_proxy`, `no_proxy`, in lower or upper case. null: none, as always for
 * this machine itself.
 * @throws {PortcullisError} USAGE for a proxy of another kind
 */
export function proxyFor(url: URL, env: Environment): URL | null {
  const hostname = url.hostname.toLowerCase().replace(/^\[|\]$/g, '');
  if (isLoopback(url.hostname)) return null;
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  const excepted = value(env, 'NO_PROXY')
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== '');
  if (excepted.some((entry) => covers(entry, hostname, port))) return null;
  const named = value(env, url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY');
  if (named === '') return null;
  const text = named.includes('://') ? named : `http://${named}`;
  const proxy = URL.canParse(text) ? new URL(text) : undefined;
  if (proxy === undefined || (proxy.protocol !== 'http:' && proxy.protocol !== 'https:')) {
    // Going without would be a way around it.
    throw new PortcullisError('USAGE', `The environment names a proxy for ${url.protocol}// that is not one of HTTP.`, {
      hint: 'Set HTTPS_PROXY and HTTP_PROXY to http://HOST:PORT, or except the host in NO_PROXY.',
    });
  }
  return proxy;
}
