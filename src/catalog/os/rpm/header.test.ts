import { describe, expect, test } from 'vitest';
import { RpmHeader, tags } from './header.ts';
import { checkHeaderDigest } from './header-digest.ts';
import { headerBlob } from './testing/index.ts';

describe('a header', () => {
  test('gives strings, lists and numbers by tag, and null for what it does not have', () => {
    const header = new RpmHeader(
      headerBlob([
        [tags.name, 'grüße'],
        [tags.epoch, { int32: [4294967295] }],
        [tags.baseNames, ['a', '', 'c']],
        [tags.fileModes, { int16: [0o100644, 0o40755] }],
      ]),
    );
    expect(header.string(tags.name)).toBe('grüße');
    expect(header.numbers(tags.epoch)).toEqual([4294967295]);
    expect(header.strings(tags.baseNames)).toEqual(['a', '', 'c']);
    expect(header.numbers(tags.fileModes)).toEqual([0o100644, 0o40755]);
    expect(header.string(tags.license)).toBeNull();
    expect(header.strings(tags.dirNames)).toBeNull();
  });

  test('takes what was added at installation before what it was built with', () => {
    const header = new RpmHeader(
      headerBlob(
        [
          [tags.dirNames, ['/opt/']],
          [tags.oldFileNames, ['/x']],
        ],
        [
          [tags.dirNames, ['/srv/']],
          [tags.baseNames, ['y']],
        ],
      ),
    );
    expect(header.strings(tags.dirNames)).toEqual(['/srv/']);
    expect(header.strings(tags.oldFileNames)).toBeNull();
    expect(() => checkHeaderDigest(header)).not.toThrow();
  });

  test('is read without region too', () => {
    expect(new RpmHeader(headerBlob([[tags.name, 'old']], [], { region: false })).string(tags.name)).toBe('old');
  });

  test('shows a change in what its digest covers', () => {
    const blob = headerBlob([
      [tags.name, 'sudo'],
      [tags.version, '1.9'],
    ]);
    blob[blob.indexOf('sudo')] = 'x'.charCodeAt(0);
    expect(() => checkHeaderDigest(new RpmHeader(blob))).toThrow('SHA-256');
  });

  test.each<[string, (blob: Buffer) => Uint8Array, string]>([
    ['nothing', () => new Uint8Array(0), 'a header of 0 bytes'],
    ['a cut-off end', (blob) => blob.subarray(0, blob.length - 1), 'that says'],
    ['a byte too many', (blob) => Buffer.concat([blob, Buffer.alloc(1)]), 'that says'],
    ['no entries', (blob) => patched(blob, 0, 0), '0 entries'],
    ['as many entries as fit a word', (blob) => patched(blob, 0, 0xffffffff), '4294967295 entries'],
    ['as many bytes as fit a word', (blob) => patched(blob, 4, 0xffffffff), '4294967295 bytes'],
    ['a region without trailer', (blob) => patched(blob, 16, 0x7fffffff), 'trailer'],
    ['an entry of unknown type', (blob) => patched(blob, 28, 12), 'unknown type 12'],
    ['an entry over the end', (blob) => patched(blob, 32, 0xfffffff0), 'over the header'],
    ['more strings than bytes', (blob) => patched(blob, 36, 0xffffffff), 'over the header'],
    ['a region within the data', (blob) => patched(blob, 24, 63), 'tag 63 among its data'],
  ])('with %s is refused', (_, damage, message) => {
    expect(
      () =>
        new RpmHeader(
          damage(
            headerBlob([
              [tags.name, 'a'],
              [tags.version, 'b'],
            ]),
          ),
        ),
    ).toThrow(message);
  });

  test('refuses a tag of a type that it cannot have, a string without end and one without measure', () => {
    const header = new RpmHeader(
      headerBlob([
        [tags.name, { int32: [1] }],
        [tags.epoch, '1'],
        [tags.license, 'x'.repeat(70_000)],
      ]),
    );
    expect(() => header.string(tags.name)).toThrow('type 4');
    expect(() => header.numbers(tags.epoch)).toThrow('type 6');
    expect(() => header.string(tags.license)).toThrow('70000 bytes');
    const blob = headerBlob([[tags.baseNames, ['a', 'b']]], [], { region: false });
    blob[blob.length - 1] = 1;
    expect(() => new RpmHeader(blob).strings(tags.baseNames)).toThrow('string 2 of 2 of tag 1117 has no end');
  });
});

function patched(blob: Buffer, at: number, word: number): Buffer {
  blob.writeUInt32BE(word, at);
  return blob;
}
