import type { Gate } from '../trigger.ts';

export default {
  name: 'secrets',
  summary: 'Keys, tokens and passwords that lie open in the image.',
  lines: {
    SECRETCHECK: 'Keys, tokens and passwords that lie open in the image.',
  },
} satisfies Gate;
