/** Fields of a header as raw text or bytes, so that a test can write what no tar would. */
export interface BlockFields {
  readonly name?: string | Uint8Array;
  readonly type?: string;
  /** A number is written in octal. */
  readonly size?: number | string | Uint8Array;
  readonly mode?: string;
  readonly uid?: string | Uint8Array;
  readonly link?: string | Uint8Array;
  readonly magic?: 'ustar' | 'gnu' | 'star' | 'v7';
  /** 155 bytes from byte 345. */
  readonly prefix?: string | Uint8Array;
  /** Bytes that are written over the block, by their offset. */
  readonly patch?: Readonly<Record<number, string | Uint8Array>>;
  readonly checksum?: 'unsigned' | 'signed' | 'wrong';
}

function put(block: Buffer, value: string | Uint8Array, at: number, length: number): void {
  Buffer.from(value as string).copy(block, at, 0, Math.min(length, value.length > 0 ? Buffer.byteLength(value as string) : 0));
}

/** One 512-byte header block. */
export function headerBlock(fields: BlockFields): Buffer {
  const block = Buffer.alloc(512);
  put(block, fields.name ?? '', 0, 100);
  put(block, fields.mode ?? '0000644\0', 100, 8);
  put(block, fields.uid ?? '0000000\0', 108, 8);
  put(block, '0000000\0', 116, 8);
  const size = fields.size ?? 0;
  put(block, typeof size === 'number' ? `${size.toString(8).padStart(11, '0')}\0` : size, 124, 12);
  put(block, '00000000000\0', 136, 12);
  put(block, fields.type ?? '0', 156, 1);
  put(block, fields.link ?? '', 157, 100);
  const magic = fields.magic ?? 'ustar';
  if (magic === 'gnu') put(block, 'ustar  \0', 257, 8);
  else if (magic !== 'v7') put(block, 'ustar\x0000', 257, 8);
  if (fields.prefix !== undefined) put(block, fields.prefix, 345, 155);
  if (magic === 'star') put(block, 'tar\0', 508, 4);
  for (const [at, bytes] of Object.entries(fields.patch ?? {})) put(block, bytes, Number(at), 512);
  block.fill(0x20, 148, 156);
  let sum = 0;
  for (const byte of block) sum += fields.checksum === 'signed' && byte > 127 ? byte - 256 : byte;
  if (fields.checksum === 'wrong') sum++;
  put(block, `${Math.max(sum, 0).toString(8).padStart(6, '0')}\0 `, 148, 8);
  return block;
}

/** Content, filled up to whole blocks. */
export function padded(content: string | Uint8Array): Buffer {
  const bytes = Buffer.from(content as string);
  return Buffer.concat([bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]);
}

/** A header with its content; the size follows from the content unless it is given. */
export function entry(fields: BlockFields, content: string | Uint8Array = ''): Buffer {
  return Buffer.concat([headerBlock({ size: Buffer.byteLength(content as string), ...fields }), padded(content)]);
}

/** One record of a pax header; its length counts itself. */
export function paxRecord(key: string, value: string | Uint8Array): Buffer {
  const rest = Buffer.concat([Buffer.from(` ${key}=`), Buffer.from(value as string), Buffer.from('\n')]);
  let length = rest.length + String(rest.length).length;
  if (rest.length + String(length).length !== length) length++;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}

/** A pax header of records, repeated keys allowed. */
export function pax(records: readonly (readonly [string, string | Uint8Array])[], type: 'x' | 'g' = 'x'): Buffer {
  return entry({ name: 'PaxHeader', type }, Buffer.concat(records.map(([key, value]) => paxRecord(key, value))));
}

/** A GNU long name (`L`) or link (`K`). */
export function gnuLong(type: 'L' | 'K', text: string | Uint8Array): Buffer {
  return entry({ name: '././@LongLink', type, magic: 'gnu' }, Buffer.concat([Buffer.from(text as string), Buffer.from([0])]));
}

/** A number in GNU's base 256, of `length` bytes. */
export function base256(value: bigint, length = 12): Buffer {
  const bytes = Buffer.alloc(length);
  let rest = BigInt.asUintN(length * 8, value);
  for (let at = length - 1; at >= 0; at--) {
    bytes[at] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  bytes[0] = (bytes[0] as number) | 0x80;
  return bytes;
}

/** The end of an archive. */
export const endBlocks: Buffer = Buffer.alloc(1024);

/** What a reader saw of one entry. */
export interface SeenEntry {
  readonly path: string;
  readonly type: string;
  readonly size: number;
  readonly link: string;
  /** Of regular files, hexadecimal SHA-256. */
  readonly content: string | null;
}
