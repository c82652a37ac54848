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

  test('keys in DER, by what they are and not by their names', () => {
    sh(`openssl genrsa -out d.key 2048; openssl ecparam -name prime256v1 -genkey -noout -out e.key
        openssl pkey -in d.key -outform der -out d1; openssl pkcs8 -topk8 -nocrypt -in d.key -outform der -out d2
        openssl pkcs8 -topk8 -in d.key -passout pass:abcdef -outform der -out d3; openssl pkcs8 -topk8 -v1 PBE-SHA1-3DES -in d.key -passout pass:abcdef -outform der -out d4
        openssl ec -in e.key -outform der -out e1; openssl pkey -in d.key -pubout -outform der -out no1
        openssl req -new -key d.key -subj /CN=x -outform der -out no2; openssl req -x509 -new -key d.key -subj /CN=x -outform der -out no3`);
    const [pem] = read(privateKeys, 'd.key', bytesOf('d.key'));
    const [ec] = read(privateKeys, 'e.key', bytesOf('e.key'));
    expect(pem?.publicKey).toMatch(/^[0-9a-f]{64}$/);
    const of = (name: string): unknown[] => read(privateKeys, `opt/${name}.der`, bytesOf(name));
    expect(of('d1')).toMatchObject([{ format: 'pkcs1', encrypted: false, publicKey: pem?.publicKey }]);
    expect(of('d2')).toMatchObject([{ format: 'pkcs8', encrypted: false, publicKey: pem?.publicKey }]);
    expect([...of('d3'), ...of('d4')]).toMatchObject([1, 2].map(() => ({ format: 'pkcs8', encrypted: true, publicKey: null })));
    expect(of('e1')).toMatchObject([{ format: 'sec1', keyBits: 256, publicKey: ec?.publicKey }]);
    expect([...of('no1'), ...of('no2'), ...of('no3')]).toEqual([]);
    // A key or a request is no damaged certificate; a certificate is one under any name.
    for (const name of ['d1', 'd2', 'e1', 'no1', 'no2']) expect(read(certificates, `${name}.der`, bytesOf(name))).toEqual([]);
    expect(read(certificates, 'opt/data', bytesOf('no3'))).toMatchObject([{ subject: 'CN=x', publicKey: pem?.publicKey }]);
    expect(read(certificates, 'opt/x.der', bytesOf('no3').subarray(0, 200))).toMatchObject([{ kind: 'unreadable' }]);
  });

  test('keys in YAML, in one line, and what only looks like one', () => {
    sh('openssl genpkey -algorithm ed25519 -out y.key');
    const text = bytesOf('y.key').toString();
    const [key] = read(privateKeys, 'y.key', Buffer.from(text));
    for (const form of [text.replace(/^/gm, '    '), text.replaceAll('\n', ''), text.replaceAll('\n', '\r\n')]) {
      expect(read(privateKeys, 'values.yaml', Buffer.from(form))).toMatchObject([{ publicKey: key?.publicKey }]);
    }
    for (const label of ['PRIVATE KEY', 'RSA PRIVATE KEY', 'OPENSSH PRIVATE KEY']) {
      const example = `-----BEGIN ${label}-----\n${Buffer.from('not a key at all, but long enough for one').toString('base64')}\n-----END ${label}-----\n`;
      expect(read(privateKeys, 'manual.pem', Buffer.from(example))).toEqual([]);
    }
  });

  test('PKCS #12 by what it holds: keys whatever the name, no key in a store of certificates, what lies open', () => {
    sh(`openssl req -x509 -newkey rsa:2048 -nodes -days 10 -subj /CN=store -keyout s.key -out s.crt
        openssl pkcs12 -export -inkey s.key -in s.crt -passout pass:abcdef -out s1
        openssl pkcs12 -export -nokeys -in s.crt -passout pass:abcdef -out s2
        openssl pkcs12 -export -keypbe NONE -certpbe NONE -name the-name -inkey s.key -in s.crt -passout pass:abcdef -out s3
        openssl crl2pkcs7 -nocrl -certfile s.crt -outform der -out s.p7b; openssl crl2pkcs7 -nocrl -certfile s.crt -out s.pem`);
    const [certificate] = read(certificates, 's.crt', bytesOf('s.crt'));
    expect(read(privateKeys, 'app/server.keystore', bytesOf('s1'))).toMatchObject([
      { format: 'pkcs12', encrypted: null, location: { path: '/app/server.keystore' } },
    ]);
    expect(read(certificates, 'app/server.keystore', bytesOf('s1'))).toEqual([]);
    expect(read(privateKeys, 'app/trust.p12', bytesOf('s2'))).toEqual([]);
    expect(read(privateKeys, 'app/open', bytesOf('s3'))).toMatchObject([
      { format: 'pkcs12', encrypted: false, keyBits: 2048, publicKey: certificate?.publicKey, location: { member: 'the-name' } },
    ]);
    expect(read(certificates, 'app/open', bytesOf('s3'))).toMatchObject([{ fingerprint: certificate?.fingerprint, location: { member: 'the-name' } }]);
    expect(read(certificates, 's.p7b', bytesOf('s.p7b'))).toMatchObject([{ fingerprint: certificate?.fingerprint }]);
    expect(read(certificates, 's.pem', bytesOf('s.pem'))).toMatchObject([{ fingerprint: certificate?.fingerprint, location: { line: 1 } }]);
  });

  test('an RSASSA-PSS signature tells its hash', () => {
    for (const hash of ['sha1', 'sha384']) {
      sh(`openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=p -${hash} -sigopt rsa_padding_mode:pss -keyout p.key -out p.crt`);
      expect(read(certificates, 'p.crt', bytesOf('p.crt'))).toMatchObject([{ signatureAlgorithm: `rsassaPss-${hash.toUpperCase()}` }]);
    }
  });

  test('nothing of a key itself is kept', () => {
    sh('openssl genpkey -algorithm ed25519 -out e.key');
    const body = bytesOf('e.key').toString().split('\n')[1] as string;
    expect(JSON.stringify(read(privateKeys, 'e.key', bytesOf('e.key')))).not.toContain(body.slice(20));
  });

  test('damage ends in a problem or in less, never in a crash', () => {
    sh(
      'openssl req -x509 -newkey rsa:2048 -nodes -days 10 -subj /CN=m -keyout m.key -out m.crt; openssl x509 -in m.crt -outform der -out m.der; cat m.key m.crt > m.pem; openssl pkey -in m.key -outform der -out m1.der; openssl pkcs12 -export -keypbe NONE -certpbe NONE -inkey m.key -in m.crt -passout pass:x -out m.p12; openssl crl2pkcs7 -nocrl -certfile m.crt -outform der -out m.p7b',
    );
    for (const [name, cataloger] of [
      ['m.pem', certificates],
      ['m.der', certificates],
      ['m.pem', privateKeys],
      ['m1.der', privateKeys],
      ['m.p12', privateKeys],
      ['m.p12', certificates],
      ['m.p7b', certificates],
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

const hasKeytool = spawnSync('keytool', ['-help']).error === undefined;

test.skipIf(!hasKeytool)('stores that Java writes: keys with their certificates, and stores of certificates alone (needs keytool)', () => {
  const pass = '-storepass changeit -keypass changeit -noprompt';
  sh(`keytool -genkeypair -alias mine -keyalg RSA -keysize 2048 -dname CN=mine -keystore k.jks -storetype JKS ${pass}
      keytool -exportcert -alias mine -keystore k.jks -file k.crt ${pass}
      keytool -importcert -alias theirs -file k.crt -keystore t.jks -storetype JKS ${pass}
      keytool -importkeystore -srckeystore k.jks -destkeystore k.jceks -deststoretype JCEKS -srcstorepass changeit -deststorepass changeit -noprompt
      keytool -importkeystore -srckeystore k.jks -destkeystore k12.jks -deststoretype PKCS12 -srcstorepass changeit -deststorepass changeit -noprompt
      keytool -importcert -alias theirs -file k.crt -keystore cacerts -storetype PKCS12 ${pass}`);
  const [certificate] = read(certificates, 'k.crt', bytesOf('k.crt'));
  const key = { format: 'jks', encrypted: true, keyType: 'rsa', keyBits: 2048, publicKey: certificate?.publicKey, location: { member: 'mine' } };
  for (const name of ['k.jks', 'k.jceks']) {
    expect(read(privateKeys, name, bytesOf(name))).toMatchObject([key]);
    expect(read(certificates, name, bytesOf(name))).toMatchObject([{ fingerprint: certificate?.fingerprint, location: { member: 'mine' } }]);
  }
  expect(read(privateKeys, 'k12.jks', bytesOf('k12.jks'))).toMatchObject([{ format: 'pkcs12', location: { member: 'mine' } }]);
  for (const name of ['t.jks', 'cacerts']) expect(read(privateKeys, name, bytesOf(name))).toEqual([]);
  expect(read(certificates, 't.jks', bytesOf('t.jks'))).toMatchObject([{ fingerprint: certificate?.fingerprint, location: { member: 'theirs' } }]);
  // Cut off before it says what it holds: it may hold keys.
  expect(read(privateKeys, 't.jks', bytesOf('t.jks').subarray(0, 100))).toMatchObject([{ format: 'jks' }]);
});

const hasDropbear = spawnSync('dropbearkey', ['-h']).error === undefined;

test.skipIf(!hasDropbear || !hasKeygen)('identities of a Dropbear server, as dropbearkey writes them (needs dropbear-bin)', () => {
  for (const [type, keyType] of [
    ['rsa', 'rsa'],
    ['ecdsa', 'ec'],
    ['ed25519', 'ed25519'],
  ] as const) {
    sh(
      `dropbearkey -t ${type} -f db_${type}; dropbearkey -y -f db_${type} | grep ^ssh- > db_${type}.pub || dropbearkey -y -f db_${type} | grep ^ecdsa > db_${type}.pub`,
    );
    const [key] = read(privateKeys, `etc/dropbear/dropbear_${type}_host_key`, bytesOf(`db_${type}`));
    expect(key).toMatchObject({ format: 'dropbear', encrypted: false, hostKey: true, keyType, publicKey: expect.stringMatching(/^[0-9a-f]{64}$/) });
    const blob = Buffer.from(bytesOf(`db_${type}.pub`).toString().split(' ')[1] as string, 'base64');
    expect(read(privateKeys, 'x', blob)).toEqual([]);
  }
});

const hasGpg = spawnSync('gpg', ['--version']).error === undefined;

test.skipIf(!hasGpg)('keys of GnuPG, a file each (needs gpg)', () => {
  sh(`mkdir -m 700 gnupg; GNUPGHOME=$PWD/gnupg gpg --batch --pinentry-mode loopback --passphrase '' --quick-gen-key a@example.org ed25519 default never
      GNUPGHOME=$PWD/gnupg gpgconf --kill gpg-agent; cat gnupg/private-keys-v1.d/*.key > gnupg.key`);
  const path = `root/.gnupg/private-keys-v1.d/${'AB'.repeat(20)}.key`;
  expect(read(privateKeys, path, bytesOf('gnupg.key'))).toMatchObject([{ format: 'pgp', encrypted: false }]);
  expect(read(privateKeys, 'other.key', bytesOf('gnupg.key'))).toEqual([]);
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
