import * as z from 'zod';
import { expression } from '../expression.ts';
import { defineTrigger } from '../trigger.ts';

/** An expression that fits one path alone. */
const exactly = (path: string): string => `${path.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&')}$`;

export default defineTrigger({
  gate: 'files',
  name: 'line',
  since: '0.2.0',
  summary: 'A file has a line that it must not have, or lacks one that it must have.',
  why: 'One line of a configuration file can open a service to everyone or keep it shut; a policy can ask for it by name.',
  remedy: 'Correct the file in the step that brings it.',
  parameters: {
    path: z.string().regex(/^\//, 'is no absolute path').describe('absolute path of the file'),
    line: expression.describe('regular expression that a line fits from its beginning'),
    check: z.enum(['match', 'no-match']).default('match').describe('whether it fires when a line fits (match) or when none does (no-match)'),
  },
  needs: ({ path, line }) => [
    { kind: 'contents', detail: { patterns: [line] } },
    { kind: 'files', detail: { files: { names: [exactly(path)] } } },
  ],
  translates: [
    {
      gate: 'FILECHECK',
      trigger: 'LINE',
      parameters: { path: { to: 'path', syntax: 'text' }, line: { to: 'line', syntax: 'text' }, check: { to: 'check', syntax: 'text' } },
      requires: ['path', 'line'],
      own: true,
      sample: { action: 'warn', parameters: 'path=/etc/login.defs line=PASS_MAX_DAYS\\s+99999' },
      note: 'A file that isn’t there has no line: FILECHECK:MISSING asks whether it is. A link is followed by its target’s own path.',
    },
  ],
  examples: [
    {
      title: 'A line that must not be.',
      line: 'path=/etc/app.conf line=debug\\s*=\\s*true',
      facts: { files: [{ path: '/etc/app.conf' }], contents: [{ pattern: 'debug\\s*=\\s*true', location: { path: '/etc/app.conf', line: 4 } }] },
      fires: ['/etc/app.conf|debug\\s*=\\s*true'],
    },
    {
      title: 'A line that must be, in another file only.',
      line: 'path=/etc/app.conf line=umask check=no-match',
      facts: { files: [{ path: '/etc/app.conf' }], contents: [{ pattern: 'umask', location: { path: '/etc/profile', line: 1 } }] },
      fires: ['/etc/app.conf|umask'],
    },
    { title: 'No such file.', line: 'path=/etc/app.conf line=umask check=no-match', facts: { files: [{ path: '/etc/app-conf' }] }, fires: [] },
  ],
  *judge({ contents, files }, { path, line, check }) {
    const file = files.find((each) => each.path === path && each.type === 'file');
    if (file === undefined) return;
    const found = contents.find((each) => each.pattern === line && each.location.path === path);
    if ((found !== undefined) !== (check === 'match')) return;
    const message =
      found === undefined ? `no line of ${path} fits the expression ${line}` : `line ${found.location.line ?? '?'} of ${path} fits the expression ${line}`;
    yield { state: 'fired', subject: `${path}|${line}`, message, location: found?.location ?? { path, layer: file.layer } };
  },
});
