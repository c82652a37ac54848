import { isAscii, isUtf8 } from 'node:buffer';
import { PortcullisError } from '../errors.ts';

export type TarType = 'file' | 'hardlink' | 'symlink' | 'device' | 'directory' | 'fifo' | 'other';

/** The fields of one 512-byte header block (POSIX.1-2001 ustar, GNU tar). */
export interface TarHeader {
  readonly typeflag: string;
  readonly name: string;
  readonly linkName: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  /** GNU's old sparse format: the block itself holds the first four segments. */
  readonly gnu: boolean;
}

export function invalidTar(why: string, offset: number): PortcullisError {
  return new PortcullisError('IMAGE_INVALID', `The tar stream is damaged at byte ${offset}: ${why}.`, {
    hint: 'Save or build the image again; a partial download or copy is the usual cause.',
  });
}

/**
 * Bytes of a path as UTF-8; in a part between slashes that isn't UTF-8 bytes become `\xNN`, so that different names
 * stay different, and one name is the same however a header splits it.
 */
export function decodeName(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  const parts: string[] = [];
  for (let start = 0; start <= bytes.length; ) {
    const slash = bytes.indexOf(0x2f, start);
    const end = slash < 0 ? bytes.length : slash;
    parts.push(decodePart(bytes.subarray(start, end)));
    start = end + 1;
  }
  return parts.join('/');
}

