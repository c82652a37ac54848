import type { TlsProtocol } from '../../model/index.ts';

/** All protocols, oldest first. */
export const tlsProtocols: readonly TlsProtocol[] = ['SSLv2', 'SSLv3', 'TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'];

/** A protocol's age: 0 is SSLv2. */
export function protocolRank(protocol: TlsProtocol): number {
  return tlsProtocols.indexOf(protocol);
}

/**
 * A protocol by any spelling that OpenSSL's configuration commands and the servers accept in any case (`tlsv1.2`, `TLSv1.0`);
 * undefined for other words, also for `None` and DTLS.
 */
export function protocolOf(word: string): TlsProtocol | undefined {
  const name = word.toLowerCase();
  return name === 'tlsv1.0' ? 'TLSv1' : tlsProtocols.find((protocol) => protocol.toLowerCase() === name);
}

/** The protocols from `minimum` to `maximum`, both included; null: no bound. */
export function protocolsBetween(minimum: TlsProtocol | null, maximum: TlsProtocol | null): readonly TlsProtocol[] {
  const from = minimum === null ? 0 : protocolRank(minimum);
  const to = maximum === null ? tlsProtocols.length : protocolRank(maximum);
  return tlsProtocols.filter((_, rank) => rank >= from && rank <= to);
}
