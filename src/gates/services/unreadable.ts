import { defineTrigger } from '../trigger.ts';
import { problemWords, selected, selection, selectionLine, serviceRequests } from './selection.ts';

const words = { invalid: 'the service would not start with it', unreadable: 'it could not be read', uncertain: 'it is decided at run time' } as const;

export default defineTrigger({
  gate: 'services',
  name: 'unreadable',
  since: '0.1.0',
  summary: 'The configuration of a service could not be read or decided as a whole.',
  why: 'What nobody could read, nobody has judged: a policy on services should say what that means.',
  remedy: 'Mend the place that is named, or put what is decided at run time into the image.',
  parameters: selection,
  needs: serviceRequests,
  translates: [
    {
      gate: 'SERVICECONFIG',
      trigger: 'service.unreadable',
      parameters: selectionLine,
      own: true,
      sample: { action: 'warn', parameters: '' },
    },
  ],
  examples: [
    {
      title: 'An include that leads nowhere.',
      line: '',
      facts: { services: [{ problems: [{ kind: 'invalid', what: 'an include', why: 'no such file', location: { path: '/etc/nginx/nginx.conf', line: 3 } }] }] },
      fires: ['nginx invalid'],
    },
    { title: 'Read as a whole.', line: '', facts: { services: [{ problems: [] }] }, fires: [] },
    { title: 'Another service.', line: 'service=sshd', facts: { services: [{ problems: [{ kind: 'unreadable' }] }] }, fires: [] },
  ],
  *judge({ services }, parameters) {
    for (const service of selected(services, parameters)) {
      for (const problem of service.problems) {
        const { kind, location } = problem;
        yield {
          state: 'fired',
          subject: `${service.service} ${kind}`,
          message: `${problemWords(service, problem)} (${words[kind]})`,
          location: location ?? { path: service.entry },
          located: true,
        };
      }
    }
  },
});
