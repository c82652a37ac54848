import type { Gate } from '../trigger.ts';

export default {
  name: 'files',
  summary: 'The files of the image: their names, rights and contents.',
  lines: {
    FILECHECK: 'The files of the image: their names, rights and contents.',
  },
} satisfies Gate;
