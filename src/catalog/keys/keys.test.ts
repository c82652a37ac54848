import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import certificates from './certificates.ts';
import privateKeys from './private-keys.ts';

const directory = mkdtempSync(join(tmpdir(), 'portcullis-keys-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
const hasKeygen = spawnSync('ssh-keygen', ['-?']).error === undefined;
const sh = (script: string): void => void execFileSync('sh', ['-ec', script], { cwd: directory, stdio: 'ignore' });
const bytesOf = (name: string): Buffer => readFileSync(join(directory, name));
const context = { limits: { facts: 1000, depth: 10 } };

function read(cataloger: typeof certificates | typeof privateKeys, path: string, bytes: Uint8Array, mode = 0o600): Record<string, unknown>[] {
  const file = { path, mode, bytes, text: () => Buffer.from(bytes).toString('utf8') };
  return [...cataloger.read(file, { kind: 'keys' }, context)].map((one) => ('problem' in one ? { ...one.problem } : { ...one.fact }));
}

describe.skipIf(!hasOpenssl)('what openssl writes (needs openssl)', () => {
  test('certificates in PEM and DER, and the keys that belong to them', () => {
    sh(`openssl req -x509 -newkey rsa:2048 -nodes -sha256 -days 10 -subj /O=Example/CN=a.example -keyout a.key -out a.crt
        openssl x509 -in a.crt -outform der -out a.der
        openssl ecparam -name secp384r1 -genkey -noout -out b.key
        openssl req -x509 -new -key b.key -sha384 -days 10 -subj /CN=b -out b.crt
        openssl rsa -in a.key -traditional -out a1.key; openssl rsa -in a.key -aes128 -passout pass:abcdef -traditional -out a2.key
        openssl pkcs8 -topk8 -in a.key -passout pass:abcdef -out a3.key
        openssl pkcs12 -export -in a.crt -inkey a.key -passout pass:abcdef -out a.p12
        cat a.crt a.key b.crt > both.pem`);
    const [a] = read(certificates, 'etc/ssl/a.crt', bytesOf('a.crt'));
    expect(a).toMatchObject({
      subject: 'O=Example, CN=a.example',
      selfSigned: true,
      keyType: 'rsa',
      keyBits: 2048,
      signatureAlgorithm: 'sha256WithRSAEncryption',
    });
    expect(read(certificates, 'a.der', bytesOf('a.der'))).toMatchObject([{ fingerprint: a?.fingerprint, location: { path: '/a.der' } }]);
    const told = execFileSync('openssl', ['x509', '-in', 'a.crt', '-noout', '-fingerprint', '-sha256', '-enddate'], { cwd: directory, encoding: 'utf8' });
    expect(told.toLowerCase().replaceAll(':', '')).toContain(String(a?.fingerprint));
    expect(Date.parse(/notAfter=(.*)/.exec(told)?.[1] ?? '')).toBe(Date.parse(String(a?.notAfter)));
    const [b] = read(certificates, 'b.crt', bytesOf('b.crt'));
    expect(b).toMatchObject({ keyType: 'ec', keyBits: 384, signatureAlgorithm: 'ecdsa-with-SHA384' });
    expect(read(certificates, 'both.pem', bytesOf('both.pem')).map(({ subject }) => subject)).toEqual(['O=Example, CN=a.example', 'CN=b']);
    expect(read(privateKeys, 'a.key', bytesOf('a.key'))).toMatchObject([{ format: 'pkcs8', encrypted: false, keyBits: 2048, publicKey: a?.publicKey }]);
    expect(read(privateKeys, 'a1.key', bytesOf('a1.key'))).toMatchObject([{ format: 'pkcs1', encrypted: false, publicKey: a?.publicKey }]);
    expect(read(privateKeys, 'a2.key', bytesOf('a2.key'))).toMatchObject([{ format: 'pkcs1', encrypted: true, publicKey: null }]);
    expect(read(privateKeys, 'a3.key', bytesOf('a3.key'))).toMatchObject([{ format: 'pkcs8', encrypted: true }]);
    expect(read(privateKeys, 'b.key', bytesOf('b.key'))).toMatchObject([{ format: 'sec1', keyBits: 384, publicKey: b?.publicKey }]);
    expect(read(privateKeys, 'a.p12', bytesOf('a.p12'))).toMatchObject([{ format: 'pkcs12', encrypted: null }]);
    expect(read(privateKeys, 'both.pem', bytesOf('both.pem'))).toMatchObject([
      { publicKey: a?.publicKey, location: { line: bytesOf('a.crt').toString().split('\n').length } },
    ]);
    // In JSON the ends of lines are written out.
    const escaped = Buffer.from(JSON.stringify({ key: bytesOf('a.key').toString(), cert: bytesOf('a.crt').toString() }));
    expect(read(privateKeys, 'x.json', escaped)).toMatchObject([{ publicKey: a?.publicKey }]);
    expect(read(certificates, 'x.json', escaped)).toMatchObject([{ fingerprint: a?.fingerprint }]);
  });

  test('nothing of a key itself is kept', () => {
    sh('openssl genpkey -algorithm ed25519 -out e.key');
    const body = bytesOf('e.key').toString().split('\n')[1] as string;
    expect(JSON.stringify(read(privateKeys, 'e.key', bytesOf('e.key')))).not.toContain(body.slice(20));
  });

  test('damage ends in a problem or in less, never in a crash', () => {
    sh(
      'openssl req -x509 -newkey rsa:2048 -nodes -days 10 -subj /CN=m -keyout m.key -out m.crt; openssl x509 -in m.crt -outform der -out m.der; cat m.key m.crt > m.pem',
    );
    for (const [name, cataloger] of [
      ['m.pem', certificates],
      ['m.der', certificates],
      ['m.pem', privateKeys],
    ] as const) {
      const whole = bytesOf(name);
      fc.assert(
        fc.property(fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 4 }), fc.nat(whole.length), (changes, length) => {
          const bytes = Buffer.from(whole.subarray(0, length));
          for (const [at, byte] of changes) if (at < bytes.length) bytes[at] = byte;
          for (const each of read(cataloger, name, bytes)) expect(each).toSatisfy((one: object) => 'location' in one || 'why' in one);
        }),
        { numRuns: 150 },
      );
    }
  });
});

