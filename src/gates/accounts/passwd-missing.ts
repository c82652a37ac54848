import { defineTrigger } from '../trigger.ts';

export default defineTrigger({
  gate: 'accounts',
  name: 'passwd-missing',
  since: '0.1.0',
  summary: 'The image has no /etc/passwd, or an empty one.',
  why: 'Rules on accounts have nothing to look at then; in all but the barest images the file should be there.',
  remedy: 'Find out which step removed the file; for an image from scratch, accept this finding.',
  parameters: {},
  needs: () => [{ kind: 'accounts' }],
  translates: [
    {
      gate: 'FILEPARSE_PASSWD',
      trigger: 'FILENOTSTORED',
      parameters: {},
      legacyId: 'e21302456f674bcd0c4c43a662a67a10',
      sample: { action: 'warn', parameters: '' },
    },
  ],
  examples: [
    { title: 'No account at all.', line: '', facts: { accounts: [] }, fires: ['/etc/passwd'] },
    { title: 'Root alone.', line: '', facts: { accounts: [{ name: 'root', uid: '0' }] }, fires: [] },
  ],
  // An account that was read proves the file, whatever else is wrong with it.
  handlesProblems: true,
  *judge({ accounts }, _, { problems }) {
    if (accounts.length > 0) return;
    const problem = problems.find((each) => each.cause === 'image') ?? problems[0];
    if (problem === undefined) yield { state: 'fired', subject: '/etc/passwd', message: 'the image has no /etc/passwd, or an empty one' };
    else yield { state: 'undecided', subject: '/etc/passwd', reason: `${problem.what}: ${problem.why}`, cause: problem.cause };
  },
});
