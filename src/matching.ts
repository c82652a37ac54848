import { type Advisories, matchAdvisories, type VexSet } from './advisories/index.ts';
import type { Coverage, Distribution, Evidence, Package, Request } from './model/index.ts';

/** What matching is done with. */
export interface MatchingChoice {
  /** null: nothing has been loaded yet. */
  readonly advisories: Advisories | null;
  /**
   * Called before an image's packages are matched; gives the advisories to use in place of `advisories`. May fetch what was never loaded.
   */
  readonly prepare?: (packages: readonly Package[], distribution: Distribution | null) => Promise<Advisories | null>;
  readonly vex?: VexSet;
  /** Days that a source's state may be old. */
  readonly maxFeedAge?: number;
  readonly now: Date;
}

export interface Matched {
  readonly evidence: Evidence;
  /** null also where no request asked for matching. */
  readonly advisories: Advisories | null;
}

function withMarks(evidence: Evidence, vex: VexSet | undefined): Evidence {
  const { image, facts } = evidence;
  if (vex === undefined || facts.vulnerabilities === undefined) return evidence;
  return { ...evidence, facts: { ...facts, vulnerabilities: vex.mark(facts.vulnerabilities, { image, distribution: facts.distribution ?? null }) } };
}

/**
 * Entries of lock files that repeat an installed package are left out: it is matched once, where it is installed. So are those that name no
 * version (a repository) of a package that is installed. purls spell names in one way.
 */
function withoutRepetitions(packages: readonly Package[]): readonly Package[] {
  const key = ({ purl }: Package): string => purl.replace(/[?#].*$/s, '');
  const installed = new Set(packages.filter((each) => !each.lockfile).flatMap((each) => [key(each), key(each).replace(/@[^@]*$/, '')]));
  return packages.filter((each) => !each.lockfile || !installed.has(key(each)));
}

/** Adds what matching makes of the packages: vulnerabilities and the state of the feeds, when they are asked for. VEX marks, it removes nothing. */
export async function match(inventory: Evidence, requests: readonly Request[], choice: MatchingChoice): Promise<Matched> {
  const asked = requests.filter((request) => request.kind === 'vulnerabilities' || request.kind === 'feeds');
  if (asked.length === 0) return { evidence: inventory, advisories: null };
  // What was stored was matched then; VEX of today marks it all the same.
  if (inventory.image.input?.kind === 'evidence') return { evidence: withMarks(inventory, choice.vex), advisories: null };
  const packages = withoutRepetitions(inventory.facts.packages ?? []);
  const distribution = inventory.facts.distribution ?? null;
  const advisories = choice.prepare === undefined ? choice.advisories : await choice.prepare(packages, distribution);
  const options = choice.maxFeedAge === undefined ? {} : { maxFeedAge: choice.maxFeedAge };
  const { matches, feeds, problems } = matchAdvisories(advisories, packages, distribution, choice.now, options);
  const vulnerabilities = choice.vex?.mark(matches, { image: inventory.image, distribution }) ?? matches;
  const coverage = inventory.coverage.map((item): Coverage => {
    if (!asked.some((request) => request.kind === item.request.kind)) return item;
    const own = problems.filter((problem) => problem.evidence === item.request.kind).map((problem) => problem.id);
    return { ...item, state: own.length === 0 ? 'collected' : 'incomplete', problems: own };
  });
  const evidence = { ...inventory, facts: { ...inventory.facts, vulnerabilities, feeds }, coverage, problems: [...inventory.problems, ...problems] };
  return { evidence, advisories };
}

/** The state of the advisories as documents tell it. */
export function advisoriesInDocument(advisories: Advisories | null): {
  readonly digest: string | null;
  readonly sources: readonly { readonly ecosystem: string; readonly records: number; readonly asOf: string | null }[];
  readonly exploitation?: Advisories['state']['exploitation'];
} {
  if (advisories === null) return { digest: null, sources: [] };
  const { digest, sources, exploitation } = advisories.state;
  return { digest, sources: sources.map(({ ecosystem, records, asOf }) => ({ ecosystem, records, asOf })), exploitation };
}

/**
 * Does the work on all images with one state of the advisories: when a fetch changed the state on the way, everything is done again
 * with what is there then, so that one digest stands for the whole document.
 * `work` gets the choice to match with, and a function to tell which state an image was matched with.
 */
export async function withOneState<T>(
  choice: MatchingChoice,
  work: (choice: MatchingChoice, used: (advisories: Advisories | null) => void) => Promise<T>,
): Promise<{ readonly result: T; readonly advisories: Advisories | null }> {
  const states = new Set<Advisories>();
  const used = (advisories: Advisories | null): void => {
    if (advisories !== null) states.add(advisories);
  };
  const result = await work(choice, used);
  const last = [...states].at(-1) ?? choice.advisories;
  if (new Set([...states].map((each) => each.state.digest)).size <= 1) return { result, advisories: last };
  const { prepare: _, ...settled } = { ...choice, advisories: last };
  return { result: await work(settled, () => {}), advisories: last };
}
