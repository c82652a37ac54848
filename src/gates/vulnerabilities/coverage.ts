import type { FeedState, Problem } from '../../model/index.ts';
import { packageTypeOf } from '../ecosystems.ts';
import type { Outcome } from '../trigger.ts';

/** What to do when advisories are missing. */
export const loadHint = 'load advisories with: portcullis feeds sync';

/** Said of an empty store. */
export const notLoaded: Outcome = { state: 'undecided', subject: 'no-advisories', reason: `no advisories are loaded; ${loadHint}`, cause: 'outside' };

const kinds: ReadonlySet<Problem['kind']> = new Set(['no-data', 'unsupported', 'stale']);

/** Whether a problem names an ecosystem, by its own name or by its packages' type. */
function isAbout({ scope }: Problem, ecosystem: string): boolean {
  const touched = [...(scope.ecosystem === undefined ? [] : [scope.ecosystem]), ...(scope.ecosystems ?? [])];
  const type = packageTypeOf(ecosystem);
  return touched.length === 0 || touched.some((each) => each === ecosystem || (type !== undefined && packageTypeOf(each) === type));
}

/** Whether any advisories are loaded at all. */
export function areLoaded(feeds: FeedState): boolean {
  return feeds.digest !== null || feeds.sources.length > 0;
}

const words = {
  'no-data': 'no advisories are loaded for it',
  unsupported: 'there are no advisories for it that can be read',
  'end-of-life': 'it is past its end of life, so its advisories are no longer complete',
} as const;

/** Says why an ecosystem can't be judged, in words that follow its name. */
export function whyUncovered(state: keyof typeof words): string {
  return words[state];
}

/**
 * What can't be known because advisories are missing, unless one of the problems already says so: one outcome for an
 * empty store, else one for each ecosystem that the image needs.
 */
export function* uncovered(feeds: FeedState, problems: readonly Problem[]): Iterable<Outcome> {
  const missing = problems.filter(({ evidence, kind }) => (evidence === 'vulnerabilities' || evidence === 'feeds') && kinds.has(kind));
  if (!areLoaded(feeds)) {
    if (!missing.some((problem) => problem.kind === 'no-data')) yield notLoaded;
    return;
  }
  for (const { ecosystem, state } of feeds.needed) {
    if (state === 'available' || missing.some((problem) => isAbout(problem, ecosystem))) continue;
    yield { state: 'undecided', subject: ecosystem, reason: `vulnerabilities of ${ecosystem} can’t be told: ${whyUncovered(state)}`, cause: 'outside' };
  }
}
