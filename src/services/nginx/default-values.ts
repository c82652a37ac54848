import { compareReleases } from '../installed-version.ts';
import type { Directive } from './directives.ts';

/** Defaults that changed, or that the directive's own code holds: value, and the first release with another one. */
const special: Readonly<Record<string, readonly (readonly [value: string, until: string | null])[]>> = {
  ssl_protocols: [
    ['SSLv2 SSLv3 TLSv1', '0.8.19'],
    ['SSLv3 TLSv1 TLSv1.1 TLSv1.2', '1.9.1'],
    ['TLSv1 TLSv1.1 TLSv1.2', '1.23.4'],
    ['TLSv1 TLSv1.1 TLSv1.2 TLSv1.3', '1.27.3'],
    ['TLSv1.2 TLSv1.3', null],
  ],
  ssl_ciphers: [['HIGH:!aNULL:!MD5', null]],
  ssl_ecdh_curve: [
    ['prime256v1', '1.11.0'],
    ['auto', null],
  ],
  ssl_session_cache: [['none', null]],
  keepalive_requests: [
    ['100', '1.19.10'],
    ['1000', null],
  ],
  keepalive_timeout: [['75s', null]],
  server_tokens: [['on', null]],
  proxy_http_version: [
    ['1.0', '1.29.7'],
    ['1.1', null],
  ],
  access_log: [['logs/access.log combined', null]],
  error_log: [['logs/error.log error', null]],
  user: [['nobody', null]],
  worker_processes: [['1', null]],
  client_max_body_size: [['1m', null]],
  root: [['html', null]],
  index: [['index.html', null]],
  auth_basic: [['off', null]],
  starttls: [['off', null]],
  add_header_inherit: [['on', null]],
  http2: [['off', null]],
};
const clientProtocols = /^(?:proxy|grpc|uwsgi)_ssl_protocols$/;

/** Modules whose defaults are left out of server scopes: what they serve is switched on by a directive of its own. */
const backends =
  /^http_(?:fastcgi|scgi|uwsgi|memcached|tunnel|mp4|flv|image_filter|xslt_filter|geoip|perl|userid_filter|browser|ssi_filter|sub_filter|addition_filter)$/;

/**
 * A directive's value when nothing sets it, as nginx's documentation spells it.
 *
 * @returns null when it has none, or none that is a plain value
 */
export function defaultValue(directive: Directive, release: string): string | null {
  if (clientProtocols.test(directive.name)) return choose(special.ssl_protocols ?? [], release);
  const history = special[directive.name];
  if (history !== undefined && Object.hasOwn(special, directive.name)) return choose(history, release);
  if (/_ssl_ciphers$/.test(directive.name)) return 'DEFAULT';
  return directive.default;
}

/** Whether the default is shown with every server, not only with the block around them. */
export function isShownWithServers(directive: Directive): boolean {
  return !backends.test(directive.module);
}

function choose(history: readonly (readonly [string, string | null])[], release: string): string | null {
  for (const [value, until] of history) if (until === null || compareReleases(release, until) < 0) return value;
  return null;
}
