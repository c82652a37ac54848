import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { ImageFiles, SettingOrigin, TlsCertificate } from '../../model/index.ts';
import { signatureAlgorithmOf } from './signature-algorithm.ts';

/** Larger files are no certificate that a server would load for one host. */
const maxCertificateFile = 4 * 1024 * 1024;
const block = /-----BEGIN ((?:TRUSTED |X509 )?CERTIFICATE)-----([A-Za-z0-9+/=\s]{1,400000}?)-----END \1-----/;

/**
 * The certificate that a service names, with the facts that policies ask for (RFC 5280, PEM by RFC 7468).
 * `keyPath` null: the key lies in the certificate's file. Only the key file's mode and owner are taken: no key
 * material is kept. Nothing is thrown; `problem` says what couldn't be read.
 */
export function readTlsCertificate(files: ImageFiles, path: string, keyPath: string | null, origin: SettingOrigin): TlsCertificate {
  const key = files.stat(keyPath ?? path);
  const keyFile = key === undefined || key.type !== 'file' ? null : { mode: key.mode, uid: key.uid, gid: key.gid };
  const found = certificateOf(files, path);
  return { path, keyPath, origin, keyFile, ...found };
}

function certificateOf(files: ImageFiles, path: string): Pick<TlsCertificate, 'certificate' | 'problem'> {
  const failed = (problem: string) => ({ certificate: null, problem });
  const file = files.read(path);
  if (file.state === 'missing') return failed('no such file in the image');
  if (file.state === 'unreadable') return failed(file.why);
  if (file.state === 'pending') return failed('not read yet');
  if (file.bytes.byteLength > maxCertificateFile) return failed('too large to be a certificate');
  const der = firstCertificate(file.bytes);
  if (der === undefined) return failed('holds no certificate');
  try {
    return { certificate: describe(der), problem: null };
  } catch {
    return failed('holds a damaged certificate');
  }
}

/** The first certificate of a PEM file, or the file itself when it is DER. */
function firstCertificate(bytes: Uint8Array): Uint8Array | undefined {
  const match = block.exec(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1'));
  if (match !== null) return Buffer.from(match[2] ?? '', 'base64');
  return bytes[0] === 0x30 ? bytes : undefined;
}

function describe(der: Uint8Array): NonNullable<TlsCertificate['certificate']> {
  const x509 = new X509Certificate(der);
  const key = x509.publicKey;
  const details = key.asymmetricKeyDetails;
  return {
    subject: oneLine(x509.subject ?? ''),
    issuer: oneLine(x509.issuer ?? ''),
    selfSigned: x509.subject === x509.issuer && verifies(x509),
    notBefore: rfc3339(x509.validFrom),
    notAfter: rfc3339(x509.validTo),
    keyType: key.asymmetricKeyType ?? 'unknown',
    keyBits: details?.modulusLength ?? curveBits(details?.namedCurve, key.asymmetricKeyType),
    signatureAlgorithm: signatureAlgorithmOf(der) ?? 'unknown',
  };
}

/** A signature that this Node can't check (SHA-1 at a high level, an odd algorithm) doesn't make it signed by others. */
function verifies(x509: X509Certificate): boolean {
  try {
    return x509.checkIssued(x509) || x509.verify(x509.publicKey);
  } catch {
    return true;
  }
}

function rfc3339(text: string): string {
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? text : time.toISOString().replace('.000Z', 'Z');
}

function oneLine(name: string): string {
  return name.split('\n').join(', ');
}

const bitsOfCurve: Readonly<Record<string, number>> = {
  prime256v1: 256,
  secp384r1: 384,
  secp521r1: 521,
  secp224r1: 224,
  prime192v1: 192,
  secp256k1: 256,
  brainpoolP256r1: 256,
  brainpoolP384r1: 384,
  brainpoolP512r1: 512,
};

function curveBits(curve: string | undefined, type: string | undefined): number | null {
  if (curve !== undefined) return bitsOfCurve[curve] ?? null;
  return type === 'ed25519' || type === 'x25519' ? 256 : type === 'ed448' || type === 'x448' ? 456 : null;
}

/** Whether a file of the image holds a private key that needs no passphrase; undefined when it can't be told. */
export function holdsPlainPrivateKey(files: ImageFiles, path: string): boolean | undefined {
  const file = files.read(path);
  if (file.state !== 'read' || file.bytes.byteLength > maxCertificateFile) return undefined;
  try {
    createPrivateKey(Buffer.from(file.bytes));
    return true;
  } catch {
    return false;
  }
}
