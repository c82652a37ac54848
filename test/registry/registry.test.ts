import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Evidence } from '../../src/model/index.ts';
import type { RegistryOptions } from '../../src/transport/index.ts';
import { portcullis, shared, temporaryDirectory } from '../support/cli.ts';
import { ociArchive } from '../support/image-builder.ts';
import { cleanEnvironment, content, makeImage, outcome, readAll, registryOptions } from './images.ts';
import { Issuer, makeCertificates, missingTools, Servers, startRegistry, tool } from './servers.ts';

const images = join(shared, 'images');

test.skipIf(missingTools.length === 0)(`real registries can't be started here: ${missingTools.join(', ')} not installed`, () => {});
test.skipIf(existsSync(images))('the sample images (../shared/images) are absent: only images made here are pushed', () => {});

describe.skipIf(missingTools.length > 0)('a real registry', () => {
  const servers = new Servers();
  const directory = temporaryDirectory();
  const certificates = makeCertificates(join(directory, 'certificates'));
  const root = join(directory, 'storage');
  const home = join(directory, 'home');
  const archive = join(directory, 'image.tar');
  const multi = join(directory, 'multi.tar');
  let plain: string;
  let withPassword: string;
  let withTls: string;
  let withClient: string;
  let withToken: string;
  const issuer = new Issuer(certificates.file('token.key'), certificates.file('token.crt'));
  const push = (source: string, target: string, ...more: string[]): void =>
    void tool('skopeo', ['copy', '-q', '--insecure-policy', '--dest-tls-verify=false', ...more, source, `docker://${plain}/${target}`]);
  const options = (more: Partial<RegistryOptions> = {}, env: Record<string, string> = {}) => registryOptions(cleanEnvironment(home, env), more);

  beforeAll(async () => {
    mkdirSync(home, { recursive: true });
    ociArchive([{ ...makeImage(), tags: ['x:1'] }]).writeTo(archive);
    ociArchive([makeImage('amd64'), makeImage('arm64'), makeImage('s390x', 'zstd')], { nested: true }).writeTo(multi);
    plain = await startRegistry(servers, directory, { root });
    push(`oci-archive:${archive}`, 'public/oci:1', '--format', 'oci');
    push(`oci-archive:${archive}`, 'public/v2s2:1', '--format', 'v2s2');
    push(`oci-archive:${multi}`, 'public/multi:1', '--all');
    push(`oci-archive:${archive}`, 'private/app:1', '--format', 'oci');
    // One storage behind doors of every kind.
    const htpasswd = join(directory, 'htpasswd');
    writeFileSync(htpasswd, tool('htpasswd', ['-Bbn', '-C', '4', 'user', 'pass:word']));
    const realm = await servers.own(issuer.listener);
    const tls = { certificate: certificates.file('server.crt'), key: certificates.file('server.key') };
    [withPassword, withTls, withClient, withToken] = await Promise.all([
      startRegistry(servers, directory, { root, htpasswd }),
      startRegistry(servers, directory, { root, tls }),
      startRegistry(servers, directory, { root, tls: { ...tls, clientCas: certificates.file('ca.crt') } }),
      startRegistry(servers, directory, { root, token: { realm: `http://127.0.0.1:${realm.port}/token`, certificate: certificates.file('token.crt') } }),
    ]);
  });
  afterAll(() => servers.stop());

  describe('gives what the archive gives', () => {
    test.each(['oci', 'v2s2'])('of an image pushed as %s, by tag and by digest', async (form) => {
      const [local] = await readAll(archive, options());
      const [remote] = await readAll(`${plain}/public/${form}:1`, options());
      expect(content(remote as never)).toEqual(content(local as never));
      expect(remote?.facts.packages).toHaveLength(3);
      expect(remote?.image.tags).toEqual([`${plain}/public/${form}:1`]);
      const digest = tool('skopeo', ['inspect', '--tls-verify=false', '--format', '{{.Digest}}', `docker://${plain}/public/${form}:1`]).trim();
      expect(remote?.image.digest).toBe(digest);
      const [byDigest] = await readAll(`${plain}/public/${form}:gone@${digest}`, options());
      expect(content(byDigest as never)).toEqual(content(local as never));
      expect(byDigest?.image.digest).toBe(digest);
    });
    test('of an index: one platform, or all', async () => {
      const of = async (reference: string, platform: 'all' | { os: string; architecture: string }) =>
        (await readAll(reference, options(), { platform })).map(content);
      const remote = `${plain}/public/multi:1`;
      expect(await of(remote, { os: 'linux', architecture: 's390x' })).toEqual(await of(multi, { os: 'linux', architecture: 's390x' }));
      const all = await of(remote, 'all');
      expect(all).toEqual(await of(multi, 'all'));
      expect(all).toHaveLength(3);
      expect(await outcome(readAll(remote, options(), { platform: { os: 'linux', architecture: 'riscv64' } }))).toMatch(/^IMAGE_CHOICE: .*riscv64/);
    });
    const samples = existsSync(images) ? ['alpine-3.16.tar', 'distroless-base.tar', 'sles15-db.tar'] : [];
    test.each(samples)('of the sample %s, pushed in both forms', async (file) => {
      const local = await readAll(join(images, file), options());
      for (const format of ['oci', 'v2s2']) {
        push(`docker-archive:${join(images, file)}`, `sample/${file.slice(0, -4)}:${format}`, '--format', format);
        const remote = await readAll(`${plain}/sample/${file.slice(0, -4)}:${format}`, options());
        // The configuration of another form is another document, and so is its digest.
        const without = (evidence: Evidence) => ({ ...content(evidence), imageId: null });
        expect(remote.map(without)).toEqual(local.map(without));
        expect(remote[0]?.facts.packages?.length).toBeGreaterThan(0);
      }
    });
  });

  describe('refuses', () => {
    test('what is not there', async () => {
      expect(await outcome(readAll(`${plain}/public/oci:2`, options()))).toContain('IMAGE_NOT_FOUND');
      expect(await outcome(readAll(`${plain}/nothing`, options()))).toContain('IMAGE_NOT_FOUND');
      expect(await outcome(readAll(`${plain}/public/oci@sha256:${'0'.repeat(64)}`, options()))).toContain('IMAGE_NOT_FOUND');
      expect(await outcome(readAll('127.0.0.1:1/x', options()))).toContain('REGISTRY_UNREACHABLE');
      expect(await outcome(readAll(`${plain}/public/oci:1`, options(), { tag: 'x' }))).toContain('IMAGE_CHOICE');
    });
    test('an artifact', async () => {
      const blob = Buffer.from('{}');
      const [, hex] = tool('sha256sum', [], '{}').match(/^([0-9a-f]+)/) as RegExpMatchArray;
      const upload = await fetch(`http://${plain}/v2/public/artifact/blobs/uploads/`, { method: 'POST' });
      await fetch(`${upload.headers.get('location')}&digest=sha256:${hex}`, { method: 'PUT', body: blob });
      const type = 'application/vnd.cncf.helm.config.v1+json';
      const manifest = {
        schemaVersion: 2,
        mediaType: 'application/vnd.oci.image.manifest.v1+json',
        config: { mediaType: type, digest: `sha256:${hex}`, size: 2 },
        layers: [{ mediaType: 'application/vnd.cncf.helm.chart.content.v1.tar+gzip', digest: `sha256:${hex}`, size: 2 }],
      };
      const put = await fetch(`http://${plain}/v2/public/artifact/manifests/1`, {
        method: 'PUT',
        headers: { 'content-type': manifest.mediaType },
        body: JSON.stringify(manifest),
      });
      expect(put.status).toBe(201);
      expect(await outcome(readAll(`${plain}/public/artifact:1`, options()))).toMatch(/^IMAGE_FORMAT: .*artifact of type application\/vnd.cncf.helm.config/);
    });
  });

  describe('with a password (htpasswd)', () => {
    const reference = () => `${withPassword}/private/app:1`;
    const login = { username: 'user', password: 'pass:word' };
    const config = (name: string, document: object): Record<string, string> => {
      mkdirSync(join(directory, name), { recursive: true });
      writeFileSync(join(directory, name, 'config.json'), JSON.stringify(document));
      return { DOCKER_CONFIG: join(directory, name) };
    };
    const auth = (text: string) => ({ auth: Buffer.from(text).toString('base64') });
    test('takes --username, and the configuration file', async () => {
      expect(await outcome(readAll(reference(), options({ login })))).toBe('read 3 packages');
      const env = config('docker', { auths: { [withPassword]: auth('user:pass:word') } });
      expect(await outcome(readAll(reference(), options({}, env)))).toBe('read 3 packages');
    });
    test('says what to do without, and what stood in the way', async () => {
      const refused = await readAll(reference(), options()).catch((error) => error);
      expect(refused.code).toBe('REGISTRY_DENIED');
      expect(refused.hint).toContain(`docker login ${withPassword}`);
      const env = config('broken', { credsStore: 'not-installed-anywhere' });
      const obstacle = await readAll(reference(), options({}, env)).catch((error) => error);
      expect(obstacle.hint).toContain('docker-credential-not-installed-anywhere is not installed');
    });
    test('a wrong one is refused and never shown', async () => {
      const error = await readAll(reference(), options({ login: { username: 'user', password: 'wrong-secret' } })).catch((reason) => reason);
      expect(error.code).toBe('REGISTRY_DENIED');
      expect(`${error.message} ${error.hint}`).not.toContain('wrong-secret');
    });
  });

  describe('with TLS and a private authority', () => {
    test('is trusted by --ca-file or certs.d only', async () => {
      const reference = `${withTls}/public/oci:1`;
      const refused = await readAll(reference, options()).catch((error) => error);
      expect(refused.code).toBe('REGISTRY_UNREACHABLE');
      expect(refused.hint).toContain('--ca-file');
      expect(await outcome(readAll(reference, options({ caFile: certificates.file('ca.crt') })))).toBe('read 3 packages');
      const other = join(directory, 'home-with-certificates');
      const place = join(other, '.config', 'docker', 'certs.d', withTls);
      mkdirSync(place, { recursive: true });
      writeFileSync(join(place, 'ca.crt'), tool('cat', [certificates.file('ca.crt')]));
      expect(await outcome(readAll(reference, registryOptions(cleanEnvironment(other))))).toBe('read 3 packages');
    });
    test('a certificate file that is none is an error of use', async () => {
      expect(await outcome(readAll(`${withTls}/public/oci:1`, options({ caFile: join(directory, 'nothing') })))).toContain('USAGE_FILE');
      expect(await outcome(readAll(`${withTls}/public/oci:1`, options({ caFile: archive })))).toContain('USAGE_FILE');
    });
    test('through the tunnel of a proxy that wants a password', async () => {
      const targets: string[] = [];
      const { port, server } = await servers.own((_, response) => void response.writeHead(500).end());
      server.on('connect', (request, socket) => {
        targets.push(request.url ?? '');
        if (request.headers['proxy-authorization'] !== `Basic ${Buffer.from('me:p@ss').toString('base64')}`) {
          socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
          return;
        }
        // The name is this test's: whatever is asked for, it is the registry here.
        const through = connect(Number(withTls.split(':')[1]), '127.0.0.1', () => {
          socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
          through.pipe(socket).pipe(through);
        });
        through.on('error', () => socket.destroy());
        socket.on('error', () => through.destroy());
      });
      const reference = `registry.invalid:${withTls.split(':')[1]}/public/oci:1`;
      const env = (login: string) => ({ HTTPS_PROXY: `http://${login}127.0.0.1:${port}` });
      const caFile = certificates.file('ca.crt');
      expect(await outcome(readAll(reference, options({ caFile }, env('me:p%40ss@'))))).toBe('read 3 packages');
      expect(new Set(targets)).toEqual(new Set([reference.split('/')[0]]));
      expect(await outcome(readAll(reference, options({ caFile }, env(''))))).toMatch(/^REGISTRY_UNREACHABLE: .*answers 407/);
      expect(await outcome(readAll(reference, options({}, env('me:p%40ss@'))))).toMatch(/^REGISTRY_UNREACHABLE: .*certificate/);
    });
    test('a client certificate is shown where one is wanted', async () => {
      const reference = `${withClient}/public/oci:1`;
      const caFile = certificates.file('ca.crt');
      expect(await outcome(readAll(reference, options({ caFile })))).toContain('REGISTRY_UNREACHABLE');
      const clientCertificate = { certificateFile: certificates.file('client.crt'), keyFile: certificates.file('client.key') };
      expect(await outcome(readAll(reference, options({ caFile, clientCertificate })))).toBe('read 3 packages');
    });
  });

  describe('with tokens', () => {
    const asked = async (work: () => Promise<unknown>) => {
      const before = issuer.requests.length;
      await work();
      return issuer.requests.slice(before);
    };
    test('an anonymous one for what is public, once for the whole image', async () => {
      const requests = await asked(async () => expect(await outcome(readAll(`${withToken}/public/oci:1`, options()))).toBe('read 3 packages'));
      expect(requests).toHaveLength(1);
      expect(requests[0]).toMatchObject({ method: 'GET', authorization: undefined, scopes: ['repository:public/oci:pull'] });
    });
    test('by user and password', async () => {
      const login = { username: 'user', password: 'pass:word' };
      expect(await outcome(readAll(`${withToken}/private/app:1`, options({ login })))).toBe('read 3 packages');
      expect(await outcome(readAll(`${withToken}/private/app:1`, options()))).toContain('REGISTRY_DENIED');
      expect(await outcome(readAll(`${withToken}/private/app:1`, options({ login: { username: 'user', password: 'x' } })))).toContain('REGISTRY_DENIED');
    });
    test('by an identity token', async () => {
      writeFileSync(join(home, 'auth.json'), JSON.stringify({ auths: { [withToken]: { identitytoken: 'refresh-me' } } }));
      const env = { REGISTRY_AUTH_FILE: join(home, 'auth.json') };
      const requests = await asked(async () => expect(await outcome(readAll(`${withToken}/private/app:1`, options({}, env)))).toBe('read 3 packages'));
      expect(requests).toHaveLength(1);
      expect(requests[0]?.form?.get('grant_type')).toBe('refresh_token');
    });
    test('that ends meanwhile is renewed', async () => {
      issuer.life = 0.001;
      try {
        const requests = await asked(async () => expect(await outcome(readAll(`${withToken}/public/oci:1`, options()))).toBe('read 3 packages'));
        expect(requests.length).toBeGreaterThan(1);
      } finally {
        issuer.life = 300;
      }
    });
    test('one login is not given to two registries', async () => {
      const login = { username: 'user', password: 'pass:word' };
      expect(await outcome(readAll(`${withToken}/private/app:1`, options({ login, mirrors: [{ domain: withToken, url: `http://${withPassword}` }] })))).toBe(
        'read 3 packages',
      );
    });
  });

  describe('a mirror', () => {
    const origin = 'registry.invalid';
    test('is asked first; the registry, when it lacks the image', async () => {
      const mirrors = [{ domain: origin, url: `http://${plain}/public` }];
      expect(await outcome(readAll(`${origin}/oci:1`, options({ mirrors })))).toBe('read 3 packages');
      expect(
        await outcome(
          readAll(
            `${origin}/public/oci:1`,
            options({
              mirrors: [
                { domain: origin, url: 'http://127.0.0.1:1' },
                { domain: origin, url: `http://${plain}` },
              ],
            }),
          ),
        ),
      ).toBe('read 3 packages');
      expect(await outcome(readAll(`${plain}/public/oci:1`, options({ mirrors: [{ domain: plain, url: `http://${plain}/other` }] })))).toBe('read 3 packages');
      expect(await outcome(readAll(`${origin}/oci:1`, options({ mirrors: [{ domain: origin, url: 'ftp://x' }] })))).toContain('USAGE');
    });
  });

  describe("skopeo's directories", () => {
    test('of one image and of several, recognised or named', async () => {
      const one = join(directory, 'dir-one');
      const many = join(directory, 'dir-many');
      tool('skopeo', ['copy', '-q', '--insecure-policy', `oci-archive:${archive}`, `dir:${one}`]);
      tool('skopeo', ['copy', '-q', '--insecure-policy', '--all', `oci-archive:${multi}`, `dir:${many}`]);
      const local = (await readAll(archive, options())).map(content);
      expect((await readAll(one, options())).map(content)).toEqual(local);
      expect((await readAll(`skopeo-dir:${one}`, options())).map(content)).toEqual(local);
      expect((await readAll(many, options(), { platform: 'all' })).map(content)).toEqual((await readAll(multi, options(), { platform: 'all' })).map(content));
      const [largest] = readdirSync(one).filter((name) => /^[0-9a-f]{64}$/.test(name));
      writeFileSync(join(one, largest as string), 'changed');
      expect(await outcome(readAll(one, options()))).toMatch(/^IMAGE_(DIGEST|INVALID)/);
    });
  });

  describe('on the command line', () => {
    const run = (parameters: readonly string[], more: Parameters<typeof portcullis>[1] = {}) =>
      portcullis(parameters, { ...more, env: { ...cleanEnvironment(home), ...more.env } });
    const verdictOf = (text: string) => {
      const [image] = JSON.parse(text).images;
      return { verdict: image.verdict, findings: image.findings.map(({ id, action, state }: Record<string, unknown>) => [id, action, state]) };
    };
    test('a registry image has the verdict of its archive, and -v says where it was looked for', async () => {
      const local = await run(['gate', archive, '-o', 'json']);
      const remote = await run(['gate', `${plain}/public/oci:1`, '-o', 'json', '-v']);
      expect(remote.code).toBe(local.code);
      expect(verdictOf(remote.stdout)).toEqual(verdictOf(local.stdout));
      expect(remote.stderr).toMatch(/No file or directory[\s\S]*docker is passed over[\s\S]*podman is passed over[\s\S]*Asking the registry/);
    });
    test('--platform all: a verdict for each, the worst decides', async () => {
      const { stdout, code } = await run(['gate', `${plain}/public/multi:1`, '--platform', 'all', '-o', 'json']);
      expect(JSON.parse(stdout).images.map(({ platform }: { platform: string }) => platform)).toEqual(['linux/amd64', 'linux/arm64', 'linux/s390x']);
      expect(code).toBe(2);
    });
    test('--username with --password-stdin', async () => {
      const parameters = ['gate', `${withPassword}/private/app:1`, '--username', 'user'];
      expect((await run([...parameters, '--password-stdin'], { input: 'pass:word\n' })).code).toBe(2);
      expect((await run([...parameters, '--password-stdin'], { input: 'wrong\n' })).code).toBe(5);
      expect((await run(parameters)).code).toBe(3);
      expect((await run([...parameters, '--password-stdin', '-'], { input: 'pass:word\n' })).code).toBe(3);
    });
    test('services and catalog read registries too', async () => {
      expect((await run(['services', `${plain}/public/oci:1`])).code).toBe(0);
      const { stdout } = await run(['catalog', `registry:${plain}/public/oci:1`, '-o', 'json']);
      expect(JSON.parse(stdout).images[0].packages).toHaveLength(3);
    });
    test('a network failure has the code of an image that could not be read', async () => {
      const { code, stdout } = await run(['gate', '127.0.0.1:1/x', '-o', 'json']);
      expect(code).toBe(5);
      expect(JSON.parse(stdout).images[0].error.code).toBe('REGISTRY_UNREACHABLE');
    });
    test('--k8s and --compose: each image once, with a summary; names are no files', async () => {
      const place = join(directory, 'project');
      mkdirSync(join(place, plain, 'public'), { recursive: true });
      writeFileSync(join(place, plain, 'public', 'oci:1'), 'a file that only looks like the image');
      const container = (image: string) => `{name: c, image: "${image}"}`;
      writeFileSync(
        join(place, 'k8s.yaml'),
        `kind: Pod\nmetadata: {name: a}\nspec: {containers: [${container(`${plain}/public/oci:1`)}, ${container(`${plain}/public/oci:1`)}, ${container(`${plain}/public/v2s2:1`)}]}\n`,
      );
      writeFileSync(join(place, 'compose.yaml'), `services: {a: {image: "${plain}/public/oci:\${TAG}"}, b: {image: "${plain}/gone"}, c: {build: .}}\n`);
      writeFileSync(join(place, '.env'), 'TAG=1\n');
      const k8s = await run(['gate', '--k8s', 'k8s.yaml', '-o', 'json'], { cwd: place });
      expect(k8s.code).toBe(2);
      expect(JSON.parse(k8s.stdout).images).toHaveLength(2);
      expect(k8s.stderr).toContain('k8s.yaml: 2 images named; 0 STOP, 2 WARN, 0 GO.');
      const compose = await run(['gate', '--compose', 'compose.yaml'], { cwd: place });
      expect(compose.code).toBe(5);
      expect(compose.stderr).toContain('compose.yaml: 2 images named; 0 STOP, 1 WARN, 0 GO, 1 could not be judged.');
      expect(compose.stderr).toContain('Service c is built');
      const hostile = [
        'dir:/etc',
        '-',
        'docker-archive:x.tar',
        'evidence:x.json',
        './k8s.yaml',
        '/etc',
        `http://${plain}/public/oci:1`,
        'a b',
        '{{ .Values.image }}',
      ];
      writeFileSync(join(place, 'hostile.yaml'), JSON.stringify({ kind: 'Pod', spec: { containers: hostile.map((image) => ({ name: 'c', image })) } }));
      const refused = await run(['gate', '--k8s', 'hostile.yaml', '-o', 'json'], { cwd: place, input: 'no image', env: { HTTPS_PROXY: 'http://127.0.0.1:1' } });
      expect(refused.code).toBe(5);
      const codes = JSON.parse(refused.stdout).images.map(({ reference, error }: { reference: string; error?: { code: string } }) => [reference, error?.code]);
      // `docker-archive:x.tar` and the like can be read as the name of an image of Docker Hub, which can't be reached here.
      expect(codes.filter(([, code]: [string, string]) => code === 'REGISTRY_UNREACHABLE').map(([reference]: [string]) => reference)).toEqual([
        'docker-archive:x.tar',
        'evidence:x.json',
      ]);
      expect(codes.filter(([, code]: [string, string]) => code === 'IMAGE_NOT_FOUND')).toHaveLength(7);
      const both = await run(['gate', '--k8s', 'k8s.yaml', '--compose', 'compose.yaml', '-o', 'json'], { cwd: place });
      expect(JSON.parse(both.stdout).images).toHaveLength(3);
    });
  });
});
