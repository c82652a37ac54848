import { viewOf } from './damage.ts';

const walHeaderSize = 32;
const frameHeaderSize = 24;
const walMagics = [0x377f0682, 0x377f0683];
const rollbackMagic = [0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7];

/**
 * Why a write-ahead log (`rpmdb.sqlite-wal`) keeps the main file from being the whole truth; null when it can't:
 * it holds no frame, or its first frame is left from before the log was last restarted, where SQLite stops reading
 * (fileformat2, "WAL File Format").
 */
export function walObjection(bytes: Uint8Array): string | null {
  if (bytes.length <= walHeaderSize) return bytes.length === 0 || bytes.length === walHeaderSize ? null : `it is cut off after ${bytes.length} bytes`;
  const view = viewOf(bytes);
  if (!walMagics.includes(view.getUint32(0))) return 'it does not begin as a write-ahead log, so it may hide changes';
  if (bytes.length < walHeaderSize + frameHeaderSize) return `it is cut off after ${bytes.length} bytes`;
  const stale = view.getUint32(16) !== view.getUint32(walHeaderSize + 8) || view.getUint32(20) !== view.getUint32(walHeaderSize + 12);
  if (stale) return null;
  const frames = Math.floor((bytes.length - walHeaderSize) / (frameHeaderSize + view.getUint32(8)));
  return `it holds ${Math.max(1, frames)} changed pages that may not be in the main file`;
}

/** Why a rollback journal (`rpmdb.sqlite-journal`) keeps the main file from being the truth: it is "hot", so a change was not completed. Null when it is spent. */
export function rollbackObjection(bytes: Uint8Array): string | null {
  const hot = rollbackMagic.every((byte, index) => bytes[index] === byte);
  return hot ? 'a change to the main file was not completed' : null;
}
