import { packageTypeOf } from '../gates/index.ts';
import type { Coverage, Evidence, FileSelection, Problem, Request } from '../model/index.ts';

/** Whether what was asked for `has` holds everything that `wants` asks for. */
function holds(has: Request, wants: Request): boolean {
  if (has.kind !== wants.kind) return false;
  const within = (given: readonly string[] | undefined, asked: readonly string[] | undefined): boolean =>
    given === undefined || asked?.every((each) => given.includes(each)) === true;
  const holdsAll = (given: readonly string[] | undefined, asked: readonly string[] | undefined): boolean =>
    asked?.every((each) => given?.includes(each) === true) !== false;
  if (!holdsAll(has.detail?.digests, wants.detail?.digests) || !holdsAll(has.detail?.patterns, wants.detail?.patterns)) return false;
  if (wants.detail?.owners === true && has.detail?.owners !== true) return false;
  if (!holdsFiles(has.detail?.files, wants.detail?.files)) return false;
  const hasLicences = wants.detail?.licenses !== true || has.detail?.licenses === true;
  return hasLicences && within(has.detail?.types, wants.detail?.types) && within(has.detail?.services, wants.detail?.services);
}

/** Whether one selection of files lies within another; capabilities are asked for beside it, as not every source can tell them. */
function holdsFiles(has: FileSelection | undefined, wants: FileSelection | undefined): boolean {
  if (has === undefined) return true;
  if (wants === undefined) return false;
  const within = (given: readonly string[] | undefined, asked: readonly string[] | undefined): boolean =>
    asked?.every((each) => given?.includes(each) === true) !== false;
  const bits = wants.modeBits ?? 0;
  const hasCapabilities = wants.capabilities !== true || has.capabilities === true;
  return hasCapabilities && (bits & (has.modeBits ?? 0)) === bits && within(has.names, wants.names) && within(has.digests, wants.digests);
}

/** Whether a problem touches what a request asks for. When in doubt it does. */
export function problemMeets(problem: Problem, request: Request): boolean {
  if (problem.evidence !== request.kind) return false;
  const { ecosystem, ecosystems } = problem.scope;
  const touched = [...(ecosystem === undefined ? [] : [ecosystem]), ...(ecosystems ?? [])];
  return touched.length === 0 || touched.some((each) => isAsked(each, request));
}

/** Whether a request takes in an ecosystem: what isn't known as a type of packages may be any. */
function isAsked(ecosystem: string, { detail }: Request): boolean {
  if (detail?.types !== undefined) {
    const type = packageTypeOf(ecosystem);
    if (type !== undefined && !detail.types.includes(type)) return false;
  }
  return detail?.services === undefined || detail.services.includes(ecosystem);
}

/** How far the evidence answers a request. */
export interface Answer {
  readonly problems: readonly Problem[];
  /** Why it isn't answered although no problem says so; null when it is. */
  readonly gap: { readonly reason: string; readonly cause: 'image' | 'outside' } | null;
}

const outside = (reason: string): Answer['gap'] => ({ reason, cause: 'outside' });

function gapOf(request: Request, evidence: Evidence, problems: readonly Problem[]): Answer['gap'] {
  // Which image it is is always known.
  if (request.kind === 'image') return null;
  const covering = evidence.coverage.filter((each) => holds(each.request, request));
  const answered = covering.find((each) => each.state === 'collected') ?? covering.find((each) => each.state === 'incomplete');
  if (evidence.facts[request.kind] !== undefined && answered?.state === 'collected') return null;
  if (answered === undefined && covering.some((each) => each.state === 'not-applicable')) {
    return outside(`${request.kind}: this kind of input can’t hold it`);
  }
  if (answered === undefined) {
    return problems.length > 0 && evidence.facts[request.kind] === undefined ? null : outside(`${request.kind}: it was not collected`);
  }
  if (problems.length > 0 || (evidence.facts[request.kind] !== undefined && isElsewhere(answered, request, evidence))) return null;
  return { reason: `${request.kind}: it could not be read completely`, cause: 'image' };
}

/** Whether everything that left a request incomplete is named, and none of it touches this part of it. */
function isElsewhere(coverage: Coverage, request: Request, evidence: Evidence): boolean {
  if (coverage.problems.length === 0) return false;
  return coverage.problems.every((id) => {
    const problem = evidence.problems.find((each) => each.id === id);
    return problem !== undefined && problem.evidence === request.kind && !problemMeets(problem, request);
  });
}

/** Whether a request is answered: without a gap and without problems what isn't there is really not there. */
export function answerTo(request: Request, evidence: Evidence): Answer {
  const problems = evidence.problems.filter((problem) => problemMeets(problem, request));
  return { problems, gap: gapOf(request, evidence, problems) };
}
