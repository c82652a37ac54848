import { mkdirSync } from 'node:fs';
import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Evidence } from '../../src/model/index.ts';
import type { RegistryOptions } from '../../src/transport/index.ts';
import { temporaryDirectory } from '../support/cli.ts';
import { ociArchive } from '../support/image-builder.ts';
import { cleanEnvironment, content, makeImage, outcome, readAll, registryOptions } from './images.ts';
import { missingTools, Servers, sha256, startRegistry, tool } from './servers.ts';

test.skipIf(missingTools.length === 0)(`faults of a real registry can't be tried here: ${missingTools.join(', ')} not installed`, () => {});

type What = 'manifest' | 'configuration' | 'layer';
interface Hit {
  readonly what: What;
  /** How often this very thing has been asked for before. */
  readonly before: number;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The registry's whole answer. */
  body(): Promise<Buffer>;
  /** Lets the registry answer. */
  pass(): void;
}

/** Bytes that don't end, no faster than they are read. */
function sendForEver(response: ServerResponse): void {
  const more = (): void => {
    while (!response.destroyed && response.write(Buffer.alloc(65_536, 97)));
    if (!response.destroyed) response.once('drain', more);
  };
  more();
}

describe.skipIf(missingTools.length > 0)('a registry behind a proxy that does harm', () => {
  const servers = new Servers();
  const directory = temporaryDirectory();
  const home = join(directory, 'home');
  const archive = join(directory, 'image.tar');
  let origin: string;
  let proxy: string;
  let expected: Evidence[];
  let configuration: string;
  /** What the proxy does with the requests that it is for. */
  let harm: ((hit: Hit) => void) | null = null;
  const seen = new Map<string, number>();
  const requests: { path: string; range: string | undefined; authorization: string | undefined }[] = [];
  const options = (more: Partial<RegistryOptions> = {}) => registryOptions(cleanEnvironment(home), { plainHttp: [proxy], ...more });

  function forward(incoming: IncomingMessage, use: (answer: IncomingMessage) => void): void {
    const { authorization: _, host: __, connection: ___, ...headers } = incoming.headers;
    const [host, port] = origin.split(':') as [string, string];
    httpRequest({ host, port, path: incoming.url, method: incoming.method, headers }, use).end();
  }

  beforeAll(async () => {
    mkdirSync(home, { recursive: true });
    ociArchive([{ ...makeImage(), tags: ['x:1'] }]).writeTo(archive);
    expected = await readAll(archive, registryOptions(cleanEnvironment(home)));
    configuration = expected[0]?.image.imageId as string;
    origin = await startRegistry(servers, directory, { root: join(directory, 'storage') });
    tool('skopeo', ['copy', '-q', '--insecure-policy', '--dest-tls-verify=false', `oci-archive:${archive}`, `docker://${origin}/app:1`]);
    const { port } = await servers.own((request, response) => {
      const path = request.url ?? '';
      requests.push({ path, range: request.headers.range, authorization: request.headers.authorization });
      const what: What = path.includes('/manifests/') ? 'manifest' : path.endsWith(configuration) ? 'configuration' : 'layer';
      const before = seen.get(path) ?? 0;
      seen.set(path, before + 1);
      const pass = (): void =>
        forward(request, (answer) => {
          response.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(response);
        });
      const body = (): Promise<Buffer> =>
        new Promise((resolve) => {
          forward(request, async (answer) => {
            const parts: Buffer[] = [];
            for await (const part of answer) parts.push(part as Buffer);
            resolve(Buffer.concat(parts));
          });
        });
      if (harm === null) pass();
      else harm({ what, before, request, response, body, pass });
    });
    proxy = `127.0.0.1:${port}`;
  });
  afterEach(() => {
    harm = null;
    seen.clear();
    requests.length = 0;
  });
  afterAll(() => servers.stop());

  const read = (more: Partial<RegistryOptions> = {}) => readAll(`${proxy}/app:1`, options(more));
  /** Does harm to one thing, to all requests or to the first ones. */
  const against = (what: What, times: number, act: (hit: Hit) => void): void => {
    harm = (hit) => (hit.what === what && hit.before < times ? act(hit) : hit.pass());
  };
  const always = Number.POSITIVE_INFINITY;
  const isRead = async (more: Partial<RegistryOptions> = {}): Promise<void> => expect((await read(more)).map(content)).toEqual(expected.map(content));

  test('does none for once', () => isRead());

  describe.each(['manifest', 'configuration', 'layer'] as const)('to the %s', (what) => {
    test.each([408, 429, 500, 502, 503, 504])('answers %d twice, then goes well', async (status) => {
      against(what, 2, ({ response }) => response.writeHead(status).end('try again'));
      await isRead();
    });
    test('answers 500 without end', async () => {
      against(what, always, ({ response }) => response.writeHead(500).end());
      expect(await outcome(read())).toMatch(/^REGISTRY_UNREACHABLE: .*answers 500 \(4 attempts\)/);
    });
    test('closes the connection, then goes well; or never does', async () => {
      against(what, 2, ({ request }) => request.socket.destroy());
      await isRead();
      against(what, always, ({ request }) => request.socket.destroy());
      expect(await outcome(read())).toContain('REGISTRY_UNREACHABLE');
    });
    test('says nothing, then goes well', async () => {
      against(what, 1, () => {});
      await isRead({ limits: { ...options().limits, headersTime: 100 } });
    });
    test('stalls in the middle, then goes well', async () => {
      against(what, 1, async ({ response, body }) => {
        const bytes = await body();
        response.writeHead(200, { 'content-length': bytes.length }).write(bytes.subarray(0, bytes.length / 2));
      });
      await isRead({ limits: { ...options().limits, idleTime: 100 } });
    });
    test('cuts it, with and without an announced length', async () => {
      against(what, 1, async ({ response, body }) => {
        const bytes = await body();
        response.writeHead(200, { 'content-length': bytes.length });
        response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
      });
      await isRead();
      against(what, always, async ({ response, body }) => {
        const bytes = await body();
        response.writeHead(200).end(bytes.subarray(0, bytes.length / 2));
      });
      expect(await outcome(read())).toMatch(what === 'manifest' ? /^IMAGE_INVALID|^IMAGE_DIGEST/ : /^REGISTRY_UNREACHABLE/);
    });
    test('changes one bit', async () => {
      against(what, always, async ({ response, body, request }) => {
        const bytes = await body();
        const at = request.headers.range === undefined ? Math.floor(bytes.length / 2) : 0;
        bytes[at] = (bytes[at] as number) ^ 1;
        response.writeHead(200, { 'docker-content-digest': what === 'manifest' ? (expected[0]?.image.digest ?? sha256('')) : '' }).end(bytes);
      });
      expect(await outcome(read())).toMatch(/^IMAGE_(DIGEST|INVALID)/);
    });
    test('sends something else of the same length', async () => {
      against(what, always, async ({ response, body }) => {
        const bytes = await body();
        response.writeHead(200, { 'docker-content-digest': `sha256:${'0'.repeat(64)}` }).end(Buffer.alloc(bytes.length, 32));
      });
      expect(await outcome(read())).toMatch(what === 'layer' ? /^IMAGE_(DIGEST|INVALID)/ : /^IMAGE_DIGEST/);
    });
    test('sends more than there is', async () => {
      against(what, always, async ({ response, body }) => {
        const bytes = await body();
        response.writeHead(200, { 'docker-content-digest': sha256(bytes) }).end(Buffer.concat([bytes, Buffer.from('more')]));
      });
      expect(await outcome(read())).toMatch(/^REGISTRY_ANSWER|^IMAGE_/);
    });
    test('sends without end', async () => {
      against(what, always, ({ response }) => sendForEver(response.writeHead(200)));
      expect(await outcome(read())).toMatch(what === 'manifest' ? /^IMAGE_LIMIT/ : /^REGISTRY_ANSWER|^IMAGE_/);
    });
    test('announces 100 MB', async () => {
      against(what, always, ({ response }) => sendForEver(response.writeHead(200, { 'content-length': 100_000_000 })));
      expect(await outcome(read())).toMatch(what === 'manifest' ? /^IMAGE_LIMIT/ : /^REGISTRY_ANSWER/);
    });
    test.each([401, 403, 404, 418])('answers %d', async (status) => {
      against(what, always, ({ response }) =>
        response.writeHead(status, { 'www-authenticate': 'Basic realm="x"' }).end('{"errors":[{"code":"NO","message":"no \\u001b[31m"}]}'),
      );
      const code = { 401: 'REGISTRY_DENIED', 403: 'REGISTRY_DENIED', 404: what === 'manifest' ? 'IMAGE_NOT_FOUND' : 'REGISTRY_ANSWER', 418: 'REGISTRY_ANSWER' }[
        status
      ];
      expect(await outcome(read())).toContain(`${code}:`);
    });
    test('redirects in a circle, to what is no URL, to a file', async () => {
      for (const location of ['/v2/', 'http://[', 'file:///etc/passwd', 'http://user:pass@127.0.0.1/x']) {
        against(what, always, ({ response, request }) => response.writeHead(307, { location: location === '/v2/' ? request.url : location }).end());
        expect(await outcome(read())).toMatch(/^REGISTRY_UNREACHABLE: .*redirect/);
      }
    });
  });

  test.each([
    ['says nothing', 'manifest'],
    ['stalls', 'layer'],
  ] as const)('%s without end (the %s)', async (kind, what) => {
    against(what, always, ({ response }) => void (kind === 'stalls' && response.writeHead(200).write(' ')));
    expect(await outcome(read({ limits: { ...options().limits, headersTime: 50, idleTime: 50, attempts: 2 } }))).toMatch(/^REGISTRY_UNREACHABLE/);
  });

  test('throttles: it is slow, and goes well', async () => {
    against('layer', always, async ({ response, body }) => {
      const bytes = await body();
      response.writeHead(200, { 'content-length': bytes.length });
      for (let at = 0; at < bytes.length; at += 60_000) {
        response.write(bytes.subarray(at, at + 60_000));
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      response.end();
    });
    await isRead();
  });

  test('a limit is kept to: what it asks to wait, and no longer than is reasonable', async () => {
    against('manifest', 2, ({ response }) => response.writeHead(429, { 'retry-after': '1' }).end());
    await isRead();
    against('manifest', always, ({ response }) => response.writeHead(429, { 'retry-after': new Date(Date.now() + 3_600_000).toUTCString() }).end());
    const error = await read().catch((reason) => reason);
    expect(error.code).toBe('REGISTRY_LIMITED');
    expect(error.hint).toMatch(/wait 3[56]\d\d seconds/);
  });

  describe('a download that is cut', () => {
    test('goes on where it ended, again and again', async () => {
      against('layer', always, async ({ response, body, request }) => {
        const bytes = await body();
        const status = request.headers.range === undefined ? 200 : 206;
        const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? 'bytes=0-')?.[1]);
        const range = status === 206 ? { 'content-range': `bytes ${from}-${from + bytes.length - 1}/${from + bytes.length}` } : {};
        response.writeHead(status, { 'content-length': bytes.length, ...range });
        if (bytes.length <= 100_000) response.end(bytes);
        else response.write(bytes.subarray(0, 100_000), () => response.destroy());
      });
      await isRead();
      const ranges = requests.flatMap(({ range }) => (range === undefined ? [] : [range]));
      // Whatever had arrived was kept: no range begins at nothing, and none is asked for twice of one layer.
      expect(ranges.length).toBeGreaterThan(1);
      expect(ranges).not.toContain('bytes=0-');
    });
    test('starts anew with a registry that knows no ranges, and is the same', async () => {
      against('layer', 2, async ({ response, body, request }) => {
        if (request.headers.range === undefined) {
          const bytes = await body();
          response.writeHead(200, { 'content-length': bytes.length });
          response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
          return;
        }
        delete request.headers.range;
        const bytes = await body();
        response.writeHead(200, { 'content-length': bytes.length }).end(bytes);
      });
      await isRead();
    });
    test.each([
      ['another part', (from: number, size: number) => `bytes ${from + 1}-${size - 1}/${size}`],
      ['a part of something else', (from: number, size: number) => `bytes ${from}-${size}/${size + 1}`],
      ['no part', () => ''],
    ])('is refused when it goes on with %s', async (_, rangeOf) => {
      harm = async (hit) => {
        const { what, request, response, body, pass } = hit;
        if (what !== 'layer') return pass();
        const { range } = request.headers;
        const bytes = await body();
        if (range === undefined) {
          response.writeHead(200, { 'content-length': bytes.length });
          response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
          return;
        }
        const from = Number(/bytes=(\d+)-/.exec(range)?.[1]);
        response.writeHead(206, { 'content-range': rangeOf(from, from + bytes.length) }).end(bytes);
      };
      expect(await outcome(read())).toMatch(/^REGISTRY_ANSWER: .*another part/);
    });
    test('is refused when it goes on with other bytes', async () => {
      against('layer', always, async ({ request, response, body }) => {
        const bytes = await body();
        if (request.headers.range === undefined) {
          response.writeHead(200, { 'content-length': bytes.length });
          response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
          return;
        }
        const from = Number(/bytes=(\d+)-/.exec(request.headers.range)?.[1]);
        response.writeHead(206, { 'content-range': `bytes ${from}-${from + bytes.length - 1}/${from + bytes.length}` }).end(Buffer.alloc(bytes.length));
      });
      expect(await outcome(read())).toMatch(/^IMAGE_(DIGEST|INVALID)/);
    });
  });

  describe('credentials', () => {
    const login = { username: 'user', password: 'secret' };
    const basic = `Basic ${Buffer.from('user:secret').toString('base64')}`;
    test('go to the registry, never to where it redirects blobs', async () => {
      const elsewhere: (string | undefined)[] = [];
      const { port } = await servers.own((request, response) => {
        elsewhere.push(request.headers.authorization);
        forward(request, (answer) => {
          response.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(response);
        });
      });
      harm = ({ what, request, response, pass }) => {
        if (request.headers.authorization !== basic) response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
        else if (what === 'manifest') pass();
        else response.writeHead(307, { location: `http://127.0.0.1:${port}${request.url}` }).end();
      };
      await isRead({ login });
      expect(elsewhere).toHaveLength(4);
      expect(new Set(elsewhere)).toEqual(new Set([undefined]));
      expect(requests.filter(({ authorization }) => authorization === basic).length).toBeGreaterThan(3);
    });
    test('are asked for by the host that is redirected to in vain', async () => {
      const { port } = await servers.own((_, response) => response.writeHead(401, { 'www-authenticate': 'Basic realm="phish"' }).end());
      const elsewhere: (string | undefined)[] = [];
      harm = ({ what, request, response, pass }) => {
        elsewhere.push(request.headers.authorization);
        if (what === 'manifest') pass();
        else response.writeHead(307, { location: `http://localhost:${port}/blob` }).end();
      };
      expect(await outcome(read({ login }))).toMatch(/^REGISTRY_UNREACHABLE: .*answers 401/);
      expect(new Set(elsewhere)).toEqual(new Set([undefined]));
    });
    test('are not sent to a token service that is no URL, answers rubbish, or redirects', async () => {
      const realms: [string, (request: IncomingMessage, response: ServerResponse) => void][] = [
        ['REGISTRY_ANSWER', (_, response) => void response.end('<html>')],
        ['REGISTRY_ANSWER', (_, response) => void response.end('{}')],
        ['REGISTRY_ANSWER', (_, response) => void response.end('{"token":"a\\nb"}')],
        ['REGISTRY_ANSWER', (_, response) => void response.end('{"token":7}')],
        ['IMAGE_LIMIT', (_, response) => sendForEver(response)],
        ['REGISTRY_DENIED', (_, response) => void response.writeHead(403).end()],
        ['REGISTRY_UNREACHABLE', (_, response) => void response.writeHead(503).end()],
        ['REGISTRY_DENIED', (_, response) => void response.end('{"token":"not-accepted"}')],
      ];
      for (const [code, listener] of realms) {
        const { port } = await servers.own(listener);
        harm = ({ response }) => response.writeHead(401, { 'www-authenticate': `Bearer realm="http://127.0.0.1:${port}/t",service="s"` }).end();
        expect(await outcome(read({ login }))).toContain(`${code}:`);
      }
      for (const realm of ['', 'file:///x', 'nothing', 'http://u:p@127.0.0.1/']) {
        harm = ({ response }) => response.writeHead(401, { 'www-authenticate': `Bearer realm="${realm}"` }).end();
        expect(await outcome(read({ login }))).toContain('REGISTRY_ANSWER:');
      }
      harm = ({ response }) => response.writeHead(401, { 'www-authenticate': 'Negotiate' }).end();
      expect(await outcome(read({ login }))).toContain('REGISTRY_ANSWER:');
      harm = ({ response }) => response.writeHead(401).end();
      expect(await outcome(read({ login }))).toContain('REGISTRY_ANSWER:');
    });
  });

  describe('a manifest', () => {
    const answerWith = (document: unknown, type = 'application/vnd.oci.image.manifest.v1+json') => {
      const bytes = Buffer.from(typeof document === 'string' ? document : JSON.stringify(document));
      against('manifest', always, ({ response }) => response.writeHead(200, { 'content-type': type, 'docker-content-digest': sha256(bytes) }).end(bytes));
    };
    const descriptor = { mediaType: 'application/vnd.oci.image.config.v1+json', digest: sha256('{}'), size: 2 };
    test.each([
      ['that is no JSON', 'hello', 'IMAGE_INVALID'],
      ['that is a list', [], 'IMAGE_INVALID'],
      ['that is both index and image', { schemaVersion: 2, config: descriptor, layers: [], manifests: [] }, 'IMAGE_INVALID'],
      ['that says another type than it is kept as', { schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json', manifests: [] }, 'IMAGE_INVALID'],
      ['of schema 1', { schemaVersion: 1, fsLayers: [] }, 'IMAGE_FORMAT'],
      ['of an unknown type', { schemaVersion: 2, mediaType: 'application/x-thing' }, 'IMAGE_FORMAT'],
      ['with a layer larger than can be', { schemaVersion: 2, config: descriptor, layers: [{ ...descriptor, size: 2 ** 52 }] }, 'REGISTRY_ANSWER'],
      ['with a configuration larger than can be', { schemaVersion: 2, config: { ...descriptor, size: 2 ** 30 }, layers: [] }, 'IMAGE_LIMIT'],
      ['with a digest that leads elsewhere', { schemaVersion: 2, config: { ...descriptor, digest: '../../x' }, layers: [] }, 'IMAGE_INVALID'],
    ])('%s is refused', async (_, document, code) => {
      answerWith(document);
      expect(await outcome(read())).toContain(`${code}:`);
    });
    test('that names itself in a circle ends', async () => {
      // A circle can't be made with true digests, depth can.
      const index = 'application/vnd.oci.image.index.v1+json';
      const documents = new Map<string, Buffer>();
      let child = { ...descriptor };
      for (let depth = 0; depth < 8; depth++) {
        const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: index, manifests: [child] }));
        documents.set(sha256(bytes), bytes);
        child = { mediaType: index, digest: sha256(bytes), size: bytes.length };
      }
      against('manifest', always, ({ response, request }) => {
        const bytes = documents.get(request.url?.split('/').at(-1) ?? '') ?? documents.get(child.digest);
        response.writeHead(200, { 'content-type': index }).end(bytes);
      });
      expect(await outcome(read())).toContain('IMAGE_LIMIT:');
    });
    test('of an index without images is refused', async () => {
      answerWith({ schemaVersion: 2, manifests: [{ mediaType: 'application/x', digest: sha256('x'), size: 1 }] }, 'application/vnd.oci.image.index.v1+json');
      expect(await outcome(read())).toContain('IMAGE_FORMAT:');
    });
    test('with a foreign layer: its address is not asked', async () => {
      let asked = 0;
      const { port } = await servers.own((_, response) => {
        asked++;
        response.end('x');
      });
      const config = Buffer.from(JSON.stringify({ os: 'linux', architecture: 'amd64', rootfs: { type: 'layers', diff_ids: [sha256('x')] } }));
      const mediaType = 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip';
      const layer = { mediaType, digest: sha256('x'), size: 1, urls: [`http://127.0.0.1:${port}/x`] };
      const manifest = Buffer.from(
        JSON.stringify({ schemaVersion: 2, config: { ...descriptor, digest: sha256(config), size: config.length }, layers: [layer] }),
      );
      harm = ({ what, request, response }) => {
        if (what === 'manifest') response.writeHead(200, { 'content-type': 'application/vnd.oci.image.manifest.v1+json' }).end(manifest);
        else if (request.url?.endsWith(sha256(config))) response.end(config);
        else response.writeHead(404).end();
      };
      expect(await outcome(read())).toMatch(/^REGISTRY_ANSWER: .*kept by its publisher elsewhere/);
      expect(asked).toBe(0);
    });
  });

  test('nothing but manifest and configuration is fetched until layers are read', async () => {
    const { listImages } = await import('../../src/image/index.ts');
    const { defaultLimits } = await import('../../src/archive/index.ts');
    const closing: (() => Promise<void>)[] = [];
    const [candidate] = await listImages(`${proxy}/app:1`, {
      platform: null,
      tag: null,
      limits: defaultLimits,
      registry: options(),
      onClose: (close) => void closing.push(close),
    });
    const image = await candidate?.open();
    expect(image?.layers.map(({ source }) => source.kind)).toEqual(['stream', 'stream', 'stream']);
    expect(requests.map(({ path }) => path)).toEqual(['/v2/app/manifests/1', `/v2/app/blobs/${configuration}`]);
    for (const close of closing) await close();
  });

  test('a proxy of the environment is used, but not for this machine', async () => {
    const asked: string[] = [];
    const { port, server } = await servers.own((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      response.writeHead(404).end();
    });
    server.on('connect', (request, socket) => {
      asked.push(`CONNECT ${request.url}`);
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    });
    const env = { HTTPS_PROXY: `http://127.0.0.1:${port}`, HTTP_PROXY: `http://127.0.0.1:${port}` };
    const through = (reference: string, more: Record<string, string> = {}) =>
      outcome(readAll(reference, registryOptions(cleanEnvironment(home, { ...env, ...more }))));
    expect(await through('registry.invalid/x')).toContain('REGISTRY_UNREACHABLE:');
    expect(asked).toContain('CONNECT registry.invalid:443');
    await through('http://registry.invalid/x');
    expect(asked.at(-1)).toContain('http://registry.invalid/v2/x/manifests/latest');
    asked.length = 0;
    await through('registry.invalid/x', { NO_PROXY: '.invalid' });
    await through(`${proxy}/app:1`);
    expect(asked).toEqual([]);
  });
});
