import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { extract } from 'tar-stream';
import { expect, test } from 'vitest';
import { zipFixture } from '../../src/archive/zip.fixture.ts';
import { catalogReporters, reporters } from '../../src/reports/index.ts';
import { base32, hex, jwt, keyBody, random } from '../../src/secrets/planted.fixture.ts';
import { portcullis, shared, temporaryDirectory, writeIn } from '../support/cli.ts';
import { dockerArchive, layer } from '../support/image-builder.ts';
import { hasImages } from './truth.ts';

const archive = join(shared, 'images', 'secrets-app.tar');

async function entriesOf(bytes: Buffer): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  const entries = extract();
  entries.end(bytes);
  for await (const entry of entries) {
    const parts: Buffer[] = [];
    for await (const part of entry) parts.push(part as Buffer);
    if (entry.header.size < 100_000) files.set(entry.header.name, Buffer.concat(parts));
  }
  return files;
}

/** The clear secrets, read by other means than ours: out of the files and the configuration that the image's truth names. */
async function clearSecrets(): Promise<string[]> {
  const outer = new Map<string, Buffer>();
  const entries = extract();
  entries.end(readFileSync(archive));
  for await (const entry of entries) {
    const parts: Buffer[] = [];
    for await (const part of entry) parts.push(part as Buffer);
    outer.set(entry.header.name, Buffer.concat(parts));
  }
  const [manifest] = JSON.parse(String(outer.get('manifest.json'))) as [{ Config: string; Layers: string[] }];
  const files = await entriesOf(gunzipSync(outer.get(manifest.Layers[1] as string) as Buffer));
  const text = (path: string): string => files.get(path)?.toString('latin1') ?? '';
  const config = String(outer.get(manifest.Config));
  const found = [
    ...(config.match(/AKIA[A-Z0-9]{16}|ghp_[A-Za-z0-9]{36}|(?<=SECRET_ACCESS_KEY=)[^"\s]{40}|(?<=PASSWORD=)[^"]+/g) ?? []),
    ...(text('app/.env').match(/(?<=shop:)[^@]+|(?<==)(?:xoxb|eyJ|sk_live|ghp_)\S+/g) ?? []),
    ...(text('root/.netrc').match(/(?<=password )\S+/g) ?? []),
    ...(text('root/.bash_history').match(/(?<=-p)\S+/g) ?? []),
    ...(text('root/.npmrc').match(/npm_\w+/g) ?? []),
    ...(text('root/.docker/config.json').match(/(?<="auth": ")[^"]+/g) ?? []),
    ...['root/.ssh/id_rsa', 'root/.ssh/id_ed25519', 'app/p8.key', 'app/p8enc.key', 'app/tls.pem', 'app/deleted-later.key'].map(
      (path) => text(path).split('\n')[2] ?? '',
    ),
    ...(text('etc/shadow').match(/\$6\$[^:]+/g) ?? []),
  ];
  return [...new Set(found)];
}

const policy = [
  'SECRETCHECK:SECRET:STOP:confidence=low',
  'SECRETCHECK:CONTENTMATCH:STOP:SECRETCHECK_CONTENTREGEXP=PRIV_KEY|AWS_SECRET_KEY|.*password.*',
  'FILECHECK:CONTENTMATCH:STOP:FILECHECK_CONTENTREGEXP=.*ghp_.*|.*AKIA.*',
  'FILECHECK:FILENAMEMATCH:WARN:FILECHECK_NAMEREGEXP=.*',
  'CERTCHECK:PRIVATEKEY:STOP:encrypted=true',
  'FILEPARSE_PASSWD:PASSWORDSET:STOP',
  'FILEPARSE_PASSWD:EMPTYPASSWORD:STOP',
  'DOCKERFILECHECK:NOHEALTHCHECK:WARN',
  'DOCKERFILECHECK:SUDO:WARN',
  'FILECHECK:CHANGEDFILE:WARN',
].join('\n');

function filesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** A secret as it could stand in another notation. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  // base64 in each of the three ways that its characters can fall; the first and last may hold bits of neighbours.
  const base64 = [0, 1, 2].map((shift) =>
    Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replace(/=+$/, '')
      .slice(shift === 0 ? 0 : shift + 1, -1),
  );
  const percent = [...bytes].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
  return [
    ...new Set([secret, ...base64, bytes.toString('hex'), encodeURIComponent(secret), percent, JSON.stringify(secret).slice(1, -1), bytes.toString('utf16le')]),
  ];
}

