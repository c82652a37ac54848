// What a checkout needs before anything runs. Used by `npm test` and the demo, so that neither asks for another command first.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The checkout, ending in a slash. */
export const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Runs a program in the checkout; its output goes to stderr, since it is nobody's result. Ends this process with the program's
 * status when it fails.
 * @param {string} program
 * @param {readonly string[]} parameters
 */
export function run(program, parameters) {
  const { status, error } = spawnSync(program, parameters, { cwd: root, stdio: ['ignore', 2, 2] });
  if (status === 0) return;
  process.stderr.write(`${program} ${parameters.join(' ')} failed${error ? `: ${error.message}` : ''}\n`);
  process.exit(status || 70);
}

/** Installs the dependencies of the lock file when none are installed. */
export function ensureDependencies() {
  if (existsSync(`${root}node_modules/.package-lock.json`)) return;
  run('npm', ['ci', '--no-audit', '--no-fund']);
}

/** Builds when `dist/` is missing. */
export function ensureBuild() {
  if (!existsSync(`${root}dist/meta.json`)) build();
}

/** Builds `dist/`, whose old state is replaced only when the new one is complete. */
export function build() {
  run(process.execPath, ['scripts/build.mjs']);
}
