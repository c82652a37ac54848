import type { BinaryRule, Evidence, Request } from '../model/index.ts';
import { problemOf } from './problem.ts';

const keyOf = (rule: BinaryRule): string => JSON.stringify(Object.entries(rule).sort(([a], [b]) => (a < b ? -1 : 1)));

function rulesIn(requests: readonly Request[]): readonly BinaryRule[] {
  return requests.flatMap(({ kind, detail }) => (kind === 'packages' ? (detail?.binaryRules ?? []) : []));
}

/**
 * Evidence that stands in place of an image, with a problem where the caller's rules for programs weren't there when it was made: what
 * they would have found isn't known.
 * @param made the requests that it is known to have been made with
 */
export function withUnsoughtPrograms(evidence: Evidence, made: readonly Request[], asked: readonly Request[]): Evidence {
  const sought = new Set(rulesIn(made).map(keyOf));
  const unsought = new Set(
    rulesIn(asked)
      .filter((rule) => !sought.has(keyOf(rule)))
      .map(({ name }) => name),
  );
  if (unsought.size === 0 || evidence.facts.packages === undefined) return evidence;
  const names = [...unsought];
  const problem = problemOf({
    kind: 'no-data',
    evidence: 'packages',
    ecosystem: 'generic',
    cause: 'outside',
    what: `the programs of the given rules (${names.slice(0, 10).join(', ')}${names.length > 10 ? ', …' : ''})`,
    why: 'what is given in place of an image was not made with these rules',
    subject: 'binary rules',
  });
  const coverage = evidence.coverage.map((each) =>
    each.request.kind === 'packages' && (each.state === 'collected' || each.state === 'incomplete')
      ? { ...each, state: 'incomplete' as const, problems: [...each.problems, problem.id] }
      : each,
  );
  return { ...evidence, coverage, problems: [...evidence.problems, problem] };
}
