import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { PortcullisError } from '../errors.ts';
import type { LayerSource } from '../model/index.ts';

const CHUNK = 262_144;

/**
 * The bytes of a region of a file, in chunks of at most 256 KiB.
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
    while (at < end) {
      const buffer = Buffer.allocUnsafe(Math.min(CHUNK, end - at));
      const { bytesRead } = await file.read(buffer, 0, buffer.length, at).catch(failed);
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
