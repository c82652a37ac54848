import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { imageFilesOf } from '../image-files.fixture.ts';
import { readTlsCertificate } from './certificate.ts';
import { signatureAlgorithmOf } from './signature-algorithm.ts';

const skip = spawnSync('openssl', ['version']).status !== 0;
const here = { path: '/x', line: 1, layer: 0 };
const kinds: readonly (readonly [string, readonly string[], object])[] = [
  ['rsa 2048 sha256', ['-newkey', 'rsa:2048', '-sha256'], { keyType: 'rsa', keyBits: 2048, signatureAlgorithm: 'sha256WithRSAEncryption' }],
  ['rsa 1024 sha1', ['-newkey', 'rsa:1024', '-sha1'], { keyType: 'rsa', keyBits: 1024, signatureAlgorithm: 'sha1WithRSAEncryption' }],
  ['rsa md5', ['-newkey', 'rsa:2048', '-md5'], { keyType: 'rsa', signatureAlgorithm: 'md5WithRSAEncryption' }],
  ['rsa-pss', ['-newkey', 'rsa:2048', '-sha256', '-sigopt', 'rsa_padding_mode:pss'], { signatureAlgorithm: 'rsassaPss-SHA256' }],
  ['ec', ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-384', '-sha384'], { keyType: 'ec', keyBits: 384, signatureAlgorithm: 'ecdsa-with-SHA384' }],
  ['ed25519', ['-newkey', 'ed25519'], { keyType: 'ed25519', keyBits: 256, signatureAlgorithm: 'ED25519' }],
];

describe.skipIf(skip)(`certificates that openssl made${skip ? ' (skipped: openssl is not here)' : ''}`, () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'portcullis-certificate-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const make = (words: readonly string[]) => {
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const all = ['req', '-x509', '-nodes', '-keyout', key, '-out', cert, '-days', '3650', '-subj', '/O=Shop/CN=shop.example.org', ...words];
    const run = spawnSync('openssl', all, { encoding: 'utf8', env: { PATH: process.env.PATH } });
    expect(run.status, run.stderr).toBe(0);
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  };

  test.each(kinds)('%s', (_title, words, expected) => {
    const { key, cert } = make(words);
    const files = imageFilesOf({ '/c.pem': `text before\n${cert}`, '/k.pem': { text: key, mode: 0o640, uid: 0, gid: 42 } });
    const read = readTlsCertificate(files, '/c.pem', '/k.pem', here);
    expect(read).toMatchObject({ path: '/c.pem', keyPath: '/k.pem', origin: here, problem: null, keyFile: { mode: 0o640, uid: 0, gid: 42 } });
    expect(read.certificate).toMatchObject({ subject: 'O=Shop, CN=shop.example.org', issuer: 'O=Shop, CN=shop.example.org', selfSigned: true, ...expected });
    expect(read.certificate?.notAfter).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(JSON.stringify(read)).not.toContain('PRIVATE');
    expect(JSON.stringify(read)).not.toContain(key.split('\n')[2]);
  });

  test('DER, and key and certificate in one file', () => {
    const { key, cert } = make(['-newkey', 'ed25519']);
    const der = Buffer.from(cert.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64');
    const files = imageFilesOf({ '/c.der': new Uint8Array(der), '/both.pem': { text: key + cert, mode: 0o644 } });
    expect(readTlsCertificate(files, '/c.der', null, here).certificate?.keyType).toBe('ed25519');
    expect(readTlsCertificate(files, '/both.pem', null, here)).toMatchObject({ keyPath: null, keyFile: { mode: 0o644 }, certificate: { keyType: 'ed25519' } });
  });

  test('a damaged certificate never makes it throw', () => {
    const { cert } = make(['-newkey', 'ed25519']);
    const der = Buffer.from(cert.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64');
    fc.assert(
      fc.property(fc.nat(der.length - 1), fc.nat(255), fc.nat(der.length), (at, value, end) => {
        const bytes = Buffer.from(der.subarray(0, end));
        if (at < bytes.length) bytes[at] = value;
        signatureAlgorithmOf(bytes);
        const pem = `-----BEGIN CERTIFICATE-----\n${bytes.toString('base64')}\n-----END CERTIFICATE-----\n`;
        const read = readTlsCertificate(imageFilesOf({ '/c': pem }), '/c', '/gone', here);
        expect(read.certificate === null).toBe(read.problem !== null);
      }),
      { numRuns: 300 },
    );
  });
});

test.each([
  ['no such file in the image', {}],
  ['holds no certificate', { '/c': 'text' }],
  ['holds a damaged certificate', { '/c': '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n' }],
  ['not read yet', { '/c': { pending: true as const } }],
  ['too big', { '/c': { unreadable: 'too big' } }],
  ['too large to be a certificate', { '/c': new Uint8Array(5 * 1024 * 1024) }],
  ['holds no certificate', { '/c': '-----BEGIN CERTIFICATE-----\n'.repeat(100_000) }],
])('%s', (problem, files) => {
  expect(readTlsCertificate(imageFilesOf(files as Parameters<typeof imageFilesOf>[0]), '/c', null, here)).toMatchObject({ certificate: null, problem });
});
