import type { Package, Problem } from '../../model/index.ts';
import { problemOf } from '../problem.ts';

/** Debian's and Ubuntu's advisories name source packages: where a list leaves them out, not every vulnerability can be found. */
export function* unnamedSources(packages: readonly Package[]): Generator<Problem> {
  const first = packages.find(({ type, source }) => type === 'deb' && source === null);
  if (first === undefined) return;
  yield problemOf({
    kind: 'no-data',
    evidence: 'vulnerabilities',
    ecosystem: 'deb',
    cause: 'outside',
    what: 'the source packages of the deb packages',
    why: `${first.locations[0]?.path ?? 'the list of packages'} does not name them, and advisories go by them`,
  });
}
