import { test } from 'vitest';
import * as z from 'zod';
import { defineCataloger } from '../../src/catalog/index.ts';
import { defineTrigger } from '../../src/gates/index.ts';

const words = { since: '0.1.0', summary: '', why: '', remedy: '', translates: [], examples: [] };

// The compiler is the test: an expected error that doesn't come is one (npm run typecheck).
test('what a declaration may not do is refused by the compiler', () => {
  defineTrigger({
    ...words,
    gate: 'packages',
    name: 'reads-what-it-did-not-ask-for',
    parameters: {},
    needs: () => [{ kind: 'packages' }],
    *judge(facts) {
      yield { state: 'fired', subject: String(facts.packages.length), message: '' };
      // @ts-expect-error: only packages were asked for
      yield { state: 'fired', subject: String(facts.accounts.length), message: '' };
    },
  });

  defineTrigger({
    ...words,
    gate: 'packages',
    name: 'reads-a-parameter-that-is-not-declared',
    parameters: { names: z.array(z.string()) },
    needs: () => [{ kind: 'packages' }],
    *judge(_, parameters) {
      yield { state: 'fired', subject: parameters.names.join(), message: '' };
      // @ts-expect-error: there is no such parameter
      yield { state: 'fired', subject: parameters.versions.join(), message: '' };
    },
  });

  const { why: _, ...unreasoned } = words;
  // @ts-expect-error: a check without its reason
  defineTrigger({ ...unreasoned, gate: 'packages', name: 'without-reason', parameters: {}, needs: () => [], judge: () => [] });

  defineCataloger({
    name: 'language/yields-what-it-does-not-provide',
    version: 1,
    summary: '',
    provides: ['packages'],
    evidence: 'packages',
    selects: () => true,
    // @ts-expect-error: it provides packages only
    *read(file) {
      yield { kind: 'accounts', fact: { name: file.path, password: 'x', uid: '0', gid: '0', gecos: '', home: '', shell: '', location: { path: '' } } };
    },
  });
});