interface Target {
  readonly reference: string;
  /** Options of every command: a Dockerfile. */
  readonly options?: readonly string[];
}

/** Runs every command with every output over an image; gives all that it wrote, by place. */
async function everyOutput({ reference, options = [] }: Target): Promise<Map<string, string>> {
  const directory = temporaryDirectory();
  const file = writeIn(directory, 'all.policy', policy);
  const env = { PORTCULLIS_CACHE_DIR: join(directory, 'cache'), PORTCULLIS_DATA_DIR: join(directory, 'data'), TMPDIR: directory };
  const gate = ['gate', reference, '--policy', file, ...options];
  const runs = [
    [...gate, '-vv', '--show-triggerids'],
    // Every report that there is, each into a file.
    [...gate, ...reporters.flatMap(({ name }) => ['-o', `${name}=${join(directory, `verdict.${name}`)}`])],
    ['catalog', reference, '-v', '--only', 'accounts,certificates,drift,files,groups,keys,packages,secrets'],
    ['catalog', reference, ...catalogReporters.flatMap(({ name }) => ['-o', `${name}=${join(directory, `catalog.${name}`)}`])],
    ['catalog', reference, '-o', 'json'],
    ['evidence', reference, ...options, '-o', `json=${join(directory, 'evidence.json')}`],
    ['gate', `evidence:${join(directory, 'evidence.json')}`, '--policy', file, '-vv'],
    ['gate', `sbom:${join(directory, 'catalog.cyclonedx-json')}`, '--policy', file, '-o', 'json'],
    ['services', reference, '-v'],
    ['services', reference, '-o', 'json'],
    ['vulnerabilities', reference, '-o', 'json'],
    ['cache', 'status'],
  ];
  const places = new Map<string, string>();
  for (const parameters of runs) {
    const { code, stdout, stderr } = await portcullis(parameters, { env });
    // Without advisories `vulnerabilities` may say so.
    expect([parameters.join(' '), code, stderr.slice(0, 500)]).toEqual([
      parameters.join(' '),
      expect.toSatisfy((each: number) => each <= 2 || (each === 6 && parameters[0] === 'vulnerabilities')),
      expect.anything(),
    ]);
    places.set(parameters.join(' '), stdout + stderr);
  }
  for (const path of filesBelow(directory)) places.set(path, readFileSync(path).toString('latin1'));
  return places;
}

function leaksIn(places: ReadonlyMap<string, string>, secrets: Readonly<Record<string, string>>): string[] {
  const forms = Object.entries(secrets).map(([name, secret]) => [name, formsOf(secret).map((form) => form.toLowerCase())] as const);
  return [...places].flatMap(([place, clear]) => {
    const text = clear.toLowerCase();
    return forms.flatMap(([name, each]) => (each.some((form) => text.includes(form)) ? [`${name} in ${place}`] : []));
  });
}

test.skipIf(!hasImages)(
  'no clear secret of secrets-app leaves the reader: not to a stream, a report, a record or the cache (skipped without ../shared/images)',
  async () => {
    const secrets = await clearSecrets();
    expect(secrets.length).toBeGreaterThanOrEqual(16);
    for (const secret of secrets) expect(secret.length).toBeGreaterThan(4);
    const places = await everyOutput({ reference: archive });
    expect(leaksIn(places, Object.fromEntries(secrets.map((secret) => [`${secret.slice(0, 8)}…`, secret])))).toEqual([]);
    // The search would find one.
    expect(secrets.some((secret) => readFileSync(archive).includes(secret))).toBe(true);
    // They were found all the same.
    expect([...places.values()].join('\n')).toContain('github-token');
  },
  240_000,
);

