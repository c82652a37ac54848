import { defineTrigger } from '../trigger.ts';

export default defineTrigger({
  gate: 'dockerfile',
  name: 'healthcheck-missing',
  since: '0.1.0',
  summary: 'The image has no health check.',
  why: 'Without one a container that hangs looks like one that works, and is never replaced.',
  remedy: 'Add a HEALTHCHECK instruction; HEALTHCHECK NONE removes one and counts as missing.',
  parameters: {},
  needs: () => [{ kind: 'configuration' }],
  translates: [
    {
      gate: 'DOCKERFILECHECK',
      trigger: 'NOHEALTHCHECK',
      parameters: {},
      legacyId: 'dc681d2a4f55e81f9c985c623e45f59c',
      sample: { action: 'warn', parameters: '', active: true },
      note: 'Judged from the image’s configuration; HEALTHCHECK NONE counts as missing.',
    },
  ],
  examples: [
    { title: 'None.', line: '', facts: { configuration: { healthcheck: null } }, fires: ['HEALTHCHECK'] },
    { title: 'Switched off.', line: '', facts: { configuration: { healthcheck: { test: ['NONE'] } } }, fires: ['HEALTHCHECK'] },
    { title: 'A command.', line: '', facts: { configuration: { healthcheck: { test: ['CMD', 'curl', '-f', 'http://localhost/'] } } }, fires: [] },
  ],
  *judge({ configuration }) {
    const test = configuration.healthcheck?.test ?? [];
    if (test[0]?.toUpperCase() === 'NONE') {
      yield { state: 'fired', subject: 'HEALTHCHECK', message: 'the health check is switched off (HEALTHCHECK NONE)' };
    } else if (test.every((word) => word === '')) {
      yield { state: 'fired', subject: 'HEALTHCHECK', message: 'the image has no health check' };
    }
  },
});
