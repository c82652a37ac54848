import { type Element, elementsIn, identifier, wholeSequence } from './ber.ts';

const isInteger = (element: Element | undefined): boolean => element?.tag === 2;
const isSmall = (element: Element | undefined, value: number): boolean => element?.tag === 2 && element.content.length === 1 && element.content[0] === value;

/** Encryption of PKCS #5 and PKCS #12. */
const encryption = /^1\.2\.840\.113549\.1\.(?:5|12\.1)\./;

/**
 * Which private key the bytes are, by the structures of RFC 5958 (PKCS #8), 8017 (PKCS #1), 5915 (SEC 1) and OpenSSL's own for DSA;
 * `encrypted`: PKCS #8 under a passphrase; undefined: none.
 */
export function derKeyForm(bytes: Uint8Array): 'pkcs8' | 'pkcs1' | 'sec1' | 'dsa' | 'encrypted' | undefined {
  const parts = wholeSequence(bytes);
  if (parts === undefined) return undefined;
  const [first, second, third] = parts;
  if (first?.tag === 0x30 && second?.tag === 4 && parts.length === 2)
    return encryption.test(identifier(elementsIn(first.content)[0]) ?? '') ? 'encrypted' : undefined;
  if (!isInteger(first)) return undefined;
  if ((isSmall(first, 0) || isSmall(first, 1)) && second?.tag === 0x30 && third?.tag === 4) {
    return identifier(elementsIn(second.content)[0]) === undefined ? undefined : 'pkcs8';
  }
  if (isSmall(first, 1) && second?.tag === 4 && (parts.length === 2 || third?.tag === 0xa0 || third?.tag === 0xa1)) return 'sec1';
  if (parts.every(isInteger) && isSmall(first, 0)) return parts.length === 9 ? 'pkcs1' : parts.length === 6 ? 'dsa' : undefined;
  return undefined;
}
