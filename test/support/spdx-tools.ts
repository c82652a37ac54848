import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { repository } from './cli.ts';

/** Where `.ci/run` puts spdx-tools (PyPI). */
const place = join(repository, '.tmp', 'spdx-tools');
const run = (...parameters: readonly string[]) =>
  spawnSync('python3', ['-m', 'spdx_tools.spdx.clitools.pyspdxtools', ...parameters], {
    encoding: 'utf8',
    env: { ...process.env, PYTHONPATH: place },
    timeout: 60_000,
  });

/** Whether the validator is there: tests that need it are skipped without it, in plain sight. */
export const hasSpdxTools = run('--help').status === 0;

/** What SPDX's own tools say against a document in a file; nothing when it is valid. */
export function spdxFaults(path: string): string {
  const { status, stdout, stderr } = run('--infile', path);
  return status === 0 ? '' : `${stdout}${stderr}` || `status ${status}`;
}

/** Writes a document in the form that the other file's name says (`.spdx`: tags and values, `.yaml`, `.rdf.xml`). @throws what the tool says */
export function convertSpdx(from: string, to: string): string {
  const { status, stdout, stderr } = run('--infile', from, '--outfile', to);
  if (status !== 0) throw new Error(`${stdout}${stderr}`);
  return to;
}
