import * as z from 'zod';
import { defineTrigger } from '../trigger.ts';

export default defineTrigger({
  gate: 'files',
  name: 'missing',
  since: '0.2.0',
  summary: 'A file that must be in the image is not there.',
  why: 'A configuration, a licence text or a certificate that is missing is often noticed only when the container runs.',
  remedy: 'Bring the file in, or take it out of the policy.',
  parameters: {
    paths: z.array(z.string().regex(/^\//, 'is no absolute path')).min(1).describe('absolute paths of files, directories or links that must be there'),
  },
  needs: ({ paths }) => [{ kind: 'files', detail: { files: { names: paths.map((path) => `${path.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&')}$`) } } }],
  translates: [
    {
      gate: 'FILECHECK',
      trigger: 'MISSING',
      parameters: { paths: { to: 'paths', syntax: 'list' } },
      requires: ['paths'],
      own: true,
      sample: { action: 'warn', parameters: 'paths=/etc/ssl/certs/ca-certificates.crt' },
      note: 'The path must be the file’s own: one that leads through a linked directory is not found.',
    },
  ],
  examples: [
    { title: 'One of two.', line: 'paths=/LICENSE,/app/main', facts: { files: [{ path: '/app/main' }, { path: '/LICENSES' }] }, fires: ['/LICENSE'] },
    { title: 'A directory will do.', line: 'paths=/app', facts: { files: [{ path: '/app', type: 'directory' }] }, fires: [] },
  ],
  *judge({ files }, { paths }) {
    const there = new Set(files.map(({ path }) => path));
    for (const path of new Set(paths)) if (!there.has(path)) yield { state: 'fired', subject: path, message: `${path} is not in the image` };
  },
});
