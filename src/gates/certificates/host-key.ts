import { defineTrigger } from '../trigger.ts';

export default defineTrigger({
  gate: 'certificates',
  name: 'host-key',
  since: '0.2.0',
  summary: 'The identity of an ssh server is a part of the image.',
  why: 'Every container of the image has the same identity then, and whoever can pull it can pretend to be the server.',
  remedy: 'Remove /etc/ssh/ssh_host_* in the step that installs the server, and make keys when the container starts (ssh-keygen -A).',
  parameters: {},
  needs: () => [{ kind: 'keys' }],
  translates: [{ gate: 'CERTCHECK', trigger: 'HOSTKEY', parameters: {}, own: true, sample: { action: 'stop', parameters: '' } }],
  examples: [
    {
      title: 'Made when the package was installed.',
      line: '',
      facts: { keys: [{ location: { path: '/etc/ssh/ssh_host_rsa_key' }, hostKey: true }] },
      fires: ['/etc/ssh/ssh_host_rsa_key'],
    },
    { title: 'A user’s key is another matter.', line: '', facts: { keys: [{ location: { path: '/root/.ssh/id_rsa' } }] }, fires: [] },
  ],
  *judge({ keys }) {
    for (const { hostKey, location } of keys) {
      if (hostKey)
        yield { state: 'fired', subject: location.path, message: `${location.path} is the identity of an ssh server, the same in every container`, location };
    }
  },
});
