import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { openClamd } from './clamd.ts';
import type { ScanResult } from './scanner.ts';

const version = 'ClamAV 1.4.6/27834/Thu Nov 26 09:22:31 2026';
const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A clamd of a test: what it does with a stream of this many bytes, on which socket. */
type Behaviour = (socket: Socket, content: Buffer) => void;

async function fakeClamd(onStream: Behaviour, answers: Readonly<Record<string, string>> = { VERSION: version, PING: 'PONG' }): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'portcullis-test-'));
  const server: Server = createServer((socket) => {
    let room = Buffer.alloc(1024 * 1024);
    let filled = 0;
    socket.on('error', () => {});
    socket.on('data', (piece) => {
      while (filled + piece.length > room.length) room = Buffer.concat([room, Buffer.alloc(room.length)]);
      filled += piece.copy(room, filled);
      const heard = room.subarray(0, filled);
      const command = heard.subarray(0, heard.indexOf(0)).toString();
      if (command !== 'zINSTREAM') {
        const answer = answers[command.slice(1)];
        if (answer === undefined) socket.destroy();
        else socket.end(`${answer}\0`);
        return;
      }
      onStream(socket, heard.subarray(heard.indexOf(0) + 1));
    });
  });
  const path = join(directory, 'clamd.sock');
  await new Promise<void>((resolve) => server.listen(path, resolve));
  closing.push(() => {
    server.close();
    rmSync(directory, { recursive: true, force: true });
  });
  return path;
}

