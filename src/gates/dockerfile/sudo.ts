import { defineTrigger } from '../trigger.ts';

/** Instructions that run or install nothing. */
const inert = new Set(['FROM', 'LABEL', 'MAINTAINER', 'EXPOSE', 'VOLUME']);

export default defineTrigger({
  gate: 'dockerfile',
  name: 'sudo',
  since: '0.1.0',
  summary: 'An instruction of the Dockerfile uses or installs sudo.',
  why: 'sudo lets a process that was started without rights become root; a build needs it never.',
  remedy: 'Switch users with USER while building, and leave sudo out of the image.',
  parameters: {},
  needs: () => [{ kind: 'dockerfile' }],
  translates: [
    {
      gate: 'DOCKERFILECHECK',
      trigger: 'SUDO',
      parameters: {},
      sample: { action: 'warn', parameters: '' },
      note: 'Every instruction counts, not only the last; comments don’t.',
    },
  ],
  examples: [
    {
      title: 'A RUN line installs it.',
      line: '',
      facts: {
        dockerfile: { mode: 'given', path: 'Dockerfile', instructions: [{ keyword: 'RUN', arguments: 'apt-get install -y sudo', line: 4, stage: 0 }] },
      },
      fires: ['RUN apt-get install -y sudo'],
    },
    {
      title: 'The history shows it.',
      line: '',
      facts: { dockerfile: { mode: 'rebuilt', instructions: [{ keyword: 'RUN', arguments: 'sudo id', line: 2, stage: 0 }] } },
      fires: ['RUN sudo id'],
    },
    {
      title: 'A Dockerfile without it.',
      line: '',
      facts: { dockerfile: { mode: 'given', path: 'Dockerfile', instructions: [{ keyword: 'RUN', arguments: 'id', line: 2, stage: 0 }] } },
      fires: [],
    },
    {
      title: 'A history without it proves nothing.',
      line: '',
      facts: { dockerfile: { mode: 'rebuilt', instructions: [{ keyword: 'RUN', arguments: 'id', line: 2, stage: 0 }] } },
      fires: [],
      undecided: [''],
    },
  ],
  *judge({ dockerfile }) {
    let found = false;
    for (const { keyword, arguments: text, line } of dockerfile.instructions) {
      if (inert.has(keyword) || !text.includes('sudo')) continue;
      found = true;
      const place = dockerfile.mode === 'given' ? `${dockerfile.path ?? 'Dockerfile'}:${line}` : `line ${line} of the image’s history`;
      yield { state: 'fired', subject: `${keyword} ${text}`, message: `sudo in ${place}: ${keyword} ${text}` };
    }
    if (!found && dockerfile.mode !== 'given') {
      yield {
        state: 'undecided',
        reason: `${dockerfile.mode === 'none' ? 'there is no Dockerfile and no history' : 'the image’s history does not show every instruction'}; give the Dockerfile with --dockerfile FILE`,
        cause: 'outside',
      };
    }
  },
});
