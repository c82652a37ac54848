import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PortcullisError } from '../errors.ts';
import { CLAMAV_MAX_BYTES, resultOf, scannerFactsOf } from './answer.ts';
import { type Job, ScanQueue } from './scan-queue.ts';
import type { MalwareScanner, ScanResult } from './scanner.ts';

/** Contents and bytes that clamscan gets at once: it loads its signatures each time. */
const BATCH_BYTES = 512 * 1024 * 1024;
const BATCH_FILES = 50_000;
const MAX_OUTPUT = 16 * 1024 * 1024;

/**
 * Every content gets a line, and one that is looked at in part only says so. By itself clamscan passes in silence over files above
 * 100 MB (2000 MB is the most that it takes), over what an archive has beyond 10,000 files, and over what takes two minutes.
 */
const options = [
  '--stdout',
  '--no-summary',
  '--recursive',
  '--alert-exceeds-max=yes',
  '--max-filesize=2000M',
  '--max-scansize=2000M',
  '--max-files=1000000',
  '--max-scantime=600000',
];

interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function unavailable(program: string, why: string): PortcullisError {
  return new PortcullisError('SCANNER_UNAVAILABLE', `${program} cannot be used: ${why}.`, {
    hint: 'Install ClamAV with signatures (freshclam), name others with --clamav-database, or use a running clamd.',
  });
}

/** Runs the program without a shell. @throws PortcullisError SCANNER_UNAVAILABLE when it can't be started */
async function execute(program: string, args: readonly string[], started: (kill: () => void) => void): Promise<Ran> {
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, HOME: process.env.HOME, TMPDIR: process.env.TMPDIR, LC_ALL: 'C' },
  });
  const kill = (): void => {
    child.kill('SIGKILL');
    // A script in its place may have started others, which hold these open.
    child.stdout.destroy();
    child.stderr.destroy();
  };
  started(kill);
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      texts[name] += text;
      if (texts[name].length > MAX_OUTPUT) kill();
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', (error: NodeJS.ErrnoException) => reject(unavailable(program, error.code === 'ENOENT' ? 'there is no such program' : error.message)));
    child.on('close', (status) => resolve({ status, ...texts }));
  });
}

/** The last words of a program that failed. */
function complaint({ stdout, stderr, status }: Ran): string {
  const lines = `${stdout}\n${stderr}`.split('\n').filter((line) => /error|can't|cannot|not supported/i.test(line));
  return (lines.at(-1) ?? `it ended with ${status ?? 'a signal'}`).trim().slice(0, 300).replace(/\.$/, '');
}

/** Contents as files under numbers, in a directory of their own that nobody else may read. */
class Batch {
  readonly #directory: string;
  readonly #jobs: Job[] = [];
  #bytes = 0;
  constructor(directory: string) {
    this.#directory = directory;
  }

  get isFull(): boolean {
    return this.#bytes >= BATCH_BYTES || this.#jobs.length >= BATCH_FILES;
  }

  get isEmpty(): boolean {
    return this.#jobs.length === 0;
  }

  async add(job: Job): Promise<void> {
    const path = join(this.#directory, String(this.#jobs.length));
    let file: number | undefined;
    try {
      // Synchronously: an image has a hundred thousand tiny files, for which waiting takes far longer than writing.
      file = openSync(path, 'wx', 0o600);
      for await (const piece of job.pieces()) {
        writeFileSync(file, piece);
        this.#bytes += piece.length;
      }
    } catch (error) {
      throw unavailable('clamscan', `its files cannot be written to ${tmpdir()} (${(error as Error).message})`);
    } finally {
      if (file !== undefined) closeSync(file);
    }
    if (job.isAbandoned) rmSync(path, { force: true });
    else this.#jobs.push(job);
  }

  /** Scans what was added, reports, and begins anew. @throws PortcullisError SCANNER_UNAVAILABLE */
  async scan(program: string, database: readonly string[], started: (kill: () => void) => void): Promise<void> {
    const ran = await execute(program, [...options, ...database, this.#directory], started);
    const results = new Map<number, ScanResult>();
    for (const line of ran.stdout.split('\n')) {
      const [, number, answer] = line.startsWith(`${this.#directory}/`) ? (/^(\d+): (.+)$/.exec(line.slice(this.#directory.length + 1)) ?? []) : [];
      if (number === undefined || answer === undefined) continue;
      const [result, before] = [resultOf(answer), results.get(Number(number))];
      // Of several lines about one content the worst counts.
      if (before === undefined || before.state === 'clean' || result.state === 'infected') results.set(Number(number), result);
    }
    // 0: nothing found, 1: something found, 2: errors (clamscan(1)).
    if (results.size === 0 || (ran.status !== 0 && ran.status !== 1 && ran.status !== 2)) throw unavailable(program, complaint(ran));
    for (const [number, job] of this.#jobs.entries()) {
      job.report(results.get(number) ?? { state: 'unscanned', why: `clamscan says nothing about it (${complaint(ran)})` });
      rmSync(join(this.#directory, String(number)), { force: true });
    }
    this.#jobs.length = 0;
    this.#bytes = 0;
  }
}

/**
 * ClamAV as a program that is run. It reads files only: contents are put, under numbers, into a directory of their own, some hundred
 * mebibytes at a time, and taken away again.
 * @param program its name, or a path
 * @param database file or directory of signatures; null: those that ClamAV is set up with
 * @throws PortcullisError SCANNER_UNAVAILABLE when it can't be started, or the temporary directory not be written
 */
export async function openClamscan(program: string, database: string | null): Promise<MalwareScanner> {
  const chosen = database === null ? [] : [`--database=${database}`];
  let kill = (): void => {};
  const started = (way: () => void): void => {
    kill = way;
  };
  const version = await execute(program, ['--version', ...chosen], started);
  const about = scannerFactsOf(version.stdout);
  if (about === undefined) throw unavailable(program, complaint(version));
  // Without links in its path, which clamscan may resolve in what it prints. At once, so that a signal finds the listener.
  const directory = mkdtempSync(join(realpathSync(tmpdir()), 'portcullis-scan-'));
  const remove = (): void => {
    kill();
    rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
  };
  // Also where the process ends in the middle.
  process.on('exit', remove);
  let isClosed = false;
  const queue = new ScanQueue(1, async (next) => {
    const batch = new Batch(directory);
    for (let job = await next(); job !== null; job = await next()) {
      await batch.add(job);
      if (batch.isFull && !isClosed) await batch.scan(program, chosen, started);
    }
    if (!batch.isEmpty && !isClosed) await batch.scan(program, chosen, started);
  });
  return {
    about,
    maxBytes: CLAMAV_MAX_BYTES,
    scan: (report) => queue.add(report),
    ready: () => queue.ready(),
    finish: () => queue.finish(),
    close: async () => {
      isClosed = true;
      queue.close();
      kill();
      // Whatever it is that ended the queue: nobody may write to the directory any more.
      await queue.finish().catch(() => {});
      process.off('exit', remove);
      remove();
    },
  };
}
