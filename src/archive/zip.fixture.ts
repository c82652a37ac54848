import { crc32, deflateRawSync } from 'node:zlib';

/** What to write; numbers given here are written instead of the true ones. */
export interface FixtureEntry {
  readonly name: string;
  readonly content: Uint8Array | string;
  readonly stored?: boolean;
  readonly crc32?: number;
  readonly size?: number;
  readonly compressedSize?: number;
  readonly method?: number;
  readonly flags?: number;
  /** Local header's place, to lie about it. */
  readonly offset?: number;
  readonly zip64?: boolean;
}

/** Writes a zip archive (APPNOTE 6.3) for tests. `prefix`: bytes before it; `zip64`: the end record too. */
export function zipFixture(entries: readonly FixtureEntry[], options: { prefix?: Uint8Array; comment?: string; zip64?: boolean; count?: number } = {}): Buffer {
  const parts: Buffer[] = [];
  const central: Buffer[] = [];
  let at = 0;
  for (const entry of entries) {
    const content = Buffer.from(entry.content as string);
    const data = entry.stored ? content : deflateRawSync(content);
    const name = Buffer.from(entry.name, 'utf8');
    const method = entry.method ?? (entry.stored ? 0 : 8);
    const sizes = [entry.crc32 ?? crc32(content), entry.compressedSize ?? data.length, entry.size ?? content.length] as const;
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(entry.flags ?? 0x800, 6);
    local.writeUInt16LE(method, 8);
    for (const [index, value] of sizes.entries()) local.writeUInt32LE(value, 14 + index * 4);
    local.writeUInt16LE(name.length, 26);
    const extra = entry.zip64 ? Buffer.alloc(28) : Buffer.alloc(0);
    if (entry.zip64) {
      extra.writeUInt16LE(1, 0);
      extra.writeUInt16LE(24, 2);
      for (const [index, value] of [sizes[2], sizes[1], entry.offset ?? at].entries()) extra.writeBigUInt64LE(BigInt(value), 4 + index * 8);
    }
    const header = Buffer.alloc(46);
    header.writeUInt32LE(0x02014b50, 0);
    header.writeUInt16LE(entry.flags ?? 0x800, 8);
    header.writeUInt16LE(method, 10);
    header.writeUInt32LE(sizes[0], 16);
    header.writeUInt32LE(entry.zip64 ? 0xffffffff : sizes[1], 20);
    header.writeUInt32LE(entry.zip64 ? 0xffffffff : sizes[2], 24);
    header.writeUInt16LE(name.length, 28);
    header.writeUInt16LE(extra.length, 30);
    header.writeUInt32LE(entry.zip64 ? 0xffffffff : (entry.offset ?? at), 42);
    parts.push(local, name, data);
    central.push(header, name, extra);
    at += 30 + name.length + data.length;
  }
  const directory = Buffer.concat(central);
  const count = options.count ?? entries.length;
  const tail: Buffer[] = [];
  if (options.zip64) {
    const record = Buffer.alloc(56);
    record.writeUInt32LE(0x06064b50, 0);
    record.writeBigUInt64LE(44n, 4);
    record.writeBigUInt64LE(BigInt(count), 24);
    record.writeBigUInt64LE(BigInt(count), 32);
    record.writeBigUInt64LE(BigInt(directory.length), 40);
    record.writeBigUInt64LE(BigInt(at), 48);
    const locator = Buffer.alloc(20);
    locator.writeUInt32LE(0x07064b50, 0);
    locator.writeBigUInt64LE(BigInt(at + directory.length), 8);
    locator.writeUInt32LE(1, 16);
    tail.push(record, locator);
  }
  const comment = Buffer.from(options.comment ?? '');
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(options.zip64 ? 0xffff : count, 8);
  end.writeUInt16LE(options.zip64 ? 0xffff : count, 10);
  end.writeUInt32LE(options.zip64 ? 0xffffffff : directory.length, 12);
  end.writeUInt32LE(options.zip64 ? 0xffffffff : at, 16);
  end.writeUInt16LE(comment.length, 20);
  return Buffer.concat([Buffer.from(options.prefix ?? []), ...parts, directory, ...tail, end, comment]);
}
