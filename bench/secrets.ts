/**
 * How fast secrets are searched for: MB of input in a second of CPU of one core (user time), the median of some runs. Aim: above 50 MB/s
 * for each kind of content. `npm run bench:secrets`; the content is that of this checkout's packages and of Node itself.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import secrets from '../src/catalog/secrets.ts';

const packages = join(fileURLToPath(new URL('..', import.meta.url)), 'node_modules');
const runs = 5;
const most = 40_000_000;

/** Files whose names fit, some tens of MB of them. */
function content(fits: RegExp): Buffer[] {
  const found: Buffer[] = [];
  let bytes = 0;
  for (const entry of readdirSync(packages, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !fits.test(entry.name) || bytes > most) continue;
    const file = readFileSync(join(entry.parentPath, entry.name));
    found.push(file);
    bytes += file.length;
  }
  return found;
}

/** So many times over that it can be measured. */
const repeated = (files: readonly Buffer[]): Buffer[] => {
  const bytes = files.reduce((sum, file) => sum + file.length, 1);
  return Array.from({ length: Math.max(1, Math.ceil(10_000_000 / bytes)) }, () => files).flat();
};

const minified = content(/\.(?:m|c)?js$/).filter((file) => file.length / (file.toString('latin1').split('\n').length + 1) > 500);
const text = content(/\.(?:md|ts|json)$/);
const kinds: readonly (readonly [name: string, path: string, files: readonly Buffer[]])[] = [
  ['text', 'app/notes.txt', text],
  ['configuration', 'app/settings.yaml', text.filter((_, index) => index % 3 === 0)],
  ['source code', 'app/main.ts', content(/\.(?:m|c)?[jt]s$/)],
  ['minified JavaScript', 'app/bundle.min.js', repeated(minified.length > 0 ? minified : content(/\.js$/))],
  ['a program', 'usr/bin/node', [readFileSync(process.execPath).subarray(0, most)]],
  ['text in UTF-16', 'app/notes.reg', text.slice(0, 400).map((file) => Buffer.from(file.toString('latin1'), 'utf16le'))],
  ['text in gzip, unpacked', 'app/notes.gz', [gzipSync(Buffer.concat(text.slice(0, 2000)))]],
];

/** Megabytes a second of user time. */
function measure(path: string, files: readonly Buffer[], bytes: number): number {
  const before = process.cpuUsage();
  for (const file of files) {
    const reader = secrets.pieces?.({ path, mode: 0o644 }, { kind: 'secrets' }, { limits: { facts: 1_000_000, depth: 256 }, fingerprintKey: Buffer.alloc(32) });
    for (let at = 0; at < file.length; at += 262_144) reader?.write(file.subarray(at, at + 262_144));
    for (const _ of reader?.end() ?? []);
  }
  return bytes / Math.max(process.cpuUsage(before).user, 1);
}

for (const [name, path, files] of kinds) {
  const unpacked = path.endsWith('.gz') ? text.slice(0, 2000) : files;
  const bytes = unpacked.reduce((sum, file) => sum + file.length, 0);
  const speeds = Array.from({ length: runs }, () => measure(path, files, bytes)).sort((a, b) => a - b);
  process.stdout.write(`${name.padEnd(24)}${(bytes / 1e6).toFixed(1).padStart(8)} MB${(speeds[Math.floor(runs / 2)] as number).toFixed(0).padStart(8)} MB/s\n`);
}
