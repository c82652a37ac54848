import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fingerprintOf, masked, redact, SecretScanner, secretRuleOf, secretRules, secretsIn } from './index.ts';
import { KeywordSearch } from './keywords.ts';
import { base32, hex, keyBody, planted, random, withChecksum } from './planted.fixture.ts';
import { rules } from './rules.ts';

describe('each kind of secret', () => {
  test.each(planted.map(([rule, around, secret, path = 'app/a.txt'], index) => ({ index, rule, around, secret, path })))(
    '$rule ($index)',
    ({ rule, around, secret, path }) => {
      const text = `first line\n${around(secret)}\nlast line\n`;
      const hits = secretsIn(text, path);
      expect(hits.map((hit) => [hit.rule.name, hit.line])).toEqual([[rule, 2]]);
      expect(hits[0]?.secret).toBe(secret);
      const shown = rules.find(({ name }) => name === rule)?.shown ?? 0;
      expect(masked(hits[0] as never)).not.toContain(secret.slice(0, Math.max(shown + 1, 3)));
      expect(redact(text, path)).not.toContain(secret);
      // In UTF-16 too, of either byte order.
      for (const wide of [Buffer.from(text, 'utf16le'), Buffer.from(text, 'utf16le').swap16()]) {
        const scanner = new SecretScanner(path);
        scanner.write(Buffer.concat([Buffer.from([0xff, 0xfe]), wide]));
        expect(scanner.end().map((hit) => [hit.rule.name, hit.line, hit.secret])).toEqual([[rule, 2, secret]]);
      }
    },
  );

  test('none has been forgotten', () => {
    const made = ['private-key', 'encrypted-private-key', 'putty-key']; // below, by the tools that make them
    expect([...new Set([...planted.map(([rule]) => rule), ...made])].sort()).toEqual(rules.map(({ name }) => name).sort());
  });

  test('what stands in its place isn’t one', () => {
    const harmless = [
      'AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE',
      'aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
      'API_KEY=changeme',
      'TOKEN=<your token here>',
      'password = os.environ["DB_PASSWORD"]',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it stands so in a file
      'password: ${DB_PASSWORD}',
      'const token = getToken(user1)',
      'secret: projects/my-project/secrets/my-token/versions/1',
      'secret_name: app-secret',
      'PASSWORD_FILE=/run/secrets/db1',
      `github_token: ghp_${'x'.repeat(36)}`,
      'postgres://user:password@localhost/db',
      'https://example.org:8080/a@b',
      'http://localhost:8080?mail=a@b.org',
      '-----BEGIN PUBLIC KEY-----\nMFww\n-----END PUBLIC KEY-----',
      '-----BEGIN RSA PRIVATE KEY-----\0-----END RSA PRIVATE KEY-----',
      '-----BEGIN RSA PRIVATE KEY-----\nand what follows it up to the END line',
      `-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n...\n-----END PRIVATE KEY-----`,
      '"auth": "bm90IGEgcGFpcg=="',
      'Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==',
      'Basic usage: see the manual',
      `sha = "${hex(64)}"`,
      `"integrity": "sha512-${random(86)}=="`,
      `commit ${hex(40)} of circleci`,
      `id: ${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`,
      `data:image/png;base64,${random(4000)}`,
      'password_encryption = scram-sha-256',
      'password_hasher = pbkdf2_sha256',
      'tokenizer = "gpt-4o-2024"',
      'GPG_KEY=E3FF2839C048B25C084DEBE9B26995E310250568',
      `https://${hex(32)}@o1.ingest.sentry.io/1`,
      `sig=${random(43)}%3D&st=2023-12-20T14:54:52Z&se=2023-12-20T22:54:52Z`.replace(/^(sig=[^&]*)&(.*)$/, '?$2&$1'),
      'password=\\u30d1\\u30b9\\u30ef\\u30fc\\u30c9',
      '"jwt": {"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMs","e":"AQAB"}',
      'msg.sendMessage(token)',
      'this.secretKey=this.getKey(e,t)',
      'token:"[object Object]1"',
      'npm_config_user_agent=npm/10.2.4 node/v20.11.0 linux x64',
      'pypi-AgEIbm90IG91cnM0123456789012345678901234567890123456789012345678901234567890',
    ];
    for (const text of ['const token = "V1LocalObjectReference1"', 'secret: "SecretKeyBase64Encoder2"', 'token = "accessToken_v2_beta_1"'])
      expect([text, secretsIn(text, 'app/a.ts')]).toEqual([text, []]);
    for (const text of harmless)
      for (const path of ['app/config.py', 'app/.env', 'x.bin', 'app/a.min.js']) expect([text, secretsIn(text, path)]).toEqual([text, []]);
  });
});

