import type { PackageType } from '../../model/index.ts';
import type { CatalogProblem, Fact, PackageFact, SelectedFile } from '../cataloger.ts';
import type { Origin } from './origin.ts';

/** What a format tells of a package; the rest is the same for all languages. */
export interface LanguagePackage {
  readonly type: PackageType;
  readonly name: string;
  /** `''` where the format has none: a rule can still name the package. */
  readonly version: string;
  readonly licenses?: readonly string[];
  readonly architecture?: string | null;
  /** True for an entry of a lock file. */
  readonly lockfile?: boolean;
  readonly line?: number;
  /** Within an archive, as `Location.member`. */
  readonly member?: string;
  readonly purl?: PackageFact['purl'];
  /** For what isn't taken from a registry. */
  readonly origin?: Origin | undefined;
}

/** The fact of a package that was read from `file`. */
export function languagePackage(file: Pick<SelectedFile, 'path'>, given: LanguagePackage): Fact<'packages'> {
  const { line, member, origin } = given;
  const purl = origin === undefined ? given.purl : { ...given.purl, qualifiers: { ...given.purl?.qualifiers, ...origin.qualifiers } };
  const location = { path: `/${file.path}`, ...(line === undefined ? {} : { line }), ...(member === undefined ? {} : { member }) };
  return {
    kind: 'packages',
    fact: {
      type: given.type,
      name: given.name,
      version: given.version,
      source: null,
      architecture: given.architecture ?? null,
      licenses: given.licenses ?? [],
      locations: [location],
      lockfile: given.lockfile ?? false,
      ...(purl === undefined ? {} : { purl }),
      ...(origin === undefined ? {} : { origin: origin.kind }),
    },
  };
}

/** The problem that `file`, or a member or line of it, could not be read. `why` completes "could not be read: …". */
export function unreadable(file: Pick<SelectedFile, 'path'>, why: string, at: { readonly line?: number; readonly member?: string } = {}): CatalogProblem {
  const what = `/${file.path}${at.member === undefined ? '' : `!/${at.member}`}`;
  return { problem: { kind: 'unreadable', what, why, ...at } };
}

/** Facts without repetition: a lock file names a version once for each place that wants it. */
export function* distinct(facts: Iterable<Fact<'packages'> | CatalogProblem>): Generator<Fact<'packages'> | CatalogProblem> {
  const seen = new Set<string>();
  for (const fact of facts) {
    if ('kind' in fact) {
      const key = JSON.stringify([fact.fact.type, fact.fact.name, fact.fact.version, fact.fact.architecture, fact.fact.purl?.qualifiers ?? null]);
      if (seen.has(key)) continue;
      seen.add(key);
    }
    yield fact;
  }
}
