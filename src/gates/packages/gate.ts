import type { Gate } from '../trigger.ts';

export default { name: 'packages', summary: 'Which packages must, and which must not, be in the image.' } satisfies Gate;
