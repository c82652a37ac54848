/** A part of a program to write. */
export interface FixtureSection {
  readonly name: string;
  readonly content: Uint8Array;
  readonly address?: number;
}

export interface ElfOptions {
  readonly wide: boolean;
  readonly bigEndian: boolean;
  /** Without a section table, as `sstrip` leaves it. */
  readonly stripped?: boolean;
}

/** Where the fixture's data is loaded. */
export const DATA_ADDRESS = 0x400000;

/** Writes an ELF program for tests: one writable segment with `data` at DATA_ADDRESS, and sections. */
export function elfFixture(data: Uint8Array, sections: readonly FixtureSection[], { wide, bigEndian, stripped = false }: ElfOptions): Buffer {
  const headerSize = wide ? 64 : 52;
  const programSize = wide ? 56 : 32;
  const sectionSize = wide ? 64 : 40;
  const dataAt = 256;
  const names = Buffer.from(`\0${[...sections.map(({ name }) => name), '.shstrtab'].join('\0')}\0`, 'latin1');
  const all = [...sections, { name: '.shstrtab', content: names }];
  const parts: Buffer[] = [Buffer.from(data)];
  let at = dataAt + data.length;
  const offsets = all.map(({ content }) => {
    parts.push(Buffer.from(content));
    at += content.length;
    return at - content.length;
  });
  const tableAt = at;
  const file = Buffer.concat([Buffer.alloc(dataAt), ...parts, Buffer.alloc(sectionSize * (all.length + 1))]);
  const u16 = (value: number, offset: number) => (bigEndian ? file.writeUInt16BE(value, offset) : file.writeUInt16LE(value, offset));
  const u32 = (value: number, offset: number) => (bigEndian ? file.writeUInt32BE(value, offset) : file.writeUInt32LE(value, offset));
  const word = (value: number, offset: number) => {
    if (!wide) u32(value, offset);
    else if (bigEndian) file.writeBigUInt64BE(BigInt(value), offset);
    else file.writeBigUInt64LE(BigInt(value), offset);
  };
  file.write('\x7fELF', 0, 'latin1');
  file[4] = wide ? 2 : 1;
  file[5] = bigEndian ? 2 : 1;
  word(headerSize, wide ? 32 : 28);
  u16(programSize, wide ? 54 : 42);
  u16(1, wide ? 56 : 44);
  u16(sectionSize, wide ? 58 : 46);
  if (!stripped) {
    word(tableAt, wide ? 40 : 32);
    u16(all.length + 1, wide ? 60 : 48);
    u16(all.length, wide ? 62 : 50);
  }
  u32(1, headerSize);
  u32(6, headerSize + (wide ? 4 : 24));
  word(dataAt, headerSize + (wide ? 8 : 4));
  word(DATA_ADDRESS, headerSize + (wide ? 16 : 8));
  word(data.length, headerSize + (wide ? 32 : 16));
  for (const [index, section] of all.entries()) {
    const header = tableAt + (index + 1) * sectionSize;
    u32(names.indexOf(`\0${section.name}\0`) + 1, header);
    u32(1, header + 4);
    word('address' in section ? (section.address ?? 0) : 0, header + (wide ? 16 : 12));
    word(offsets[index] as number, header + (wide ? 24 : 16));
    word(section.content.length, header + (wide ? 32 : 20));
  }
  return file;
}

/** Writes a Windows program for tests, with sections one behind the other; a name of more than eight bytes goes to the string table. */
export function peFixture(sections: readonly FixtureSection[]): Buffer {
  const optional = 112;
  const dataAt = 0x40 + 24 + optional + sections.length * 40;
  const head = Buffer.alloc(dataAt);
  let strings = Buffer.alloc(4);
  let at = dataAt;
  head.write('MZ');
  head.writeUInt32LE(0x40, 0x3c);
  head.write('PE\0\0', 0x40);
  head.writeUInt16LE(sections.length, 0x46);
  head.writeUInt16LE(optional, 0x54);
  head.writeUInt16LE(0x20b, 0x58);
  head.writeBigUInt64LE(0x140000000n, 0x58 + 24);
  for (const [index, { name, content, address = 0x1000 }] of sections.entries()) {
    const header = 0x58 + optional + index * 40;
    if (name.length <= 8) head.write(name, header, 'latin1');
    else {
      head.write(`/${strings.length}`, header, 'latin1');
      strings = Buffer.concat([strings, Buffer.from(`${name}\0`)]);
    }
    head.writeUInt32LE(content.length, header + 8);
    head.writeUInt32LE(address, header + 12);
    head.writeUInt32LE(content.length, header + 16);
    head.writeUInt32LE(at, header + 20);
    head.writeUInt32LE(0xc0000040, header + 36);
    at += content.length;
  }
  head.writeUInt32LE(at, 0x4c);
  return Buffer.concat([head, ...sections.map(({ content }) => Buffer.from(content)), strings]);
}

/** Writes a Mach-O program for tests: one segment `__DATA` with the sections at its addresses. */
export function machOFixture(sections: readonly FixtureSection[], { wide, bigEndian }: { readonly wide: boolean; readonly bigEndian: boolean }): Buffer {
  const headerSize = wide ? 32 : 28;
  const segmentSize = wide ? 72 : 56;
  const sectionSize = wide ? 80 : 68;
  const commandSize = segmentSize + sections.length * sectionSize;
  const dataAt = headerSize + commandSize;
  const length = sections.reduce((sum, { content }) => sum + content.length, 0);
  const file = Buffer.concat([Buffer.alloc(dataAt), ...sections.map(({ content }) => Buffer.from(content))]);
  const u32 = (value: number, offset: number) => (bigEndian ? file.writeUInt32BE(value, offset) : file.writeUInt32LE(value, offset));
  const word = (value: number, offset: number) => {
    if (!wide) u32(value, offset);
    else if (bigEndian) file.writeBigUInt64BE(BigInt(value), offset);
    else file.writeBigUInt64LE(BigInt(value), offset);
  };
  u32(wide ? 0xfeedfacf : 0xfeedface, 0);
  u32(1, 16);
  u32(commandSize, 20);
  u32(wide ? 0x19 : 1, headerSize);
  u32(commandSize, headerSize + 4);
  file.write('__DATA', headerSize + 8);
  word(DATA_ADDRESS, headerSize + 24);
  word(length, headerSize + (wide ? 32 : 28));
  word(dataAt, headerSize + (wide ? 40 : 32));
  word(length, headerSize + (wide ? 48 : 36));
  u32(sections.length, headerSize + (wide ? 64 : 48));
  let from = 0;
  for (const [index, { name, content }] of sections.entries()) {
    const at = headerSize + segmentSize + index * sectionSize;
    file.write(name, at);
    file.write('__DATA', at + 16);
    word(DATA_ADDRESS + from, at + 32);
    word(content.length, at + (wide ? 40 : 36));
    u32(dataAt + from, at + (wide ? 48 : 40));
    from += content.length;
  }
  return file;
}

/** Puts programs into a universal Mach-O file. */
export function universalFixture(programs: readonly Buffer[]): Buffer {
  const head = Buffer.alloc(8 + programs.length * 20);
  head.writeUInt32BE(0xcafebabe, 0);
  head.writeUInt32BE(programs.length, 4);
  let at = head.length;
  for (const [index, program] of programs.entries()) {
    head.writeUInt32BE(at, 8 + index * 20 + 8);
    head.writeUInt32BE(program.length, 8 + index * 20 + 12);
    at += program.length;
  }
  return Buffer.concat([head, ...programs]);
}
