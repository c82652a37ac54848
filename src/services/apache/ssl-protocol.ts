import type { TlsProtocol } from '../../model/index.ts';
import { protocolOf, protocolRank, type TlsLibrary } from '../tls/index.ts';
import { isSince } from './defaults.ts';

/** What the words of SSLProtocol come to. */
export interface SslProtocols {
  /** What the words name, whether the library has it or not. */
  readonly asked: readonly TlsProtocol[];
  /** What httpd hands to the library. */
  readonly allowed: readonly TlsProtocol[];
  /** Why httpd refuses the words: an unknown word, SSLv3 without a library that has it, nothing left. */
  readonly faults: readonly string[];
}

/** The fault of words that leave no protocol: httpd then refuses to start, if the server speaks TLS at all. */
export const nothingLeft = 'no protocol is left';

/**
 * SSLProtocol's words from left to right: `+X` adds, `-X` removes, a bare word replaces what stood before; `all` is
 * all that the library has. With OpenSSL 1.1.0 and later there are no holes: what lies below the first gap from the
 * newest protocol down is not offered (ssl_engine_init.c).
 */
export function sslProtocols(words: readonly string[], library: TlsLibrary, version: string | null): SslProtocols {
  const faults: string[] = [];
  const has = (protocol: TlsProtocol): boolean => library.protocols.includes(protocol) && (protocol !== 'TLSv1.3' || isSince(version, '2.4.36'));
  const everything = library.protocols.filter((protocol) => has(protocol) && (protocol !== 'SSLv2' || !isSince(version, '2.3.0')));
  let set = new Set<TlsProtocol>();
  for (const word of words) {
    const sign = /^[+-]/.exec(word)?.[0] ?? '';
    const name = word.slice(sign.length);
    const protocol = name.toLowerCase() === 'tlsv1.0' ? undefined : protocolOf(name);
    const all = name.toLowerCase() === 'all';
    if (!all && (protocol === undefined || (protocol === 'TLSv1.3' && !has(protocol)))) {
      faults.push(`SSLProtocol: illegal protocol '${name.slice(0, 40)}'`);
      continue;
    }
    if (protocol === 'SSLv2' && sign !== '-' && isSince(version, '2.3.0')) faults.push('SSLProtocol: SSLv2 is no longer supported');
    if (protocol === 'SSLv3' && sign !== '-' && !has('SSLv3')) faults.push('SSLProtocol: this OpenSSL is built without SSLv3');
    const named = all ? everything : [protocol as TlsProtocol];
    if (sign === '-') for (const one of named) set.delete(one);
    else if (sign === '+') for (const one of named) set.add(one);
    else set = new Set(named);
  }
  const asked = [...set].sort((a, b) => protocolRank(a) - protocolRank(b));
  const allowed = asked.filter(has);
  if (allowed.length === 0) faults.push(nothingLeft);
  return { asked, allowed: library.table === '1.0.2' ? allowed : withoutHoles(allowed), faults };
}

/** The unbroken run that ends with the newest. */
function withoutHoles(protocols: readonly TlsProtocol[]): readonly TlsProtocol[] {
  const run: TlsProtocol[] = [];
  for (const protocol of protocols.toReversed()) {
    const next = run.at(0);
    if (next !== undefined && protocolRank(next) - protocolRank(protocol) !== 1) break;
    run.unshift(protocol);
  }
  return run;
}
