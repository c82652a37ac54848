import { defineTrigger } from '../trigger.ts';

export default defineTrigger({
  gate: 'dockerfile',
  name: 'absent',
  since: '0.1.0',
  summary: 'No Dockerfile was given for the image.',
  why: 'Without its Dockerfile nobody can tell which base image was named, nor build the image again.',
  remedy: 'Give the Dockerfile with --dockerfile FILE.',
  parameters: {},
  needs: () => [{ kind: 'dockerfile' }],
  translates: [
    {
      gate: 'DOCKERFILECHECK',
      trigger: 'NODOCKERFILE',
      parameters: {},
      legacyId: '5e725823cde9f14c27bf553ebc4ca75d',
      sample: { action: 'warn', parameters: '' },
    },
  ],
  examples: [
    { title: 'The Dockerfile was rebuilt from the history.', line: '', facts: { dockerfile: { mode: 'rebuilt' } }, fires: ['Dockerfile'] },
    { title: 'Nothing is known.', line: '', facts: { dockerfile: { mode: 'none' } }, fires: ['Dockerfile'] },
    { title: 'The Dockerfile was given.', line: '', facts: { dockerfile: { mode: 'given', path: 'Dockerfile' } }, fires: [] },
  ],
  // Whether a Dockerfile was given is known even when what it says is in doubt.
  handlesProblems: true,
  *judge({ dockerfile }) {
    if (dockerfile.mode === 'given') return;
    const rest = dockerfile.mode === 'rebuilt' ? '; what is judged was rebuilt from the image’s history' : '';
    yield { state: 'fired', subject: 'Dockerfile', message: `no Dockerfile was given${rest}` };
  },
});
