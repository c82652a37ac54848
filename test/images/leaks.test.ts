import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { extract } from 'tar-stream';
import { expect, test } from 'vitest';
import { portcullis, shared, temporaryDirectory, writeIn } from '../support/cli.ts';
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

test.skipIf(!hasImages)(
  'no clear secret of secrets-app leaves the reader: not to a stream, a report, a record or the cache (skipped without ../shared/images)',
  async () => {
    const secrets = await clearSecrets();
    expect(secrets.length).toBeGreaterThanOrEqual(16);
    for (const secret of secrets) expect(secret.length).toBeGreaterThan(4);
    const directory = temporaryDirectory();
    const file = writeIn(directory, 'all.policy', policy);
    const env = { PORTCULLIS_CACHE_DIR: join(directory, 'cache'), PORTCULLIS_DATA_DIR: join(directory, 'data'), TMPDIR: directory };
    const runs = [
      ['gate', archive, '--policy', file, '-vv', '--show-triggerids'],
      ['gate', archive, '--policy', file, '-o', 'json', '-o', `json=${join(directory, 'verdict.json')}`],
      ['gate', archive, '--policy', file, '--json'],
      ['gate', archive, '--policy', file, '--plain'],
      ['catalog', archive, '-o', 'json'],
      ['catalog', archive],
      ['evidence', archive],
      ['services', archive],
    ];
    const places = new Map<string, string>();
    for (const parameters of runs) {
      const { code, stdout, stderr } = await portcullis(parameters, { env });
      expect([parameters[0], code, stderr.slice(0, 500)]).toEqual([parameters[0], expect.toSatisfy((each: number) => each <= 2), expect.anything()]);
      expect(stdout.length).toBeGreaterThan(100);
      places.set(parameters.join(' '), stdout + stderr);
    }
    for (const path of filesBelow(directory)) places.set(path, readFileSync(path).toString('latin1'));
    const leaks = [...places].flatMap(([place, text]) =>
      secrets.filter((secret) => text.includes(secret)).map((secret) => `${secret.slice(0, 8)}… in ${place}`),
    );
    expect(leaks).toEqual([]);
    // The search would find one.
    expect(secrets.some((secret) => readFileSync(archive).includes(secret))).toBe(true);
    // They were found all the same.
    expect(places.get(runs[0]?.join(' ') ?? '')).toContain('github-token');
  },
  120_000,
);
