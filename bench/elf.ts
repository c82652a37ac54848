/** Where the parts of a program are loaded. */
const CODE = 0x400000;
const DATA = 0x4000000;

interface Part {
  readonly name: string;
  readonly content: Buffer;
  readonly address: number;
}

/**
 * A 64-bit ELF program as linkers lay it out (System V ABI): a segment of code that can't be written, a small one of data that can, and
 * a table of sections. @param data further sections in the writable segment
 */
export function elfProgram(code: Buffer, data: readonly { readonly name: string; readonly content: Buffer }[] = []): Buffer {
  const parts: Part[] = [{ name: '.text', content: code, address: CODE }];
  let address = DATA;
  for (const { name, content } of [{ name: '.data', content: Buffer.alloc(4096, 1) }, ...data]) {
    parts.push({ name, content, address });
    address += (content.length + 15) & ~15;
  }
  const names = Buffer.from(`\0${[...parts.map(({ name }) => name), '.shstrtab'].join('\0')}\0`, 'latin1');
  const all = [...parts, { name: '.shstrtab', content: names, address: 0 }];
  let end = 64 + 2 * 56;
  const offsets = all.map(({ content }) => {
    const at = (end + 15) & ~15;
    end = at + content.length;
    return at;
  });
  const table = (end + 15) & ~15;
  const file = Buffer.alloc(table + 64 * (all.length + 1));
  const word = (value: number, at: number): number => file.writeBigUInt64LE(BigInt(value), at);
  file.write('\x7fELF\x02\x01\x01', 0, 'latin1');
  file.writeUInt16LE(2, 16); // executable
  file.writeUInt16LE(0x3e, 18); // x86-64
  file.writeUInt32LE(1, 20);
  word(CODE, 24);
  word(64, 32);
  word(table, 40);
  for (const [at, value] of [64, 56, 2, 64, all.length + 1, all.length].entries()) file.writeUInt16LE(value, 52 + at * 2);
  const [code0, data0] = offsets as [number, number];
  const dataEnd = (offsets[parts.length - 1] as number) + (parts[parts.length - 1] as Part).content.length;
  for (const [at, [flags, offset, size, start]] of [
    [5, code0, code.length, CODE],
    [6, data0, dataEnd - data0, DATA],
  ].entries() as Iterable<[number, [number, number, number, number]]>) {
    const header = 64 + at * 56;
    file.writeUInt32LE(1, header);
    file.writeUInt32LE(flags, header + 4);
    word(offset, header + 8);
    word(start, header + 16);
    word(size, header + 32);
    word(size, header + 40);
  }
  for (const [index, part] of all.entries()) {
    part.content.copy(file, offsets[index]);
    const header = table + 64 * (index + 1);
    file.writeUInt32LE(names.indexOf(`\0${part.name}\0`) + 1, header);
    file.writeUInt32LE(part.name === '.shstrtab' ? 3 : 1, header + 4); // a table of names, or bytes
    word(part.address, header + 16);
    word(offsets[index] as number, header + 24);
    word(part.content.length, header + 32);
  }
  return file;
}
