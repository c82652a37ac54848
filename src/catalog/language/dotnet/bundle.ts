import { inflateRawSync } from 'node:zlib';

/** Marks a .NET host; the eight bytes before it say where its bundle's header is (dotnet/runtime, `bundle_marker`). */
const marker = Buffer.from('8b1202b96a612038727b930214d7a03213f5b9e6efae3318ee3b2dce24b36aae', 'hex');

/** More than any program has. */
const MAX_FILES = 1_000_000;

/** The bundle of a single-file program is not as its format demands. */
export class BundleError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'BundleError';
  }
}

/** A file within a single-file program. */
export interface BundledFile {
  readonly path: string;
  readonly content: Buffer;
}

class Reader {
  readonly #bytes: Buffer;
  #at: number;
  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }
  #take(length: number): number {
    const at = this.#at;
    if (at + length > this.#bytes.length) throw new BundleError('its list of files is cut off');
    this.#at += length;
    return at;
  }
  byte(): number {
    return this.#bytes.readUInt8(this.#take(1));
  }
  u32(): number {
    return this.#bytes.readUInt32LE(this.#take(4));
  }
  u64(): number {
    return Number(this.#bytes.readBigUInt64LE(this.#take(8)));
  }
  /** As `BinaryWriter` writes it: the length in seven bits a byte. */
  text(): string {
    let length = 0;
    for (let shift = 0, byte = 0x80; byte >= 0x80; shift += 7) {
      if (shift > 21) throw new BundleError('a name has no length');
      byte = this.byte();
      length |= (byte & 0x7f) << shift;
    }
    const at = this.#take(length);
    return this.#bytes.toString('utf8', at, at + length);
  }
}

/**
 * The lists of dependencies (`*.deps.json`) in a single-file program of .NET Core 3 and later (dotnet/designs, `bundler.md`); none in
 * another program.
 * @param most bytes of one list
 * @throws BundleError when it has a bundle that is damaged
 */
export function bundledDependencies(bytes: Buffer, most: number): BundledFile[] {
  const at = bytes.indexOf(marker);
  if (at < 8) return [];
  const header = Number(bytes.readBigUInt64LE(at - 8));
  // A host whose program lies beside it.
  if (header === 0) return [];
  const reader = new Reader(bytes, header);
  if (header >= bytes.length) throw new BundleError('its list of files lies outside of it');
  const version = reader.u32();
  reader.u32();
  const count = reader.u32();
  if (version < 1 || version > 100 || count > MAX_FILES) throw new BundleError('its list of files is none');
  reader.text();
  // Where two of the files are, that stand in the list too, and flags.
  if (version >= 2) for (let index = 0; index < 5; index++) reader.u64();
  const found: BundledFile[] = [];
  for (let index = 0; index < count; index++) {
    const offset = reader.u64();
    const size = reader.u64();
    const compressed = version >= 6 ? reader.u64() : 0;
    // What kind of file it is: .NET 5 numbered them anew.
    reader.byte();
    const path = reader.text();
    if (path.endsWith('.deps.json')) found.push({ path, content: contentOf(bytes, { offset, size, compressed }, most) });
  }
  return found;
}

function contentOf(bytes: Buffer, { offset, size, compressed }: { offset: number; size: number; compressed: number }, most: number): Buffer {
  const length = compressed === 0 ? size : compressed;
  if (size > most) throw new BundleError(`its list of dependencies has ${size} bytes, more than the ${most} that are read`);
  if (offset + length > bytes.length) throw new BundleError('its list of dependencies lies outside of it');
  const stored = bytes.subarray(offset, offset + length);
  if (compressed === 0) return stored;
  try {
    return inflateRawSync(stored, { maxOutputLength: size + 1 });
  } catch (error) {
    throw new BundleError(`its list of dependencies is damaged (${(error as Error).message})`);
  }
}
