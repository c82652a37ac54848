import { createHash } from 'node:crypto';
import { PortcullisError } from '../errors.ts';
import type { LayerBlob } from '../model/index.ts';
import { fileChunks } from './chunks.ts';

/**
 * Checks a layer's stored bytes against its digest without unpacking them: enough where what they unpack to is known.
 * @throws PortcullisError IMAGE_DIGEST, IMAGE_INVALID, IMAGE_UNREADABLE
 */
export async function verifyBlob(blob: LayerBlob): Promise<void> {
  if (blob.source.kind !== 'file' || blob.digest === null) return;
  const algorithm = blob.digest.slice(0, blob.digest.indexOf(':'));
  const hash = createHash(algorithm);
  for await (const chunk of fileChunks(blob.source)) hash.update(chunk);
  const actual = `${algorithm}:${hash.digest('hex')}`;
  if (actual !== blob.digest) {
    throw new PortcullisError('IMAGE_DIGEST', `Layer ${blob.index} is not what the image says: its digest is ${actual}, not ${blob.digest}.`, {
      hint: 'The image is damaged or was changed: save or build it again.',
    });
  }
}
