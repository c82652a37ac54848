/** Object identifiers of signature algorithms (RFC 3279, 4055, 5758, 8410), with OpenSSL's names. */
const names: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.2': 'md2WithRSAEncryption',
  '1.2.840.113549.1.1.4': 'md5WithRSAEncryption',
  '1.2.840.113549.1.1.5': 'sha1WithRSAEncryption',
  '1.3.14.3.2.29': 'sha1WithRSA',
  '1.2.840.113549.1.1.14': 'sha224WithRSAEncryption',
  '1.2.840.113549.1.1.11': 'sha256WithRSAEncryption',
  '1.2.840.113549.1.1.12': 'sha384WithRSAEncryption',
  '1.2.840.113549.1.1.13': 'sha512WithRSAEncryption',
  '1.2.840.113549.1.1.10': 'rsassaPss',
  '1.2.840.10040.4.3': 'dsaWithSHA1',
  '2.16.840.1.101.3.4.3.2': 'dsa_with_SHA256',
  '1.2.840.10045.4.1': 'ecdsa-with-SHA1',
  '1.2.840.10045.4.3.1': 'ecdsa-with-SHA224',
  '1.2.840.10045.4.3.2': 'ecdsa-with-SHA256',
  '1.2.840.10045.4.3.3': 'ecdsa-with-SHA384',
  '1.2.840.10045.4.3.4': 'ecdsa-with-SHA512',
  '1.3.101.112': 'ED25519',
  '1.3.101.113': 'ED448',
};

interface Element {
  readonly tag: number;
  readonly content: Buffer;
  readonly end: number;
}

/** One DER element (X.690); undefined when the bytes don't hold it. */
function element(bytes: Buffer, at: number): Element | undefined {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined) return undefined;
  let length = first;
  let from = at + 2;
  if (first & 0x80) {
    const count = first & 0x7f;
    if (count === 0 || count > 4 || from + count > bytes.length) return undefined;
    length = bytes.readUIntBE(from, count);
    from += count;
  }
  return from + length > bytes.length ? undefined : { tag, content: bytes.subarray(from, from + length), end: from + length };
}

function identifier(bytes: Buffer): string {
  const numbers: number[] = [];
  let value = 0;
  for (const byte of bytes) {
    value = value * 128 + (byte & 0x7f);
    if (byte & 0x80) continue;
    if (numbers.length === 0) numbers.push(Math.min(Math.floor(value / 40), 2), value - 40 * Math.min(Math.floor(value / 40), 2));
    else numbers.push(value);
    value = 0;
  }
  return numbers.join('.');
}

/** The algorithm that signed a certificate (RFC 5280, 4.1.1.2): its name, or its dotted identifier; `unknown` when it can't be read. */
export function signatureAlgorithm(der: Buffer): string {
  const certificate = element(der, 0);
  const signed = certificate && element(certificate.content, 0);
  const algorithm = signed && element(certificate.content, signed.end);
  const oid = algorithm && element(algorithm.content, 0);
  if (oid === undefined || oid.tag !== 6 || oid.content.length > 40) return 'unknown';
  const dotted = identifier(oid.content);
  return names[dotted] ?? dotted;
}