/** Puts a stream of INSTREAM together; undefined: it isn't complete. */
function contentOf(stream: Buffer): Buffer | undefined {
  const pieces: Buffer[] = [];
  for (let at = 0; at + 4 <= stream.length; ) {
    const length = stream.readUInt32BE(at);
    if (length === 0) return Buffer.concat(pieces);
    if (at + 4 + length > stream.length) return undefined;
    pieces.push(stream.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return undefined;
}

const honest: Behaviour = (socket, stream) => {
  const content = contentOf(stream);
  if (content !== undefined) socket.end(`stream: ${content.includes('bad') ? 'Bad.Thing FOUND' : 'OK'}\0`);
};

async function scanAll(path: string, contents: readonly (string | Buffer)[]): Promise<(ScanResult | undefined)[]> {
  const scanner = await openClamd({ path });
  closing.push(() => void scanner.close());
  const results: (ScanResult | undefined)[] = contents.map(() => undefined);
  for (const [index, content] of contents.entries()) {
    const scan = scanner.scan((result) => {
      results[index] = result;
    });
    const bytes = Buffer.from(content);
    for (let at = 0; at < bytes.length; at += 100_000) {
      scan.write(bytes.subarray(at, at + 100_000));
      await scanner.ready();
    }
    scan.end();
  }
  await scanner.finish();
  await scanner.close();
  return results;
}

describe('a clamd that works', () => {
  test('says what it is, and gives each content its own result', async () => {
    const path = await fakeClamd(honest);
    const scanner = await openClamd({ path });
    expect(scanner.about).toEqual({ kind: 'clamav', name: 'ClamAV 1.4.6', signatures: { version: '27834', asOf: '2026-11-26T09:22:31.000Z' } });
    await scanner.close();
    const contents = Array.from({ length: 200 }, (_, index) => (index % 3 === 0 ? `a bad thing ${index}` : `thing ${index}`));
    const results = await scanAll(path, [...contents, Buffer.alloc(3_000_000, 1)]);
    for (const [index, result] of results.entries()) expect(result?.state).toBe(index < 200 && index % 3 === 0 ? 'infected' : 'clean');
  });

  test('zeros that are skipped are sent, and an abandoned content has no result', async () => {
    const seen: number[] = [];
    const path = await fakeClamd((socket, stream) => {
      const content = contentOf(stream);
      if (content === undefined) return;
      seen.push(content.length);
      socket.end('stream: OK\0');
    });
    const scanner = await openClamd({ path });
    const results: ScanResult[] = [];
    const sparse = scanner.scan((result) => results.push(result));
    sparse.write(Buffer.from('a'));
    sparse.skip(200_000);
    sparse.end();
    const gone = scanner.scan((result) => results.push(result));
    gone.write(Buffer.from('b'));
    gone.abandon();
    await scanner.finish();
    await scanner.close();
    expect([seen, results]).toEqual([[200_001], [{ state: 'clean' }]]);
  });
});

test('closed in the middle of a content, it reports nothing more', async () => {
  const path = await fakeClamd(honest);
  const scanner = await openClamd({ path });
  const results: ScanResult[] = [];
  const scan = scanner.scan((result) => results.push(result));
  scan.write(Buffer.from('bad'));
  await scanner.close();
  scan.end();
  await scanner.finish();
  expect(results).toEqual([]);
});

describe('a clamd that does not', () => {
  test('nobody listens', async () => {
    await expect(openClamd({ path: '/nowhere/clamd.sock' })).rejects.toMatchObject({ code: 'SCANNER_UNAVAILABLE', message: expect.stringContaining('ENOENT') });
  });

  test('something else listens', async () => {
    const path = await fakeClamd(honest, { VERSION: 'HTTP/1.1 400 Bad Request' });
    await expect(openClamd({ path })).rejects.toMatchObject({ code: 'SCANNER_UNAVAILABLE' });
  });

  test('it hangs up in the middle of one content and is there for the others', async () => {
    const path = await fakeClamd((socket, stream) => {
      if (stream.length > 1_000_000) socket.destroy();
      else honest(socket, stream);
    });
    const [large, small] = await scanAll(path, [Buffer.alloc(20_000_000, 1), 'bad']);
    expect([large, small]).toEqual([
      { state: 'unscanned', why: expect.stringMatching(/^clamd gave up on it after \d+ bytes/) },
      { state: 'infected', signature: 'Bad.Thing' },
    ]);
  });

  test('it answers before it has heard everything', async () => {
    const path = await fakeClamd((socket, stream) => {
      if (stream.length > 1_000_000) socket.end('INSTREAM size limit exceeded. ERROR\0');
    });
    expect(await scanAll(path, [Buffer.alloc(20_000_000, 1)])).toMatchObject([{ state: 'unscanned' }]);
  });

  test('it is gone after a content: an error, never a result', async () => {
    let isGone = false;
    const answers: Record<string, string> = { VERSION: version, PING: 'PONG' };
    const path = await fakeClamd((socket) => {
      isGone = true;
      delete answers.PING;
      socket.destroy();
    }, answers);
    await expect(scanAll(path, ['a', 'b', 'c'])).rejects.toMatchObject({ code: 'SCANNER_UNAVAILABLE' });
    expect(isGone).toBe(true);
  });

  test('an answer without an end', async () => {
    const path = await fakeClamd((socket) => void socket.write(Buffer.alloc(100_000, 0x41)));
    expect(await scanAll(path, ['a'])).toMatchObject([{ state: 'unscanned' }]);
  });

  test('a good word before it has heard everything is none', async () => {
    const path = await fakeClamd((socket, stream) => {
      if (stream.length > 1_000_000) socket.end('stream: OK\0');
    });
    expect(await scanAll(path, [Buffer.alloc(20_000_000, 1)])).toEqual([
      { state: 'unscanned', why: expect.stringMatching(/^clamd answered after \d+ bytes, before it had the rest$/) },
    ]);
  });

  test('its last words, without a zero byte, are told', async () => {
    const path = await fakeClamd((socket) => void socket.end('COMMAND READ TIMED OUT\n'));
    expect(await scanAll(path, ['a'])).toEqual([{ state: 'unscanned', why: expect.stringContaining('it says "COMMAND READ TIMED OUT"') }]);
    const cut = await fakeClamd((socket) => void socket.end('stream: OK'));
    expect(await scanAll(cut, ['a'])).toMatchObject([{ state: 'unscanned' }]);
  });

  test.each([
    [true, 'clean'],
    [false, 'unscanned'],
  ])('a large content that it calls clean (it tells of its limits: %s) is %s', async (tells, state) => {
    const path = await fakeClamd((socket, stream) => {
      if (stream.subarray(-4).readUInt32BE() !== 0) return;
      const isProbe = stream.length < 10_000 && stream.readUInt16BE(4) === 0x1f8b;
      socket.end(`stream: ${isProbe && tells ? 'Heuristics.Limits.Exceeded.MaxRecursion FOUND' : 'OK'}\0`);
    });
    expect(await scanAll(path, [Buffer.alloc(27_000_000, 1), Buffer.alloc(20_000, 1)])).toMatchObject([{ state }, { state: 'clean' }]);
  });
});
