import type { Gate } from '../trigger.ts';

export default {
  name: 'services',
  summary: 'The effective configuration of the services in the image: TLS and hardening.',
  lines: {
    SERVICECONFIG: 'The effective configuration of the services in the image: TLS and hardening.',
  },
} satisfies Gate;
