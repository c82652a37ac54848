import type { Service, SettingOrigin, Tls, TlsProtocol } from '../../model/index.ts';
import { scopeWords } from './place.ts';

/** TLS as one scope, or one address of it, speaks it. */
export interface TlsView {
  /** `nginx, http > server example.org:443`. */
  readonly where: string;
  /** The same, short and stable: for ids. */
  readonly subject: string;
  readonly tls: Tls;
}

/** Something that is offered, or asked for in a file although this image's library doesn't have it. */
export interface Offer<T extends string = string> {
  readonly name: T;
  readonly offered: boolean;
}

/**
 * Every place where a service speaks TLS. The system policy of OpenSSL is no place of its own: only a rule that names the
 * service `openssl` looks at it.
 */
export function* tlsViews(service: Service, isNamed: boolean): Iterable<TlsView> {
  for (const { scope, tls, listen } of service.scopes) {
    const where = scopeWords(service, scope);
    const subject = [service.service, ...scope].join(' ');
    if (tls !== null && (tls.enabled || (isNamed && service.service === 'openssl'))) yield { where, subject, tls };
    for (const { address, tls: own } of listen) {
      if (own?.enabled === true) yield { where: `${where} on ${address}`, subject: `${subject} ${address}`, tls: own };
    }
  }
}

function joined<T extends string>(offered: readonly T[], asked: readonly T[] | undefined, origin: SettingOrigin): Offer<T>[] {
  const known = new Set(offered);
  // What only a default asks for is nobody's wish: there the library's word counts.
  const wished = 'path' in origin ? (asked ?? []) : [];
  return [...offered.map((name) => ({ name, offered: true })), ...wished.filter((name) => !known.has(name)).map((name) => ({ name, offered: false }))];
}

/** The protocols that are offered or asked for. */
export function protocolOffers({ protocols, configured, origins }: Tls): Offer<TlsProtocol>[] {
  return joined(protocols, configured?.protocols, origins.protocols);
}

/** The suites of TLS 1.2 and older that are offered or asked for. None where nothing speaks those protocols. */
export function suiteOffers(tls: Tls): Offer[] {
  if (protocolOffers(tls).every(({ name }) => name === 'TLSv1.3')) return [];
  // Keys shared beforehand and passwords need a set-up of their own, without which a server never offers such a suite.
  const asked = tls.configured?.suites.filter((name) => !/(?:^|-)(?:PSK|SRP)-/.test(name));
  return joined(tls.suites, asked, tls.origins.suites);
}

/** Names in words, those that are only asked for apart. */
export function offerWords(offers: readonly Offer[]): string {
  const names = (offered: boolean): string =>
    offers
      .filter((each) => each.offered === offered)
      .map(({ name }) => name)
      .join(', ');
  const only = names(false);
  return [names(true), ...(only === '' ? [] : [`${only} (asked for; this image’s library does not offer it)`])].filter((text) => text !== '').join(', ');
}

/** Names for an id: a few as they are, of many the first three, how many more, and a checksum (FNV-1a) of all. */
export function namesForId(names: readonly string[]): string {
  if (names.length <= 4) return names.join(',');
  let hash = 0x811c9dc5;
  for (const char of names.join(',')) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193);
  return `${names.slice(0, 3).join(',')},${names.length - 3}-more-${(hash >>> 0).toString(16).padStart(8, '0')}`;
}
