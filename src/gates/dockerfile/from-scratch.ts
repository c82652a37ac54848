import { defineTrigger } from '../trigger.ts';
import { fromLines, fromUnknown, rootOf } from './from.ts';

export default defineTrigger({
  gate: 'dockerfile',
  name: 'from-scratch',
  since: '0.1.0',
  summary: 'The image is built on nothing (FROM scratch).',
  why: 'An image from scratch has no distribution, so nobody publishes advisories for what was copied into it.',
  remedy: 'Build on a maintained base image, or accept this finding for a static binary.',
  parameters: {},
  needs: () => [{ kind: 'dockerfile' }],
  translates: [
    {
      gate: 'DOCKERFILECHECK',
      trigger: 'FROMSCRATCH',
      parameters: {},
      legacyId: 'df67f5e02a6f2c23a3c597f02e151a60',
      sample: { action: 'go', parameters: '' },
      note: 'The last stage counts, through the stages that it continues.',
    },
  ],
  examples: [
    {
      title: 'The last stage is from scratch.',
      line: '',
      facts: {
        dockerfile: {
          mode: 'given',
          path: 'Dockerfile',
          instructions: [
            { keyword: 'FROM', arguments: 'golang:1.22 AS build', line: 1, stage: 0 },
            { keyword: 'FROM', arguments: 'scratch', line: 3, stage: 1 },
          ],
        },
      },
      fires: ['scratch'],
    },
    {
      title: 'The last stage continues one that is from scratch.',
      line: '',
      facts: {
        dockerfile: {
          mode: 'given',
          path: 'Dockerfile',
          instructions: [
            { keyword: 'FROM', arguments: 'scratch AS empty', line: 1, stage: 0 },
            { keyword: 'FROM', arguments: 'empty', line: 3, stage: 1 },
          ],
        },
      },
      fires: ['scratch'],
    },
    {
      title: 'Only a stage for building is from scratch.',
      line: '',
      facts: {
        dockerfile: {
          mode: 'given',
          path: 'Dockerfile',
          instructions: [
            { keyword: 'FROM', arguments: 'scratch AS empty', line: 1, stage: 0 },
            { keyword: 'FROM', arguments: 'debian:12', line: 3, stage: 1 },
          ],
        },
      },
      fires: [],
    },
    { title: 'No Dockerfile was given.', line: '', facts: { dockerfile: { mode: 'none' } }, fires: [], undecided: [''] },
  ],
  *judge({ dockerfile }) {
    if (dockerfile.mode !== 'given') {
      yield { state: 'undecided', reason: fromUnknown, cause: 'outside' };
      return;
    }
    const lines = fromLines(dockerfile);
    const last = lines.at(-1);
    if (last === undefined) return;
    const root = rootOf(lines, last);
    if (root.image === undefined) {
      yield { state: 'undecided', subject: root.written, reason: `FROM ${root.written} (line ${root.line}) has a variable without default`, cause: 'outside' };
    } else if (root.image.toLowerCase() === 'scratch') {
      yield { state: 'fired', subject: 'scratch', message: `the image is built FROM ${root.image} (${dockerfile.path ?? 'Dockerfile'}:${root.line})` };
    }
  },
});