describe('the place', () => {
  const key = `-----BEGIN PRIVATE KEY-----\n${keyBody(600)}\n-----END PRIVATE KEY-----\n`;
  const confidences = (text: string, path: string): string[] => secretsIn(text, path).map(({ confidence }) => confidence);

  test('what lies open for everyone is of low confidence: manuals, tests of packages, standard libraries, libraries with test keys', () => {
    const open = [
      'usr/share/doc/libx/examples/key.pem',
      'usr/lib/python3/dist-packages/x/tests/key.pem',
      'srv/node_modules/x/test/fixtures/a.js',
      'usr/local/lib/python3.12/test/certdata/key.pem',
      'usr/local/go/src/crypto/tls/testdata/key.pem',
      'root/go/pkg/mod/x@v1/testdata/key.pem',
    ];
    for (const path of open) expect([path, confidences(key, path)]).toEqual([path, ['low']]);
    expect(confidences(`\x7fELF\0\0${key}`, 'usr/lib/x86_64-linux-gnu/libx.so.3')).toEqual(['low']);
    const own = [
      'app/test/key.pem',
      'usr/src/app/test/key.pem',
      'usr/share/nginx/html/test/key.pem',
      'etc/ssl/private/key.pem',
      'srv/node_modules/x/key.pem',
      'usr/lib/x/key.pem',
    ];
    for (const path of own) expect([path, confidences(key, path)]).toEqual([path, ['high']]);
    expect(confidences(`repo_token: ${random(32)}\n`, 'srv/node_modules/x/.coveralls.yml')).toEqual(['low']);
    expect(confidences(`repo_token: ${random(32)}\n`, 'srv/.coveralls.yml')).toEqual(['medium']);
    expect(confidences(`\x7fELF\0\0${key}`, 'usr/bin/server')).toEqual(['high']);
  });

  test('where samples are to be expected, a checksum must be right and a password one that somebody would use', () => {
    for (const path of ['srv/node_modules/a/README.md', 'usr/lib/python3/dist-packages/a/b.py']) {
      expect(secretsIn(`token: ghp_${random(36)}`, path)).toEqual([]);
      expect(secretsIn(`token: ${withChecksum('ghp_')}`, path)).toHaveLength(1);
      expect(secretsIn('http://foo:hunter2@host.org/ and http://user:p4ssw0rd@mail.org', path)).toEqual([]);
      const samples = [
        // A public key under a wrong label, and a key that is cut off.
        `-----BEGIN RSA PRIVATE KEY-----\nMIIBCgKCAQEA${random(300)}\n-----END RSA PRIVATE KEY-----`,
        `-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA${random(100)}\n...`,
        'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c',
        `eyJhbGciOiJIUzI1NiJ9.${Buffer.from('{"some":"payload"}').toString('base64url')}.${random(43)}`,
      ];
      for (const text of samples) expect([text, secretsIn(text, path)]).toEqual([text, []]);
      for (const text of samples) expect([text, secretsIn(text, 'app/.env').length]).toEqual([text, 1]);
      expect(secretsIn('"client_secret": "2YotnFZFEjr1zCsicMWpAA"', path)).toEqual([]);
    }
    expect(secretsIn('url = http://shop:hunter42x@db.internal/', 'app/main.py').map(({ rule }) => rule.name)).toEqual(['url-password']);
  });
});

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
const hasKeygen = spawnSync('ssh-keygen', ['-?']).error === undefined;

