import type { Action, Finding } from '../model/index.ts';

/** Findings that stand in one row of the table: a single one, all of a rule that has too many to list, or rules of a gate that one problem leaves undecided. */
export type FindingRow = readonly [Finding, ...Finding[]];

const severity: Readonly<Record<Action, number>> = { stop: 0, warn: 1, go: 2 };

/** More findings of one rule than this are one row, unless one of them stops the image. */
const mostRows = 20;

/**
 * The rows of a table: STOP first, then WARN, then GO, excepted ones last, each group in the order of the findings. More than 20 WARN
 * or GO findings of one rule collapse into one row, at the place of the first; STOP findings never do. What leaves several rules of a
 * gate undecided in the same words is one row.
 * @param options `verbose`: nothing collapses; `showExcepted`: excepted findings are among the rows
 */
export function findingRows(findings: readonly Finding[], options: { readonly verbose: boolean; readonly showExcepted: boolean }): FindingRow[] {
  const shown = findings.filter((finding) => finding.state !== 'excepted' || options.showExcepted);
  const groups = new Map<string, [Finding, ...Finding[]]>();
  for (const finding of shown) {
    const group = groups.get(groupKey(finding));
    if (group) group.push(finding);
    else groups.set(groupKey(finding), [finding]);
  }
  const rows = shown.flatMap((finding): FindingRow[] => {
    const group = groups.get(groupKey(finding)) ?? [finding];
    if (options.verbose) return [[finding]];
    const isOneReason = group.every(({ message }) => message === group[0].message);
    if (!(finding.state === 'undecided' && isOneReason) && (finding.action === 'stop' || group.length <= mostRows)) return [[finding]];
    return group[0] === finding ? [group] : [];
  });
  return rows.sort(([a], [b]) => rank(a) - rank(b));
}

function rank(finding: Finding): number {
  return severity[finding.action] + (finding.state === 'excepted' ? 3 : 0);
}

/** A rule is its line; the same state and action, so that a count says one thing. What is undecided goes by its reason, whichever rule it is. */
function groupKey({ gate, trigger, rule, action, state, message, file }: Finding): string {
  if (state === 'undecided') return JSON.stringify([gate, action, state, message, file]);
  return JSON.stringify([gate, trigger, rule.line, action, state]);
}
