import type { Gate } from '../trigger.ts';

export default {
  name: 'certificates',
  summary: 'The certificates and private keys that lie in the image.',
  lines: {
    CERTCHECK: 'The certificates and private keys that lie in the image.',
  },
} satisfies Gate;
