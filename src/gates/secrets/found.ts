import * as z from 'zod';
import type { Secret } from '../../model/index.ts';
import { secretRuleOf } from '../../secrets/index.ts';
import { allowedPaths, isAllowed } from '../allowed-paths.ts';
import { defineTrigger } from '../trigger.ts';

const ruleName = z
  .string()
  .refine((name) => secretRuleOf(name) !== undefined, 'names no rule')
  .transform((name) => secretRuleOf(name) ?? name);
const rank = { low: 0, medium: 1, high: 2 } as const;

/** Where it stands, as a person would say it. */
function placeOf({ source, name, location, deleted }: Secret): string {
  if (source === 'env') return `the environment variable ${name}`;
  if (source === 'label') return `the label ${name}`;
  if (source === 'command') return `the ${name === 'cmd' ? 'command' : name}`;
  if (source === 'history') return `line ${name} of the history`;
  const layer = location?.layer === undefined ? '' : `, which layer ${location.layer} holds although a later one takes it away,`;
  const member = location?.member === undefined ? '' : `!/${location.member}`;
  return `line ${location?.line ?? '?'} of ${location?.path ?? '?'}${member}${deleted ? layer : ''}`;
}

export default defineTrigger({
  gate: 'secrets',
  name: 'found',
  since: '0.2.0',
  summary: 'A key, token or password lies open in a file, an environment variable, a label, a command or the history.',
  why: 'Whoever can pull the image has every secret in it, also those that a later layer deletes: they can be read from the lower one.',
  remedy: 'Withdraw the secret, since it must count as known; then hand it to the build as a secret mount and to the container when it runs.',
  parameters: {
    rules: z.array(ruleName).optional().describe('only these rules: github-token,private-key; all otherwise'),
    skip: z.array(ruleName).default([]).describe('rules that are left out'),
    confidence: z
      .enum(['high', 'medium', 'low'])
      .default('medium')
      .describe(
        'how certain it must be, at least; what stands in documentation, tests and examples of installed packages lies open anyway and is of low confidence',
      ),
    deleted: z.boolean().default(true).describe('whether secrets count whose file a later layer deletes or replaces'),
    allow: allowedPaths,
  },
  needs: () => [{ kind: 'secrets' }],
  translates: [
    {
      gate: 'SECRETCHECK',
      trigger: 'SECRET',
      parameters: {
        rules: { to: 'rules', syntax: 'list' },
        skip: { to: 'skip', syntax: 'list' },
        confidence: { to: 'confidence', syntax: 'text' },
        deleted: { to: 'deleted', syntax: 'boolean' },
        allow: { to: 'allow', syntax: 'list' },
      },
      own: true,
      sample: { action: 'stop', parameters: 'confidence=high' },
    },
  ],
  examples: [
    {
      title: 'A token in a file, and a key in a file that was deleted later.',
      line: '',
      facts: {
        secrets: [
          { rule: 'github-token', what: 'a token of GitHub', location: { path: '/app/.env', line: 2, layer: 1 } },
          { rule: 'private-key', what: 'a private key', location: { path: '/app/old.key', line: 1, layer: 1 }, deleted: true },
        ],
      },
      fires: ['github-token|2', 'private-key|1'],
    },
    {
      title: 'A password in the environment.',
      line: '',
      facts: { secrets: [{ rule: 'named-secret', confidence: 'medium', source: 'env', name: 'DB_PASSWORD', location: null }] },
      fires: ['named-secret|env DB_PASSWORD'],
    },
    {
      title: 'A password in the command that the image runs.',
      line: 'rules=command-password',
      facts: { secrets: [{ rule: 'command-password', confidence: 'medium', source: 'command', name: 'cmd', location: null }] },
      fires: ['command-password|command cmd'],
    },
    {
      title: 'What is less certain, a rule that is left out, and a path that may hold some.',
      line: 'confidence=high skip=private-key allow=/app/test/ deleted=false',
      facts: {
        secrets: [
          { rule: 'jwt', confidence: 'medium' },
          { rule: 'private-key' },
          { rule: 'npm-token', location: { path: '/app/test/fixture.json', line: 1 } },
          { rule: 'npm-token', deleted: true },
        ],
      },
      fires: [],
    },
  ],
  *judge({ secrets }, { rules, skip, confidence, deleted, allow }) {
    for (const secret of secrets) {
      const { rule, what, source, name, location, masked } = secret;
      if (rank[secret.confidence] < rank[confidence] || skip.includes(rule) || rules?.includes(rule) === false) continue;
      if ((secret.deleted && !deleted) || (location !== null && isAllowed(location.path, allow))) continue;
      const member = location?.member === undefined ? '' : `${location.member}:`;
      const place = location === null ? `${source} ${name}` : `${member}${location.line ?? ''}`;
      const message = `${placeOf(secret)} holds ${what}: ${masked} (${rule})`;
      yield { state: 'fired', subject: `${rule}|${place}`, message, ...(location === null ? {} : { location, located: true }) };
    }
  },
});
