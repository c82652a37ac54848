import { describe, expect, test } from 'vitest';
import cataloger from './rpm-manifest.ts';
import { readWith } from './testing/index.ts';

const path = 'var/lib/rpmmanifest/container-manifest-2';
const read = (text: string) => readWith(cataloger, path, Buffer.from(text));

describe('container-manifest-2', () => {
  test('gives name, epoch, version, architecture and source package of each line', () => {
    const reading = read(
      [
        'glibc\t2.35-2.cm2\t1653816591\t1653753130\tMicrosoft Corporation\t(none)\t10855265\tx86_64\t0\tglibc-2.35-2.cm2.src.rpm',
        'ca-certificates-base\t2.0.0-7.cm2\t1653816591\t1653753130\tMicrosoft Corporation\t(none)\t1\tnoarch\t1\tca-certificates-2.0.0-7.cm2.src.rpm\r',
        '',
        'gpg-pubkey\t3135ce90-5e6fda74\t1653816591\t1\t(none)\t(none)\t0\t(none)\t0\t(none)',
      ].join('\n'),
    );
    expect(reading.problems).toEqual([]);
    expect(
      reading.packages.map(({ name, version, architecture, source, locations }) => [name, version, architecture, source?.name ?? null, locations[0]?.line]),
    ).toEqual([
      ['glibc', '2.35-2.cm2', 'x86_64', 'glibc', 1],
      ['ca-certificates-base', '1:2.0.0-7.cm2', 'noarch', 'ca-certificates', 2],
      ['gpg-pubkey', '3135ce90-5e6fda74', null, null, 4],
    ]);
  });

  test('keeps the good lines and tells where the bad ones are', () => {
    const reading = read(
      'glibc 2.35\nzlib\t1.2-1\t1\t1\tv\t(none)\t1\tx86_64\t0\tzlib-1.2-1.src.rpm\nx\t1\t1\t1\tv\t(none)\t1\tx86_64\t0\tx\ny\t1-1\t1\t1\tv\t(none)\t1\tx86_64\t-3\tx',
    );
    expect(reading.packages.map(({ name }) => name)).toEqual(['zlib']);
    expect(reading.problems).toEqual([
      {
        kind: 'unreadable',
        what: `the rpm manifest /${path}`,
        why: 'line 1: 1 columns where 10 are expected; line 3: it has no name or no version and release; line 4: its epoch is not a number',
        line: 1,
      },
    ]);
  });

  test('that lists nothing is a problem', () => {
    expect(read('\n').problems).toMatchObject([{ kind: 'contradiction', why: 'it lists no package' }]);
  });

  test('is selected at its place only', () => {
    const entry = { path, type: 'file', mode: 0o644, size: 1 } as const;
    expect(cataloger.selects(entry, { kind: 'packages' })).toBe(true);
    expect(cataloger.selects({ ...entry, type: 'symlink' }, { kind: 'packages' })).toBe(false);
    for (const other of [`root/${path}`, 'var/lib/rpmmanifest/container-manifest-1'])
      expect(cataloger.selects({ ...entry, path: other }, { kind: 'packages' })).toBe(false);
  });
});
