import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { ensureBuilt, repository } from './support/cli.ts';

// What `--version`, `--help` and completion load: by the bundle's own list of modules, not by a clock.

interface Metafile {
  readonly outputs: Readonly<
    Record<
      string,
      {
        readonly entryPoint?: string;
        readonly inputs: Readonly<Record<string, unknown>>;
        readonly imports: readonly { readonly path: string; readonly kind: string }[];
      }
    >
  >;
}

let modules: readonly string[] = [];

beforeAll(() => {
  ensureBuilt();
  const { outputs } = JSON.parse(readFileSync(join(repository, 'dist', 'meta.json'), 'utf8')) as Metafile;
  const entry = Object.entries(outputs).find(([, output]) => output.entryPoint === 'src/cli/main.ts')?.[0] ?? '';
  const seen = new Set<string>();
  const pending = [entry];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    if (seen.has(path)) continue;
    seen.add(path);
    for (const imported of outputs[path]?.imports ?? []) if (imported.kind === 'import-statement') pending.push(imported.path);
  }
  modules = [...seen].flatMap((path) => [path, ...Object.keys(outputs[path]?.inputs ?? {})]);
});

test('the entry loads the command line', () => {
  expect(modules).toContain('src/cli/program.ts');
});

test.each(['zod', 'undici', 'yaml', 'smol-toml', 'libsql', 'tinypool', 'packageurl-js', 'dockerfile-ast', 'fzstd'])(
  'help and version do not load %s',
  (name) => {
    expect(modules.filter((path) => path === name || path.includes(`node_modules/${name}/`))).toEqual([]);
  },
);

test.each(['src/policy/', 'src/gates/', 'src/catalog/', 'src/advisories/', 'src/services/'])('help and version do not load %s', (room) => {
  expect(modules.filter((path) => path.startsWith(room))).toEqual([]);
});
