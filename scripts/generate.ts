// `npm run generate`: writes everything that is made from declarations; `test/generated.test.ts` compares.
import { execFileSync } from 'node:child_process';
import { writeFiles } from './generated-file.ts';
import { sources } from './sources.ts';

const root = new URL('..', import.meta.url).pathname;

for (const path of writeFiles(root, sources(root), [])) process.stdout.write(`${path}\n`);
// A process of its own: it imports what the registries export.
execFileSync(process.execPath, ['scripts/run.mjs', 'scripts/generate-documents.ts'], { cwd: root, stdio: 'inherit' });
