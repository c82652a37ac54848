/** What a tar entry can say; the kind follows from which field is there. Paths are written as they are given. */
export interface TarItem {
  readonly path: string;
  /** A regular file's content; text stands for its UTF-8 bytes. */
  readonly content?: string | Uint8Array;
  /** A symbolic link's target. */
  readonly link?: string;
  /** A hard link's target, as a path of the archive. */
  readonly hardlink?: string;
  /** True: a directory. */
  readonly directory?: true;
  readonly device?: 'character' | 'block';
  readonly fifo?: true;
  /** 0o644; of a directory 0o755. */
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  /** Records of a pax header in front of the entry; those that the path or link needs are added. */
  readonly pax?: Readonly<Record<string, string>>;
  /** In place of the type that follows from the fields: one character. */
  readonly typeFlag?: string;
  /** In place of the content's length: what the header claims, while the content stays as it is. */
  readonly claimedSize?: number;
}

const BLOCK = 512;

function bytesOf(content: string | Uint8Array): Buffer {
  return typeof content === 'string' ? Buffer.from(content) : Buffer.from(content.buffer, content.byteOffset, content.length);
}

function octal(value: number, width: number): Buffer {
  const text = value.toString(8);
  if (text.length < width) return Buffer.from(`${text.padStart(width - 1, '0')}\0`);
  // Base 256 (GNU tar): what octal digits can't hold.
  const number = Buffer.alloc(width);
  let rest = BigInt(value);
  for (let at = width - 1; at > 0; at--) {
    number[at] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  number[0] = 0x80;
  return number;
}

function header(name: Buffer, link: Buffer, typeFlag: string, size: number, item: Pick<TarItem, 'mode' | 'uid' | 'gid'>): Buffer {
  const block = Buffer.alloc(BLOCK);
  name.copy(block, 0, 0, 100);
  octal(item.mode ?? (typeFlag === '5' ? 0o755 : 0o644), 8).copy(block, 100);
  octal(item.uid ?? 0, 8).copy(block, 108);
  octal(item.gid ?? 0, 8).copy(block, 116);
  octal(size, 12).copy(block, 124);
  octal(0, 12).copy(block, 136);
  block.write('        ', 148);
  block.write(typeFlag, 156, 'latin1');
  link.copy(block, 157, 0, 100);
  block.write('ustar\x0000', 257, 'latin1');
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

function padded(content: Buffer): Buffer[] {
  return [content, Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK)];
}

/** One pax record: its length counts itself (pax, POSIX.1-2001). */
function paxRecord(key: string, value: string): Buffer {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest + String(rest).length;
  if (rest + String(length).length !== length) length = rest + String(length).length;
  return Buffer.from(`${length} ${key}=${value}\n`);
}

function typeOf(item: TarItem): string {
  if (item.typeFlag !== undefined) return item.typeFlag;
  if (item.hardlink !== undefined) return '1';
  if (item.link !== undefined) return '2';
  if (item.device !== undefined) return item.device === 'character' ? '3' : '4';
  if (item.directory) return '5';
  return item.fifo ? '6' : '0';
}

/** The blocks of one entry, a pax header in front where one is needed. */
export function tarEntry(item: TarItem): Buffer {
  const name = Buffer.from(item.path);
  const link = Buffer.from(item.hardlink ?? item.link ?? '');
  const content = bytesOf(item.content ?? '');
  const pax = { ...(name.length > 100 ? { path: item.path } : {}), ...(link.length > 100 ? { linkpath: link.toString() } : {}), ...item.pax };
  const parts: Buffer[] = [];
  if (Object.keys(pax).length > 0) {
    const records = Buffer.concat(Object.entries(pax).map(([key, value]) => paxRecord(key, value)));
    parts.push(header(Buffer.from('PaxHeader'), Buffer.alloc(0), 'x', records.length, {}), ...padded(records));
  }
  parts.push(header(name, link, typeOf(item), item.claimedSize ?? content.length, item), ...padded(content));
  return Buffer.concat(parts);
}

/** A tar archive (ustar with pax headers) of the entries in their order, ended by two empty blocks. */
export function tar(items: readonly TarItem[]): Buffer {
  return Buffer.concat([...items.map(tarEntry), Buffer.alloc(2 * BLOCK)]);
}
