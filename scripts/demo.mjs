// `npm run demo`: sets up what is missing, packs the example image and gates it: the founding story, in a minute, with no container
// engine and no network beyond the package registry. Ends with the gate's own exit code.
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { packImage } from './pack-image.mjs';
import { ensureBuild, ensureDependencies, root } from './set-up.mjs';

ensureDependencies();
ensureBuild();

const example = 'examples/01-founding-story';
rmSync(`${root}.tmp/demo`, { recursive: true, force: true });
mkdirSync(`${root}.tmp/demo/data`, { recursive: true, mode: 0o700 });
packImage(`${root}${example}/image`, `${root}.tmp/demo/webapp.tar`);

/** Shows a command as a person would type it, and runs it with advisories of the demo's own. */
function show(...parameters) {
  process.stdout.write(`\n$ portcullis ${parameters.join(' ')}\n`);
  const { status } = spawnSync(process.execPath, [`${root}bin/portcullis`, ...parameters], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, PORTCULLIS_DATA_DIR: `${root}.tmp/demo/data` },
  });
  return status ?? 70;
}

const imported = show('feeds', 'import', `${example}/advisories`);
if (imported !== 0) process.exit(imported);
process.stdout.write('\nThe configuration of the services inside, judged by their effective settings:\n');
show('gate', '.tmp/demo/webapp.tar', '--policy', 'tls-intermediate');
process.stdout.write('\nThe founding story: a forbidden package, an open vulnerability, a missing health check:\n');
process.exit(show('gate', '.tmp/demo/webapp.tar', '--policy', 'basic-policy'));
