import * as z from 'zod';
import { pattern } from '../../patterns/index.ts';
import { expression } from '../expression.ts';
import { defineTrigger } from '../trigger.ts';

const note =
  'An expression must fit the absolute path from its beginning, not to its end; | divides expressions. Look-around and references to groups are refused.';

export default defineTrigger({
  gate: 'files',
  name: 'name-match',
  since: '0.2.0',
  summary: 'A file has a name that it must not have.',
  why: 'Keys, credentials, dumps and sources are known by their names; an image is the wrong place for them.',
  remedy: 'Remove the file in the step that brings it, or keep it out of the build context with .dockerignore.',
  parameters: {
    names: z.array(expression).min(1).describe('regular expressions that no absolute path may fit from its beginning'),
  },
  needs: ({ names }) => [{ kind: 'files', detail: { files: { names } } }],
  translates: [
    {
      gate: 'FILECHECK',
      trigger: 'FILENAMEMATCH',
      parameters: { FILECHECK_NAMEREGEXP: { to: 'names', syntax: 'regexps' } },
      requires: ['FILECHECK_NAMEREGEXP'],
      sample: { action: 'warn', parameters: 'FILECHECK_NAMEREGEXP=.*\\.pem$|/etc/.*\\.bak$' },
      note,
    },
    {
      gate: 'SECRETCHECK',
      trigger: 'FILENAMEMATCH',
      summary: 'A file has the name of one that holds secrets.',
      parameters: { SECRETCHECK_NAMEREGEXP: { to: 'names', syntax: 'regexps' } },
      requires: ['SECRETCHECK_NAMEREGEXP'],
      sample: { action: 'warn', parameters: 'SECRETCHECK_NAMEREGEXP=.*/id_[rd]sa$|.*/\\.aws/credentials$' },
      note,
    },
  ],
  examples: [
    {
      title: 'A private key of ssh.',
      line: 'FILECHECK_NAMEREGEXP=.*/id_[rd]sa$|.*/\\.aws/credentials$',
      facts: { files: [{ path: '/root/.ssh/id_rsa' }, { path: '/root/.ssh/id_rsa.pub' }] },
      fires: ['/root/.ssh/id_rsa'],
    },
    {
      title: 'An expression fits from the beginning or not at all.',
      as: 'SECRETCHECK:FILENAMEMATCH',
      line: 'SECRETCHECK_NAMEREGEXP=\\.pem$|/srv',
      facts: { files: [{ path: '/etc/ssl/a.pem' }, { path: '/srv/x', type: 'symlink' }] },
      fires: ['/srv/x'],
    },
    { title: 'Other names.', line: 'FILECHECK_NAMEREGEXP=.*\\.pem$', facts: { files: [{ path: '/etc/pem' }] }, fires: [] },
  ],
  *judge({ files }, { names }) {
    const patterns = names.map((each) => pattern(each));
    for (const file of files) {
      const hit = patterns.find((each) => each.matches(file.path));
      if (hit === undefined) continue;
      const message = `the name of ${file.path} fits the expression ${hit.source}`;
      yield { state: 'fired', subject: file.path, message, location: { path: file.path, layer: file.layer } };
    }
  },
});
