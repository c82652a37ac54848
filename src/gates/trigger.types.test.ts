import { expect, test } from 'vitest';
import * as z from 'zod';
import { defineTrigger } from './trigger.ts';

const words = { since: '0.1.0', summary: '', why: '', remedy: '', translates: [], examples: [] };

// The compiler checks this file: an expected error that doesn't come is an error.
const declared = defineTrigger({
  gate: 'types',
  name: 'declared',
  ...words,
  parameters: { names: z.array(z.string()).describe('names') },
  needs: () => [{ kind: 'packages' }],
  *judge(facts, parameters) {
    const names: readonly string[] = parameters.names;
    yield { state: 'fired', subject: String(facts.packages.length + names.length), message: '' };
    // @ts-expect-error a kind that `needs` doesn't ask for can't be read
    facts.accounts;
    // @ts-expect-error a parameter that isn't declared can't be read
    parameters.versions;
  },
});

defineTrigger({
  gate: 'types',
  name: 'unknown-kind',
  ...words,
  parameters: {},
  // @ts-expect-error there is no such kind of evidence
  needs: () => [{ kind: 'weather' }],
  *judge() {},
});

defineTrigger({
  gate: 'types',
  name: 'no-reason',
  ...words,
  parameters: {},
  needs: () => [{ kind: 'packages' }],
  // @ts-expect-error what can't be decided has a reason and a cause
  *judge() {
    yield { state: 'undecided' as const };
  },
});

test('a trigger reads what it asked for', () => {
  const facts = { packages: [] };
  expect([...declared.judge(facts, { names: ['a'] }, { now: new Date(0), problems: [] })]).toEqual([{ state: 'fired', subject: '1', message: '' }]);
});
