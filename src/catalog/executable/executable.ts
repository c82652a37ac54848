/** A part of a program's memory, with the bytes that the file has for it. */
export interface Region {
  readonly address: number;
  readonly bytes: Buffer;
}

/** A program or shared library, as far as its headers tell where its parts lie. */
export interface Executable {
  readonly format: 'elf' | 'pe' | 'mach-o';
  readonly bigEndian: boolean;
  /** The section with this name; of Mach-O the part after the segment (`__go_buildinfo`). undefined: it has none. */
  section(name: string): Region | undefined;
  /** Writable, initialised data, in the order of the file. */
  readonly data: readonly Region[];
  /** Exactly `length` bytes at an address of the running program; undefined where the file has none. */
  at(address: number, length: number): Buffer | undefined;
}

/** The headers are not as the format demands. */
export class ExecutableError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ExecutableError';
  }
}

/** More than any program has; a header may claim 2^32. */
export const MAX_PARTS = 65_536;

/** Reads numbers of one byte order out of a file. Throws when they lie outside of it. */
export class Words {
  readonly bytes: Buffer;
  readonly bigEndian: boolean;
  constructor(bytes: Buffer, bigEndian: boolean) {
    this.bytes = bytes;
    this.bigEndian = bigEndian;
  }
  #check(offset: number, length: number): void {
    if (!(offset >= 0 && offset + length <= this.bytes.length)) throw new ExecutableError('a header lies outside of the file');
  }
  u16(offset: number): number {
    this.#check(offset, 2);
    return this.bigEndian ? this.bytes.readUInt16BE(offset) : this.bytes.readUInt16LE(offset);
  }
  u32(offset: number): number {
    this.#check(offset, 4);
    return this.bigEndian ? this.bytes.readUInt32BE(offset) : this.bytes.readUInt32LE(offset);
  }
  /** Addresses above 2^53 (a kernel's) lose their last bits; offsets are checked against the file. */
  u64(offset: number): number {
    this.#check(offset, 8);
    return Number(this.bigEndian ? this.bytes.readBigUInt64BE(offset) : this.bytes.readBigUInt64LE(offset));
  }
  /** The word of a 32-bit or 64-bit format. */
  word(offset: number, wide: boolean): number {
    return wide ? this.u64(offset) : this.u32(offset);
  }
  /** Text up to a zero byte, of `length` bytes at most. */
  name(offset: number, length: number): string {
    if (!(offset >= 0 && offset < this.bytes.length)) return '';
    const field = this.bytes.subarray(offset, offset + length);
    const end = field.indexOf(0);
    return field.toString('latin1', 0, end === -1 ? field.length : end);
  }
}

/** What of a claimed part lies in the file: a file that was cut off still has its beginning. */
export function within(bytes: Buffer, offset: number, size: number): Buffer {
  return offset >= 0 && size > 0 && offset < bytes.length ? bytes.subarray(offset, Math.min(bytes.length, offset + size)) : bytes.subarray(0, 0);
}

/** Looks an address up in regions. */
export function reader(regions: readonly Region[]): Executable['at'] {
  return (address, length) => {
    for (const region of regions) {
      const from = address - region.address;
      if (from >= 0 && from + length <= region.bytes.length) return region.bytes.subarray(from, from + length);
    }
    return undefined;
  };
}
