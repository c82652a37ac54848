import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fingerprintOf, masked, redact, SecretScanner, secretRuleOf, secretRules, secretsIn } from './index.ts';
import { KeywordSearch } from './keywords.ts';
import { rules } from './rules.ts';

// Secrets are made at run time, so that none stands in the source.
const characters = (alphabet: string, length: number): string => Array.from(randomBytes(length), (byte) => alphabet[byte % alphabet.length]).join('');
const alphanumeric = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const random = (length: number): string => characters(alphanumeric, length);
const hex = (length: number): string => randomBytes(length).toString('hex').slice(0, length);
const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const jwt = (payload: unknown): string => `${base64url({ alg: 'HS256', typ: 'JWT' })}.${base64url(payload)}.${random(43)}`;
/** PKCS #8 as far as a reader of the first bytes can see. */
const keyBytes = (length: number): Buffer => Buffer.concat([Buffer.from([0x30, 0x82, length >> 8, length & 0xff, 2, 1, 0]), randomBytes(length - 3)]);
const upper = (length: number): string => characters('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', length);

/** Rule, a text around the secret, and the secret. */
const planted: readonly (readonly [string, (secret: string) => string, string, string?])[] = [
  ['aws-access-key-id', (s) => `key = "${s}"`, `AKIA${upper(16)}`],
  ['aws-secret-access-key', (s) => `aws_secret_access_key = ${s}\n`, random(40)],
  ['aws-secret-access-key', (s) => `"SecretAccessKey": "${s}"`, random(40)],
  ['gcp-api-key', (s) => `?key=${s}&x`, `AIza${random(35)}`],
  ['azure-storage-key', (s) => `AccountName=x;AccountKey=${s};EndpointSuffix=y`, randomBytes(64).toString('base64')],
  ['azure-client-secret', (s) => `x "${s}"`, `${random(3)}8Q~${random(34)}`],
  ['github-token', (s) => `git clone https://x:${s}@github.com/a/b`, `ghp_${random(36)}`],
  ['github-fine-grained-token', (s) => s, `github_pat_${random(82)}`],
  ['gitlab-token', (s) => `TOKEN=${s}`, `glpat-${random(20)}`],
  ['slack-token', (s) => `token: ${s}`, `xoxb-${'2'.repeat(3)}4567890123-${random(24)}`],
  ['slack-webhook', (s) => `https://hooks.slack.com/services/${s}`, `T${upper(8)}/B${upper(8)}/${random(24)}`],
  ['stripe-key', (s) => `stripe.api_key = '${s}'`, `sk_live_${random(24)}`],
  ['npm-token', (s) => `//r/:_authToken=${s}`, `npm_${random(36)}`],
  ['pypi-token', (s) => `password = ${s}`, `pypi-AgEIcHlwaS5vcmc${random(70)}`],
  ['docker-hub-token', (s) => `docker login -p ${s}`, `dckr_pat_${random(27)}`],
  ['registry-auth', (s) => `{"auths":{"r":{"auth": "${s}"}}}`, Buffer.from(`user:${random(12)}`).toString('base64')],
  ['heroku-key', (s) => `HEROKU_API_KEY=${s}`, `${hex(8)}-${hex(4)}-${hex(4)}-${hex(4)}-${hex(12)}`],
  ['sendgrid-key', (s) => `k=${s}`, `SG.${random(22)}.${random(43)}`],
  ['twilio-auth-token', (s) => `twilio_auth_token: "${s}"`, hex(32)],
  ['mailchimp-key', (s) => `k: ${s}`, `${hex(32)}-us12`],
  ['terraform-token', (s) => `token = "${s}"`, `${random(14)}.atlasv1.${random(67)}`],
  ['telegram-token', (s) => `bot ${s}`, `1${'234567890'.slice(0, 8)}:AA${random(33)}`],
  ['digitalocean-token', (s) => s, `dop_v1_${hex(64)}`],
  ['vault-token', (s) => `VAULT_TOKEN=${s}`, `hvs.${random(40)}`],
  ['hugging-face-token', (s) => s, `hf_${characters('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOP', 34)}`],
  ['jwt', (s) => `Bearer ${s}`, jwt({ iss: 'a', sub: random(10) })],
  ['url-password', (s) => `postgres://shop:${s}@db.internal/x`, `p${hex(6)}`],
  ['netrc', (s) => `machine a login b password ${s}`, `p${hex(6)}`, 'root/.netrc'],
  ['npmrc', (s) => `_password="${s}"`, random(20), 'home/a/.npmrc'],
  ['pgpass', (s) => `db:5432:shop:me:${s}`, `p${hex(6)}`, 'root/.pgpass'],
  ['command-password', (s) => `mysql -u root -p${s}`, `p${hex(6)}`, 'root/.bash_history'],
  ['password-hash', (s) => `admin:${s}`, `$apr1$${random(8)}$${random(22)}`, 'var/www/.htpasswd'],
  ['assigned-secret', (s) => `db_password = "${s}"`, `Pw9!${random(10)}`, 'app/settings.py'],
  ['named-secret', (s) => `PASSWORD=${s}`, 'letmein', 'variable'],
];

describe('each kind of secret', () => {
  test.each(planted.map(([rule, around, secret, path = 'app/a.txt']) => ({ rule, around, secret, path })))('$rule', ({ rule, around, secret, path }) => {
    const text = `first line\n${around(secret)}\nlast line\n`;
    const hits = secretsIn(text, path);
    expect(hits.map((hit) => [hit.rule.name, hit.line])).toEqual([[rule, 2]]);
    expect(hits[0]?.secret).toBe(secret);
    expect(masked(hits[0] as never)).not.toContain(secret.slice(0, 16));
    expect(redact(text, path)).not.toContain(secret);
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
      'secret_name: app-secret',
      'PASSWORD_FILE=/run/secrets/db1',
      `github_token: ghp_${'x'.repeat(36)}`,
      'postgres://user:password@localhost/db',
      'https://example.org:8080/a@b',
      '-----BEGIN PUBLIC KEY-----\nMFww\n-----END PUBLIC KEY-----',
      '-----BEGIN RSA PRIVATE KEY-----\0-----END RSA PRIVATE KEY-----',
      '"auth": "bm90IGEgcGFpcg=="',
      `sha = "${hex(64)}"`,
    ];
    for (const text of harmless) for (const path of ['app/config.py', 'app/.env', 'x.bin']) expect([text, secretsIn(text, path)]).toEqual([text, []]);
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
  const text = `${'a b\n'.repeat(3000)}token=${secret}\n${'x'.repeat(9000)}\n-----BEGIN PRIVATE KEY-----\n${keyBytes(600).toString('base64')}\n\n${'y '.repeat(5000)}${`AKIA${upper(16)}`}`;
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

test('holes are passed over', () => {
  const scanner = new SecretScanner('a');
  scanner.skip(2 ** 40);
  scanner.write(Buffer.from(`\n AKIA${upper(16)} `));
  scanner.skip(5);
  expect(scanner.end().map(({ start, line }) => [start, line])).toEqual([[2 ** 40 + 2, 2]]);
});

test('keywords are found wherever they stand', () => {
  const search = new KeywordSearch(rules);
  const keywords = rules.flatMap(({ keywords: list }) => list);
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
  scanner.write(Buffer.from(Array.from({ length: 1500 }, () => `AKIA${upper(16)}\n`).join('')));
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
