import { defineTrigger } from '../trigger.ts';

const latest = /:latest(?:@.*)?$/s;

export default defineTrigger({
  gate: 'image',
  name: 'latest-tag',
  since: '0.1.0',
  summary: 'The image is called latest.',
  why: 'The tag latest says nothing of what it holds and moves without a word: what was judged may not be what is run.',
  remedy: 'Give the image a version tag, and run it by that or by its digest.',
  parameters: {},
  needs: () => [{ kind: 'image' }],
  translates: [{ gate: 'IMAGECHECK', trigger: 'LATESTTAG', parameters: {}, own: true, sample: { action: 'warn', parameters: '' } }],
  examples: [
    { title: 'A tag of the archive.', line: '', facts: { image: { reference: 'web.tar', tags: ['web:1.0', 'web:latest'] } }, fires: ['web:latest'] },
    {
      title: 'The reference itself.',
      line: '',
      facts: { image: { reference: 'registry.example/web:latest', tags: [] } },
      fires: ['registry.example/web:latest'],
    },
    { title: 'A version tag.', line: '', facts: { image: { reference: 'web.tar', tags: ['web:1.0'] } }, fires: [] },
    { title: 'No tag at all.', line: '', facts: { image: { reference: 'web.tar', tags: [] } }, fires: [] },
  ],
  *judge({ image }) {
    for (const name of new Set([image.reference, ...image.tags])) {
      if (latest.test(name)) yield { state: 'fired', subject: name, message: `the image is called ${name}` };
    }
  },
});
