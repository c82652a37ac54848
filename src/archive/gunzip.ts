import { constants, gunzipSync } from 'node:zlib';

/**
 * The content of gzip data in memory, all members of it (RFC 1952). Of data that was cut off, what there is.
 * @param most bytes that it may unpack to
 * @throws {GzipError} when it is damaged, or larger
 */
export function gunzip(bytes: Uint8Array, most: number): Buffer {
  try {
    return gunzipSync(bytes, { maxOutputLength: Math.max(most, 1), finishFlush: constants.Z_SYNC_FLUSH });
  } catch (error) {
    const isLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    throw new GzipError(isLarge ? 'limit' : 'damaged', isLarge ? `it unpacks to more than ${most} bytes` : 'its compressed data is damaged');
  }
}

/** `damaged`: no gzip data; `limit`: larger than allowed. */
export class GzipError extends Error {
  readonly reason: 'damaged' | 'limit';
  constructor(reason: 'damaged' | 'limit', message: string) {
    super(message);
    this.name = 'GzipError';
    this.reason = reason;
  }
}
