import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { type PublicKeyFacts, publicKeyFacts } from './public-key.ts';

const MAGIC = 'openssh-key-v1\0';
const curves: Readonly<Record<string, string>> = { nistp256: 'P-256', nistp384: 'P-384', nistp521: 'P-521' };

/** Reads the strings of RFC 4251: a length of four bytes and so many bytes. */
class Strings {
  readonly #bytes: Buffer;
  #at: number;
  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }
  number(): number {
    const value = this.#bytes.readUInt32BE(this.#at);
    this.#at += 4;
    return value;
  }
  next(): Buffer {
    const length = this.number();
    if (this.#at + length > this.#bytes.length) throw new Error('it ends too early');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
}

const encoded = (bytes: Buffer): string => bytes.toString('base64url');
const unsigned = (bytes: Buffer): Buffer => (bytes[0] === 0 ? bytes.subarray(1) : bytes);

function jsonKey(blob: Buffer): JsonWebKey | null {
  const strings = new Strings(blob, 0);
  const type = strings.next().toString('latin1');
  if (type === 'ssh-rsa') {
    const e = strings.next();
    return { kty: 'RSA', e: encoded(unsigned(e)), n: encoded(unsigned(strings.next())) };
  }
  if (type === 'ssh-ed25519') return { kty: 'OKP', crv: 'Ed25519', x: encoded(strings.next()) };
  if (!type.startsWith('ecdsa-sha2-')) return null;
  const crv = curves[strings.next().toString('latin1')];
  const point = strings.next();
  const size = (point.length - 1) / 2;
  return crv === undefined || point[0] !== 4 ? null : { kty: 'EC', crv, x: encoded(point.subarray(1, 1 + size)), y: encoded(point.subarray(1 + size)) };
}

/**
 * What OpenSSH's own private key format says in the clear (PROTOCOL.key): whether it is encrypted, and the public key.
 * @throws Error when it is damaged
 */
export function opensshKey(body: Buffer): { encrypted: boolean; facts: PublicKeyFacts | null } {
  if (body.toString('latin1', 0, MAGIC.length) !== MAGIC) throw new Error('it has no beginning');
  const strings = new Strings(body, MAGIC.length);
  const encrypted = strings.next().toString('latin1') !== 'none';
  strings.next();
  strings.next();
  if (strings.number() < 1) return { encrypted, facts: null };
  const key = jsonKey(strings.next());
  return { encrypted, facts: key === null ? null : publicKeyFacts(createPublicKey({ key, format: 'jwk' })) };
}
