import { defineTrigger } from '../trigger.ts';
import { fromLines, fromUnknown } from './from.ts';

export default defineTrigger({
  gate: 'dockerfile',
  name: 'from-missing',
  since: '0.1.0',
  summary: 'The Dockerfile has no FROM line.',
  why: 'A file without FROM is no Dockerfile: what was given does not describe this image.',
  remedy: 'Give the Dockerfile that the image was built from.',
  parameters: {},
  needs: () => [{ kind: 'dockerfile' }],
  translates: [
    { gate: 'DOCKERFILECHECK', trigger: 'NOFROM', parameters: {}, legacyId: 'aee31368fd42926c863554d43e5d19b7', sample: { action: 'stop', parameters: '' } },
  ],
  examples: [
    {
      title: 'A RUN line alone.',
      line: '',
      facts: { dockerfile: { mode: 'given', path: 'Dockerfile', instructions: [{ keyword: 'RUN', arguments: 'true', line: 1, stage: 0 }] } },
      fires: ['FROM'],
    },
    {
      title: 'A FROM line.',
      line: '',
      facts: { dockerfile: { mode: 'given', path: 'Dockerfile', instructions: [{ keyword: 'FROM', arguments: 'debian:12', line: 1, stage: 0 }] } },
      fires: [],
    },
    { title: 'No Dockerfile was given.', line: '', facts: { dockerfile: { mode: 'rebuilt' } }, fires: [], undecided: [''] },
  ],
  *judge({ dockerfile }) {
    if (dockerfile.mode !== 'given') yield { state: 'undecided', reason: fromUnknown, cause: 'outside' };
    else if (fromLines(dockerfile).length === 0) yield { state: 'fired', subject: 'FROM', message: `${dockerfile.path ?? 'the Dockerfile'} has no FROM line` };
  },
});
