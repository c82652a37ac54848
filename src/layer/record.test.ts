import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeLayerRecord, EntryTable, encodeLayerRecord, FileTable, type LayerRecord, type RecordedType } from './record.ts';

const word = fc.nat(0xffff_ffff);
// Names are decoded from UTF-8 before they come here, so a lone surrogate can't occur.
const text = fc.string({ unit: 'grapheme', maxLength: 20 });
const record: fc.Arbitrary<LayerRecord> = fc.record({
  entries: fc
    .array(
      fc.record({
        path: text,
        type: fc.constantFrom<RecordedType[]>('file', 'hardlink', 'symlink', 'device', 'directory', 'fifo', 'other'),
        mode: fc.nat(0o7777),
        uid: word,
        gid: word,
        size: fc.oneof(fc.nat(), fc.constantFrom(0, 2 ** 33, Number.MAX_SAFE_INTEGER)),
        linkName: text,
      }),
    )
    .map((entries) => EntryTable.of(entries)),
  files: fc
    .array(
      fc.record({
        entry: fc.nat(1_000_000),
        path: text,
        results: fc.dictionary(text, fc.array(fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as unknown))),
        content: fc.option(fc.uint8Array({ maxLength: 100 })),
      }),
    )
    .map((files) => FileTable.of(files)),
});

test('decoding gives back what was encoded', () => {
  fc.assert(
    fc.property(record, (each) => {
      const decoded = decodeLayerRecord(encodeLayerRecord(each));
      expect([...decoded.entries]).toEqual([...each.entries]);
      expect(decoded.entries.length).toBe(each.entries.length);
      expect([...decoded.files]).toEqual([...each.files]);
      expect([...decoded.files.entries()]).toEqual([...new Set([...each.files].map(({ entry }) => entry))]);
    }),
  );
});

test('a record larger than the first buffer', () => {
  const path = 'x'.repeat(3000);
  const entries = Array.from({ length: 100 }, () => ({ path, type: 'file' as const, mode: 0, uid: 0, gid: 0, size: 0, linkName: '' }));
  const files = [{ entry: 1, path, results: {}, content: new Uint8Array(1_000_000).fill(7) }];
  const decoded = decodeLayerRecord(encodeLayerRecord({ entries: EntryTable.of(entries), files: FileTable.of(files) }));
  expect([...decoded.entries]).toEqual(entries);
  expect([...decoded.files]).toEqual(files);
});

test('bytes in the middle of a larger buffer', () => {
  const file = { entry: 0, path: 'a', results: { a: [1] }, content: Uint8Array.of(5) };
  const encoded = encodeLayerRecord({ entries: new EntryTable(), files: FileTable.of([file]) });
  const larger = new Uint8Array(encoded.length + 20);
  larger.set(encoded, 10);
  expect([...decodeLayerRecord(larger.subarray(10, 10 + encoded.length)).files]).toEqual([file]);
});

test('another version is refused', () => {
  const encoded = encodeLayerRecord({ entries: new EntryTable(), files: new FileTable() });
  encoded[0] = 99;
  expect(() => decodeLayerRecord(encoded)).toThrow(expect.objectContaining({ code: 'DEFECT' }));
});
