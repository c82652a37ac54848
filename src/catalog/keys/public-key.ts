import { createHash, type KeyObject } from 'node:crypto';

const curves: Readonly<Record<string, number>> = { prime256v1: 256, secp384r1: 384, secp521r1: 521, secp224r1: 224, prime192v1: 192, secp256k1: 256 };
const bits: Readonly<Record<string, number>> = { ed25519: 256, x25519: 256, ed448: 456, x448: 448 };

/** What is said of a public key: its kind, its size in bits, and the SHA-256 of its SubjectPublicKeyInfo. */
export interface PublicKeyFacts {
  readonly keyType: string;
  readonly keyBits: number | null;
  /** null where it can't be written so. */
  readonly publicKey: string | null;
}

/** @throws Error when the key can't be written as SubjectPublicKeyInfo */
export function publicKeyFacts(key: KeyObject): PublicKeyFacts & { readonly publicKey: string } {
  const keyType = key.asymmetricKeyType ?? 'unknown';
  const details = key.asymmetricKeyDetails;
  const curve = /\d+/.exec(details?.namedCurve ?? '');
  const keyBits = details?.modulusLength ?? curves[details?.namedCurve ?? ''] ?? bits[keyType] ?? (curve === null ? null : Number(curve[0]));
  const publicKey = createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex');
  return { keyType, keyBits, publicKey };
}
