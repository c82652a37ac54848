import type { Gate } from '../trigger.ts';

export default {
  name: 'accounts',
  summary: 'The user accounts of /etc/passwd.',
  lines: {
    FILEPARSE_PASSWD: 'The user accounts of /etc/passwd.',
  },
} satisfies Gate;
