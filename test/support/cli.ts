import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';

/** The repository's root, with a slash at its end. */
export const repository = fileURLToPath(new URL('../..', import.meta.url));

/** Where the sample images and references lie, if they are there. */
export const shared = join(repository, '..', 'shared');

export interface CommandResult {
  /** null: ended by a signal. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly cwd?: string;
  /** On top of the environment, from which everything named PORTCULLIS_ is taken out. */
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string | Uint8Array;
  /** Milliseconds until it is killed; 60,000 unless said otherwise. */
  readonly timeout?: number;
}

function newest(directory: string): number {
  let time = 0;
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    if (entry.isFile() && !entry.name.endsWith('.test.ts')) time = Math.max(time, statSync(join(entry.parentPath, entry.name)).mtimeMs);
  }
  return time;
}

let isBuilt = false;

/**
 * Builds the command line, once a process, when there is no build or a source is newer. Test files run at the same time: the first
 * takes the lock, the others wait for it.
 */
export function ensureBuilt(): void {
  if (isBuilt) return;
  const built = join(repository, 'dist', 'main.js');
  const isFresh = (): boolean => existsSync(built) && statSync(built).mtimeMs >= newest(join(repository, 'src'));
  const lock = join(repository, '.tmp', 'test-build');
  mkdirSync(join(repository, '.tmp'), { recursive: true });
  for (let waited = 0; !isFresh(); waited++) {
    try {
      mkdirSync(lock);
    } catch {
      // A lock that a killed run left behind doesn't hold for ever.
      if (waited > 600) rmSync(lock, { recursive: true, force: true });
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
      continue;
    }
    try {
      if (isFresh()) break;
      const { status, stderr } = spawnSync(process.execPath, [join(repository, 'scripts', 'build.mjs')], { cwd: repository, encoding: 'utf8' });
      if (status !== 0) throw new Error(`The build failed:\n${stderr}`);
      break;
    } finally {
      rmSync(lock, { recursive: true, force: true });
    }
  }
  isBuilt = true;
}

const leftovers: string[] = [];
afterAll(() => {
  for (const path of leftovers) rmSync(path, { recursive: true, force: true });
});

/** A new empty directory that is removed when the test file has run. */
export function temporaryDirectory(): string {
  const path = mkdtempSync(join(tmpdir(), 'portcullis-test-'));
  leftovers.push(path);
  return path;
}

let stateDirectory: string | undefined;

function environment(given: Readonly<Record<string, string>> | undefined): NodeJS.ProcessEnv {
  if (stateDirectory === undefined) {
    stateDirectory = mkdtempSync(join(tmpdir(), 'portcullis-state-'));
    leftovers.push(stateDirectory);
  }
  const outer = Object.entries(process.env).filter(([name]) => !name.startsWith('PORTCULLIS_') && name !== 'NO_COLOR' && name !== 'FORCE_COLOR');
  const state = { PORTCULLIS_DATA_DIR: join(stateDirectory, 'data'), PORTCULLIS_CACHE_DIR: join(stateDirectory, 'cache'), PORTCULLIS_OFFLINE: '1' };
  return { ...Object.fromEntries(outer), ...state, ...given };
}

/** Runs `bin/portcullis` as a process of its own, without advisories unless `env` names a PORTCULLIS_DATA_DIR. */
export async function portcullis(parameters: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  ensureBuilt();
  const child = spawn(process.execPath, [join(repository, 'bin', 'portcullis'), ...parameters], {
    cwd: options.cwd ?? repository,
    env: environment(options.env),
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: options.timeout ?? 60_000,
    killSignal: 'SIGKILL',
  });
  child.stdin.on('error', () => {}); // it may end before it has read
  child.stdin.end(options.input ?? '');
  const text = async (stream: NodeJS.ReadableStream): Promise<string> => {
    const parts: Buffer[] = [];
    for await (const part of stream) parts.push(part as Buffer);
    return Buffer.concat(parts).toString('utf8');
  };
  const ended = new Promise<Pick<CommandResult, 'code' | 'signal'>>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal }));
  });
  const [stdout, stderr, end] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { ...end, stdout, stderr };
}

/** Whether a program can be started: tests that need it are skipped without it, in plain sight. */
export function hasTool(name: string, ...probe: readonly string[]): boolean {
  const { error } = spawnSync(name, probe.length > 0 ? probe : ['--version'], { stdio: 'ignore' });
  return error === undefined;
}

/** Writes a file into a directory, its parents made; gives its path. */
export function writeIn(directory: string, name: string, content: string | Uint8Array): string {
  const path = join(directory, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, content);
  return path;
}
