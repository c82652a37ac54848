import { spawn } from 'node:child_process';
import type { Credentials } from './credentials.ts';

const TIME = 30_000;
const MAX_OUTPUT = 1024 * 1024;

interface Ended {
  readonly code: number | null;
  readonly output: Buffer;
  readonly failure?: string;
}

/** Runs `docker-credential-NAME get` without a shell. Its standard error is not shown: it may hold secrets. */
function run(program: string, input: string, env: NodeJS.ProcessEnv): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(program, ['get'], { env, stdio: ['pipe', 'pipe', 'ignore'], shell: false });
    const parts: Buffer[] = [];
    let size = 0;
    let failure: string | undefined;
    const stop = (why: string): void => {
      failure ??= why;
      child.kill('SIGKILL');
      // A helper's own children may hold the pipe open: it is not waited for.
      child.stdout.destroy();
    };
    const timer = setTimeout(() => stop(`did not answer within ${TIME / 1000} seconds`), TIME);
    const done = (ended: Ended): void => {
      clearTimeout(timer);
      resolve(ended);
    };
    child.on('error', (error: NodeJS.ErrnoException) =>
      done({
        code: null,
        output: Buffer.alloc(0),
        failure: error.code === 'ENOENT' ? 'is not installed' : `can't be started (${error.code ?? error.message})`,
      }),
    );
    child.stdout.on('data', (part: Buffer) => {
      size += part.length;
      if (size > MAX_OUTPUT) stop('answers without end');
      else parts.push(part);
    });
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    child.on('close', (code) => done({ code, output: Buffer.concat(parts), ...(failure === undefined ? {} : { failure }) }));
  });
}

/**
 * Asks a credential helper (docker-credential-helpers' protocol) for the credentials of a server.
 * @returns null when it has none; a sentence without full stop when it can't be asked
 */
export async function askCredentialHelper(
  name: string,
  serverUrl: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Credentials | null | string> {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name)) return 'the name of a credential helper is not one';
  const program = `docker-credential-${name}`;
  const { code, output, failure } = await run(program, `${serverUrl}\n`, env as NodeJS.ProcessEnv);
  if (failure !== undefined) return `the credential helper ${program} ${failure}`;
  const text = output.toString('utf8');
  if (code !== 0) return /credentials not found|no credentials server URL/i.test(text) ? null : `the credential helper ${program} failed for ${serverUrl}`;
  try {
    const { Username: username, Secret: secret } = JSON.parse(text) as { Username?: unknown; Secret?: unknown };
    if (typeof username !== 'string' || typeof secret !== 'string') return `the credential helper ${program} gives an answer without Username and Secret`;
    if (username === '' && secret === '') return null;
    return username === '<token>' ? { kind: 'identity', token: secret } : { kind: 'password', username, password: secret };
  } catch {
    return `the credential helper ${program} gives no JSON`;
  }
}
