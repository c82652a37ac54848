import { createHash } from 'node:crypto';
import { tags } from '../header.ts';

type Value = string | readonly string[] | { readonly int8?: readonly number[]; readonly int16?: readonly number[]; readonly int32?: readonly number[] };

/** A tag with its value: one string, an array of strings, or numbers of a width. */
export type TestTag = readonly [tag: number, value: Value];

/**
 * Writes a header blob as rpm stores it: `built` in an immutable region with its SHA-256 digest, `installed` behind it.
 * Written from the format's description, independently of the reader.
 */
export function headerBlob(
  built: readonly TestTag[],
  installed: readonly TestTag[] = [],
  options: { readonly region?: boolean; readonly digest?: boolean } = {},
): Buffer {
  const region = options.region ?? true;
  const entries: number[][] = [];
  let store = Buffer.alloc(0);
  const add = ([tag, value]: TestTag): void => {
    const { type, count, bytes, align } = encode(value);
    store = Buffer.concat([store, Buffer.alloc((align - (store.length % align)) % align)]);
    entries.push([tag, type, store.length, count]);
    store = Buffer.concat([store, bytes]);
  };
  for (const tag of built) add(tag);
  let regionEntries = Buffer.alloc(0);
  if (region) {
    const trailer = store.length;
    const covered = -(entries.length + 1) * 16;
    store = Buffer.concat([store, words(63, 7, covered, 16)]);
    entries.unshift([63, 7, trailer, 16]);
    regionEntries = Buffer.concat(entries.map((entry) => words(...entry)));
    if (options.digest ?? true) {
      const hash = createHash('sha256').update(Buffer.from('8eade80100000000', 'hex')).update(words(entries.length, store.length));
      add([tags.sha256Header, hash.update(regionEntries).update(store).digest('hex')]);
    }
  }
  for (const tag of installed) add(tag);
  return Buffer.concat([words(entries.length, store.length), ...entries.map((entry) => words(...entry)), store]);
}

/** A header of a package with a name, a version and these further tags. */
export function packageBlob(name: string, further: readonly TestTag[] = []): Buffer {
  return headerBlob([
    [tags.name, name],
    [tags.version, '1.0'],
    [tags.release, '1'],
    [tags.arch, 'x86_64'],
    [tags.sourceRpm, `${name}-1.0-1.src.rpm`],
    ...further,
  ]);
}

function encode(value: Value): { readonly type: number; readonly count: number; readonly bytes: Buffer; readonly align: number } {
  if (typeof value === 'string') return { type: 6, count: 1, bytes: Buffer.from(`${value}\0`), align: 1 };
  if (Array.isArray(value)) return { type: 8, count: value.length, bytes: Buffer.from(value.map((text) => `${text}\0`).join('')), align: 1 };
  const numbers = value as Exclude<Value, string | readonly string[]>;
  const [type, width, list] = numbers.int8 ? [2, 1, numbers.int8] : numbers.int16 ? [3, 2, numbers.int16] : [4, 4, numbers.int32 ?? []];
  const bytes = Buffer.alloc(list.length * width);
  for (const [index, number] of list.entries()) bytes.writeUIntBE(number, index * width, width);
  return { type, count: list.length, bytes, align: width };
}

function words(...numbers: readonly number[]): Buffer {
  const bytes = Buffer.alloc(numbers.length * 4);
  for (const [index, number] of numbers.entries()) bytes.writeInt32BE(number | 0, index * 4);
  return bytes;
}
