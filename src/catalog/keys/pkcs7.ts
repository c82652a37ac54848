import { elementsIn, identifier, wholeSequence } from './ber.ts';

const signedData = '1.2.840.113549.1.7.2';

/** The certificates that a PKCS #7 file carries (RFC 2315, 9.1: SignedData), each as DER; undefined: it is none. */
export function pkcs7Certificates(bytes: Uint8Array): Buffer[] | undefined {
  const [type, content] = wholeSequence(bytes) ?? [];
  if (identifier(type) !== signedData || content?.tag !== 0xa0) return undefined;
  const [data] = elementsIn(content.content);
  const certificates = data === undefined ? undefined : elementsIn(data.content).find(({ tag }) => tag === 0xa0);
  return certificates === undefined ? [] : elementsIn(certificates.content).flatMap(({ tag, raw }) => (tag === 0x30 ? [raw] : []));
}
