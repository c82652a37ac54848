import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { PortcullisError } from '../errors.ts';
import type { LayerSource } from '../model/index.ts';

const CHUNK = 262_144;

/**
 * The bytes of a region of a file, in chunks of at most 256 KiB. A chunk is valid until the next is asked for: all are read into the
 * same memory, since new memory for each would have the garbage collector walk everything that is kept, over and over.
 * @throws PortcullisError IMAGE_INVALID when the file ends before the region does, IMAGE_UNREADABLE when it can't be read
 */
export async function* fileChunks(source: Extract<LayerSource, { kind: 'file' }>): AsyncGenerator<Buffer> {
  const failed = (error: NodeJS.ErrnoException): never => {
    throw new PortcullisError('IMAGE_UNREADABLE', `Cannot read ${source.path}: ${error.code ?? error.message}.`, { cause: error });
  };
  const file = await open(source.path, constants.O_RDONLY | constants.O_NONBLOCK).catch(failed);
  try {
    let at = source.offset;
    const end = source.offset + source.length;
    const buffer = Buffer.allocUnsafeSlow(Math.min(CHUNK, source.length));
    while (at < end) {
      const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, end - at), at).catch(failed);
      if (bytesRead === 0) {
        throw new PortcullisError('IMAGE_INVALID', `${source.path} ends at byte ${at}, before the layer does.`, {
          hint: 'The file is truncated: copy or save it again.',
        });
      }
      at += bytesRead;
      yield bytesRead === buffer.length ? buffer : buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}
