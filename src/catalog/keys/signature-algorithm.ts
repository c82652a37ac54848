import { type Element, element, elementsIn, identifier } from './ber.ts';

/** Object identifiers of signature algorithms (RFC 3279, 4055, 5758, 8410, 9881), with OpenSSL's names. */
const names: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.2': 'md2WithRSAEncryption',
  '1.2.840.113549.1.1.3': 'md4WithRSAEncryption',
  '1.2.840.113549.1.1.4': 'md5WithRSAEncryption',
  '1.2.840.113549.1.1.5': 'sha1WithRSAEncryption',
  '1.3.14.3.2.29': 'sha1WithRSA',
  '1.2.840.113549.1.1.14': 'sha224WithRSAEncryption',
  '1.2.840.113549.1.1.11': 'sha256WithRSAEncryption',
  '1.2.840.113549.1.1.12': 'sha384WithRSAEncryption',
  '1.2.840.113549.1.1.13': 'sha512WithRSAEncryption',
  '1.2.840.113549.1.1.10': 'rsassaPss',
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
const hashes: Readonly<Record<string, string>> = {
  '1.3.14.3.2.26': 'SHA1',
  '2.16.840.1.101.3.4.2.1': 'SHA256',
  '2.16.840.1.101.3.4.2.2': 'SHA384',
  '2.16.840.1.101.3.4.2.3': 'SHA512',
};

/** RSASSA-PSS-params: the hash in [0], SHA-1 when absent (RFC 4055, 3.1). */
function pssHash(parameters: Element | undefined): string {
  const [tagged] = parameters === undefined ? [] : elementsIn(parameters.content);
  if (tagged?.tag !== 0xa0) return 'SHA1';
  const hash = element(tagged.content, 0);
  return hashes[identifier(hash && element(hash.content, 0)) ?? ''] ?? 'unknown';
}

/**
 * The algorithm that signed a certificate (RFC 5280, 4.1.1.2): its name, or its dotted identifier; `rsassaPss` with its hash
 * (`rsassaPss-SHA256`); `unknown` when it can't be read.
 */
export function signatureAlgorithm(der: Buffer): string {
  const certificate = element(der, 0);
  const [, algorithm] = certificate === undefined ? [] : elementsIn(certificate.content);
  const [oid, parameters] = algorithm === undefined ? [] : elementsIn(algorithm.content);
  const dotted = identifier(oid);
  if (dotted === undefined) return 'unknown';
  const name = names[dotted] ?? dotted;
  return name === 'rsassaPss' ? `${name}-${pssHash(parameters)}` : name;
}
