import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import { decompress as zstd } from 'fzstd';
import { extract } from 'tar-stream';
import type { Image } from '../../src/model/index.ts';

function uncompressed(bytes: Buffer): Buffer {
  if (bytes.readUInt16BE(0) === 0x1f8b) return gunzipSync(bytes);
  return bytes.readUInt32LE(0) === 0xfd2fb528 ? Buffer.from(zstd(bytes)) : bytes;
}

/**
 * What the topmost layer that has a regular file at this path holds there, read with another tar reader than ours.
 * It knows nothing of whiteouts and links: use it for files that are written plainly. Undefined: no layer has it.
 */
export async function topmostFile(image: Image, path: string): Promise<string | undefined> {
  let found: string | undefined;
  for (const { source } of image.layers) {
    if (source.kind !== 'file') continue;
    const layer = uncompressed(readFileSync(source.path).subarray(source.offset, source.offset + source.length));
    const entries = Readable.from([layer]).pipe(extract());
    for await (const entry of entries) {
      const parts: Buffer[] = [];
      for await (const part of entry) parts.push(part as Buffer);
      if (entry.header.type === 'file' && entry.header.name.replace(/^\.?\//, '') === path) found = Buffer.concat(parts).toString('utf8');
    }
  }
  return found;
}
