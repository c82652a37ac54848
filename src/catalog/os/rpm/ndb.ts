import { Damage, type DatabaseRecord, damageOf, slice, viewOf } from './damage.ts';

// Words are little-endian on every architecture.
const databaseMagic = 0x506d7052; // RpmP
const slotMagic = 0x746f6c53; // Slot
const blobHeadMagic = 0x53626c42; // BlbS
const blobTailMagic = 0x45626c42; // BlbE
const headerSize = 32;
const slotSize = 16;
const slotPageSize = 4096;
const blockSize = 16;
const blobHeadSize = 16;
const blobTailSize = 12;
/** Far above what any system installs. */
const maxPackages = 100_000;

interface Slot {
  readonly number: number;
  readonly package: number;
  /** In bytes. */
  readonly offset: number;
  readonly size: number;
}

/**
 * Header blobs of an NDB database, `Packages.db` (rpm, lib/backend/ndb/rpmpkg.c): pages of slots that say where the
 * blobs lie, each blob between a head and a tail with an Adler-32 sum over head, content and padding.
 * Throws Damage when the file as a whole can't be read; a slot or blob that is broken yields damage.
 */
export function* ndbHeaders(bytes: Uint8Array): Generator<DatabaseRecord> {
  if (bytes.length < headerSize) throw new Damage(`${bytes.length} bytes are no NDB database`);
  const view = viewOf(bytes);
  if (view.getUint32(0, true) !== databaseMagic) throw new Damage('it does not begin as an NDB database');
  const version = view.getUint32(4, true);
  if (version !== 0) throw new Damage(`an NDB database of version ${version}`, 'unsupported');
  const declared = view.getUint32(12, true);
  const pages = Math.min(declared, Math.floor(bytes.length / slotPageSize));
  if (declared === 0 || pages < declared) yield { damage: new Damage(`it ends after page ${pages} of its ${declared} pages of slots`) };

  const slots: Slot[] = [];
  for (let at = headerSize; at < pages * slotPageSize; at += slotSize) {
    const number = at / slotSize;
    if (view.getUint32(at, true) !== slotMagic) {
      yield { damage: new Damage(`slot ${number} at offset ${at} does not begin as a slot`) };
      continue;
    }
    const slot = {
      number,
      package: view.getUint32(at + 4, true),
      offset: view.getUint32(at + 8, true) * blockSize,
      size: view.getUint32(at + 12, true) * blockSize,
    };
    // rpm goes by the place alone; a slot that is free has none of the three.
    if (slot.package === 0 && slot.offset === 0 && slot.size === 0) continue;
    if (slots.length === maxPackages) throw new Damage(`it lists more than ${maxPackages} packages`, 'limit');
    slots.push(slot);
  }

  // By place, so that no byte is read for two packages.
  let end = declared * slotPageSize;
  for (const slot of slots.sort((a, b) => a.offset - b.offset)) {
    const place = `package ${slot.package}, offset ${slot.offset}`;
    try {
      if (slot.package === 0 || slot.offset < end) throw new Damage(`slot ${slot.number} points into what is used otherwise`);
      const blob = blobOf(bytes, slot);
      end = slot.offset + slot.size;
      yield { blob, place };
    } catch (error) {
      yield { damage: new Damage(`${place}: ${damageOf(error).message}`) };
    }
  }
}

function blobOf(bytes: Uint8Array, slot: Slot): Uint8Array {
  const whole = slice(bytes, slot.offset, slot.size, 'a blob');
  if (whole.length < blobHeadSize + blobTailSize) throw new Damage(`a blob of ${whole.length} bytes`);
  const view = viewOf(whole);
  const tail = whole.length - blobTailSize;
  const length = view.getUint32(12, true);
  if (view.getUint32(0, true) !== blobHeadMagic || view.getUint32(tail + 8, true) !== blobTailMagic) throw new Damage('a blob without its head or tail');
  if (view.getUint32(4, true) !== slot.package) throw new Damage(`a blob of package ${view.getUint32(4, true)}`);
  if (view.getUint32(tail + 4, true) !== length || Math.ceil((blobHeadSize + length + blobTailSize) / blockSize) * blockSize !== whole.length) {
    throw new Damage(`a blob whose length of ${length} bytes doesn't fit its ${whole.length}`);
  }
  if (adler32(whole.subarray(0, tail)) !== view.getUint32(tail, true)) throw new Damage("a blob that doesn't have its checksum");
  return whole.subarray(blobHeadSize, blobHeadSize + length);
}

/** RFC 1950, section 8.2. */
export function adler32(bytes: Uint8Array): number {
  let a = 1;
  let b = 0;
  // 3800 bytes can't overflow 31 bits, so the remainder is only taken so often.
  for (let start = 0; start < bytes.length; start += 3800) {
    const end = Math.min(start + 3800, bytes.length);
    for (let index = start; index < end; index++) {
      a += bytes[index] as number;
      b += a;
    }
    a %= 65521;
    b %= 65521;
  }
  return b * 65536 + a;
}
