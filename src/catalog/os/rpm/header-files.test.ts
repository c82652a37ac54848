import { describe, expect, test } from 'vitest';
import { RpmHeader, tags } from './header.ts';
import { filesOf } from './header-files.ts';
import { headerBlob, type TestTag } from './testing/index.ts';

const plenty = 1_000_000;

function files(list: readonly TestTag[], maxCharacters = plenty): string[] {
  return filesOf(new RpmHeader(headerBlob(list)), maxCharacters);
}

describe('the files of a package', () => {
  test('are its files and links: no directories, no ghosts, nothing replaced or left out', () => {
    expect(
      files([
        [tags.dirNames, ['/', '/usr/bin/']],
        [tags.baseNames, ['etc', 'a', 'link', 'ghost', 'replaced', 'documentation', 'colour']],
        [tags.dirIndexes, { int32: [0, 1, 1, 1, 1, 1, 1] }],
        [tags.fileModes, { int16: [0o040755, 0o100755, 0o120777, 0o100644, 0o100644, 0o100644, 0o100644] }],
        [tags.fileFlags, { int32: [0, 0, 0, 64, 0, 2, 0] }],
        [tags.fileStates, { int8: [0, 0, 0, 0, 1, 2, 4] }],
      ]),
    ).toEqual(['/usr/bin/a', '/usr/bin/link']);
  });

  test('are taken from whole names in old headers, and are none in a package without files', () => {
    expect(files([[tags.oldFileNames, ['/bin/sh', '/etc/x']]])).toEqual(['/bin/sh', '/etc/x']);
    expect(files([[tags.name, 'meta']])).toEqual([]);
  });

  test.each<[string, readonly TestTag[], string]>([
    ['names without directories', [[tags.baseNames, ['a']]], 'without directories'],
    [
      'an index over the directories',
      [
        [tags.baseNames, ['a']],
        [tags.dirNames, ['/']],
        [tags.dirIndexes, { int32: [1] }],
      ],
      'directory 1 of 1',
    ],
    [
      'fewer indexes than names',
      [
        [tags.baseNames, ['a', 'b']],
        [tags.dirNames, ['/']],
        [tags.dirIndexes, { int32: [0] }],
      ],
      '1 values for 2 files',
    ],
    [
      'a relative path',
      [
        [tags.baseNames, ['a']],
        [tags.dirNames, ['']],
        [tags.dirIndexes, { int32: [0] }],
      ],
      "can't be one",
    ],
    ['a path that no system takes', [[tags.oldFileNames, [`/${'a'.repeat(5000)}`]]], "can't be one"],
  ])('with %s are refused', (_, list, message) => {
    expect(() => files(list)).toThrow(message);
  });

  test('are bounded by what a long directory repeats to', () => {
    const list: TestTag[] = [
      [tags.dirNames, [`/${'d'.repeat(4000)}/`]],
      [tags.baseNames, new Array(1000).fill('a')],
      [tags.dirIndexes, { int32: new Array(1000).fill(0) }],
    ];
    expect(() => files(list)).toThrow('more than 1000000 characters');
  });
});
