// Runs a TypeScript script: `node scripts/run.mjs scripts/new.ts ARGUMENT…`. Node 20 doesn't strip types, so the script and what it
// imports of this project are bundled into one file first; packages stay where they are.
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/** In a bundle `import.meta.url` is the bundle's: each file keeps its own. */
const ownUrls = {
  name: 'own-urls',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)),
      loader: 'ts',
    }));
  },
};

const [script, ...rest] = process.argv.slice(2);
if (script === undefined) {
  process.stderr.write('Usage: node scripts/run.mjs SCRIPT.ts [ARGUMENT…]\n');
  process.exit(3);
}

// Inside the project, so that packages are found.
mkdirSync(join(root, '.tmp'), { recursive: true });
const directory = mkdtempSync(join(root, '.tmp', 'run-'));
process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
const outfile = join(directory, 'script.mjs');
await build({
  entryPoints: [resolve(script)],
  outfile,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  packages: 'external',
  sourcemap: 'inline',
  logLevel: 'warning',
  loader: { '.policy': 'text' },
  plugins: [ownUrls],
});
process.setSourceMapsEnabled(true);
process.argv = [process.argv[0], resolve(script), ...rest];
await import(pathToFileURL(outfile).href);
