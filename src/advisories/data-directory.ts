import { mkdir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { PortcullisError } from '../errors.ts';

/**
 * Where data lies that belongs to the user: `PORTCULLIS_DATA_DIR`, else `$XDG_DATA_HOME/portcullis`, else
 * `~/.local/share/portcullis` (XDG Base Directory specification: a relative XDG_DATA_HOME is ignored).
 */
export function defaultDataDir(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const own = env.PORTCULLIS_DATA_DIR;
  if (own !== undefined && own !== '') return resolve(own);
  const xdg = env.XDG_DATA_HOME;
  return join(xdg?.startsWith('/') ? xdg : join(homedir(), '.local', 'share'), 'portcullis');
}

/** The folder of the advisory store in a data directory. */
export function advisoriesDir(dataDir: string): string {
  return join(resolve(dataDir), 'advisories');
}

/**
 * Creates the store's folder, and what is missing above it, for the user alone (0700), and checks it like `checkPrivate`.
 * @throws {PortcullisError} STORE_UNREADABLE
 */
export async function createAdvisoriesDir(dataDir: string): Promise<string> {
  const path = advisoriesDir(dataDir);
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new PortcullisError('STORE_UNREADABLE', `The directory ${path} can't be created: ${messageOf(cause)}.`, {
      hint: 'Set PORTCULLIS_DATA_DIR to a directory that you can write.',
      cause,
    });
  }
  await checkPrivate(dataDir);
  return path;
}

/**
 * Whether the store's folder exists, and belongs to this user alone: what others can change is no ground for a verdict.
 * Checks the data directory and the store's folder in it.
 * @throws {PortcullisError} STORE_UNREADABLE when others own or can write one of them
 */
export async function checkPrivate(dataDir: string): Promise<boolean> {
  for (const path of [resolve(dataDir), advisoriesDir(dataDir)]) {
    let status: Awaited<ReturnType<typeof stat>>;
    try {
      status = await stat(path);
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return false;
      throw new PortcullisError('STORE_UNREADABLE', `The directory ${path} can't be read: ${messageOf(cause)}.`, {
        hint: 'Set PORTCULLIS_DATA_DIR to a directory of your own.',
        cause,
      });
    }
    if (!status.isDirectory()) {
      throw new PortcullisError('STORE_UNREADABLE', `${path} is not a directory.`, { hint: 'Move it away, or set PORTCULLIS_DATA_DIR to another directory.' });
    }
    const user = process.getuid?.();
    if (user !== undefined && status.uid !== user) {
      throw new PortcullisError('STORE_UNREADABLE', `The directory ${path} belongs to another user, so the advisories in it aren't trusted.`, {
        hint: 'Set PORTCULLIS_DATA_DIR to a directory of your own.',
      });
    }
    if ((status.mode & 0o022) !== 0) {
      throw new PortcullisError('STORE_UNREADABLE', `The directory ${path} can be written by others, so the advisories in it aren't trusted.`, {
        hint: `Take that permission away (chmod go-w ${path}), or set PORTCULLIS_DATA_DIR to another directory.`,
      });
    }
  }
  return true;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
