import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { defaultLimits, TarReader, type TarSink } from './index.ts';

const directory = mkdtempSync(join(tmpdir(), 'portcullis-sink-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const hasGnuTar = /GNU tar/.test(String(spawnSync('tar', ['--version']).stdout));

interface Taken {
  bytes: Buffer;
  zeros: number;
  failed: string | null;
  ended: boolean;
}

/** Reads an archive in pieces of a size, each file into a sink; the zeros of holes are put in place. */
function take(archive: Buffer, size: number, limits = defaultLimits): Map<string, Taken> {
  const taken = new Map<string, Taken>();
  const reader = new TarReader(({ path }) => {
    const one: Taken = { bytes: Buffer.alloc(0), zeros: 0, failed: null, ended: false };
    taken.set(path, one);
    const sink: TarSink = {
      write: (piece) => {
        one.bytes = Buffer.concat([one.bytes, piece]);
      },
      skip: (zeros) => {
        one.zeros += zeros;
        one.bytes = Buffer.concat([one.bytes, Buffer.alloc(zeros)]);
      },
      fail: (why) => {
        one.failed = why;
      },
      end: () => {
        one.ended = true;
      },
    };
    return sink;
  }, limits);
  for (let at = 0; at < archive.length; at += size) reader.write(archive.subarray(at, at + size));
  reader.end();
  return taken;
}

test.skipIf(!hasGnuTar)('pieces together are the file, holes as numbers: every form of GNU tar’s sparse files (needs GNU tar)', () => {
  const file = openSync(join(directory, 'sparse'), 'w');
  writeSync(file, 'begin', 0);
  writeSync(file, 'middle', 1_000_000);
  writeSync(file, 'end', 3_000_000);
  const content = readFileSync(join(directory, 'sparse'));
  execFileSync('sh', ['-c', 'printf plain > plain; : > empty'], { cwd: directory });
  for (const format of [['--format=gnu'], ...['0.0', '0.1', '1.0'].map((version) => ['--format=posix', `--sparse-version=${version}`])]) {
    const archive = execFileSync('tar', ['-c', '--sparse', ...format, 'sparse', 'plain', 'empty'], { cwd: directory, maxBuffer: 1e8 });
    for (const size of [100, 512, 65_536]) {
      const taken = take(archive, size);
      expect(taken.get('sparse')?.bytes.equals(content)).toBe(true);
      expect(taken.get('sparse')?.zeros).toBeGreaterThan(2_900_000);
      expect(String(taken.get('plain')?.bytes)).toBe('plain');
      expect([...taken.values()].every(({ ended }) => ended)).toBe(true);
    }
    // One that stores more than may be held isn't given at all, and is said to be so.
    const small = take(archive, 4096, { ...defaultLimits, fileBytes: 100 });
    expect(small.get('sparse')).toMatchObject({ failed: expect.stringMatching(/sparse/), ended: false, zeros: 0 });
    expect(small.get('plain')).toMatchObject({ ended: true });
  }
});
