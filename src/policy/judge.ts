import { PortcullisError } from '../errors.ts';
import { type Catalogue, catalogue as ownCatalogue } from '../gates/index.ts';
import type { Action, Counts, Evidence, Finding, ImageVerdict, Policy } from '../model/index.ts';
import { condense } from './condense.ts';
import { decideRule } from './decide.ts';
import { ExceptionIndex } from './exceptions.ts';
import { exceptableOf, findingOf } from './finding.ts';
import { vocabularyOf } from './vocabulary.ts';

/** Bounds of a judgement. */
export interface JudgeMaxima {
  /** Findings of one rule; what goes beyond makes the rule undecided. */
  readonly findings: number;
}

export interface JudgeOptions {
  /** The time that ages are measured against. */
  readonly now: Date;
  readonly maxima?: Partial<JudgeMaxima>;
  /** The triggers that the policy was read with; Portcullis's own otherwise. */
  readonly catalogue?: Catalogue;
}

const defaultMaxima: JudgeMaxima = { findings: 100_000 };
const order: readonly Action[] = ['go', 'warn', 'stop'];

/** The worst of some actions; `go` of none. */
export function worstAction(actions: Iterable<Action>): Action {
  let worst = 0;
  for (const action of actions) worst = Math.max(worst, order.indexOf(action));
  return order[worst] ?? 'stop';
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function sortedUnique(findings: readonly Finding[]): Finding[] {
  const sorted = [...findings].sort(
    (a, b) => byText(a.id, b.id) || byText(a.message, b.message) || byText(a.file?.path ?? '', b.file?.path ?? '') || byText(a.state, b.state),
  );
  return sorted.filter((finding, index) => {
    const before = sorted[index - 1];
    return before === undefined || before.id !== finding.id || before.message !== finding.message || before.file?.path !== finding.file?.path;
  });
}

function countsOf(findings: readonly Finding[]): Counts {
  const counts = { stop: 0, warn: 0, go: 0, undecided: 0, excepted: 0 };
  for (const { state, action } of findings) {
    if (state === 'excepted') counts.excepted += 1;
    else {
      counts[action] += 1;
      if (state === 'undecided') counts.undecided += 1;
    }
  }
  return counts;
}

function platformOf({ os, architecture, variant }: Evidence['image']['platform']): string {
  return [os, architecture, ...(variant === undefined || variant === '' ? [] : [variant])].join('/');
}

/**
 * Judges evidence by a policy. Pure: the same policy, evidence and time give the same verdict. Findings stand in the order
 * of the policy's lines, and within a line by id. What couldn't be decided is a finding too, never silence; a policy
 * without rules is STOP (`no-rules`).
 *
 * Throws a PortcullisError DEFECT when a trigger throws or is not in the catalogue.
 */
export function judge(policy: Policy, evidence: Evidence, options: JudgeOptions): ImageVerdict {
  const catalogue = options.catalogue ?? ownCatalogue;
  const maxima = { ...defaultMaxima, ...options.maxima };
  const triggers = new Map(catalogue.triggers.map((trigger) => [`${trigger.gate}/${trigger.name}`, trigger]));
  const vocabulary = vocabularyOf(catalogue);
  const { image } = evidence;
  const exceptions = new ExceptionIndex(policy.exceptions, image.imageId?.replace(/^sha\d+:/, '') ?? null);

  const findings = policy.rules.flatMap((rule) => {
    const trigger = triggers.get(`${rule.gate}/${rule.trigger}`);
    if (trigger === undefined)
      throw new PortcullisError('DEFECT', `there is no check ${rule.gate}/${rule.trigger}, which the policy’s line ${rule.written.line} names`);
    const named = vocabulary.gates.get(rule.written.gate)?.get(rule.written.trigger);
    const decided = decideRule(rule, trigger, evidence, options.now, maxima.findings);
    const found = decided.map((each) => ({
      finding: findingOf(rule, each, image, trigger.remedy, exceptions.find(exceptableOf(rule, each, named))),
      problem: each.problem,
    }));
    return condense(
      rule,
      found.filter(({ problem }) => problem !== null).map(({ finding }) => finding),
    ).concat(sortedUnique(found.filter(({ problem }) => problem === null).map(({ finding }) => finding)));
  });

  const isEmpty = policy.rules.length === 0;
  const distribution = evidence.facts.distribution ?? null;
  return {
    reference: image.reference,
    digest: image.digest,
    imageId: image.imageId,
    platform: platformOf(image.platform),
    tags: image.tags,
    verified: image.verified,
    ...(image.input === undefined ? {} : { input: image.input }),
    distribution: distribution === null ? null : { id: distribution.id, version: distribution.version, name: distribution.name },
    policy: { name: policy.name, version: policy.version, format: policy.format, source: policy.source, digest: policy.digest },
    verdict: isEmpty ? 'stop' : worstAction(findings.filter(({ state }) => state !== 'excepted').map(({ action }) => action)),
    reason: isEmpty ? 'no-rules' : 'policy',
    counts: countsOf(findings),
    findings,
    problems: evidence.problems.map(({ id, kind, evidence: touched, what, why, location }) => ({ id, kind, evidence: touched, what, why, location })),
  };
}
