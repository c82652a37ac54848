// The second half of `npm run generate`: what is made from the declarations themselves.
import { documentFolders, documents } from './documents.ts';
import { writeFiles } from './generated-file.ts';

for (const path of writeFiles(new URL('..', import.meta.url).pathname, documents(), documentFolders)) process.stdout.write(`${path}\n`);