test.skipIf(!hasOpenssl)('keys that openssl makes, plain and under a passphrase (needs openssl)', () => {
  const openssl = (args: string): string => execFileSync('openssl', args.split(' '), { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const rule = (text: string): string[] => secretsIn(`x = 1\n${text}`, 'a').map((hit) => `${hit.rule.name} ${hit.line}`);
  expect(rule(openssl('genrsa 2048'))).toEqual(['private-key 2']);
  expect(rule(openssl('genrsa -traditional 1024'))).toEqual(['private-key 2']);
  expect(rule(openssl('genrsa -traditional -aes128 -passout pass:abcdef 1024'))).toEqual(['encrypted-private-key 2']);
  expect(rule(openssl('genpkey -algorithm ed25519'))).toEqual(['private-key 2']);
  expect(rule(openssl('genpkey -algorithm ed25519 -aes256 -pass pass:abcdef'))).toEqual(['encrypted-private-key 2']);
  expect(rule(openssl('ecparam -name prime256v1 -genkey -noout'))).toEqual(['private-key 2']);
  const key = openssl('genpkey -algorithm ed25519');
  const escaped = JSON.stringify({ type: 'service_account', private_key: key });
  expect(secretsIn(escaped, 'a.json').map((hit) => hit.rule.name)).toEqual(['private-key']);
  const secret = randomBytes(32);
  const [one, other] = [secretsIn(escaped, 'a.json')[0], secretsIn(key, 'a')[0]];
  expect(fingerprintOf(one?.secret ?? '', secret)).toBe(fingerprintOf(other?.secret ?? '?', secret));
});

test.skipIf(!hasKeygen)('keys that ssh-keygen makes (needs ssh-keygen)', () => {
  const make = (passphrase: string): string =>
    execFileSync('sh', ['-c', `d=$(mktemp -d) && ssh-keygen -q -t ed25519 -N "${passphrase}" -f $d/k && cat $d/k && rm -r $d`], { encoding: 'utf8' });
  expect(secretsIn(make(''), 'k').map((hit) => hit.rule.name)).toEqual(['private-key']);
  expect(secretsIn(make('abcdef'), 'k').map((hit) => hit.rule.name)).toEqual(['encrypted-private-key']);
});

test('however the pieces are cut, the same is found', () => {
  const secret = `ghp_${random(36)}`;
  const text = `${'a b\n'.repeat(3000)}token=${secret}\n${'x'.repeat(9000)}\n-----BEGIN PRIVATE KEY-----\n${keyBody(600)}\n\n${'y '.repeat(5000)}${`AKIA${base32(16)}`}`;
  const bytes = Buffer.from(text);
  const whole = secretsIn(text, 'a').map(({ rule, start, line }) => [rule.name, start, line]);
  expect(whole.map(([name]) => name)).toEqual(['github-token', 'private-key', 'aws-access-key-id']);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 9000 }), { minLength: 1, maxLength: 40 }), (sizes) => {
      const scanner = new SecretScanner('a');
      let at = 0;
      for (let index = 0; at < bytes.length; index++) {
        const piece = bytes.subarray(at, at + (sizes[index % sizes.length] as number));
        scanner.write(Buffer.from(piece));
        at += piece.length;
      }
      expect(scanner.end().map(({ rule, start, line }) => [rule.name, start, line])).toEqual(whole);
    }),
    { numRuns: 60 },
  );
});

