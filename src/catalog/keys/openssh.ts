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
  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
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

/** Kinds of which no more is said than their name and size. */
function sizeAlone(type: string, strings: Strings): PublicKeyFacts | null {
  if (type === 'ssh-dss') return { keyType: 'dsa', keyBits: bitLength(unsigned(strings.next())), publicKey: null };
  return null;
}

function bitLength(number: Buffer): number | null {
  const first = number[0];
  return first === undefined ? null : (number.length - 1) * 8 + (32 - Math.clz32(first));
}

/** What a public key in ssh's form is (RFC 4253, 6.6; 5656; 8709), or a private one that begins so; null: of a kind that isn't known. */
function sshKey(blob: Buffer): PublicKeyFacts | null {
  const strings = new Strings(blob, 0);
  const type = strings.next().toString('latin1');
  const key = jsonKey(type, strings);
  return key === null ? sizeAlone(type, strings) : publicKeyFacts(createPublicKey({ key, format: 'jwk' }));
}

function jsonKey(type: string, strings: Strings): JsonWebKey | null {
  if (type === 'ssh-rsa') {
    const e = strings.next();
    return { kty: 'RSA', e: encoded(unsigned(e)), n: encoded(unsigned(strings.next())) };
  }
  // Dropbear's private keys have the seed in front of the public key.
  if (type === 'ssh-ed25519') return { kty: 'OKP', crv: 'Ed25519', x: encoded(strings.next().subarray(-32)) };
  if (!type.startsWith('ecdsa-sha2-')) return null;
  const crv = curves[strings.next().toString('latin1')];
  const point = strings.next();
  const size = (point.length - 1) / 2;
  return crv === undefined || point[0] !== 4 ? null : { kty: 'EC', crv, x: encoded(point.subarray(1, 1 + size)), y: encoded(point.subarray(1 + size)) };
}

/** Whether the bytes begin as OpenSSH's own private key format. */
export function isOpensshKey(body: Buffer): boolean {
  return body.toString('latin1', 0, MAGIC.length) === MAGIC;
}

/**
 * What OpenSSH's own private key format says in the clear (PROTOCOL.key): whether it is encrypted, and the public key.
 * @throws Error when it is damaged
 */
export function opensshKey(body: Buffer): { encrypted: boolean; facts: PublicKeyFacts | null } {
  if (!isOpensshKey(body)) throw new Error('it has no beginning');
  const strings = new Strings(body, MAGIC.length);
  const encrypted = strings.next().toString('latin1') !== 'none';
  strings.next();
  strings.next();
  if (strings.number() < 1) return { encrypted, facts: null };
  return { encrypted, facts: sshKey(strings.next()) };
}

/** The strings of a public key by its kind; a private key of Dropbear has more of them, but for Ed25519, where the last is longer. */
const publicStrings: Readonly<Record<string, number>> = {
  'ssh-rsa': 3,
  'ssh-dss': 5,
  'ssh-ed25519': 2,
  'ecdsa-sha2-nistp256': 3,
  'ecdsa-sha2-nistp384': 3,
  'ecdsa-sha2-nistp521': 3,
};

/** Whether the bytes are a private key of Dropbear: a public key with the private part behind it. */
export function isDropbearKey(bytes: Buffer): boolean {
  // The name of the kind has at most 19 letters.
  if (bytes.length < 40 || bytes.readUInt32BE(0) > 19) return false;
  try {
    const strings = new Strings(bytes, 0);
    const type = strings.next().toString('latin1');
    const expected = Object.hasOwn(publicStrings, type) ? (publicStrings[type] as number) : Number.POSITIVE_INFINITY;
    let count = 1;
    let last = 0;
    while (!strings.isAtEnd && count <= 10) {
      last = strings.next().length;
      count++;
    }
    return strings.isAtEnd && (type === 'ssh-ed25519' ? count === 2 && last === 64 : count > expected);
  } catch {
    return false;
  }
}

/** What a private key of Dropbear is; null: it is damaged, or of a kind that isn't known. */
export function dropbearKey(bytes: Buffer): PublicKeyFacts | null {
  try {
    return sshKey(bytes);
  } catch {
    return null;
  }
}
