import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openClamscan } from './clamscan.ts';
import type { ScanResult } from './scanner.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'portcullis-test-'));
  mkdirSync(join(directory, 'tmp'));
  // As on macOS, where the temporary directory's path has a link in it.
  symlinkSync('tmp', join(directory, 'link'));
  vi.stubEnv('TMPDIR', join(directory, 'link'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(directory, { recursive: true, force: true });
});

/** A program in clamscan's place: what a shell does with the directory `$at` of the contents. */
function program(scan: string): string {
  const path = join(directory, 'clamscan');
  const text = `#!/bin/sh\ncase "$1" in --version) echo 'ClamAV 1.4.6'; exit;; esac\nfor at; do :; done\n${scan}\n`;
  writeFileSync(path, text, { mode: 0o755 });
  return path;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function scanAll(scan: string, contents: readonly string[]): Promise<(ScanResult | undefined)[]> {
  const scanner = await openClamscan(program(scan), null);
  try {
    const results: (ScanResult | undefined)[] = contents.map(() => undefined);
    for (const [index, content] of contents.entries()) {
      const one = scanner.scan((result) => {
        results[index] = result;
      });
      one.write(Buffer.from(content));
      one.end();
    }
    await scanner.finish();
    return results;
  } finally {
    await scanner.close();
    expect(readdirSync(join(directory, 'tmp'))).toEqual([]);
  }
}

test('each content gets its own line, whatever stands between them', async () => {
  const lines = [
    'LibClamAV Warning: *** The virus database is older than 7 days! ***',
    '$at/1: Heuristics.Phishing.Email.SpoofedDomain FOUND',
    '$at/0: OK',
    '$at/3: Access denied',
    '/elsewhere/2: OK',
    '$at/2: A name with: OK FOUND',
    '$at/4: Excluded',
    '$at/9: OK',
  ];
  expect(await scanAll(`cd / && at=$(cd "$at" && pwd -P)\n${lines.map((line) => `echo "${line}"`).join('\n')}\nexit 1`, ['a', 'b', 'c', 'd', 'e'])).toEqual([
    { state: 'clean' },
    { state: 'infected', signature: 'Heuristics.Phishing.Email.SpoofedDomain' },
    { state: 'infected', signature: 'A name with: OK' },
    { state: 'unscanned', why: 'ClamAV says: Access denied' },
    { state: 'unscanned', why: 'ClamAV says: Excluded' },
  ]);
});

test('of several lines about a content the worst counts', async () => {
  const lines = ['0: One FOUND', '0: Heuristics.Limits.Exceeded.MaxFiles FOUND', '0: OK', '1: OK', '1: Too hard ERROR', '2: Too hard ERROR', '2: OK'];
  expect(await scanAll(`${lines.map((line) => `echo "$at/${line}"`).join('\n')}\nexit 2`, ['a', 'b', 'c'])).toMatchObject([
    { state: 'infected', signature: 'One' },
    { state: 'unscanned' },
    { state: 'unscanned' },
  ]);
});

test('a content that it says nothing about was not scanned', async () => {
  expect(await scanAll('echo "$at/0: OK"; echo "ERROR: cannot read on" >&2; exit 2', ['a', 'b'])).toEqual([
    { state: 'clean' },
    { state: 'unscanned', why: 'clamscan says nothing about it (ERROR: cannot read on)' },
  ]);
});

test.each([
  ['no word at all', 'exit 0'],
  ['a strange end', 'echo "$at/0: OK"; exit 40'],
  ['killed', 'echo "$at/0: OK"; kill -9 $$'],
])('%s is an error', async (_, scan) => {
  await expect(scanAll(scan, ['a'])).rejects.toMatchObject({ code: 'SCANNER_UNAVAILABLE' });
});

test('closed while it runs, it and what it started hold nobody up, and nothing is left', async () => {
  const pid = join(directory, 'pid');
  const scanner = await openClamscan(program(`echo $$ > ${pid}.new; mv ${pid}.new ${pid}\n(sleep 5) & wait`), null);
  const results: ScanResult[] = [];
  const scan = scanner.scan((result) => results.push(result));
  scan.write(Buffer.from('a'));
  scan.end();
  const finished = scanner.finish().catch((error: unknown) => error);
  while (!existsSync(pid)) await delay(10);
  await scanner.close();
  await finished;
  expect([results, isRunning(Number(readFileSync(pid, 'utf8'))), readdirSync(join(directory, 'tmp'))]).toEqual([[], false, []]);
});

test('closed while contents are still written, nothing is left', async () => {
  const scanner = await openClamscan(program('exit 1'), null);
  for (let index = 0; index < 50; index++) {
    const scan = scanner.scan(() => {});
    scan.write(Buffer.alloc(10_000));
    scan.end();
  }
  await delay(1);
  await scanner.close();
  await scanner.close();
  expect(readdirSync(join(directory, 'tmp'))).toEqual([]);
});
