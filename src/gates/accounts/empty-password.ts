import { defineTrigger } from '../trigger.ts';

export default defineTrigger({
  gate: 'accounts',
  name: 'empty-password',
  since: '0.2.0',
  summary: 'An account has no password and asks for none.',
  why: 'Whoever reaches su, a console or a login service of the container is that user at once.',
  remedy: 'Lock the account (passwd -l), or give it no login shell.',
  parameters: {},
  needs: () => [{ kind: 'accounts' }],
  translates: [{ gate: 'FILEPARSE_PASSWD', trigger: 'EMPTYPASSWORD', parameters: {}, own: true, sample: { action: 'stop', parameters: '' } }],
  examples: [
    {
      title: 'In /etc/passwd, and in /etc/shadow.',
      line: '',
      facts: {
        accounts: [
          { name: 'ci', password: '' },
          { name: 'root', password: 'x', shadow: { password: '', location: { path: '/etc/shadow', line: 1 } } },
        ],
      },
      fires: ['ci', 'root'],
    },
    {
      title: 'Locked, and without an entry in /etc/shadow.',
      line: '',
      facts: {
        accounts: [
          { name: 'svc', password: 'x', shadow: { password: '!' } },
          { name: 'x', password: 'x', shadow: null },
          { name: 'y', password: '*', shadow: { password: '' } },
        ],
      },
      fires: [],
    },
  ],
  *judge({ accounts }) {
    for (const { name, password, shadow, location } of accounts) {
      if (password === '') yield { state: 'fired', subject: name, message: `the account ${name} has an empty password in /etc/passwd`, location };
      // Only an x sends to /etc/shadow (passwd(5)).
      else if (password === 'x' && shadow?.password === '') {
        yield { state: 'fired', subject: name, message: `the account ${name} has an empty password in /etc/shadow`, location: shadow.location ?? location };
      }
    }
  },
});
