import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type Fields, recordsArchive, temporaryDirectory } from './advisories.fixture.ts';

/** What a server does wrong with one request. */
export type Fault =
  | 'stall' // sends headers and the beginning, then nothing
  | 'silent' // never answers
  | 'cut' // closes in the middle
  | 'too-long' // announces more than it sends
  | 'too-short' // announces less than it sends
  | 'busy' // 503
  | 'garbage'; // other bytes of the same length

/** A server in the layout of OSV's bucket, on this machine; close it. */
export class BucketServer {
  /** `METHOD path`, with `range` where one was asked for. */
  readonly requests: string[] = [];
  /** By path, one a request; `always` never ends. */
  readonly faults = new Map<string, { faults: Fault[]; always?: Fault }>();
  readonly #files = new Map<string, { bytes: Buffer; modified: string }>();
  readonly #server = createServer((request, response) => this.#answer(request, response));

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  put(path: string, bytes: Buffer | string, modified = 'Mon, 04 May 2026 03:02:01 GMT'): void {
    this.#files.set(path, { bytes: Buffer.from(bytes), modified });
  }

  remove(path: string): void {
    this.#files.delete(path);
  }

  /** Lays out ecosystems: archives, single records and lists, each record with its `modified`. */
  lay(ecosystems: Readonly<Record<string, readonly Fields[]>>, modified?: string): void {
    for (const [name, records] of Object.entries(ecosystems)) {
      const folder = `/${encodeURIComponent(name)}`;
      const archive = join(temporaryDirectory(), 'all.zip');
      recordsArchive(archive, records);
      this.put(`${folder}/all.zip`, readFileSync(archive), modified);
      for (const record of records) this.put(`${folder}/${encodeURIComponent(`${record.id}.json`)}`, JSON.stringify(record), modified);
      const lines = records.map((record) => `${record.modified},${record.id}\n`).sort();
      this.put(`${folder}/modified_id.csv`, lines.reverse().join(''), modified);
    }
    const known = [...this.#files.keys()].filter((path) => path.endsWith('/all.zip')).map((path) => decodeURIComponent(path.split('/')[1] ?? ''));
    this.put('/ecosystems.txt', `${known.join('\n')}\n`, modified);
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const path = (request.url ?? '').replace(/^http:\/\/[^/]+/, '');
    const { range } = request.headers;
    this.requests.push(`${request.method} ${path}${range === undefined ? '' : ` ${range}`}`);
    const planned = this.faults.get(path);
    const fault = request.method === 'HEAD' ? undefined : (planned?.faults.shift() ?? planned?.always);
    const file = this.#files.get(path);
    if (fault === 'silent') return;
    if (fault === 'busy') return void response.writeHead(503, { 'retry-after': '0' }).end();
    if (file === undefined) return void response.writeHead(404).end('none');
    const etag = `"${createHash('sha256').update(file.bytes).digest('hex').slice(0, 16)}"`;
    const isSame = request.headers['if-range'] === undefined || request.headers['if-range'] === etag || request.headers['if-range'] === file.modified;
    const start = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
    const isPart = range !== undefined && isSame;
    if (isPart && start >= file.bytes.length) return void response.writeHead(416, { 'content-range': `bytes */${file.bytes.length}` }).end();
    const whole = fault === 'garbage' ? Buffer.alloc(file.bytes.length, 7) : file.bytes;
    const body = isPart ? whole.subarray(start) : whole;
    const announced = body.length + (fault === 'too-long' ? 1000 : fault === 'too-short' ? -Math.ceil(body.length / 2) : 0);
    const headers = { etag, 'last-modified': file.modified, 'content-length': announced, 'accept-ranges': 'bytes' };
    const size = file.bytes.length;
    response.writeHead(isPart ? 206 : 200, isPart ? { ...headers, 'content-range': `bytes ${start}-${size - 1}/${size}` } : headers);
    if (request.method === 'HEAD') return void response.end();
    // Never more than half of the file, whatever part is asked for.
    const half = body.subarray(0, Math.max(0, Math.ceil(size / 2) - (isPart ? start : 0)));
    if (fault === 'stall') return void response.write(half);
    if (fault === 'cut') {
      response.write(half);
      setTimeout(() => response.destroy(), 60);
      return;
    }
    if (fault === 'too-long') return void response.write(body, () => response.destroy());
    if (fault === 'too-short') {
      response.socket?.write(body);
      return void response.socket?.end();
    }
    response.end(body);
  }
}
