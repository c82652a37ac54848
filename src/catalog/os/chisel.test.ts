import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { compress } from '../../../test/support/image-builder.ts';
import { testCataloger } from '../../testing/index.ts';
import chisel from './chisel.ts';

const path = 'var/lib/chisel/manifest.wall';
const zstd = (...lines: readonly unknown[]): Buffer => {
  const text = lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join('');
  return compress(Buffer.from(text), 'zstd');
};
const head = (count: number) => ({ jsonwall: '1.0', schema: '1.0', count });
const digest = 'ab'.repeat(32);
const package_ = (name: string, version: string) => ({ kind: 'package', name, version, sha256: digest, arch: 'amd64' });
const all = { kind: 'packages', detail: { ownership: true, checksums: true } } as const;

testCataloger(
  chisel,
  {
    takes: [path],
    leaves: ['manifest.wall', 'var/lib/chisel/manifest.wall.old', 'x/var/lib/chisel/manifest.wall'],
    files: [
      {
        title: 'packages, without sources',
        path,
        content: zstd(head(3), package_('base-files', '12ubuntu4.6'), package_('libssl3', '3.0.2-0ubuntu1.10'), { kind: 'slice', name: 'libssl3_libs' }),
        facts: {
          packages: [
            { type: 'deb', name: 'base-files', version: '12ubuntu4.6', architecture: 'amd64', source: null, locations: [{ path: `/${path}`, line: 2 }] },
            { name: 'libssl3', version: '3.0.2-0ubuntu1.10', locations: [{ line: 3 }] },
          ],
        },
      },
      {
        title: 'files by package, with what the slices’ own scripts left, links, and no directories',
        path,
        request: all,
        content: zstd(
          head(8),
          package_('a', '1'),
          package_('b', '2'),
          { kind: 'path', path: '/etc/x', mode: '0644', slices: ['a_config'], sha256: digest, final_sha256: 'cd'.repeat(32), size: 3 },
          { kind: 'path', path: '/usr/bin/tool', mode: '0755', slices: ['a_bins', 'b_bins'], sha256: digest, size: 3 },
          { kind: 'path', path: '/usr/bin/also', mode: '0777', slices: ['b_bins'], link: 'tool' },
          { kind: 'path', path: '/usr/lib/', mode: '0755', slices: ['a_bins'] },
          { kind: 'content', slice: 'a_bins', path: '/usr/bin/tool' },
        ),
        facts: {
          packages: [{ name: 'a' }, { name: 'b' }],
          checksums: [
            {
              package: 'a',
              type: 'deb',
              files: [
                ['/etc/x', 'sha256', 'cd'.repeat(32)],
                ['/usr/bin/tool', 'sha256', digest],
              ],
            },
            {
              package: 'b',
              files: [
                ['/usr/bin/tool', 'sha256', digest],
                ['/usr/bin/also', 'link', 'tool'],
              ],
            },
          ],
          ownership: [
            { package: 'a', files: ['/usr/bin/tool'] },
            { package: 'b', files: ['/usr/bin/tool', '/usr/bin/also'] },
          ],
        },
      },
      { title: 'gzip', path, content: gzipSync(`${JSON.stringify(head(2))}\n${JSON.stringify(package_('a', '1'))}\n`), facts: { packages: [{ name: 'a' }] } },
      { title: 'empty', path, content: '', problems: [{ kind: 'unreadable' }] },
      { title: 'no package', path, content: zstd(head(1)), problems: [{ why: 'it names no package' }] },
      {
        title: 'cut off',
        path,
        content: zstd(head(3), package_('a', '1')),
        facts: { packages: [{ name: 'a' }] },
        problems: [{ why: 'it has 2 lines where it says 3' }],
      },
      { title: 'damaged zstd', path, content: zstd(head(2), package_('a', '1')).subarray(0, 20), problems: [{ kind: 'unreadable' }] },
      { title: 'not compressed', path, content: JSON.stringify(head(1)), problems: [{ kind: 'unreadable' }] },
      {
        title: 'a line that is no JSON, a package without a version',
        path,
        content: zstd(head(4), '{"kind"', package_('a', ''), package_('b', '1')),
        facts: { packages: [{ name: 'b' }] },
        problems: [{ line: 2 }],
      },
      { title: 'something else', path, content: zstd('{"a":1}', package_('a', '1')), facts: { packages: [{ name: 'a' }] }, problems: [{ line: 1 }] },
    ],
  },
  test,
);

test('a bomb is not unpacked', () => {
  const part = gzipSync(Buffer.alloc(1024 * 1024));
  const bytes = Buffer.concat(Array.from({ length: 300 }, () => part));
  const given = [...chisel.read({ path, mode: 0o644, bytes, text: () => '' }, { kind: 'packages' }, { limits: { facts: 10, depth: 10 } })];
  expect(given).toMatchObject([{ problem: { kind: 'unreadable' } }]);
});
