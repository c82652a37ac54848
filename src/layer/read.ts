import { createHash, type Hash } from 'node:crypto';
import { decompress, detectCompression, type Limits, type TarEntry, TarReader } from '../archive/index.ts';
import { PortcullisError } from '../errors.ts';
import type { Digest, LayerBlob } from '../model/index.ts';
import { fileChunks } from './chunks.ts';
import { readDirectory } from './directory.ts';
import type { LayerRecord, RecordedEntry } from './record.ts';
import { RecordBuilder, type Selector } from './record-builder.ts';

function recorded(entry: TarEntry): RecordedEntry {
  const { path, type, mode, uid, gid, size, linkName, xattrs } = entry;
  const capability = xattrs?.get('security.capability');
  const plain = { path, type, mode, uid, gid, size, linkName };
  // 64 bytes: more than any version of the attribute has (linux/capability.h, struct vfs_ns_cap_data).
  return capability === undefined ? plain : { ...plain, capability: Buffer.from(capability.slice(0, 64), 'latin1').toString('hex') || '00' };
}

function algorithmOf(digest: Digest): string {
  return digest.slice(0, digest.indexOf(':'));
}

/** @throws PortcullisError IMAGE_DIGEST */
function verify(what: string, blob: LayerBlob, expected: Digest, hash: Hash): void {
  const actual = `${algorithmOf(expected)}:${hash.digest('hex')}`;
  if (actual !== expected) {
    throw new PortcullisError('IMAGE_DIGEST', `Layer ${blob.index} is not what the image says: its ${what} is ${actual}, not ${expected}.`, {
      hint: 'The image is damaged or was changed: save or build it again.',
    });
  }
}

/**
 * Reads one layer as a stream, once: verifies, decompresses, walks, and hands the selected files to their readers.
 * Nothing is given out before the whole layer has been verified.
 * @param ready waited for after each piece, by whoever takes contents no faster than it can
 * @throws PortcullisError IMAGE_DIGEST, IMAGE_INVALID, IMAGE_LIMIT, IMAGE_FORMAT, IMAGE_UNREADABLE
 */
export async function readLayer(blob: LayerBlob, select: Selector, limits: Limits, ready?: () => Promise<void>): Promise<LayerRecord> {
  const builder = new RecordBuilder(select, limits);
  if (blob.source.kind === 'directory') {
    await readDirectory(blob.source.path, builder, limits, ready);
    return builder.record();
  }
  const source = blob.source;
  const reader = new TarReader((entry) => builder.add(recorded(entry)), limits);
  const chunks = source.kind === 'stream' ? source.open() : fileChunks(source);
  const blobHash = blob.digest === null ? null : createHash(algorithmOf(blob.digest));
  let diffHash: Hash | null = null;
  let bytes = 0;
  const most = Math.min(limits.layerBytes, Math.max(limits.ratioFrom, source.length * limits.ratio));
  try {
    const first = await chunks.next();
    const compression = detectCompression(first.done ? Buffer.alloc(0) : first.value);
    if (blob.diffId !== null && (compression !== 'none' || blob.digest !== blob.diffId)) diffHash = createHash(algorithmOf(blob.diffId));
    const hashed = (async function* () {
      for (let next = first; !next.done; next = await chunks.next()) {
        blobHash?.update(next.value);
        yield next.value;
      }
    })();
    for await (const chunk of decompress(hashed, compression)) {
      bytes += chunk.length;
      if (bytes > most) {
        throw new PortcullisError('IMAGE_LIMIT', `Layer ${blob.index} unpacks to more than ${most} bytes from ${source.length}, over the limit.`, {
          hint: 'That is the mark of a decompression bomb. Look at what the layer holds before you trust it.',
        });
      }
      diffHash?.update(chunk);
      reader.write(chunk);
      await ready?.();
    }
    reader.end();
  } catch (error) {
    throw inLayer(error, blob);
  } finally {
    await chunks.return(undefined);
  }
  // Bytes after the end of a compressed stream are not handed to the decompressor's output, but belong to the blob.
  if (blob.digest !== null && blobHash !== null) verify('digest', blob, blob.digest, blobHash);
  if (blob.diffId !== null && diffHash !== null) verify('diff id', blob, blob.diffId, diffHash);
  return builder.record();
}

/** Says which layer an archive error is about. */
function inLayer(error: unknown, blob: LayerBlob): unknown {
  if (!(error instanceof PortcullisError) || error.message.startsWith('Layer ')) return error;
  return new PortcullisError(error.code, `Layer ${blob.index}: ${error.message}`, { cause: error, ...(error.hint === null ? {} : { hint: error.hint }) });
}
