import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { type ErrorCode, PortcullisError } from '../errors.ts';
import { pipeBytes } from '../image/index.ts';

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
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    const isPipe = (await stat(path)).isFIFO(); // `<(…)` of a shell
    for await (const chunk of isPipe ? pipeBytes(path) : (createReadStream(path) as AsyncIterable<Buffer>)) {
      size += chunk.length;
      if (size > MAX_BYTES) throw refuse(`is larger than ${MAX_BYTES} bytes`);
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof PortcullisError) throw error;
    const { code: reason, message } = error as NodeJS.ErrnoException;
    throw refuse(reason === 'ENOENT' ? 'does not exist' : `cannot be read (${reason ?? message})`, error);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.concat(chunks));
  } catch (error) {
    throw refuse('is not UTF-8 text', error);
  }
}
