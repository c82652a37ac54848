import { defineTrigger } from '../trigger.ts';
import { fromLines, fromUnknown } from './from.ts';

/** Whether an image is named by digest, or by a tag other than `latest`. A port of the registry is no tag. */
function isPinned(image: string): boolean {
  if (image.includes('@')) return true;
  const name = image.slice(image.lastIndexOf('/') + 1);
  const colon = name.indexOf(':');
  const tag = colon === -1 ? '' : name.slice(colon + 1);
  return tag !== '' && tag !== 'latest';
}

export default defineTrigger({
  gate: 'dockerfile',
  name: 'from-untagged',
  since: '0.1.0',
  summary: 'A FROM line names an image without a tag, or with the tag latest.',
  why: 'What such a name means changes without a word: the next build may stand on another system.',
  remedy: 'Name the base image by a version tag or, better, by its digest.',
  parameters: {},
  needs: () => [{ kind: 'dockerfile' }],
  translates: [
    {
      gate: 'DOCKERFILECHECK',
      trigger: 'NOTAG',
      parameters: {},
      sample: { action: 'stop', parameters: '' },
      note: 'Every stage is judged, not only the last; a registry with a port is no tag; a digest counts as a tag.',
    },
  ],
  examples: [
    {
      title: 'No tag, the tag latest, and a port that is no tag.',
      line: '',
      facts: {
        dockerfile: {
          mode: 'given',
          path: 'Dockerfile',
          instructions: [
            { keyword: 'FROM', arguments: 'debian AS one', line: 1, stage: 0 },
            { keyword: 'FROM', arguments: '--platform=linux/amd64 debian:latest AS two', line: 2, stage: 1 },
            { keyword: 'FROM', arguments: 'registry.example:5000/team/base', line: 3, stage: 2 },
          ],
        },
      },
      fires: ['debian', 'debian:latest', 'registry.example:5000/team/base'],
    },
    {
      title: 'A tag from a variable, a digest, an earlier stage, scratch.',
      line: '',
      facts: {
        dockerfile: {
          mode: 'given',
          path: 'Dockerfile',
          instructions: [
            { keyword: 'ARG', arguments: 'VERSION=12', line: 1, stage: 0 },
            { keyword: 'FROM', arguments: 'debian:$VERSION AS one', line: 2, stage: 0 },
            { keyword: 'FROM', arguments: 'debian@sha256:00', line: 3, stage: 1 },
            { keyword: 'FROM', arguments: 'one', line: 4, stage: 2 },
            { keyword: 'FROM', arguments: 'scratch', line: 5, stage: 3 },
          ],
        },
      },
      fires: [],
    },
    {
      title: 'A variable without default, and no Dockerfile at all.',
      line: '',
      facts: { dockerfile: { mode: 'given', path: 'Dockerfile', instructions: [{ keyword: 'FROM', arguments: 'debian:$V', line: 1, stage: 0 }] } },
      fires: [],
      undecided: ['debian:$V'],
    },
  ],
  *judge({ dockerfile }) {
    if (dockerfile.mode !== 'given') {
      yield { state: 'undecided', reason: fromUnknown, cause: 'outside' };
      return;
    }
    for (const from of fromLines(dockerfile)) {
      if (from.continues !== undefined || from.image?.toLowerCase() === 'scratch') continue;
      const place = `${dockerfile.path ?? 'Dockerfile'}:${from.line}`;
      if (from.image === undefined) {
        yield { state: 'undecided', subject: from.written, reason: `FROM ${from.written} (${place}) has a variable without default`, cause: 'outside' };
      } else if (!isPinned(from.image)) {
        yield { state: 'fired', subject: from.image, message: `FROM ${from.image} has no tag, or the tag latest (${place})` };
      }
    }
  },
});
