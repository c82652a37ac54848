import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const file = join(import.meta.dirname, '..', 'dist', 'meta.json');
const built = existsSync(file);

interface Metafile {
  readonly outputs: Readonly<
    Record<
      string,
      {
        readonly imports: readonly { readonly path: string; readonly kind: string; readonly external?: boolean }[];
        readonly inputs: Readonly<Record<string, unknown>>;
      }
    >
  >;
}

/** Packages that are loaded as soon as a file of the build is, in its chunks or from outside. */
function packagesOf(metafile: Metafile, entry: string): string[] {
  const seen = new Set<string>();
  const found = new Set<string>();
  const visit = (path: string) => {
    if (seen.has(path)) return;
    seen.add(path);
    const output = metafile.outputs[path];
    for (const input of Object.keys(output?.inputs ?? {})) {
      const name = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1];
      if (name !== undefined) found.add(name);
    }
    for (const { path: next, kind, external } of output?.imports ?? []) {
      if (kind === 'dynamic-import') continue;
      if (external) found.add(next);
      else visit(next);
    }
  };
  visit(entry);
  return [...found].filter((name) => !name.startsWith('node:')).sort();
}

test.skipIf(!built)('--version and --help load the command line and nothing heavy (needs npm run build)', () => {
  const metafile = JSON.parse(readFileSync(file, 'utf8')) as Metafile;
  expect(packagesOf(metafile, 'dist/main.js')).toEqual(['@commander-js/extra-typings', 'commander', 'picocolors']);
});
