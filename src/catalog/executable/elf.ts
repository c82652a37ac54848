import { type Executable, ExecutableError, MAX_PARTS, type Region, reader, Words, within } from './executable.ts';

const LOAD = 1;
const WRITABLE = 2;
const NO_BITS = 8;

/**
 * Reads the headers of an ELF file (System V ABI, "Object Files"): both classes, both byte orders, with or without a
 * section table.
 * @throws ExecutableError when a header is damaged
 */
export function readElf(bytes: Buffer): Executable {
  const wide = bytes[4] === 2;
  if (!wide && bytes[4] !== 1) throw new ExecutableError('its ELF class is unknown');
  if (bytes[5] !== 1 && bytes[5] !== 2) throw new ExecutableError('its ELF byte order is unknown');
  const words = new Words(bytes, bytes[5] === 2);
  const segments = readSegments(words, wide);
  const sections = readSections(words, wide);
  return {
    format: 'elf',
    bigEndian: words.bigEndian,
    section: (name) => sections().find((section) => section.name === name),
    data: segments.filter((segment) => segment.writable),
    at: reader(segments),
  };
}

function readSegments(words: Words, wide: boolean): (Region & { readonly writable: boolean })[] {
  const start = words.word(wide ? 32 : 28, wide);
  const size = words.u16(wide ? 54 : 42);
  const count = words.u16(wide ? 56 : 44);
  if (count > 0 && size < (wide ? 56 : 32)) throw new ExecutableError('its program headers are too short');
  const segments: (Region & { readonly writable: boolean })[] = [];
  for (let index = 0; index < count; index++) {
    const at = start + index * size;
    if (words.u32(at) !== LOAD) continue;
    const flags = words.u32(wide ? at + 4 : at + 24);
    const offset = words.word(at + (wide ? 8 : 4), wide);
    const address = words.word(at + (wide ? 16 : 8), wide);
    segments.push({ address, bytes: within(words.bytes, offset, words.word(at + (wide ? 32 : 16), wide)), writable: (flags & WRITABLE) !== 0 });
  }
  return segments;
}

/** Read when first asked for: most programs are asked nothing. A table that lies outside of the file was stripped or cut off. */
function readSections(words: Words, wide: boolean): () => readonly (Region & { readonly name: string })[] {
  let found: (Region & { name: string })[] | undefined;
  return () => {
    found ??= parseSections(words, wide);
    return found;
  };
}

function parseSections(words: Words, wide: boolean): (Region & { name: string })[] {
  const start = words.word(wide ? 40 : 32, wide);
  const size = words.u16(wide ? 58 : 46);
  if (start === 0 || size < (wide ? 64 : 40)) return [];
  const field = (index: number, narrow: number, broad: number, isWord: boolean): number => {
    const at = start + index * size + (wide ? broad : narrow);
    return isWord ? words.word(at, wide) : words.u32(at);
  };
  // Numbers that don't fit stand in the first section.
  const written = words.u16(wide ? 60 : 48);
  const count = written === 0 ? field(0, 20, 32, true) : written;
  const namesAt = words.u16(wide ? 62 : 50);
  const names = namesAt === 0xffff ? field(0, 24, 40, false) : namesAt;
  if (count > MAX_PARTS) throw new ExecutableError('it claims more sections than any program has');
  if (names >= count) return [];
  const namesOffset = field(names, 16, 24, true);
  const sections: (Region & { name: string })[] = [];
  for (let index = 0; index < count; index++) {
    const name = words.name(namesOffset + field(index, 0, 0, false), 64);
    const bytes = field(index, 4, 4, false) === NO_BITS ? Buffer.alloc(0) : within(words.bytes, field(index, 16, 24, true), field(index, 20, 32, true));
    sections.push({ name, address: field(index, 12, 16, true), bytes });
  }
  return sections;
}
