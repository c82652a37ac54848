import { PortcullisError } from '../errors.ts';
import type { Outcome, Trigger } from '../gates/index.ts';
import type { Action, Evidence, Facts, Location, Problem, Rule } from '../model/index.ts';
import { answerTo } from './request-coverage.ts';

/** An outcome that a rule had, with what an undecided one counts as. */
export interface Decided {
  readonly outcome: Outcome;
  readonly action: Action;
  /** The problem that left it undecided; null when the trigger said so itself. */
  readonly problem: Problem | null;
}

/** What an undecided outcome counts as: the rule's own action for what lies in the image, else a warning at most. */
function undecidedAction(rule: Rule, cause: 'image' | 'outside'): Action {
  return cause === 'outside' && rule.action === 'stop' ? 'warn' : rule.action;
}

function fromProblem(rule: Rule, problem: Problem): Decided {
  const location: Location | null = problem.location;
  const reason = `${problem.what}: ${problem.why}`;
  return {
    outcome: { state: 'undecided', subject: problem.id, reason, cause: problem.cause, ...(location === null ? {} : { location }) },
    action: undecidedAction(rule, problem.cause),
    problem,
  };
}

function defect(rule: Rule, cause: unknown): PortcullisError {
  const { gate, trigger, line } = rule.written;
  return new PortcullisError('DEFECT', `the check ${gate}:${trigger} (policy line ${line}) failed on this image`, { cause });
}

/**
 * Applies one rule. What fired stands even where something else couldn't be read; each problem that meets the rule's
 * requests, and each request that wasn't answered, is an undecided outcome beside it.
 *
 * `most` bounds the outcomes; one more says that there are more. Throws a PortcullisError DEFECT when the trigger throws.
 */
export function decideRule(rule: Rule, trigger: Trigger, evidence: Evidence, now: Date, most: number): Decided[] {
  const decided: Decided[] = [];
  const problems = new Map<string, Problem>();
  let isComplete = true;
  for (const request of rule.requests) {
    const answer = answerTo(request, evidence);
    for (const problem of answer.problems) problems.set(problem.id, problem);
    if (answer.gap !== null) {
      const outcome: Outcome = { state: 'undecided', subject: request.kind, ...answer.gap };
      decided.push({ outcome, action: undecidedAction(rule, answer.gap.cause), problem: null });
    }
    if (request.kind !== 'image' && evidence.facts[request.kind] === undefined) isComplete = false;
  }
  if (!isComplete || trigger.handlesProblems !== true) {
    for (const problem of problems.values()) decided.push(fromProblem(rule, problem));
  }
  if (!isComplete) return decided;

  // Every kind that the trigger asked for is there, which is all that it can read.
  const facts = { ...evidence.facts, image: evidence.image } as Facts;
  try {
    for (const outcome of trigger.judge(facts, rule.parameters, { now, problems: [...problems.values()] })) {
      if (decided.length >= most) {
        const reason = `the rule has more than ${most} findings; the rest is not listed`;
        decided.push({ outcome: { state: 'undecided', subject: 'limit', reason, cause: 'image' }, action: rule.action, problem: null });
        break;
      }
      const action = outcome.state === 'fired' ? rule.action : undecidedAction(rule, outcome.cause);
      decided.push({ outcome, action, problem: null });
    }
  } catch (cause) {
    throw defect(rule, cause);
  }
  return decided;
}
