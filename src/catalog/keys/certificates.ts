import { createHash, X509Certificate } from 'node:crypto';
import type { Certificate } from '../../model/index.ts';
import { type CatalogProblem, defineCataloger, type Fact } from '../cataloger.ts';
import { pemBlocks } from './pem.ts';
import { publicKeyFacts } from './public-key.ts';
import { signatureAlgorithm } from './signature-algorithm.ts';

/** Larger files are looked into by their names alone: bundles of authorities have some hundred kilobytes. */
export const SMALL = 1024 * 1024;
const named = /\.(?:pem|crt|cer|der|cert|ca-bundle|key)$/i;
const binary = /\.(?:crt|cer|der|cert)$/i;
const MARK = Buffer.from('-----BEGIN ');

/** Bytes in which a PEM block may begin, as text; undefined where none does. */
export function pemText(bytes: Uint8Array): string | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return buffer.includes(MARK) ? buffer.toString('latin1') : undefined;
}

function rfc3339(text: string): string {
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? text : time.toISOString().replace('.000Z', 'Z');
}

/** A signature that can't be checked here (an algorithm that is switched off) doesn't make it signed by others. */
function verifies(x509: X509Certificate): boolean {
  try {
    return x509.verify(x509.publicKey);
  } catch {
    return true;
  }
}

/** @throws Error when it is damaged */
function describe(der: Buffer): Omit<Certificate, 'location'> {
  const x509 = new X509Certificate(der);
  const oneLine = (name: string | undefined): string => (name ?? '').split('\n').join(', ');
  return {
    subject: oneLine(x509.subject),
    issuer: oneLine(x509.issuer),
    selfSigned: x509.subject === x509.issuer && verifies(x509),
    authority: x509.ca,
    serial: x509.serialNumber.toLowerCase(),
    notBefore: rfc3339(x509.validFrom),
    notAfter: rfc3339(x509.validTo),
    ...publicKeyFacts(x509.publicKey),
    signatureAlgorithm: signatureAlgorithm(der),
    fingerprint: createHash('sha256').update(x509.raw).digest('hex'),
  };
}

function* certificate(der: Buffer, path: string, line: number | null): Generator<Fact<'certificates'> | CatalogProblem> {
  const place = line === null ? {} : { line };
  try {
    yield { kind: 'certificates', fact: { ...describe(der), location: { path: `/${path}`, ...place } } };
  } catch {
    // What stands in a source or a manual is an example; only what is named like a certificate is one that somebody would load.
    if (!named.test(path)) return;
    const where = line === null ? 'it' : `the certificate at line ${line}`;
    yield { problem: { kind: 'unreadable', what: `/${path}`, why: `${where} is damaged`, ...place } };
  }
}

export default defineCataloger({
  name: 'keys/certificates',
  version: 1,
  summary: 'X.509 certificates in files, PEM and DER',
  provides: ['certificates'],
  evidence: 'certificates',
  maxBytes: 16 * SMALL,
  // Keys are told which certificates belong to them.
  wanted: (requests) => (requests.some(({ kind }) => kind === 'certificates' || kind === 'keys') ? { kind: 'certificates' } : null),
  selects: ({ path, type, size }) => type === 'file' && size > 60 && (size <= SMALL || named.test(path)),
  *read(file) {
    const text = pemText(file.bytes);
    if (text !== undefined) {
      for (const block of pemBlocks(text, (label) => /^(?:TRUSTED |X509 )?CERTIFICATE$/.test(label))) yield* certificate(block.body, file.path, block.line);
    } else if (binary.test(file.path) && file.bytes[0] === 0x30) yield* certificate(Buffer.from(file.bytes), file.path, null);
  },
});
