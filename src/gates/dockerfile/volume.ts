import { defineTrigger } from '../trigger.ts';

export default defineTrigger({
  gate: 'dockerfile',
  name: 'volume',
  since: '0.1.0',
  summary: 'The image declares a volume.',
  why: 'A declared volume is created unasked with every container, keeps data that nobody backs up, and can’t be undone by a derived image.',
  remedy: 'Remove the VOLUME line and mount what must persist when the container is run.',
  parameters: {},
  needs: () => [{ kind: 'configuration' }],
  translates: [
    {
      gate: 'DOCKERFILECHECK',
      trigger: 'VOLUMEPRESENT',
      parameters: {},
      sample: { action: 'warn', parameters: '' },
      note: 'Judged from the image’s configuration, so volumes of the base image count.',
    },
  ],
  examples: [
    { title: 'One volume.', line: '', facts: { configuration: { volumes: ['/var/lib/mysql'] } }, fires: ['/var/lib/mysql'] },
    { title: 'None.', line: '', facts: { configuration: {} }, fires: [] },
  ],
  *judge({ configuration }) {
    for (const volume of configuration.volumes) yield { state: 'fired', subject: volume, message: `the image declares the volume ${volume}` };
  },
});
