import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { writeIn } from './cli.ts';

/** Debian's samples (clamav-testfiles): one harmless program in many packings. */
export const sampleDirectory = '/usr/share/clamav-testfiles';

export const hasClamscan = spawnSync('clamscan', ['--version']).status === 0;
export const hasClamd = spawnSync('clamd', ['--version']).status === 0;
export const hasSamples = existsSync(join(sampleDirectory, 'clam.exe'));

/** The test file that virus scanners agree on (EICAR), put together here so that none finds it in this file. */
export const eicar = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$', 'EICAR-STANDARD-ANTIVIRUS-TEST-FILE!', '$H+H*'].join('');
/** A text that the signatures below know anywhere in a file. */
export const marker = 'own-test-marker-4711';

/** Signatures in ClamAV's own formats: the test file, the marker, and Debian's samples where they are. Gives their directory. */
export function signatures(directory: string): string {
  const hex = (text: string): string => Buffer.from(text).toString('hex');
  writeIn(directory, 'signatures/own.ndb', `Own.Eicar:0:0:${hex(eicar)}\nOwn.Marker:0:*:${hex(marker)}\n`);
  if (hasSamples) {
    const sample = readFileSync(join(sampleDirectory, 'clam.exe'));
    writeIn(directory, 'signatures/own.hdb', `${createHash('md5').update(sample).digest('hex')}:${sample.length}:Own.Sample\n`);
  }
  return join(directory, 'signatures');
}

/** Starts a clamd with these signatures on a socket of its own; gives the socket and the process. */
export async function startClamd(directory: string, database: string, settings = ''): Promise<{ socket: string; process: ChildProcess }> {
  const socket = join(directory, 'clamd.sock');
  const configuration = writeIn(directory, 'clamd.conf', `LocalSocket ${socket}\nDatabaseDirectory ${database}\nForeground yes\n${settings}`);
  const clamd = spawn('clamd', ['-c', configuration], { stdio: 'ignore' });
  for (let tries = 0; !existsSync(socket); tries++) {
    if (tries > 600 || clamd.exitCode !== null) throw new Error(`clamd did not start (${clamd.exitCode})`);
    await delay(50);
  }
  return { socket, process: clamd };
}
