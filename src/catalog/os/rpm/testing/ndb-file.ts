import { adler32 } from '../ndb.ts';

/** Writes an NDB `Packages.db` of these blobs, with packages numbered from 1, blobs from last to first and a free slot after each. */
export function ndbFile(blobs: readonly Uint8Array[]): Buffer {
  const slotPages = Math.ceil((blobs.length * 2 + 2) / 256);
  const slots = Buffer.alloc(slotPages * 4096);
  for (const [index, value] of ['RpmP', 0, 7, slotPages, blobs.length + 1].entries()) {
    if (typeof value === 'string') slots.write(value, index * 4, 'latin1');
    else slots.writeUInt32LE(value, index * 4);
  }
  for (let at = 32; at < slots.length; at += 16) slots.write('Slot', at, 'latin1');
  const written: Buffer[] = [slots];
  let offset = slots.length;
  for (let number = blobs.length; number > 0; number--) {
    const blob = blobs[number - 1] as Uint8Array;
    const size = Math.ceil((blob.length + 28) / 16) * 16;
    const bytes = Buffer.alloc(size);
    bytes.write('BlbS', 0, 'latin1');
    bytes.writeUInt32LE(number, 4);
    bytes.writeUInt32LE(7, 8);
    bytes.writeUInt32LE(blob.length, 12);
    bytes.set(blob, 16);
    bytes.writeUInt32LE(adler32(bytes.subarray(0, size - 12)), size - 12);
    bytes.writeUInt32LE(blob.length, size - 8);
    bytes.write('BlbE', size - 4, 'latin1');
    const slot = 32 + (number - 1) * 32;
    for (const [index, value] of [number, offset / 16, size / 16].entries()) slots.writeUInt32LE(value, slot + 4 + index * 4);
    written.push(bytes);
    offset += size;
  }
  return Buffer.concat(written);
}
