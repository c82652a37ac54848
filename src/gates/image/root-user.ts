import { defineTrigger } from '../trigger.ts';

const root = /^\+?0+$/;

export default defineTrigger({
  gate: 'image',
  name: 'root-user',
  since: '0.1.0',
  summary: 'The image runs as root.',
  why: 'A process that is root inside the container is one step from being root on the machine.',
  remedy: 'Add a USER instruction with a user that is not root; a number can be checked by every orchestrator.',
  parameters: {},
  needs: () => [{ kind: 'configuration' }, { kind: 'accounts' }],
  translates: [{ gate: 'IMAGECHECK', trigger: 'ROOTUSER', parameters: {}, own: true, sample: { action: 'warn', parameters: '' } }],
  examples: [
    { title: 'No user is set.', line: '', facts: { configuration: { user: '' }, accounts: [] }, fires: ['root'] },
    { title: 'Root by number.', line: '', facts: { configuration: { user: '0:1000' }, accounts: [] }, fires: ['0'] },
    {
      title: 'Another name for root.',
      line: '',
      facts: { configuration: { user: 'app' }, accounts: [{ name: 'app', uid: '0' }] },
      fires: ['app'],
    },
    {
      title: 'An ordinary user.',
      line: '',
      facts: { configuration: { user: 'app' }, accounts: [{ name: 'app', uid: '1000' }] },
      fires: [],
    },
    { title: 'An ordinary number.', line: '', facts: { configuration: { user: '1000' }, accounts: [] }, fires: [] },
  ],
  // Accounts matter only where the user is a name, so their problems do too.
  handlesProblems: true,
  *judge({ configuration, accounts }, _, { problems }) {
    const user = configuration.user.split(':', 1)[0]?.trim() ?? '';
    const broken = problems.find((problem) => problem.evidence === 'configuration');
    if (broken !== undefined) {
      yield { state: 'undecided', reason: `${broken.what}: ${broken.why}`, cause: broken.cause };
    } else if (user === '') {
      yield { state: 'fired', subject: 'root', message: 'the image sets no user and so runs as root' };
    } else if (user === 'root' || root.test(user)) {
      yield { state: 'fired', subject: user, message: `the image runs as root (USER ${configuration.user})` };
    } else if (!/^\+?\d+$/.test(user)) {
      const account = accounts.find((each) => each.name === user && root.test(each.uid));
      const unread = problems.find((problem) => problem.evidence === 'accounts');
      if (account !== undefined) {
        yield { state: 'fired', subject: user, message: `the image runs as ${user}, whose user id is 0: root by another name`, location: account.location };
      } else if (unread !== undefined && !accounts.some((each) => each.name === user)) {
        yield {
          state: 'undecided',
          subject: user,
          reason: `whether the user ${user} is root can’t be told: ${unread.what}: ${unread.why}`,
          cause: unread.cause,
        };
      }
    }
  },
});
