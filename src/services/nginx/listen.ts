import { compareReleases } from '../installed-version.ts';
import type { Statement } from './configuration-tree.ts';
import type { Family } from './directives.ts';

/** A `listen` directive. */
export interface NginxListen {
  /** As nginx groups servers: `0.0.0.0:443`, `[::]:443`, `unix:/run/x`, with `/udp` for quic and udp. */
  readonly key: string;
  /** As written, with a port. */
  readonly address: string;
  readonly port: string;
  readonly ssl: boolean;
  readonly quic: boolean;
  readonly isDefault: boolean;
  readonly statement: Statement | null;
}

/** A `listen` directive, or why nginx refuses it. */
export type ParsedListen = { readonly listen: NginxListen } | { readonly invalid: string };

const flags: Readonly<Record<'http' | 'stream' | 'mail', string>> = {
  http: 'default_server default bind ssl http2 spdy quic proxy_protocol deferred reuseport multipath',
  stream: 'default_server bind ssl udp proxy_protocol deferred reuseport multipath',
  mail: 'bind ssl proxy_protocol multipath',
};
const valued = 'setfib fastopen backlog rcvbuf sndbuf accept_filter ipv6only so_keepalive protocol'.split(' ');
/** The first release with a parameter. */
const since: Readonly<Record<string, string>> = {
  quic: '1.25.0',
  http2: '1.9.5',
  reuseport: '1.9.1',
  proxy_protocol: '1.5.12',
  udp: '1.9.13',
  multipath: '1.29.7',
};

/** Reads `listen address[:port] parameters` (ngx_http_core_listen and its kin); without a port it is 80. */
export function parseListen(statement: Statement, family: Family, release: string): ParsedListen {
  const [address = '', ...parameters] = statement.arguments;
  const place = parseAddress(address, family);
  if (place === null) return { invalid: `invalid address "${address.slice(0, 80)}" in the "listen" directive` };
  const allowed = (flags[family as 'http'] ?? '').split(' ');
  const given = new Set<string>();
  for (const parameter of parameters) {
    const name = parameter.split('=', 1)[0] ?? '';
    const from = since[name];
    const known = allowed.includes(parameter) || (parameter.includes('=') && valued.includes(name));
    const defaultInStream = family === 'stream' && parameter === 'default_server' && compareReleases(release, '1.25.5') < 0;
    if (!known || defaultInStream || (from !== undefined && compareReleases(release, from) < 0))
      return { invalid: `invalid parameter "${parameter.slice(0, 80)}"` };
    given.add(parameter);
  }
  const datagram = given.has('quic') || given.has('udp');
  return {
    listen: {
      key: `${place.key}${datagram ? '/udp' : ''}`,
      address: place.address,
      port: place.port,
      ssl: given.has('ssl'),
      quic: given.has('quic'),
      isDefault: given.has('default_server') || given.has('default'),
      statement,
    },
  };
}

/** What a server without `listen` does: http listens on port 80 (root's port); the others refuse to start. */
export const implicitListen: NginxListen = { key: '0.0.0.0:80', address: '*:80', port: '80', ssl: false, quic: false, isDefault: false, statement: null };

function parseAddress(text: string, family: Family): { key: string; address: string; port: string } | null {
  if (text.startsWith('unix:')) return text.length > 5 ? { key: text, address: text, port: text } : null;
  const range = /^[0-9]+(?:-[0-9]+)?$/;
  if (range.test(text)) return isPort(text) ? { key: `0.0.0.0:${plain(text)}`, address: `*:${plain(text)}`, port: plain(text) } : null;
  const [, host, port = family === 'http' ? '80' : undefined] = /^(\[[0-9a-fA-F:.]+\]|[^:[\]\s]+)(?::([0-9]+(?:-[0-9]+)?))?$/.exec(text) ?? [];
  if (host === undefined || port === undefined || !isPort(port)) return null;
  const shown = host === '0.0.0.0' ? '*' : host.toLowerCase();
  return { key: `${shown === '*' ? '0.0.0.0' : shown}:${plain(port)}`, address: `${shown}:${plain(port)}`, port: plain(port) };
}

function isPort(text: string): boolean {
  return text.split('-').every((part) => Number(part) >= 1 && Number(part) <= 65_535);
}

function plain(text: string): string {
  return text
    .split('-')
    .map((part) => String(Number(part)))
    .join('-');
}
