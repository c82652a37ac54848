import { type Executable, ExecutableError, MAX_PARTS, type Region, reader, Words, within } from './executable.ts';

const SEGMENT = 0x1;
const SEGMENT_64 = 0x19;
const FAT = 0xcafebabe;
const FAT_64 = 0xcafebabf;
/** A Java class begins like a universal file; its version follows where that has the number of programs. */
const MAX_ARCHITECTURES = 32;

/** Whether the bytes begin like a Mach-O file, alone or universal. */
export function isMachO(bytes: Buffer): boolean {
  if (bytes.length < 28) return false;
  const magic = bytes.readUInt32BE(0);
  if (magic === FAT || magic === FAT_64) return bytes.readUInt32BE(4) <= MAX_ARCHITECTURES;
  return [0xfeedface, 0xfeedfacf, 0xcefaedfe, 0xcffaedfe].includes(magic);
}

/**
 * Reads the headers of a Mach-O file (Apple, `mach-o/loader.h`, `mach-o/fat.h`): one program, or one for each
 * architecture of a universal file.
 * @throws ExecutableError when a header is damaged
 */
export function readMachO(bytes: Buffer): Executable[] {
  const magic = bytes.readUInt32BE(0);
  if (magic !== FAT && magic !== FAT_64) return [readSingle(bytes)];
  const words = new Words(bytes, true);
  const wide = magic === FAT_64;
  const programs: Executable[] = [];
  for (let index = 0; index < words.u32(4); index++) {
    const at = 8 + index * (wide ? 32 : 20);
    const part = within(bytes, words.word(at + 8, wide), words.word(at + (wide ? 16 : 12), wide));
    if (part.length < 28) throw new ExecutableError('a program of the universal file lies outside of it');
    programs.push(readSingle(part));
  }
  return programs;
}

function readSingle(bytes: Buffer): Executable {
  const magic = bytes.readUInt32BE(0);
  const bigEndian = magic === 0xfeedface || magic === 0xfeedfacf;
  const words = new Words(bytes, bigEndian);
  const first = words.u32(0);
  if (first !== 0xfeedface && first !== 0xfeedfacf) throw new ExecutableError('it has no Mach-O header');
  const wide = first === 0xfeedfacf;
  const commands = words.u32(16);
  if (commands > MAX_PARTS) throw new ExecutableError('it claims more load commands than any program has');
  const segments: Region[] = [];
  const data: Region[] = [];
  const sections: (Region & { readonly name: string })[] = [];
  let at = wide ? 32 : 28;
  for (let index = 0; index < commands; index++) {
    const command = words.u32(at);
    const size = words.u32(at + 4);
    if (size < 8) throw new ExecutableError('a load command has no size');
    if (command === SEGMENT || command === SEGMENT_64) {
      const broad = command === SEGMENT_64;
      const region = {
        address: words.word(at + 24, broad),
        bytes: within(bytes, words.word(at + (broad ? 40 : 32), broad), words.word(at + (broad ? 48 : 36), broad)),
      };
      segments.push(region);
      if (words.name(at + 8, 16) === '__DATA') data.push(region);
      readSections(words, at, broad, sections);
    }
    at += size;
  }
  return { format: 'mach-o', bigEndian, section: (name) => sections.find((section) => section.name === name), data, at: reader(segments) };
}

function readSections(words: Words, segment: number, wide: boolean, into: (Region & { readonly name: string })[]): void {
  const count = words.u32(segment + (wide ? 64 : 48));
  if (into.length + count > MAX_PARTS) throw new ExecutableError('it claims more sections than any program has');
  for (let index = 0; index < count; index++) {
    const at = segment + (wide ? 72 + index * 80 : 56 + index * 68);
    const address = words.word(at + 32, wide);
    const size = words.word(at + (wide ? 40 : 36), wide);
    into.push({ name: words.name(at, 16), address, bytes: within(words.bytes, words.u32(at + (wide ? 48 : 40)), size) });
  }
}
