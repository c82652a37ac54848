import type { Gate } from '../trigger.ts';

export default {
  name: 'dockerfile',
  summary: 'How the image was built and how it says that it is to be run.',
  lines: {
    DOCKERFILECHECK: 'How the image was built and how it says that it is to be run.',
  },
} satisfies Gate;
