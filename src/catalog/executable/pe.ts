import { type Executable, ExecutableError, MAX_PARTS, type Region, reader, Words, within } from './executable.ts';

const INITIALIZED = 0x40;
const WRITABLE = 0x80000000;

/**
 * Reads the headers of a Windows program (Microsoft, "PE Format"): PE32 and PE32+.
 * @throws ExecutableError when a header is damaged
 */
export function readPe(bytes: Buffer): Executable {
  const words = new Words(bytes, false);
  const start = words.u32(0x3c);
  if (words.u32(start) !== 0x4550) throw new ExecutableError('it has no PE header');
  const count = words.u16(start + 6);
  if (count > MAX_PARTS) throw new ExecutableError('it claims more sections than any program has');
  const strings = words.u32(start + 12) + words.u32(start + 16) * 18;
  const optional = start + 24;
  const optionalSize = words.u16(start + 20);
  const base = optionalSize === 0 ? 0 : words.u16(optional) === 0x20b ? words.u64(optional + 24) : words.u32(optional + 28);
  const sections: (Region & { readonly name: string; readonly writable: boolean })[] = [];
  for (let index = 0; index < count; index++) {
    const at = optional + optionalSize + index * 40;
    const flags = words.u32(at + 36);
    const short = words.name(at, 8);
    sections.push({
      // A name that doesn't fit stands in the string table behind the symbols: `/123`.
      name: /^\/\d+$/.test(short) ? words.name(strings + Number(short.slice(1)), 64) : short,
      address: base + words.u32(at + 12),
      bytes: within(bytes, words.u32(at + 20), words.u32(at + 16)),
      writable: (flags & INITIALIZED) !== 0 && (flags & WRITABLE) !== 0,
    });
  }
  return {
    format: 'pe',
    bigEndian: false,
    section: (name) => sections.find((section) => section.name === name),
    data: sections.filter((section) => section.writable),
    at: reader(sections),
  };
}
