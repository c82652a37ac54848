import type { ExampleFacts } from '../gates/index.ts';
import type { Coverage, Evidence, EvidenceKind, Problem, Request } from '../model/index.ts';
import { completeFacts, evidenceKinds } from './facts.ts';

/** What a test says of a problem; the rest is filled in. */
export type ExampleProblem = Partial<Problem> & Pick<Problem, 'evidence'>;

/** What is wrong with a test's evidence. */
export interface EvidenceFlaws {
  readonly problems?: readonly ExampleProblem[];
  /** Kinds that were never collected. */
  readonly missing?: readonly EvidenceKind[];
}

function problemOf(given: ExampleProblem, index: number): Problem {
  return {
    id: `problem-${index + 1}`,
    kind: 'unreadable',
    scope: {},
    cause: 'image',
    what: 'a file',
    why: 'it is damaged',
    location: null,
    ...given,
  };
}

function coverageOf(kind: EvidenceKind, problems: readonly Problem[], missing: readonly EvidenceKind[]): Coverage {
  const own = problems.filter((problem) => problem.evidence === kind).map(({ id }) => id);
  const state = missing.includes(kind) ? 'not-asked' : own.length > 0 ? 'incomplete' : 'collected';
  const request = kind === 'packages' ? { kind, detail: { licenses: true } } : { kind };
  return { request, state, problems: own };
}

/**
 * Evidence of a whole image from the facts that matter, all of it collected but for what `flaws` says. `asked`: requests whose
 * details (patterns, digests) it answers besides.
 */
export function exampleEvidence(given: ExampleFacts, flaws: EvidenceFlaws = {}, asked: readonly Request[] = []): Evidence {
  const all = completeFacts(given);
  const missing = flaws.missing ?? [];
  const problems = (flaws.problems ?? []).map(problemOf);
  const facts = Object.fromEntries(Object.entries(all).filter(([kind]) => !missing.some((each) => each === kind))) as Evidence['facts'];
  const detailed = asked.map((request) => ({ ...coverageOf(request.kind, problems, missing), request }));
  return { image: all.image, facts, coverage: [...evidenceKinds.map((kind) => coverageOf(kind, problems, missing)), ...detailed], problems };
}
