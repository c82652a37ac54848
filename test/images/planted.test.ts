import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { defaultLimits } from '../../src/archive/index.ts';
import { catalog } from '../../src/catalog/index.ts';
import { listImages } from '../../src/image/index.ts';
import type { Evidence, Request } from '../../src/model/index.ts';
import { shared } from '../support/cli.ts';
import { hasImages, samples } from './truth.ts';

/** What truth files say of files, beyond what other tests read of them. */
interface PlantedTruth {
  readonly image: string;
  readonly files?: {
    readonly setuidOrSetgidFiles: readonly { readonly path: string; readonly mode: string }[];
    readonly worldWritableFiles: readonly (string | { readonly path: string })[];
    readonly worldWritableDirsNotSticky: readonly { readonly path: string; readonly mode: string }[];
    readonly keyLikeFiles: readonly { readonly path: string; readonly mode: string }[];
  };
  readonly planted?: {
    readonly secrets?: readonly (
      | string
      | { readonly path: string; readonly kind: string; readonly layer: number; readonly note?: string; readonly expect?: string }
    )[];
    readonly privateKeys?: readonly string[];
    readonly envSecrets?: readonly string[];
    readonly files?: Readonly<Record<string, readonly string[]>>;
  };
}

const everything: readonly Request[] = [
  { kind: 'files' },
  { kind: 'secrets' },
  { kind: 'keys' },
  { kind: 'certificates' },
  { kind: 'accounts' },
  { kind: 'groups' },
  { kind: 'drift' },
  { kind: 'packages', detail: { types: ['deb', 'apk', 'rpm'] } },
];

async function read(file: string, name: string, requests = everything): Promise<Evidence> {
  const tag = file.endsWith('debian-family.tar') ? name : null;
  const found = await listImages(file, { platform: null, tag, limits: defaultLimits });
  return catalog(await (found[0] as (typeof found)[number]).open(), requests, { limits: defaultLimits, dockerfile: null });
}

/**
 * Where the image holds more than its truth file says. apache-strong: the last layer writes anew the programs whose bits it takes
 * away, and gpasswd isn't among them: the base layer's stands, with its bit.
 */
const differences: Readonly<Record<string, readonly string[]>> = { 'apache-strong:1.0': ['/usr/bin/gpasswd 4755'] };

test.skipIf(hasImages)('the sample images (../shared/images) are absent: their tests are skipped', () => {});

const named = (samples() as unknown as readonly { readonly file: string; readonly truth: PlantedTruth }[]).filter(
  ({ truth }) => !truth.image.startsWith('alpine-multi'),
);

describe.each(named.filter(({ truth }) => truth.files !== undefined).map((each) => ({ ...each, name: each.truth.image })))(
  'files of $name',
  ({ file, truth, name }) => {
    test('set-id, world-writable and key files are those of the truth', async () => {
      const { files = [], keys = [], certificates = [] } = (await read(file, name)).facts;
      const modes = (list: typeof files) => list.map(({ path, mode }) => `${path} ${mode.toString(8)}`).sort();
      const { setuidOrSetgidFiles, worldWritableFiles, worldWritableDirsNotSticky, keyLikeFiles } = truth.files as NonNullable<PlantedTruth['files']>;
      const told = (list: readonly { path: string; mode: string }[]) => list.map(({ path, mode }) => `${path} ${mode}`).sort();
      const known = [...told(setuidOrSetgidFiles), ...(differences[name] ?? [])].sort();
      expect(modes(files.filter(({ type, mode }) => type === 'file' && (mode & 0o6000) !== 0))).toEqual(known);
      expect(files.filter(({ type, mode }) => type === 'file' && (mode & 0o002) !== 0).map(({ path }) => path)).toEqual(worldWritableFiles);
      const directories = files.filter(({ type, mode }) => type === 'directory' && (mode & 0o1002) === 0o002);
      expect(modes(directories)).toEqual(told(worldWritableDirsNotSticky));
      // What looks like a key by its name holds one, or a certificate, or is a public key.
      const held = new Set([...keys, ...certificates].map(({ location }) => location.path));
      // Some that the truth names were left out of the layers to save room (ruby-app's rubygems/ssl_certs).
      const there = new Set(files.map(({ path }) => path));
      const other = keyLikeFiles.map(({ path }) => path).filter((path) => there.has(path) && !held.has(path));
      expect(other.filter((path) => !/pub/.test(path))).toEqual([]);
      for (const path of truth.planted?.privateKeys ?? []) expect(keys.map(({ location }) => location.path)).toContain(path);
    });
  },
);

