import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type DownloadOptions, download, shownUrl } from './http.ts';

let directory: string;
const servers: Server[] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'portcullis-http-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
const target = (): string => join(directory, 'file');
const errorOf = async (url: string, options: DownloadOptions = {}): Promise<string> =>
  download(url, target(), options).then(
    () => 'done',
    (error) => `${(error as { code?: string }).code}: ${(error as Error).message}`,
  );

describe('a download', () => {
  test('is the body, with the time of its state', async () => {
    const url = await serve((request, response) => {
      expect(request.headers['accept-encoding']).toBe('identity');
      response.writeHead(200, { 'last-modified': 'Mon, 04 May 2026 03:02:01 GMT' }).end('hello');
    });
    expect(await download(url, target())).toEqual({ bytes: 5, lastModified: '2026-05-04T03:02:01.000Z' });
    expect(readFileSync(target(), 'utf8')).toBe('hello');
  });
  test('has no time where the server states none, or rubbish', async () => {
    const url = await serve((request, response) => response.writeHead(200, request.url === '/a' ? {} : { 'last-modified': 'long ago' }).end('x'));
    expect((await download(`${url}/a`, target())).lastModified).toBeNull();
    expect((await download(`${url}/b`, join(directory, 'other'))).lastModified).toBeNull();
  });
  test('follows redirects, relative ones too, up to the limit', async () => {
    const url = await serve((request, response) => {
      const left = Number(request.url?.slice(1));
      if (left > 0) response.writeHead(302, { location: `/${left - 1}` }).end();
      else response.end('there');
    });
    expect((await download(`${url}/5`, target())).bytes).toBe(5);
    expect(await errorOf(`${url}/6`)).toContain('FEED_NOT_FOUND');
    expect(await errorOf(`${url}/6`)).toContain('more than 5 redirects');
  });
});

describe('is refused, with a reason', () => {
  test('no http address, a redirect to none', async () => {
    for (const address of ['ftp://x/y', 'file:///etc/passwd', 'x']) expect(await errorOf(address)).toContain('USAGE');
    expect(await errorOf(await serve((_, response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end()))).toContain('no http or https URL');
  });
  test('an answer that is none', async () => {
    expect(await errorOf(await serve((_, response) => response.writeHead(404).end()))).toContain('answers 404');
    expect(await errorOf(await serve((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('x')))).toContain('encoding gzip');
    expect(await errorOf('http://127.0.0.1:1/')).toMatch(/FEED_NOT_FOUND: .*ECONNREFUSED/);
  });
  test('too large, announced or not', async () => {
    const announced = await serve((_, response) => response.writeHead(200, { 'content-length': 1000 }).end('x'.repeat(1000)));
    const endless = await serve((_, response) => {
      const send = (): void => {
        while (!response.destroyed && response.write('x'.repeat(10_000)));
        if (!response.destroyed) response.once('drain', send);
      };
      send();
    });
    expect(await errorOf(announced, { limits: { bytes: 999 } })).toContain('larger than 999 bytes');
    expect(await errorOf(endless, { limits: { bytes: 100_000 } })).toContain('larger than 100000 bytes');
  });
  test('cut off, or stalled', async () => {
    const cut = await serve((_, response) => {
      response.writeHead(200, { 'content-length': 1000 });
      response.write('half', () => response.destroy());
    });
    expect(await errorOf(cut)).toContain('FEED_NOT_FOUND');
    const stalled = await serve((_, response) => void response.writeHead(200, { 'content-length': 1000 }).write('half'));
    rmSync(target(), { force: true });
    expect(await errorOf(stalled, { limits: { idleTime: 100 } })).toContain('FEED_NOT_FOUND');
    const silent = await serve(() => {});
    expect(await errorOf(silent, { limits: { headersTime: 100 } })).toContain('FEED_NOT_FOUND');
  });
  test('credentials of the address are not shown', async () => {
    const url = await serve((_, response) => response.writeHead(403).end());
    const message = await errorOf(`${url.replace('//', '//user:secret@')}/x?token=secret`);
    expect(message).not.toContain('secret');
    expect(shownUrl('https://user:secret@host:1/a%20b?x#y')).toBe('https://host:1/a%20b');
  });
});

test('an interrupted download ends with the reason of the interruption', async () => {
  const url = await serve((_, response) => void response.writeHead(200).write('x'));
  const controller = new AbortController();
  setTimeout(() => controller.abort(new Error('enough')), 50);
  await expect(download(url, target(), { signal: controller.signal })).rejects.toThrow('enough');
});

test('goes through the proxy of the environment', async () => {
  const asked: string[] = [];
  const proxy = await serve((request, response) => {
    asked.push(request.url ?? '');
    response.end('through');
  });
  proxyTunnel(servers.at(-1) as Server, asked);
  process.env.HTTP_PROXY = proxy;
  try {
    const result = await download('http://feeds.invalid/all.zip', target()).catch((error) => error);
    expect(asked.length, String(result)).toBeGreaterThan(0);
    expect(asked.join(' ')).toContain('feeds.invalid');
  } finally {
    delete process.env.HTTP_PROXY;
  }
  expect(existsSync(directory)).toBe(true);
});

/** undici asks for a tunnel even for http: answered here by the proxy itself. */
function proxyTunnel(server: Server, asked: string[]): void {
  server.on('connect', (request, socket) => {
    asked.push(request.url ?? '');
    socket.end('HTTP/1.1 502 no\r\n\r\n');
  });
}