/** Secrets drawn at random, by the place where each will stand. */
function drawn(): Record<string, string> {
  const password = () => `Pw${random(12)}`;
  const token = () => `ghp_${random(36)}`;
  return {
    environment: password(),
    environmentAddress: password(),
    environmentToken: token(),
    clientPassword: password(),
    label: token(),
    labelAddress: password(),
    historyCommand: password(),
    historyComment: token(),
    entrypoint: password(),
    command: password(),
    healthcheck: password(),
    dockerfileArgument: token(),
    dockerfileCommand: password(),
    dockerfileOther: token(),
    gecos: token(),
    passwdHash: `$6$${random(8)}$${random(86)}`,
    shadowHash: `$6$${random(8)}$${random(86)}`,
    groupHash: `$6$${random(8)}$${random(86)}`,
    redis: password(),
    redisMaster: password(),
    redisUser: password(),
    nginxAddress: password(),
    nginxHeader: token(),
    nginxBasic: Buffer.from(`shop:${password()}`).toString('base64'),
    nginxKey: keyBody(500),
    htpasswd: `$apr1$${random(8)}$${random(22)}`,
    apache: password(),
    apacheAddress: password(),
    postgresql: password(),
    postgresqlLdap: password(),
    hostKey: keyBody(300),
    dotenv: password(),
    awsId: `AKIA${base32(16)}`,
    aws: random(40),
    jwt: jwt({ sub: random(8), iss: 'a' }),
    inZip: token(),
    inTar: token(),
    wide: token(),
    deleted: token(),
    brokenJson: token(),
    brokenLock: token(),
    brokenYaml: token(),
    brokenToml: token(),
    brokenDirectUrl: token(),
    gitDependency: password(),
    directUrl: token(),
    npmResolved: password(),
    yarnResolved: password(),
    requirement: token(),
    requirementIndex: password(),
    poetrySource: token(),
    gemRemote: password(),
    cargoSource: password(),
    composerDist: password(),
    conda: `my-${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`,
  };
}

const pemOf = (body: string): string => `-----BEGIN PRIVATE KEY-----\n${body.replace(/.{64}/g, '$&\n')}\n-----END PRIVATE KEY-----\n`;

