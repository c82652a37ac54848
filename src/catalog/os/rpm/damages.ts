import type { CatalogProblem } from '../../cataloger.ts';
import type { Damage, DamageKind } from './damage.ts';

/** Damages that a problem spells out; it counts the rest. */
const namedDamages = 3;
/** Damages after which a file is given up, so that a hostile one can't cost time by millions of them. */
const maxDamages = 10_000;

interface Gathered {
  readonly named: string[];
  count: number;
  /** Of the first one that has a line. */
  line: number | null;
}

/** Gathers the damages of one file, so that thousands of them become one problem of each kind. */
export class Damages {
  readonly #what: string;
  readonly #byKind = new Map<DamageKind, Gathered>();

  #total = 0;

  /** `what` names the file in the problems. */
  constructor(what: string) {
    this.#what = what;
  }

  /** True when there are so many that reading on isn't worth it. */
  get full(): boolean {
    return this.#total >= maxDamages;
  }

  get empty(): boolean {
    return this.#byKind.size === 0;
  }

  /** `place` stands before the damage's own words; `line` counts from 1. */
  add(damage: Damage, place?: string, line?: number): void {
    const known = this.#byKind.get(damage.kind) ?? { named: [], count: 0, line: null };
    if (known.named.length < namedDamages) known.named.push(place === undefined ? damage.message : `${place}: ${damage.message}`);
    known.count++;
    this.#total++;
    known.line ??= line ?? null;
    this.#byKind.set(damage.kind, known);
  }

  *problems(): Generator<CatalogProblem> {
    for (const [kind, { named, count, line }] of this.#byKind) {
      const rest = count > named.length ? `; and ${count - named.length} more${this.full ? ', after which it was given up' : ''}` : '';
      yield { problem: { kind, what: this.#what, why: `${named.join('; ')}${rest}`, ...(line === null ? {} : { line }) } };
    }
  }
}
