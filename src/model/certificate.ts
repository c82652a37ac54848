import type { Location } from './location.ts';

/** An X.509 certificate in a file (RFC 5280). */
export interface Certificate {
  /** In one line: `CN=example.org, O=Example`. */
  readonly subject: string;
  readonly issuer: string;
  readonly selfSigned: boolean;
  /** Whether it may sign others (basic constraints). */
  readonly authority: boolean;
  /** Hexadecimal. */
  readonly serial: string;
  /** RFC 3339. */
  readonly notBefore: string;
  readonly notAfter: string;
  /** `rsa`, `ec`, `ed25519`, `dsa`, …. */
  readonly keyType: string;
  /** Of an RSA or DSA key the modulus; of an elliptic curve the field; null when it isn't known. */
  readonly keyBits: number | null;
  /** `sha256WithRSAEncryption`, `ecdsa-with-SHA256`, or the dotted object identifier. */
  readonly signatureAlgorithm: string;
  /** SHA-256 of the certificate, hexadecimal. */
  readonly fingerprint: string;
  /** SHA-256 of the public key (SubjectPublicKeyInfo): the same as that of its private key. */
  readonly publicKey: string;
  readonly location: Location;
}

/** A private key in a file. Nothing of the key itself is kept. */
export interface PrivateKey {
  readonly format: 'pkcs1' | 'pkcs8' | 'sec1' | 'dsa' | 'openssh' | 'pkcs12' | 'jks' | 'putty' | 'dropbear' | 'pgp';
  /** True when a passphrase protects it; null when that can't be told. */
  readonly encrypted: boolean | null;
  readonly keyType: string | null;
  readonly keyBits: number | null;
  /** SHA-256 of its public key (SubjectPublicKeyInfo), hexadecimal; null where it can't be had. */
  readonly publicKey: string | null;
  /** Identity of an ssh server, which every container of the image would share. */
  readonly hostKey: boolean;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Certificates of the image that belong to it: their paths. */
  readonly certificates: readonly string[];
  readonly location: Location;
}