test('nor do secrets drawn at random, wherever in an image they stand', { timeout: 240_000 }, async () => {
  const s = drawn() as Record<string, string> & ReturnType<typeof drawn>;
  const directory = temporaryDirectory();
  const json = (value: unknown): string => JSON.stringify(value);
  const built = dockerArchive([
    {
      tags: ['leaks:1'],
      config: {
        Env: [
          'PATH=/bin',
          `DB_PASSWORD=${s.environment}`,
          `DATABASE_URL=postgres://shop:${s.environmentAddress}@db/x`,
          `TOKEN=${s.environmentToken}`,
          `PGPASSWORD=${s.clientPassword}`,
        ],
        Labels: { 'api.token': s.label as string, source: `https://ci:${s.labelAddress}@git.internal/a.git` },
        Entrypoint: ['redis-server', '--requirepass', s.entrypoint as string],
        Cmd: ['app', `--admin-password=${s.command}`],
        Healthcheck: { Test: ['CMD', 'mysqladmin', '-uroot', `-p${s.healthcheck}`, 'ping'] },
      },
      history: [{ created_by: `RUN /bin/sh -c curl -u ci:${s.historyCommand} https://a/b` }, { created_by: 'COPY . /', comment: `by ${s.historyComment}` }],
      layers: [
        layer([
          { path: 'etc/os-release', content: 'ID=debian\nVERSION_ID="12"\n' },
          { path: 'etc/passwd', content: `root:x:0:0:${s.gecos}:/root:/bin/sh\nold:${s.passwdHash}:1:1::/:/bin/sh\n` },
          { path: 'etc/shadow', content: `root:${s.shadowHash}:19000:0:99999:7:::\n` },
          { path: 'etc/group', content: `root:${s.groupHash}:0:root\n` },
          { path: 'etc/redis/redis.conf', content: `port 6379\nrequirepass ${s.redis}\nmasterauth ${s.redisMaster}\nuser app on ~* +@all >${s.redisUser}\n` },
          {
            path: 'etc/nginx/nginx.conf',
            content: `events {}\nhttp {\n  proxy_set_header X-Token ${s.nginxHeader};\n  server {\n    listen 443 ssl;\n    ssl_certificate /etc/nginx/tls/a.pem;\n    ssl_certificate_key /etc/nginx/tls/a.pem;\n    location / {\n      proxy_set_header Authorization "Basic ${s.nginxBasic}";\n      proxy_pass http://shop:${s.nginxAddress}@backend;\n    }\n  }\n}\n`,
          },
          { path: 'etc/nginx/tls/a.pem', content: pemOf(s.nginxKey as string) },
          { path: 'etc/nginx/.htpasswd', content: `admin:${s.htpasswd}\n` },
          {
            path: 'etc/apache2/apache2.conf',
            content: `ServerRoot /etc/apache2\nListen 80\nAuthLDAPBindPassword ${s.apache}\nProxyPass / http://shop:${s.apacheAddress}@backend/\n`,
          },
          {
            path: 'etc/postgresql/15/main/postgresql.conf',
            content: `port = 5432\nprimary_conninfo = 'host=db user=repl password=${s.postgresql}'\n`,
          },
          { path: 'etc/postgresql/15/main/pg_hba.conf', content: `host all all 0.0.0.0/0 ldap ldapserver=a ldapbindpasswd="${s.postgresqlLdap}"\n` },
          { path: 'etc/ssh/sshd_config', content: 'Port 22\n' },
          { path: 'etc/ssh/ssh_host_ed25519_key', content: pemOf(s.hostKey as string), mode: 0o600 },
          { path: 'app/gone.txt', content: `token ${s.deleted}\n` },
        ]),
        layer([
          { whiteout: 'app/gone.txt' },
          { path: 'app/.env', content: `DB_PASSWORD=${s.dotenv}\nAWS_ACCESS_KEY_ID=${s.awsId}\nAWS_SECRET_ACCESS_KEY=${s.aws}\nJWT=${s.jwt}\n` },
          { path: 'app/a.zip', content: zipFixture([{ name: '.env', content: `T=${s.inZip}\n` }]) },
          { path: 'app/a.gz', content: gzipSync(`T=${s.inTar}\n`) },
          { path: 'app/wide.reg', content: Buffer.from(`\ufeff"Token"="${s.wide}"\r\n`, 'utf16le') },
          { path: 'app/node_modules/a/package.json', content: s.brokenJson as string },
          { path: 'app/package-lock.json', content: `{"lockfileVersion": 3, "packages": {"": {"t": "x", ${s.brokenLock}` },
          { path: 'srv/pnpm-lock.yaml', content: `lockfileVersion: '9.0'\npackages: *${s.brokenYaml}\n` },
          { path: 'srv/Cargo.lock', content: `[[package]]\nname = ${s.brokenToml}\n` },
          { path: 'usr/lib/python3/dist-packages/a-1.0.dist-info/METADATA', content: 'Metadata-Version: 2.1\nName: a\nVersion: 1.0\n' },
          {
            path: 'usr/lib/python3/dist-packages/a-1.0.dist-info/direct_url.json',
            content: json({ url: `https://x:${s.directUrl}@git.internal/a`, vcs_info: { vcs: 'git', commit_id: hex(40) } }),
          },
          { path: 'usr/lib/python3/dist-packages/b-1.0.dist-info/METADATA', content: 'Metadata-Version: 2.1\nName: b\nVersion: 1.0\n' },
          { path: 'usr/lib/python3/dist-packages/b-1.0.dist-info/direct_url.json', content: `{"url": ${s.brokenDirectUrl}` },
          {
            path: 'lib/package-lock.json',
            content: json({
              lockfileVersion: 1,
              dependencies: { a: { version: `git+https://ci:${s.gitDependency}@git.internal/a.git#${hex(40)}`, from: 'a' } },
            }),
          },
          {
            path: 'opt/conda/conda-meta/a-1.0-0.json',
            content: json({ name: 'a', version: '1.0', build: '0', channel: `https://conda.anaconda.org/t/${s.conda}/main`, subdir: 'noarch', files: [] }),
          },
        ]),
      ],
    },
  ]);
  const reference = built.writeTo(join(directory, `leaks-${randomBytes(4).toString('hex')}.tar`));
  const dockerfile = writeIn(
    directory,
    'Dockerfile',
    `FROM debian:12\nARG TOKEN=${s.dockerfileArgument}\nRUN curl -u ci:${s.dockerfileCommand} https://a/b\nCMD ["app", "--token=${s.dockerfileOther}"]\n`,
  );
  const places = await everyOutput({ reference, options: ['--dockerfile', dockerfile] });
  expect(leaksIn(places, s)).toEqual([]);
  // What can be found by its form has been found.
  const shown = [...places.values()].join('\n');
  for (const rule of ['github-token', 'aws-access-key-id', 'url-password', 'assigned-secret', 'command-password', 'private-key', 'jwt'])
    expect(shown).toContain(rule);
});
