import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openClamav, parseClamavPlace } from './clamav.ts';

const directory = mkdtempSync(join(tmpdir(), 'portcullis-test-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

test.each([
  ['clamscan', { kind: 'clamscan', program: 'clamscan', database: null }],
  ['unix:/run/x.sock', { kind: 'clamd', address: { path: '/run/x.sock' } }],
  ['unix:///run/x.sock', { kind: 'clamd', address: { path: '/run/x.sock' } }],
  ['tcp:scanner.example:3310', { kind: 'clamd', address: { host: 'scanner.example', port: 3310 } }],
  ['tcp://127.0.0.1:3310', { kind: 'clamd', address: { host: '127.0.0.1', port: 3310 } }],
  ['tcp:[::1]:3310', { kind: 'clamd', address: { host: '::1', port: 3310 } }],
])('%s', (where, place) => {
  expect(parseClamavPlace(where, null)).toEqual(place);
});

test.each(['clam', 'tcp:host', 'tcp:host:port', 'tcp:host:99999', 'unix:', '/nowhere/clamd.sock', 'https://example.org'])('%s is refused', (where) => {
  expect(() => parseClamavPlace(where, null)).toThrow(expect.objectContaining({ code: 'USAGE' }));
});

test('signatures of one’s own belong to clamscan', () => {
  expect(parseClamavPlace('clamscan', directory)).toEqual({ kind: 'clamscan', program: 'clamscan', database: directory });
  expect(() => parseClamavPlace('clamscan', join(directory, 'none'))).toThrow(expect.objectContaining({ code: 'USAGE' }));
  expect(() => parseClamavPlace('unix:/run/x.sock', '/db')).toThrow(expect.objectContaining({ code: 'USAGE' }));
});

test('a program that is not there, and one that is not ClamAV', async () => {
  await expect(openClamav({ kind: 'clamscan', program: join(directory, 'none'), database: null })).rejects.toMatchObject({ code: 'SCANNER_UNAVAILABLE' });
  const other = join(directory, 'clamscan');
  writeFileSync(other, '#!/bin/sh\necho "Hello 1.0"\n', { mode: 0o755 });
  expect(parseClamavPlace(other, null)).toMatchObject({ kind: 'clamscan', program: other });
  await expect(openClamav(parseClamavPlace(other, null))).rejects.toMatchObject({ code: 'SCANNER_UNAVAILABLE' });
});
