import { open } from 'node:fs/promises';
import { type ErrorCode, PortcullisError } from '../errors.ts';

const MAX_BYTES = 16 * 1024 * 1024;

/**
 * A text file that the caller names. A byte order mark is left for the reader of the format.
 * @throws PortcullisError with the given code when it can't be read, is too large or isn't UTF-8
 */
export async function readTextFile(path: string, what: string, code: ErrorCode, hint?: string): Promise<string> {
  const refuse = (why: string, cause?: unknown): PortcullisError =>
    new PortcullisError(code, `${what} ${path} ${why}.`, {
      hint: hint ?? 'Check the path and what is in the file.',
      ...(cause === undefined ? {} : { cause }),
    });
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    throw refuse(error.code === 'ENOENT' ? 'does not exist' : `cannot be read (${error.code ?? error.message})`, error);
  });
  try {
    const chunks: Buffer[] = [];
    let size = 0;
    for (;;) {
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(65_536), 0, 65_536, null);
      if (bytesRead === 0) break;
      size += bytesRead;
      if (size > MAX_BYTES) throw refuse(`is larger than ${MAX_BYTES} bytes`);
      chunks.push(buffer.subarray(0, bytesRead));
    }
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.concat(chunks));
    } catch (error) {
      throw refuse('is not UTF-8 text', error);
    }
  } catch (error) {
    if (error instanceof PortcullisError) throw error;
    throw refuse(`cannot be read (${(error as NodeJS.ErrnoException).code ?? (error as Error).message})`, error);
  } finally {
    await file.close();
  }
}
