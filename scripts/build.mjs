// `npm run build`: the command line and its worker as one bundle, the public library, its type declarations.
//
// The command line carries its packages (measured on Node 20: 6 ms instead of 11 ms above an empty process for `--version`, 33 ms instead of
// 68 ms once zod is needed). The library doesn't: whoever uses it must get the same zod as their own code. libsql is native
// and tinypool starts a file of its own as a thread: both always stay outside.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);

/** Each file of `dist/` that something outside names, and what it is made of. */
const commandLine = { main: 'src/cli/main.ts', worker: 'src/catalog/worker.ts' };
const library = { index: 'src/index.ts', versions: 'src/versions/index.ts', testing: 'src/testing/index.ts' };

const outdir = `.tmp/dist-${process.pid}`;
const common = {
  outdir,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  // Beside the entries: `new URL('./worker.js', import.meta.url)` means the same in every chunk.
  chunkNames: '[name]-[hash]',
  loader: { '.policy': 'text' },
  metafile: true,
  define: { PORTCULLIS_BUILD_ID: JSON.stringify(sourcesDigest()) },
  logLevel: 'warning',
};

const present = (entries) => Object.fromEntries(Object.entries(entries).filter(([, path]) => existsSync(path)));

try {
  const { metafile } = await build({
    ...common,
    entryPoints: present(commandLine),
    external: ['libsql', 'tinypool'],
    // Packages in CommonJS call require for Node's own modules.
    banner: { js: "import { createRequire as portcullisRequire } from 'node:module'; const require = portcullisRequire(import.meta.url);" },
  });
  await build({ ...common, entryPoints: present(library), packages: 'external' });
  declarations();
  writeFileSync(join(outdir, 'meta.json'), JSON.stringify(metafile).replaceAll(`"${outdir}/`, '"dist/'));
  writeFileSync(join(outdir, 'third-party-licenses.txt'), licenses(metafile));
  replace('dist', outdir);
} catch (error) {
  // esbuild has already said what is wrong with the source.
  if (!Array.isArray(error?.errors)) process.stderr.write(`${error?.message ?? error}\n`);
  process.exitCode = 1;
} finally {
  rmSync(outdir, { recursive: true, force: true });
}

/** Over everything that a layer's record may depend on. */
function sourcesDigest() {
  const hash = createHash('sha256');
  for (const path of readdirSync('src', { recursive: true }).sort()) {
    if (!/\.(ts|json|policy)$/.test(path) || /\.(test|fixture)\./.test(path)) continue;
    hash.update(`${path}\n`).update(readFileSync(join('src', path)));
  }
  return hash.digest('hex').slice(0, 32);
}

/** Types of the public library; errors in them are `npm run typecheck`'s business. */
function declarations() {
  if (!Object.values(library).every((path) => existsSync(path))) return;
  const { status, stdout } = spawnSync(
    process.execPath,
    ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json', '--noCheck', '--outDir', join(outdir, 'types')],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`The type declarations could not be made:\n${stdout}`);
}

/** Licences of the packages that are inside the bundle. */
function licenses(metafile) {
  const packages = new Set(Object.keys(metafile.inputs).flatMap((path) => path.match(/^.*\bnode_modules\/(?:@[^/]+\/)?[^/]+/)?.[0] ?? []));
  const texts = [...packages].sort().map((directory) => {
    const { name, version, license } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
    const file = readdirSync(directory).find((entry) => /^licen[cs]e/i.test(entry));
    return `${name} ${version} (${license})\n\n${file === undefined ? '' : readFileSync(join(directory, file), 'utf8').trim()}\n`;
  });
  return texts.join(`\n${'-'.repeat(80)}\n\n`);
}

/** Puts a directory in the place of another, which stays complete until then. */
function replace(target, source) {
  const old = `${source}-old`;
  mkdirSync('.tmp', { recursive: true });
  if (existsSync(target)) renameSync(target, old);
  renameSync(source, target);
  rmSync(old, { recursive: true, force: true });
}
