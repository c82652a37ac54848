import type { Gate } from '../trigger.ts';

export default {
  name: 'vulnerabilities',
  summary: 'Known vulnerabilities of the packages, and the state of what is known of them.',
  lines: {
    ANCHORESEC: 'Known vulnerabilities of the packages, and the state of what is known of them.',
  },
} satisfies Gate;