test.skipIf(!hasKeygen)('identities of an ssh server, as ssh-keygen writes them (needs ssh-keygen)', () => {
  for (const [type, keyType] of [
    ['rsa', 'rsa'],
    ['ecdsa', 'ec'],
    ['ed25519', 'ed25519'],
  ] as const) {
    sh(`ssh-keygen -q -t ${type} -N "" -f ssh_${type}; ssh-keygen -q -t ${type} -N abcdef -f shut_${type}`);
    const [key] = read(privateKeys, `etc/ssh/ssh_host_${type}_key`, bytesOf(`ssh_${type}`));
    expect(key).toMatchObject({ format: 'openssh', encrypted: false, hostKey: true, keyType, publicKey: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(read(privateKeys, `root/.ssh/id_${type}`, bytesOf(`shut_${type}`))).toMatchObject([{ encrypted: true, hostKey: false, keyType }]);
  }
});

test('what is named like a certificate and isn’t one is said; what stands in a source is not', () => {
  const text = Buffer.from(`${'x\n'.repeat(40)}-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n`);
  expect(read(certificates, 'tls.pem', text)).toMatchObject([{ kind: 'unreadable', line: 41 }]);
  expect(read(certificates, 'manual.md', text)).toEqual([]);
  expect(read(certificates, 'x.crt', Buffer.from('0000000000'))).toHaveLength(1);
});

test('beginnings without an end take one look', () => {
  const begin = '-----BEGIN CERTIFICATE-----\n';
  const many = begin.repeat(36_000);
  expect(read(certificates, 'many.pem', Buffer.from(many))).toEqual([]);
  expect(read(certificates, 'far.pem', Buffer.from(`${many}-----END CERTIFICATE-----`)).length).toBeLessThan(2);
  expect(read(privateKeys, 'many.key', Buffer.from('-----BEGIN PRIVATE KEY-----\n'.repeat(36_000)))).toEqual([]);
});