test('text in UTF-16 is found however the pieces are cut, between other bytes and on its line', () => {
  const secret = `ghp_${random(36)}`;
  const text = Buffer.from(`note\r\ntoken=${secret}\r\n${'x'.repeat(20_000)} AKIA${base32(16)}`, 'utf16le');
  const bytes = Buffer.concat([
    Buffer.from(`plain\n\0\0 AKIA${base32(16)}\n\x01\x02\0\n`),
    text,
    Buffer.from(`\n\0\0\x7f\npassword=Kbc173xyz9\n`),
    Buffer.from(`\nsecond ${secret}`, 'utf16le').swap16(),
  ]);
  const found = (sizes: readonly number[]): unknown[] => {
    const scanner = new SecretScanner('a.env');
    for (let at = 0, index = 0; at < bytes.length; index++) {
      const size = sizes[index % sizes.length] as number;
      scanner.write(Buffer.from(bytes.subarray(at, at + size)));
      at += size;
    }
    return scanner.end().map(({ rule, line }) => [rule.name, line]);
  };
  const whole = found([bytes.length]);
  expect(whole).toEqual([
    ['aws-access-key-id', 2],
    ['github-token', 5],
    ['aws-access-key-id', 6],
    ['assigned-secret', 8],
    ['github-token', 10],
  ]);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 20_000 }), { minLength: 1, maxLength: 30 }), (sizes) => {
      expect(found(sizes)).toEqual(whole);
    }),
    { numRuns: 60, examples: [[[1]], [[2]], [[3, 1]]] },
  );
});

test('holes are passed over', () => {
  const scanner = new SecretScanner('a');
  scanner.skip(2 ** 40);
  scanner.write(Buffer.from(`\n AKIA${base32(16)} `));
  scanner.skip(5);
  expect(scanner.end().map(({ start, line }) => [start, line])).toEqual([[2 ** 40 + 2, 2]]);
});

test('keywords are found wherever they stand', () => {
  const search = new KeywordSearch(rules);
  const keywords = [...new Set(rules.flatMap(({ keywords: list }) => list))];
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.constantFrom(...keywords), fc.string({ maxLength: 4 })), { maxLength: 12 }), (parts) => {
      const bytes = Buffer.from(parts.join('').toUpperCase(), 'latin1');
      const lower = bytes.toString('latin1').replace(/[A-Z]/g, (letter) => letter.toLowerCase());
      const found = new Set<string>();
      search.search(bytes, 0, bytes.length, (at, { keyword }) => found.add(`${at} ${Buffer.from(keyword).toString('latin1')}`));
      const expected = new Set<string>();
      for (const keyword of keywords) for (let at = lower.indexOf(keyword); at >= 0; at = lower.indexOf(keyword, at + 1)) expected.add(`${at} ${keyword}`);
      expect(found).toEqual(expected);
    }),
  );
});

test('hostile content ends', () => {
  const nasty = ['password', '-----BEGIN RSA PRIVATE KEY-----', 'mysql ', '://a:', 'eyJ', 'secret=', 'AKIA', 'curl -u ', 'PuTTY-User-Key-File-2: ', '"auth" :'];
  nasty.push(
    'x.token:',
    'password=a.',
    'token:a:a',
    `-----BEGIN PRIVATE KEY-----\n${'Hash '.repeat(200)}`,
    '"auth": "Ojo6Ojo6',
    'secret: "<',
    'curl curl -u a:',
  );
  for (const text of nasty) for (const path of ['x.conf', 'x_history', 'variable']) expect(Array.isArray(secretsIn(text.repeat(3000), path))).toBe(true);
  const scanner = new SecretScanner('a');
  scanner.write(Buffer.from(Array.from({ length: 1500 }, () => `AKIA${base32(16)}\n`).join('')));
  expect(scanner.end()).toHaveLength(1000);
  expect(scanner.overflowed).toBe(true);
});

test('fingerprints tell secrets apart, and depend on the key', () => {
  const [key, other] = [randomBytes(32), randomBytes(32)];
  expect(fingerprintOf('a', key)).toBe(fingerprintOf('a', key));
  expect(fingerprintOf('a', key)).not.toBe(fingerprintOf('b', key));
  expect(fingerprintOf('a', key)).not.toBe(fingerprintOf('a', other));
});

test('rules have names of their own, also those of older tools', () => {
  expect(new Set(secretRules.map(({ name }) => name)).size).toBe(secretRules.length);
  for (const name of ['AWS_ACCESS_KEY', 'AWS_SECRET_KEY', 'PRIV_KEY', 'DOCKER_AUTH', 'API_KEY']) expect(secretRuleOf(name)).toBeDefined();
  expect(secretRuleOf('nothing')).toBeUndefined();
});
