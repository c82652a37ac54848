import type { Gate } from '../trigger.ts';

export default {
  name: 'packages',
  summary: 'Which packages must, and which must not, be in the image.',
  lines: {
    PKGBLACKLIST: 'Distribution packages that must not be in the image.',
    PKGCHECK: 'Distribution packages that must be in the image.',
    NPMCHECK: 'The npm packages of the image.',
    LICBLACKLIST: 'Licences that the packages of the image must not have.',
  },
} satisfies Gate;
