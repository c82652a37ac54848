import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apk } from '../../apk.ts';
import { answers, lines, type Oracle, run, succeeds } from './oracle.ts';

const image = join(import.meta.dirname, '../../../../../shared/images/alpine-3.6.tar');
const shell = 'while read -r a b; do apk version -t "$a" "$b"; done';

/**
 * The apk-tools 2 of an Alpine image, run in its own root.
 * Left out, because apk-tools 2 and 3 differ: a number with a leading zero behind a dot, a version that ends in `.0` (before
 * `.0_pre1` for apk-tools 2), and runs of ten digits and more, which this release counts in 32 bits.
 */
export const apkProgram: Oracle = {
  tool: 'apk version -t (Alpine 3.6)',
  order: apk,
  ecosystems: ['Alpine', 'Alpaquita', 'BellSoft Hardened Containers', 'CleanStart'],
  pairs: 1500,
  judgesValidity: false,
  absent() {
    if (!existsSync(image)) return 'the image of Alpine 3.6 is absent';
    if (process.getuid?.() !== 0) return 'root is needed for chroot';
    return succeeds('tar', ['--version']) && succeeds('chroot', ['--version']) ? undefined : 'tar or chroot is absent';
  },
  skips: (a, b) => [a, b].some((text) => /\.0(?:\d|$)/.test(text) || /\d{10}/.test(text)),
  compare(pairs) {
    const folder = mkdtempSync(join(tmpdir(), 'versions-apk-'));
    const root = join(folder, 'root');
    try {
      mkdirSync(root);
      run('tar', ['-xf', image, '-C', folder]);
      const [manifest] = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as { Layers: string[] }[];
      for (const layer of manifest?.Layers ?? []) run('tar', ['-xf', join(folder, layer), '-C', root, '--exclude=dev/*', '--no-same-owner']);
      return answers(run('chroot', [root, '/bin/sh', '-c', shell], { input: lines(pairs).replaceAll('\t', ' '), env: { PATH: '/sbin:/bin' } }));
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};
