import * as z from 'zod';
import { secretRuleOf } from '../../secrets/index.ts';
import { expression } from '../expression.ts';
import { defineTrigger, type Outcome } from '../trigger.ts';

/** A word in capitals, or a rule's name: not what anybody would search for in a line. */
const isName = (item: string): boolean => secretRuleOf(item) !== undefined || /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*$/.test(item);

const item = z.union([
  z
    .string()
    .refine((text) => isName(text))
    .refine((text) => secretRuleOf(text) !== undefined, 'names no rule'),
  expression,
]);
const expressionsIn = (items: readonly string[]): string[] => items.filter((each) => !isName(each));
const rulesIn = (items: readonly string[]): Map<string, string> =>
  new Map(items.flatMap((each) => (isName(each) ? [[secretRuleOf(each) ?? each, each] as const] : [])));

const note =
  'An item is the name of a secret rule (also AWS_ACCESS_KEY, AWS_SECRET_KEY, PRIV_KEY, DOCKER_AUTH, API_KEY) or an expression, which must fit a line from its beginning; | divides items. Files are read when the image is judged; the old tool chose among what it had found before.';

export default defineTrigger({
  gate: 'files',
  name: 'content-match',
  since: '0.2.0',
  summary: 'A file has a line that it must not have.',
  why: 'A forbidden setting or a forgotten credential is found by what it says, wherever it lies.',
  remedy: 'Remove the line, or the file that holds it, in the step that brings it.',
  parameters: {
    items: z.array(item).min(1).describe('names of secret rules, and regular expressions that no line may fit from its beginning'),
  },
  needs: ({ items }) => {
    const patterns = expressionsIn(items);
    return [
      ...(patterns.length === 0 ? [] : [{ kind: 'contents', detail: { patterns } } as const]),
      ...(rulesIn(items).size === 0 ? [] : [{ kind: 'secrets' } as const]),
    ];
  },
  translates: [
    {
      gate: 'FILECHECK',
      trigger: 'CONTENTMATCH',
      parameters: { FILECHECK_CONTENTREGEXP: { to: 'items', syntax: 'regexps' } },
      requires: ['FILECHECK_CONTENTREGEXP'],
      sample: { action: 'warn', parameters: 'FILECHECK_CONTENTREGEXP=.*password=.*' },
      note,
    },
    {
      gate: 'SECRETCHECK',
      trigger: 'CONTENTMATCH',
      summary: 'A file has a line with a secret.',
      parameters: { SECRETCHECK_CONTENTREGEXP: { to: 'items', syntax: 'regexps' } },
      requires: ['SECRETCHECK_CONTENTREGEXP'],
      sample: { action: 'stop', parameters: 'SECRETCHECK_CONTENTREGEXP=PRIV_KEY|AWS_ACCESS_KEY|github-token' },
      note,
    },
  ],
  examples: [
    {
      title: 'An expression.',
      line: 'FILECHECK_CONTENTREGEXP=.*password=.*',
      facts: { contents: [{ pattern: '.*password=.*', location: { path: '/etc/app.conf', line: 3 } }] },
      fires: ['.*password=.*'],
    },
    {
      title: 'A rule by the name that it had in the old tool.',
      as: 'SECRETCHECK:CONTENTMATCH',
      line: 'SECRETCHECK_CONTENTREGEXP=PRIV_KEY',
      facts: {
        secrets: [
          { rule: 'private-key', location: { path: '/root/.ssh/id_rsa' } },
          { rule: 'github-token', location: { path: '/app/.env' } },
        ],
      },
      fires: ['PRIV_KEY'],
    },
    {
      title: 'Lines that another rule asked for.',
      line: 'FILECHECK_CONTENTREGEXP=.*secret.*',
      facts: { contents: [{ pattern: '.*password=.*' }] },
      fires: [],
    },
  ],
  *judge({ contents, secrets }, { items }): Iterable<Outcome> {
    const expressions = new Set(expressionsIn(items));
    const rules = rulesIn(items);
    // Of the two kinds only what the items need was asked for.
    for (const { pattern, location } of expressions.size === 0 ? [] : contents) {
      if (!expressions.has(pattern)) continue;
      const message = `line ${location.line ?? '?'} of ${location.path} fits the expression ${pattern}`;
      yield { state: 'fired', subject: pattern, message, location, located: true };
    }
    for (const { rule, what, location, deleted } of rules.size === 0 ? [] : secrets) {
      const name = rules.get(rule);
      if (name === undefined || location === null || deleted) continue;
      const message = `line ${location.line ?? '?'} of ${location.path} holds ${what} (${rule})`;
      yield { state: 'fired', subject: name, message, location, located: true };
    }
  },
});
