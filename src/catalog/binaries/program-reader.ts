import type { BinaryRule } from '../../model/index.ts';
import { PatternError } from '../../patterns/index.ts';
import type { CatalogProblem, Fact, PieceReader } from '../cataloger.ts';
import { isExecutable } from '../executable/index.ts';
import type { ReadyRule } from './rule-set.ts';
import { LOOK_AHEAD, SearchLimitError, type VersionScan } from './version-search.ts';

/** Bytes in front of a place that are kept for the next piece: more than a rule's texts have. */
const LOOK_BEHIND = 2048;
/** A hole longer than what is looked at around a place is as good as one of this length. */
const MAX_HOLE = LOOK_BEHIND + LOOK_AHEAD;

/** A rule at work on a file. */
class Look {
  readonly #scan: VersionScan;
  readonly #name: string;
  readonly #compiled: boolean;
  /** Why it was given up. */
  #fault: string | undefined;

  constructor(scan: VersionScan, { name, compiled = false }: BinaryRule) {
    this.#scan = scan;
    this.#name = name;
    this.#compiled = compiled;
  }

  /** Whether it has found something, so that the rules behind it don't count. */
  look(bytes: Buffer, from: number, to: number, isProgram: boolean): boolean {
    // A script of the same name that starts the program.
    if (this.#fault !== undefined || (this.#compiled && !isProgram)) return false;
    try {
      this.#scan.look(bytes, from, to);
    } catch (error) {
      this.#fault = faultOf(error);
      return false;
    }
    return this.#scan.hasFound;
  }

  /** undefined: it has nothing to say. */
  result(path: string): Fact<'packages'> | CatalogProblem | undefined {
    const problem = (kind: 'limit' | 'contradiction', why: string): CatalogProblem => ({ problem: { kind, what: `/${path}`, why } });
    if (this.#fault !== undefined) return problem('limit', `the rule ${this.#name} was given up: ${this.#fault}`);
    const versions = this.#scan.versions();
    const [version] = versions;
    if (version === undefined) return undefined;
    if (versions.length > 1) {
      const shown = `${versions.slice(0, 5).join(', ')}${versions.length > 5 ? ', …' : ''}`;
      return problem('contradiction', `it says more than one version of ${this.#name}: ${shown}`);
    }
    const locations = [{ path: `/${path}` }];
    return {
      kind: 'packages',
      fact: { type: 'generic', name: this.#name, version, source: null, architecture: null, licenses: [], locations, lockfile: false },
    };
  }
}

function faultOf(error: unknown): string {
  if (error instanceof PatternError) return `an expression of it ${error.message}`;
  if (error instanceof SearchLimitError) return error.message;
  throw error;
}

/** The rules of one name, in their order: the first that has something to say counts. */
function looksOf(rules: readonly ReadyRule[], fileName: string): Look[] {
  return rules.flatMap((ready) => {
    const scan = ready.scan(fileName);
    return scan === null ? [] : [new Look(scan, ready.rule)];
  });
}

/**
 * Looks for the versions that a file says, piece by piece.
 * @param path without a leading slash
 * @param rules those that are about the path
 */
export function programReader(path: string, rules: ReadonlyMap<string, readonly ReadyRule[]>): PieceReader<'packages'> {
  const fileName = path.slice(path.lastIndexOf('/') + 1);
  const programs = [...rules.values()].map((each) => looksOf(each, fileName));
  let kept: Buffer = Buffer.alloc(0);
  /** How much of what is kept has been looked at. */
  let seen = 0;
  let isProgram: boolean | undefined;
  const look = (bytes: Buffer, isEnd: boolean): void => {
    const to = isEnd ? bytes.length : Math.max(seen, bytes.length - LOOK_AHEAD);
    if (to > seen) {
      isProgram ??= isExecutable(bytes);
      for (const looks of programs) looks.some((each) => each.look(bytes, seen, to, isProgram === true));
    }
    const start = Math.max(0, to - LOOK_BEHIND);
    // A piece is valid during the call alone.
    kept = Buffer.from(bytes.subarray(start));
    seen = to - start;
  };
  const write = (piece: Buffer): void => look(kept.length === 0 ? piece : Buffer.concat([kept, piece]), false);
  return {
    write,
    skip: (zeros) => write(Buffer.alloc(Math.min(zeros, MAX_HOLE))),
    *end(): Generator<Fact<'packages'> | CatalogProblem> {
      look(kept, true);
      for (const looks of programs) {
        const [result] = looks.flatMap((each) => each.result(path) ?? []);
        if (result !== undefined) yield result;
      }
    },
  };
}
