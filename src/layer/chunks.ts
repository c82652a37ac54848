import { closeSync, constants, openSync, readSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { PortcullisError } from '../errors.ts';
import type { LayerSource } from '../model/index.ts';

const CHUNK = 262_144;
/** Chunks after which timers and signals get their turn. */
const TURN = 16;

/**
 * The bytes of a region of a file, in chunks of at most 256 KiB. A chunk is valid until the next is asked for: all are read into the
 * same memory, since new memory for each would have the garbage collector walk everything that is kept, over and over. Whoever reads a
 * layer has nothing else to do meanwhile, so it waits for the disk at once instead of having another thread wait for it.
 * @throws PortcullisError IMAGE_INVALID when the file ends before the region does, IMAGE_UNREADABLE when it can't be read
 */
export async function* fileChunks(source: Extract<LayerSource, { kind: 'file' }>): AsyncGenerator<Buffer> {
  const reading = <T>(read: () => T): T => {
    try {
      return read();
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      throw new PortcullisError('IMAGE_UNREADABLE', `Cannot read ${source.path}: ${code ?? message}.`, { cause: error });
    }
  };
  const file = reading(() => openSync(source.path, constants.O_RDONLY | constants.O_NONBLOCK));
  try {
    let at = source.offset;
    const end = source.offset + source.length;
    const buffer = Buffer.allocUnsafeSlow(Math.min(CHUNK, source.length));
    for (let count = 1; at < end; count++) {
      const bytesRead = reading(() => readSync(file, buffer, 0, Math.min(buffer.length, end - at), at));
      if (bytesRead === 0) {
        throw new PortcullisError('IMAGE_INVALID', `${source.path} ends at byte ${at}, before the layer does.`, {
          hint: 'The file is truncated: copy or save it again.',
        });
      }
      at += bytesRead;
      yield bytesRead === buffer.length ? buffer : buffer.subarray(0, bytesRead);
      if (count % TURN === 0) await setImmediate();
    }
  } finally {
    closeSync(file);
  }
}