describe.skipIf(!hasImages)('what is planted (skipped without ../shared/images)', () => {
  const secretsApp = named.find(({ truth }) => truth.image === 'secrets-app:1');

  test('every secret of secrets-app, in every layer, and none of the decoys', async () => {
    const { secrets = [] } = (await read(secretsApp?.file as string, 'secrets-app:1')).facts;
    const inFiles = secrets.filter(({ source }) => source === 'file');
    const planted = (secretsApp?.truth.planted?.secrets ?? []).filter((each) => typeof each !== 'string');
    const expected = planted.filter(({ kind }) => !kind.startsWith('decoy'));
    expect([...new Set(inFiles.map(({ location }) => `${location?.path} ${location?.layer}`))].sort()).toEqual(
      expected.map(({ path, layer }) => `${path} ${layer}`).sort(),
    );
    const gone = expected.filter(({ note }) => /deleted|hidden|overwritten/.test(note ?? '')).map(({ path }) => path);
    expect([...new Set(inFiles.filter(({ deleted }) => deleted).map(({ location }) => location?.path))].sort()).toEqual(gone.sort());
    const rulesOf = (path: string) => inFiles.filter(({ location }) => location?.path === path).map(({ rule }) => rule);
    expect(rulesOf('/app/.env')).toEqual(['url-password', 'github-token', 'slack-token', 'jwt', 'stripe-key']);
    expect(rulesOf('/app/p8enc.key')).toEqual(['encrypted-private-key']);
    expect(rulesOf('/root/.docker/config.json')).toEqual(['registry-auth']);
    expect(secrets.filter(({ source }) => source !== 'file').map(({ source, name }) => `${source} ${name}`)).toEqual([
      'env AWS_ACCESS_KEY_ID',
      'env AWS_SECRET_ACCESS_KEY',
      'env PASSWORD',
      'label api.token',
      'history 6',
      'history 7',
    ]);
    // The same key stands in five places: one fingerprint, that says nothing to others.
    const prints = new Set(secrets.filter(({ rule }) => rule === 'aws-secret-access-key').map(({ fingerprint }) => fingerprint));
    expect(prints.size).toBe(1);
  });

  test('files, accounts and capabilities of secrets-app', async () => {
    const { files = [], accounts = [], keys = [], drift = [] } = (await read(secretsApp?.file as string, 'secrets-app:1')).facts;
    const planted = secretsApp?.truth.planted?.files ?? {};
    const paths = (wanted: (file: (typeof files)[number]) => boolean) => files.filter(wanted).map(({ path }) => path);
    expect(paths(({ type, mode }) => type === 'file' && (mode & 0o4000) !== 0)).toEqual(planted.setuid);
    expect(paths(({ type, mode }) => type === 'file' && (mode & 0o2000) !== 0)).toEqual(planted.setgid);
    expect(paths(({ type, mode }) => type === 'file' && (mode & 0o002) !== 0)).toEqual(planted.worldWritable);
    expect(paths(({ type, mode, path }) => type === 'directory' && path.startsWith('/app') && (mode & 0o1002) === 2)).toEqual(planted.worldWritableDir);
    expect(files.filter(({ capabilities }) => capabilities?.length !== 0).map(({ path, capabilities }) => [path, capabilities])).toEqual([
      [planted.capabilityXattr?.[0], ['cap_net_raw']],
    ]);
    expect(files.find(({ path }) => path === '/app/bigid')).toMatchObject({ uid: 4_000_000_000, gid: 3_000_000 });
    expect(files.find(({ path }) => path === '/app/abs-link')).toMatchObject({ type: 'symlink', linkTarget: '/etc/passwd' });
    expect(accounts.filter(({ password, shadow }) => password === '' || shadow?.password === '').map(({ name }) => name)).toEqual(['root', 'ci']);
    expect(accounts.map(({ shadow }) => shadow?.password)).toEqual(['', 'set', '', '!']);
    // The same key twice, in two forms.
    const twins = keys.filter(({ location }) => ['/app/p8.key', '/root/.ssh/id_rsa'].includes(location.path));
    expect(new Set(twins.map(({ publicKey }) => publicKey)).size).toBe(1);
    expect(drift.map(({ kind, location }) => `${kind} ${location.path}`)).toEqual(
      ['netcap', 'sgid-helper', 'suid-helper', 'ww.sh'].map((name) => `unowned /usr/local/bin/${name}`),
    );
  });

  test('certificates and keys of the web servers', async () => {
    const family = join(shared, 'images', 'debian-family.tar');
    const nginx = (await read(family, 'nginx-weak:1.0')).facts;
    expect(nginx.certificates).toMatchObject([{ location: { path: '/etc/nginx/tls/shop.crt' }, keyBits: 1024, signatureAlgorithm: 'sha1WithRSAEncryption' }]);
    expect(nginx.keys).toMatchObject([
      { location: { path: '/etc/nginx/tls/shop.key' }, mode: 0o644, certificates: ['/etc/nginx/tls/shop.crt'], encrypted: false },
    ]);
    const apache = (await read(family, 'apache-weak:1.0')).facts;
    expect(apache.keys?.filter(({ hostKey }) => hostKey).map(({ location }) => location.path)).toEqual(
      ['ecdsa', 'ed25519', 'rsa'].map((kind) => `/etc/ssh/ssh_host_${kind}_key`),
    );
    expect(apache.secrets?.filter(({ source }) => source === 'env').map(({ name }) => name)).toEqual(['DB_PASSWORD']);
    expect(apache.accounts?.filter(({ shadow }) => shadow?.password === 'set').map(({ name }) => name)).toEqual(['root', 'deploy']);
    expect(apache.drift?.filter(({ kind }) => kind === 'changed')).toEqual([]);
  });

  test('secrets of python-app', async () => {
    const { secrets = [] } = (await read(join(shared, 'images', 'debian-family.tar'), 'python-app:3.2')).facts;
    expect(secrets.filter(({ location }) => location?.path.startsWith('/app/')).map(({ location, rule }) => `${location?.path} ${rule}`)).toEqual([
      '/app/.git/config github-token',
      '/app/settings.py django-secret-key',
    ]);
  });

  test('the secret within a jar of java-app', async () => {
    const { facts } = await read(join(shared, 'images', 'java-app.tar'), '');
    expect(facts.secrets?.map(({ location, rule }) => `${location?.path} ${location?.member} ${rule}`)).toEqual([
      '/app/orders.jar BOOT-INF/classes/application.properties assigned-secret',
    ]);
  });

  test('files that real package managers put there are as they put them', async () => {
    for (const [file, expected] of [
      ['alma9-micro.tar', []],
      ['alpine-3.16.tar', []],
      ['mariner2-db.tar', []],
      // A variable of the repositories, which the build of the image wrote over.
      ['alma8-db.tar', ['/etc/dnf/vars/infra']],
    ] as const) {
      const { drift = [] } = (await read(join(shared, 'images', file), '')).facts;
      expect([file, drift.filter(({ kind }) => kind === 'changed').map(({ location }) => location.path)]).toEqual([file, expected]);
    }
  });
});
