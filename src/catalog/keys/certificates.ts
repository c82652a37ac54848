import { createHash, hash, X509Certificate } from 'node:crypto';
import type { Certificate } from '../../model/index.ts';
import { type CatalogProblem, defineCataloger, type Fact, type SelectedFile } from '../cataloger.ts';
import { wholeSequence } from './ber.ts';
import { keyStore } from './key-store.ts';
import { type PemBlock, pemBlocks } from './pem.ts';
import { pkcs7Certificates } from './pkcs7.ts';
import { publicKeyFacts } from './public-key.ts';
import { signatureAlgorithm } from './signature-algorithm.ts';

/** Larger files are looked into by their names alone: bundles of authorities have some hundred kilobytes. */
export const SMALL = 1024 * 1024;
const named = /\.(?:pem|crt|cer|der|cert|ca-bundle|key|p7b|p7c|p12|pfx|jks|jceks|keystore|truststore)$/i;
/** Files that hold certificates and nothing else. */
const binary = /\.(?:crt|cer|cert|p7b|p7c)$/i;
const pkcs7 = /\.(?:p7b|p7c)$/i;
const MARK = Buffer.from('-----BEGIN ');

/** The last file that was asked about: its readers ask one after the other. */
let searched: { readonly file: SelectedFile; readonly text: string | undefined } | null = null;

/** The bytes of a file in which a PEM block may begin, as text; undefined where none does. */
export function pemText(file: SelectedFile): string | undefined {
  if (searched?.file !== file) {
    const buffer = Buffer.from(file.bytes.buffer, file.bytes.byteOffset, file.bytes.byteLength);
    searched = { file, text: buffer.includes(MARK) ? buffer.toString('latin1') : undefined };
  }
  return searched.text;
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

/** Certificates that are described already: authorities lie in an image as files of their own and in bundles of them. */
const described = new Map<string, Omit<Certificate, 'location'>>();
const MAX_DESCRIBED = 1000;

/** @throws Error when it is damaged */
function describe(der: Buffer): Omit<Certificate, 'location'> {
  const key = hash('sha256', der);
  const known = described.get(key) ?? parse(der);
  if (described.size >= MAX_DESCRIBED) described.clear();
  described.set(key, known);
  return known;
}

function parse(der: Buffer): Omit<Certificate, 'location'> {
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

/** What is said of a certificate; `null`: it is damaged. */
function certificateFact(der: Buffer, path: string, place: { readonly line?: number; readonly member?: string }): Fact<'certificates'> | null {
  try {
    return { kind: 'certificates', fact: { ...describe(der), location: { path: `/${path}`, ...place } } };
  } catch {
    return null;
  }
}

function damaged(path: string, what: string, line?: number): CatalogProblem {
  return { problem: { kind: 'unreadable', what: `/${path}`, why: `${what} is damaged`, ...(line === undefined ? {} : { line }) } };
}

/** Whether bytes are a certificate of version 2 or later, or begin as one and are cut off (RFC 5280, 4.1). */
function looksLikeCertificate(bytes: Buffer): boolean {
  const parts = wholeSequence(bytes);
  if (parts === undefined) return true;
  const [signed] = parts;
  return parts.length === 3 && signed?.tag === 0x30 && signed.content[0] === 0xa0;
}

/** Whether bytes may be a certificate or a store of them by the first of them: a SEQUENCE, or one of Java's marks. */
function mayBeBinary(bytes: Uint8Array): boolean {
  return bytes[0] === 0x30 || bytes[0] === 0xfe || bytes[0] === 0xce;
}

/** Certificates in forms that are no text. */
function* binaryCertificates(bytes: Buffer, path: string): Generator<Fact<'certificates'> | CatalogProblem> {
  const store = keyStore(bytes);
  if (store !== undefined) {
    for (const { alias, der } of store.certificates) {
      const where = alias ? { member: alias } : {};
      yield certificateFact(der, path, where) ?? damaged(path, `the certificate ${alias ?? ''} in it`);
    }
    if (store.certificates.length + store.keys.length === 0 && !store.isWhole && named.test(path)) yield damaged(path, 'it');
    return;
  }
  const bundled = pkcs7.test(path) ? pkcs7Certificates(bytes) : undefined;
  if (bundled !== undefined) {
    for (const der of bundled) yield certificateFact(der, path, {}) ?? damaged(path, 'a certificate in it');
    return;
  }
  if (bytes[0] !== 0x30) return;
  const isCertificate = looksLikeCertificate(bytes);
  const fact = isCertificate || binary.test(path) ? certificateFact(bytes, path, {}) : null;
  if (fact !== null) yield fact;
  else if (binary.test(path) || (isCertificate && /\.der$/i.test(path))) yield damaged(path, 'it');
}

/** What a PEM block of certificates holds. */
function* pemCertificates({ label, body, line }: PemBlock, path: string): Generator<Fact<'certificates'> | CatalogProblem> {
  const all = label === 'PKCS7' ? pkcs7Certificates(body) : [body];
  for (const der of all ?? [body]) {
    const fact = certificateFact(der, path, { line });
    if (fact !== null) yield fact;
    // What stands in a source or a manual is an example; only what is named like a certificate is one that somebody would load.
    else if (named.test(path)) yield damaged(path, `the certificate at line ${line}`, line);
  }
}

function* textCertificates(text: string, path: string): Generator<Fact<'certificates'> | CatalogProblem> {
  for (const block of pemBlocks(text, (label) => /^(?:(?:TRUSTED |X509 )?CERTIFICATE|PKCS7)$/.test(label))) yield* pemCertificates(block, path);
}

export default defineCataloger({
  name: 'keys/certificates',
  version: 2,
  summary: 'X.509 certificates in files: PEM, DER, PKCS #7, and what lies open in key stores (Java, PKCS #12)',
  provides: ['certificates'],
  evidence: 'certificates',
  maxBytes: 16 * SMALL,
  // Keys are told which certificates belong to them.
  wanted: (requests) => (requests.some(({ kind }) => kind === 'certificates' || kind === 'keys') ? { kind: 'certificates' } : null),
  selects: ({ path, type, size }) => type === 'file' && size > 60 && (size <= SMALL || named.test(path)),
  read(file) {
    const text = pemText(file);
    if (text !== undefined) return textCertificates(text, file.path);
    if (!mayBeBinary(file.bytes)) return [];
    return binaryCertificates(Buffer.from(file.bytes.buffer, file.bytes.byteOffset, file.bytes.byteLength), file.path);
  },
});
