/** A block of one byte repeated (RFC 8878, 3.1.1.2): 4 bytes that make up to 128 KiB. */
export function rleBlock(length: number, last: boolean): Buffer {
  const block = Buffer.alloc(4);
  block.writeUIntLE((length << 3) | 2 | (last ? 1 : 0), 0, 3);
  return block;
}

function rawBlock(bytes: Buffer, last: boolean): Buffer {
  const head = Buffer.alloc(3);
  head.writeUIntLE((bytes.length << 3) | (last ? 1 : 0), 0, 3);
  return Buffer.concat([head, bytes]);
}

/** A frame of blocks with a window descriptor (0x58: 2 MiB) and neither checksum nor content size. */
export function zstdFrame(blocks: readonly Buffer[], window: number): Buffer {
  return Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, window]), ...blocks]);
}

/** A frame that stores bytes as they are. */
export function storedFrame(bytes: Buffer): Buffer {
  const blocks: Buffer[] = [];
  for (let at = 0; at === 0 || at < bytes.length; at += 131_072) blocks.push(rawBlock(bytes.subarray(at, at + 131_072), at + 131_072 >= bytes.length));
  return zstdFrame(blocks, 0x58);
}

export function zstdSkippable(length: number): Buffer {
  const head = Buffer.from([0x53, 0x2a, 0x4d, 0x18, 0, 0, 0, 0]);
  head.writeUInt32LE(length, 4);
  return Buffer.concat([head, Buffer.alloc(length, 0x28)]);
}

/** Chunks that are valid until the next is asked for: all lie in the same memory. */
export async function* chunksOf(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  const chunk = Buffer.alloc(size);
  for (let at = 0; at < bytes.length; at += size) yield chunk.subarray(0, bytes.copy(chunk, 0, at, at + size));
}

export async function bytesOf(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
