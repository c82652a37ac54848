/** Object identifiers of signature algorithms (RFC 3279, 4055, 5758, 8410, 9881) by OpenSSL's names. */
const names: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.2': 'md2WithRSAEncryption',
  '1.2.840.113549.1.1.3': 'md4WithRSAEncryption',
  '1.2.840.113549.1.1.4': 'md5WithRSAEncryption',
  '1.2.840.113549.1.1.5': 'sha1WithRSAEncryption',
  '1.3.14.3.2.29': 'sha1WithRSAEncryption',
  '1.2.840.113549.1.1.10': 'rsassaPss',
  '1.2.840.113549.1.1.11': 'sha256WithRSAEncryption',
  '1.2.840.113549.1.1.12': 'sha384WithRSAEncryption',
  '1.2.840.113549.1.1.13': 'sha512WithRSAEncryption',
  '1.2.840.113549.1.1.14': 'sha224WithRSAEncryption',
  '1.2.840.10040.4.3': 'dsaWithSHA1',
  '2.16.840.1.101.3.4.3.1': 'dsa_with_SHA224',
  '2.16.840.1.101.3.4.3.2': 'dsa_with_SHA256',
  '1.2.840.10045.4.1': 'ecdsa-with-SHA1',
  '1.2.840.10045.4.3.1': 'ecdsa-with-SHA224',
  '1.2.840.10045.4.3.2': 'ecdsa-with-SHA256',
  '1.2.840.10045.4.3.3': 'ecdsa-with-SHA384',
  '1.2.840.10045.4.3.4': 'ecdsa-with-SHA512',
  '1.3.101.112': 'ED25519',
  '1.3.101.113': 'ED448',
  '2.16.840.1.101.3.4.3.17': 'ML-DSA-44',
  '2.16.840.1.101.3.4.3.18': 'ML-DSA-65',
  '2.16.840.1.101.3.4.3.19': 'ML-DSA-87',
};
const pssHashes: Readonly<Record<string, string>> = {
  '1.3.14.3.2.26': 'SHA1',
  '2.16.840.1.101.3.4.2.1': 'SHA256',
  '2.16.840.1.101.3.4.2.2': 'SHA384',
  '2.16.840.1.101.3.4.2.3': 'SHA512',
};

interface Element {
  readonly tag: number;
  readonly from: number;
  readonly to: number;
}

/**
 * The signature algorithm of a DER certificate by OpenSSL's name (`ecdsa-with-SHA256`), its object identifier where
 * the name isn't known; `rsassaPss` carries its hash (`rsassaPss-SHA256`). undefined: the DER can't be read.
 * Certificate ::= SEQUENCE { tbsCertificate, signatureAlgorithm, signatureValue } (RFC 5280, 4.1).
 */
export function signatureAlgorithmOf(der: Uint8Array): string | undefined {
  const certificate = element(der, 0, der.length);
  if (certificate?.tag !== 0x30) return undefined;
  const body = element(der, certificate.from, certificate.to);
  const algorithm = body === undefined ? undefined : element(der, body.to, certificate.to);
  if (algorithm?.tag !== 0x30) return undefined;
  const identifier = objectIdentifier(der, element(der, algorithm.from, algorithm.to));
  if (identifier === undefined) return undefined;
  const name = names[identifier] ?? identifier;
  return name === 'rsassaPss' ? `rsassaPss-${pssHash(der, algorithm)}` : name;
}

/** RSASSA-PSS-params: hashAlgorithm [0], SHA-1 when absent (RFC 4055, 3.1). */
function pssHash(der: Uint8Array, algorithm: Element): string {
  const identifier = element(der, algorithm.from, algorithm.to);
  const parameters = identifier === undefined ? undefined : element(der, identifier.to, algorithm.to);
  const tagged = parameters === undefined ? undefined : element(der, parameters.from, parameters.to);
  if (tagged?.tag !== 0xa0) return 'SHA1';
  const hash = element(der, tagged.from, tagged.to);
  const oid = hash === undefined ? undefined : objectIdentifier(der, element(der, hash.from, hash.to));
  return pssHashes[oid ?? ''] ?? 'unknown';
}

function element(der: Uint8Array, at: number, end: number): Element | undefined {
  const tag = der[at];
  const first = der[at + 1];
  if (tag === undefined || first === undefined || at + 2 > end) return undefined;
  let length = first;
  let from = at + 2;
  if (first >= 0x80) {
    const count = first & 0x7f;
    if (count === 0 || count > 4 || from + count > end) return undefined;
    length = 0;
    for (let index = 0; index < count; index += 1) length = length * 256 + (der[from + index] ?? 0);
    from += count;
  }
  return from + length > end ? undefined : { tag, from, to: from + length };
}

function objectIdentifier(der: Uint8Array, found: Element | undefined): string | undefined {
  if (found?.tag !== 0x06 || found.to - found.from > 32 || found.to === found.from) return undefined;
  const arcs: number[] = [];
  let arc = 0;
  for (let at = found.from; at < found.to; at += 1) {
    const byte = der[at] ?? 0;
    arc = arc * 128 + (byte & 0x7f);
    if ((byte & 0x80) !== 0) continue;
    if (arcs.length === 0) arcs.push(Math.min(2, Math.floor(arc / 40)), arc - 40 * Math.min(2, Math.floor(arc / 40)));
    else arcs.push(arc);
    arc = 0;
  }
  return arcs.join('.');
}
