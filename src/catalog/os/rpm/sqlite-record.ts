import { Damage, slice, viewOf } from './damage.ts';

export type SqliteValue =
  | { readonly type: 'null' }
  | { readonly type: 'integer'; readonly value: number }
  | { readonly type: 'real' }
  | { readonly type: 'text' | 'blob'; readonly bytes: Uint8Array };

/** A variable-length integer of 1 to 9 bytes, big-endian, and where it ends. Values above 2^53 lose precision: no size or page number is that large. Throws Damage at the end of the bytes. */
export function varint(bytes: Uint8Array, at: number): { readonly value: number; readonly end: number } {
  let value = 0;
  for (let index = 0; index < 9; index++) {
    const byte = bytes[at + index];
    if (byte === undefined) throw new Damage(`an integer at offset ${at} reaches over the end`);
    if (index === 8) return { value: value * 256 + byte, end: at + 9 };
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) return { value, end: at + index + 1 };
  }
  throw new Damage(`an integer at offset ${at} has no end`);
}

/** The first `columns` values of a record; fewer when it has fewer. Throws Damage when header and body don't fit. */
export function recordValues(record: Uint8Array, columns: number): SqliteValue[] {
  const header = varint(record, 0);
  if (header.value < header.end || header.value > record.length) throw new Damage(`a record of ${record.length} bytes with a header of ${header.value}`);
  const values: SqliteValue[] = [];
  let at = header.end;
  let body = header.value;
  while (at < header.value) {
    const serial = varint(record, at);
    at = serial.end;
    const size = sizeOf(serial.value);
    const bytes = slice(record, body, size, 'a value');
    if (values.length < columns) values.push(decode(serial.value, bytes));
    body += size;
  }
  if (at !== header.value || body !== record.length) throw new Damage(`a record of ${record.length} bytes whose values take ${body}`);
  return values;
}

const sizes = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0];

function sizeOf(serial: number): number {
  const size = serial >= 12 ? Math.floor((serial - 12) / 2) : sizes[serial];
  if (size === undefined) throw new Damage(`a value of type ${serial}, which is reserved`);
  return size;
}

function decode(serial: number, bytes: Uint8Array): SqliteValue {
  if (serial >= 12) return { type: serial % 2 === 0 ? 'blob' : 'text', bytes };
  if (serial === 0) return { type: 'null' };
  if (serial === 7) return { type: 'real' };
  if (serial >= 8) return { type: 'integer', value: serial - 8 };
  if (serial === 6) return { type: 'integer', value: Number(viewOf(bytes).getBigInt64(0)) };
  return { type: 'integer', value: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).readIntBE(0, bytes.length) };
}
