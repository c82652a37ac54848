import { deepStrictEqual } from 'node:assert';
import type { Catalogue, ExampleFacts, Trigger } from '../gates/index.ts';
import type { Rule } from '../model/index.ts';
import { decideRule, formatDiagnostic, parsePolicy } from '../policy/index.ts';
import { type EvidenceFlaws, exampleEvidence } from './evidence.ts';

/** One case: what a rule says of some facts. Data only. */
export interface TriggerCase extends EvidenceFlaws {
  readonly title: string;
  /** Which line name is used, `PKGBLACKLIST:PKGNAMEMATCH`; the trigger's first otherwise. */
  readonly as?: string;
  /** Parameters as a policy line writes them; `''` for none. */
  readonly line?: string;
  /** Parameters as the trigger declares them, in place of a line. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly facts: ExampleFacts;
  /** Subjects of what fires, in any order; none when absent. */
  readonly fires?: readonly string[];
  /** Subjects of what can't be decided (`''` for none; a problem's id where a problem is the reason). */
  readonly undecided?: readonly string[];
  /** RFC 3339; 2024 begins otherwise. */
  readonly now?: string;
}

function ruleOf(trigger: Trigger, each: TriggerCase): Rule {
  const name = trigger.translates.find((line) => each.as === undefined || each.as === `${line.gate}:${line.trigger}`);
  if (each.parameters !== undefined || name === undefined) {
    const parameters = each.parameters ?? {};
    const written = { gate: name?.gate ?? trigger.gate, trigger: name?.trigger ?? trigger.name, line: 1 };
    return { gate: trigger.gate, trigger: trigger.name, action: 'stop', parameters, written, requests: trigger.needs(parameters) };
  }
  const catalogue: Catalogue = { gates: [], triggers: [trigger] };
  const parsed = parsePolicy(`${name.gate}:${name.trigger}:STOP:${each.line ?? ''}`, { name: 'test', source: 'test', catalogue });
  const rule = parsed.value?.rules[0];
  if (rule === undefined) throw new Error(parsed.diagnostics.map((diagnostic) => formatDiagnostic('line', diagnostic)).join('\n'));
  return rule;
}

/** What the trigger says: the subjects of what fires and of what is undecided, sorted. */
export function runTriggerCase(trigger: Trigger, each: TriggerCase): { readonly fires: string[]; readonly undecided: string[] } {
  const rule = ruleOf(trigger, each);
  const decided = decideRule(rule, trigger, exampleEvidence(each.facts, each, rule.requests), new Date(each.now ?? '2024-01-01T00:00:00Z'), 10_000);
  const subjects = (state: 'fired' | 'undecided'): string[] =>
    decided
      .filter(({ outcome }) => outcome.state === state)
      .map(({ outcome }) => outcome.subject ?? '')
      .sort();
  return { fires: subjects('fired'), undecided: subjects('undecided') };
}

/** Throws when the trigger doesn't say what the case expects, with both in the message. */
export function checkTriggerCase(trigger: Trigger, each: TriggerCase): void {
  const expected = { fires: [...(each.fires ?? [])].sort(), undecided: [...(each.undecided ?? [])].sort() };
  deepStrictEqual(runTriggerCase(trigger, each), expected);
}

/**
 * Declares a test for each of the trigger's own examples and for each case, with the test function of any framework
 * (`test` of vitest or of node:test). A trigger is tested when some cases fire, some don't and some can't be decided.
 */
export function testTrigger(trigger: Trigger, cases: readonly TriggerCase[], test: (title: string, body: () => void) => unknown): void {
  const examples = trigger.examples.map((example) => ({ ...example, title: `example: ${example.title}` }));
  for (const each of [...examples, ...cases]) test(`${trigger.gate}.${trigger.name}: ${each.title}`, () => checkTriggerCase(trigger, each));
}
