// `npm test [-- FILTER…]`: installs and builds what is missing, then runs the tests. The build is always renewed: tests of the command
// line must not pass or fail by an old one.
import { spawnSync } from 'node:child_process';
import { build, ensureDependencies, root } from './set-up.mjs';

ensureDependencies();
build();
const { status } = spawnSync(process.execPath, [`${root}node_modules/vitest/vitest.mjs`, 'run', ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' });
process.exit(status ?? 70);
