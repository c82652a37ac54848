import type { BinaryRule } from '../../model/index.ts';
import { globPattern, type Pattern, PatternError, pattern } from '../../patterns/index.ts';
import { VersionScan, VersionSearch } from './version-search.ts';

/** A rule made ready, as far as it has been needed. */
export class ReadyRule {
  readonly rule: BinaryRule;
  #search: VersionSearch | undefined;

  constructor(rule: BinaryRule) {
    this.rule = rule;
  }

  /**
   * The look into a file of that name; null when the rule finds nothing in a file with such a name.
   * @throws PatternError
   */
  scan(fileName: string): VersionScan | null {
    const series = this.rule.seriesInName === true ? /\d+(?:\.\d+)*/.exec(fileName)?.[0] : null;
    if (series === undefined) return null;
    this.#search ??= new VersionSearch(this.rule);
    return new VersionScan(this.#search, series);
  }
}

/** An expression over paths, made when it is needed. */
class PathPattern {
  readonly #source: string;
  #pattern: Pattern | undefined;

  constructor(source: string) {
    this.#source = source;
  }

  fits(path: string): boolean {
    this.#pattern ??= pattern(this.#source);
    try {
      return this.#pattern.matches(path);
    } catch (error) {
      if (!(error instanceof PatternError)) throw error;
      // What it may spend in all is used up; on one path it can't be.
      this.#pattern = pattern(this.#source);
      return this.#pattern.matches(path);
    }
  }
}

/** A glob of a rule. */
interface RulePath {
  readonly ready: ReadyRule;
  readonly pattern: PathPattern;
}

/** Characters of globs that are tested as one expression. */
const JOINED_LENGTH = 4000;

const isPlain = (name: string): boolean => !/[*?[\\]/.test(name);

/** All rules that files are looked at with. A path that no rule names costs one look-up and one expression over the file's name. */
export class RuleSet {
  readonly #rules: readonly ReadyRule[];
  readonly #byName = new Map<string, RulePath[]>();
  readonly #others: RulePath[] = [];
  readonly #otherNames: PathPattern[];

  constructor(rules: readonly BinaryRule[]) {
    this.#rules = rules.map((rule) => new ReadyRule(rule));
    const names: string[] = [];
    for (const ready of this.#rules) {
      for (const glob of ready.rule.paths) {
        const name = glob.slice(glob.lastIndexOf('/') + 1);
        const path: RulePath = { ready, pattern: new PathPattern(globPattern(glob) ?? '') };
        if (!isPlain(name)) {
          this.#others.push(path);
          names.push(name);
          continue;
        }
        const known = this.#byName.get(name);
        if (known === undefined) this.#byName.set(name, [path]);
        else known.push(path);
      }
    }
    this.#otherNames = joined(names).map((sources) => new PathPattern(`(?:${sources.join('|')})$`));
  }

  /** Whether a path is one of a rule. */
  selects(path: string): boolean {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const known = this.#byName.get(name);
    if (known?.some((each) => each.pattern.fits(path))) return true;
    return this.#otherNames.some((names) => names.fits(name)) && this.#others.some((each) => each.pattern.fits(path));
  }

  /** The rules of a path by the name of what they recognise, those of one name in their order. */
  rulesFor(path: string): ReadonlyMap<string, readonly ReadyRule[]> {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const fitting = new Set([...(this.#byName.get(name) ?? []), ...this.#others].filter((each) => each.pattern.fits(path)).map(({ ready }) => ready));
    const byName = new Map<string, ReadyRule[]>();
    for (const ready of this.#rules) {
      if (fitting.has(ready)) byName.set(ready.rule.name, [...(byName.get(ready.rule.name) ?? []), ready]);
    }
    return byName;
  }
}

/** Names as expressions, in few groups that are each small enough to be one expression. */
function joined(names: readonly string[]): string[][] {
  const groups: string[][] = [];
  let length = JOINED_LENGTH;
  for (const name of new Set(names)) {
    // A name has no slash, so the glob's own beginning is all that may stand before it.
    const source = (globPattern(`/${name}`) ?? '').slice(0, -1);
    length += source.length;
    if (length > JOINED_LENGTH) {
      groups.push([]);
      length = source.length;
    }
    groups.at(-1)?.push(source);
  }
  return groups;
}
