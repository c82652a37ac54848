import type { Action, Finding, Rule } from '../model/index.ts';

const shown = 20;
const weight: Readonly<Record<Action, number>> = { stop: 0, warn: 1, go: 2 };

/**
 * The findings that problems left undecided for one rule, worst first: of a flood (a thousand damaged archives) twenty and
 * a row that counts the rest, with the worst action among them. Excepted ones all stay.
 */
export function condense(rule: Rule, findings: readonly Finding[]): Finding[] {
  const sorted = [...findings].sort((a, b) => weight[a.action] - weight[b.action] || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  const open = sorted.filter(({ state }) => state !== 'excepted');
  const rest = open.slice(shown);
  const first = rest[0];
  if (first === undefined) return sorted;
  const more: Finding = {
    ...first,
    id: `${rule.written.gate}+${rule.written.trigger}+more-problems`,
    message: `undecided: ${rest.length} more problems, which the list of problems names`,
    file: null,
    layer: null,
  };
  return [...open.slice(0, shown), more, ...sorted.filter(({ state }) => state === 'excepted')];
}