function decodePart(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  let text = '';
  for (const byte of bytes) text += byte < 0x80 && byte !== 0x5c ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`;
  return text;
}

function field(block: Buffer, start: number, length: number): string {
  let end = start;
  let bits = 0;
  for (; end < start + length && block[end] !== 0; end++) bits |= block[end] as number;
  if (end === start) return '';
  return bits < 0x80 ? block.toString('latin1', start, end) : decodeName(block.subarray(start, end));
}

/** Whether a block has these ASCII characters at a place. */
function has(block: Buffer, start: number, text: string): boolean {
  for (let at = 0; at < text.length; at++) if (block[start + at] !== text.charCodeAt(at)) return false;
  return true;
}

/** Octal text, or GNU's base-256 for what octal can't hold. NaN when it is neither, or negative. */
export function tarNumber(block: Buffer, start: number, length: number): number {
  const first = block[start] as number;
  if (first & 0x80) {
    if (first & 0x40) return Number.NaN; // negative
    let value = first & 0x3f;
    for (let at = start + 1; at < start + length; at++) {
      value = value * 256 + (block[at] as number);
      if (value > Number.MAX_SAFE_INTEGER) return Number.NaN;
    }
    return value;
  }
  // Nearly every number is digits up to a NUL or blank.
  let quick = 0;
  let at = start;
  const end = start + length;
  for (; at < end; at++) {
    const byte = block[at] as number;
    if (byte < 0x30 || byte > 0x37) break;
    quick = quick * 8 + byte - 0x30;
  }
  if (at > start && (at === end || block[at] === 0)) return quick;
  const text = block.toString('latin1', start, start + length).replace(/^[\0 ]+|[\0 ]+$/g, '');
  const digits = text.split('\0', 1)[0] as string; // what follows a NUL is no part of the number
  if (digits === '') return 0;
  return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number.NaN;
}

export function isZeroBlock(block: Buffer): boolean {
  for (let at = 0; at < 512; at += 8) if (block[at] !== 0) return false;
  for (let at = 0; at < 512; at++) if (block[at] !== 0) return false;
  return true;
}

function checksumHolds(block: Buffer): boolean {
  const stated = tarNumber(block, 148, 8);
  // The checksum itself counts as eight blanks.
  let unsigned = 8 * 0x20;
  for (let at = 0; at < 148; at++) unsigned += block[at] as number;
  for (let at = 156; at < 512; at++) unsigned += block[at] as number;
  if (stated === unsigned) return true;
  let signed = unsigned;
  for (let at = 0; at < 512; at++) if ((at < 148 || at >= 156) && (block[at] as number) > 127) signed -= 256;
  return stated === signed;
}

/**
 * What stands before the name: 155 bytes in ustar, 131 in star. GNU has times in their place; bytes there that are
 * no times are a prefix all the same, as Go reads archives that Go wrote before 1.8.
 */
function prefixOf(block: Buffer, posix: boolean, gnu: boolean): string {
  if (posix) return block[345] === 0 ? '' : field(block, 345, has(block, 508, 'tar\0') ? 131 : 155);
  if (!gnu) return '';
  if (isTime(block, 345) && isTime(block, 357)) return '';
  const end = block.indexOf(0, 345);
  const prefix = block.subarray(345, end < 0 || end > 500 ? 500 : end);
  return isAscii(prefix) ? prefix.toString('latin1') : '';
}

/** Whether 12 bytes are absent (a NUL first), octal, or a base-256 number of 64 bits. */
function isTime(block: Buffer, start: number): boolean {
  const first = block[start] as number;
  if (first === 0) return true;
  if ((first & 0x80) === 0) return !Number.isNaN(tarNumber(block, start, 12));
  const sign = (first & 0x40) === 0 ? 0 : 0xff;
  return ((first ^ sign) & 0x7f) === 0 && [1, 2, 3].every((at) => block[start + at] === sign) && (((block[start + 4] as number) ^ sign) & 0x80) === 0;
}

/**
 * Parses a header block.
 * @param offset of the block in the stream, for messages
 * @throws PortcullisError IMAGE_INVALID
 */
export function parseTarHeader(block: Buffer, offset: number): TarHeader {
  if (!checksumHolds(block)) throw invalidTar('a header has a wrong checksum', offset);
  const size = tarNumber(block, 124, 12);
  if (Number.isNaN(size)) throw invalidTar('a header has a size that is not a number', offset);
  const gnu = has(block, 257, 'ustar  \0');
  const prefix = prefixOf(block, has(block, 257, 'ustar\0'), gnu);
  const name = field(block, 0, 100);
  const mode = tarNumber(block, 100, 8);
  const uid = tarNumber(block, 108, 8);
  const gid = tarNumber(block, 116, 8);
  return {
    typeflag: String.fromCharCode(block[156] as number),
    name: prefix === '' ? name : `${prefix}/${name}`,
    linkName: field(block, 157, 100),
    mode: Number.isNaN(mode) ? 0 : mode,
    uid: Number.isNaN(uid) ? 0 : uid,
    gid: Number.isNaN(gid) ? 0 : gid,
    size,
    gnu,
  };
}

/**
 * Parses the records of a pax extended header (`LEN KEY=VALUE\n`, POSIX.1-2001 pax). Values that aren't text stay
 * as bytes in latin1 where the key is an extended attribute. The pairs of GNU's sparse format 0.0 (`offset` and
 * `numbytes`, repeated) become the `GNU.sparse.map` of format 0.1.
 * @throws PortcullisError IMAGE_INVALID
 */
export function parsePax(bytes: Buffer, offset: number): Map<string, string> {
  const records = new Map<string, string>();
  const pairs: string[] = [];
  let at = 0;
  while (at < bytes.length) {
    const space = bytes.indexOf(0x20, at);
    const digits = space < 0 ? '' : bytes.toString('latin1', at, space);
    const length = /^[0-9]{1,10}$/.test(digits) ? Number(digits) : 0;
    if (length <= space - at + 1 || at + length > bytes.length || bytes[at + length - 1] !== 0x0a) {
      throw invalidTar('an extended header has a record of the wrong length', offset);
    }
    const record = bytes.subarray(space + 1, at + length - 1);
    const equals = record.indexOf(0x3d);
    if (equals <= 0) throw invalidTar('an extended header has a record without a key', offset);
    const key = decodeName(record.subarray(0, equals));
    const value = record.subarray(equals + 1);
    if ((key === 'path' || key === 'linkpath') && value.includes(0)) throw invalidTar('a name holds a NUL byte', offset);
    if (key === 'GNU.sparse.offset' || key === 'GNU.sparse.numbytes') {
      if ((key === 'GNU.sparse.offset') !== (pairs.length % 2 === 0)) throw invalidTar('a sparse file has a map out of order', offset);
      pairs.push(value.toString('latin1'));
    } else records.set(key, key.startsWith('SCHILY.xattr.') ? value.toString('latin1') : decodeName(value));
    at += length;
  }
  if (pairs.length > 0) records.set('GNU.sparse.map', pairs.join(','));
  return records;
}

/** The kind of an entry. Only in the oldest form (NUL) does a slash at the end make a directory, as Go reads it. */
export function typeOf(typeflag: string, name: string): TarType {
  switch (typeflag) {
    case '\0':
      return name.endsWith('/') ? 'directory' : 'file';
    case '0':
    case '7':
    case 'S':
      return 'file';
    case '1':
      return 'hardlink';
    case '2':
      return 'symlink';
    case '3':
    case '4':
      return 'device';
    case '5':
      return 'directory';
    case '6':
      return 'fifo';
    default:
      return 'other';
  }
}

/**
 * The path without leading slash, `.` and `..` (which can't lead above the root: containerd's clamp);
 * `''` is the root itself.
 */
export function normalizePath(name: string): string {
  if (name !== '' && !name.startsWith('/') && !name.startsWith('.') && !name.includes('//') && !name.includes('/.') && !name.endsWith('/')) return name;
  const parts: string[] = [];
  for (const part of name.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return parts.join('/');
}
