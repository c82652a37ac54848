import type { Gate } from '../trigger.ts';

export default {
  name: 'image',
  summary: 'What the image says of itself.',
  lines: {
    IMAGECHECK: 'What the image says of itself.',
  },
} satisfies Gate;
