import { compile, type Program } from './program.ts';
import { PatternError, parsePattern, type Ranges, wordRanges } from './syntax.ts';

/** An expression made ready. */
export interface Pattern {
  readonly source: string;
  /** Whether it fits from the beginning of the text; the text may go on. Takes time in proportion to the text's length. */
  matches(text: string): boolean;
  /** The beginning of a text that comes in parts. */
  begin(): Progress;
  /** Goes on with the next part, `text` from `start` to `end`. Gives MATCHED or FAILED as soon as what follows doesn't matter. */
  advance(from: Progress, text: string, start: number, end: number): Progress;
  /** Whether it fits when the text ends here. */
  ends(progress: Progress): boolean;
}

/** States that are remembered; beyond them the memory is emptied and built again. */
const MAX_STATES = 2000;
const MAX_CELLS = 1_000_000;
/** Steps of the program that one pattern walks in all its life, beyond what is remembered: some seconds. */
const MAX_WORK = 300_000_000;

const AT_START = 0;
const AFTER_WORD = 1;
const AFTER_OTHER = 2;
type Before = typeof AT_START | typeof AFTER_WORD | typeof AFTER_OTHER;

/** Divides the code units into classes that no set of the program tells apart; word characters and others lie apart. */
function alphabetOf(program: Program): { classOf: Uint16Array; representatives: number[]; isWord: boolean[] } {
  const borders = new Set<number>([0]);
  const addBorders = (ranges: Ranges): void => {
    for (const [from, to] of ranges) {
      borders.add(from);
      borders.add(to + 1);
    }
  };
  addBorders(wordRanges);
  const sets = program.steps.flatMap((step) => (step.kind === 'set' ? [step.ranges] : []));
  for (const ranges of new Set(sets)) addBorders(ranges);
  const sorted = [...borders].filter((border) => border <= 0xffff).sort((a, b) => a - b);
  const classOf = new Uint16Array(0x10000);
  for (const [index, border] of sorted.entries()) classOf.fill(index, border, sorted[index + 1] ?? 0x10000);
  return { classOf, representatives: sorted, isWord: sorted.map((unit) => holds(wordRanges, unit)) };
}

function holds(ranges: Ranges, unit: number): boolean {
  let low = 0;
  let high = ranges.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const [from, to] = ranges[middle] as readonly [number, number];
    if (unit < from) high = middle - 1;
    else if (unit > to) low = middle + 1;
    else return true;
  }
  return false;
}

/** How far a text has been matched; to be handed back to the pattern that gave it. */
export interface Progress {
  readonly steps: readonly number[];
  readonly before: Before;
  /** By class of the next code unit. */
  readonly next: (Progress | undefined)[];
  /** Whether it matches when the text ends here; undefined: not known yet. */
  atEnd: boolean | undefined;
}

const ended = (atEnd: boolean): Progress => ({ steps: [], before: AFTER_OTHER, next: [], atEnd });
/** It has matched, whatever follows. */
export const MATCHED: Progress = ended(true);
/** It can't match any more. */
export const FAILED: Progress = ended(false);

/** A deterministic automaton that is built while it runs: each character costs one look-up, or the program's length when it is new. */
class Automaton implements Pattern {
  readonly source: string;
  readonly #program: Program;
  readonly #classOf: Uint16Array;
  readonly #representatives: readonly number[];
  readonly #isWord: readonly boolean[];
  readonly #maxStates: number;
  #states = new Map<string, Progress>();
  readonly #seen: Uint32Array;
  #mark = 0;
  #work = 0;

  constructor(source: string) {
    this.source = source;
    this.#program = compile(parsePattern(source));
    const alphabet = alphabetOf(this.#program);
    this.#classOf = alphabet.classOf;
    this.#representatives = alphabet.representatives;
    this.#isWord = alphabet.isWord;
    const cells = Math.max(alphabet.representatives.length, this.#program.steps.length);
    this.#maxStates = Math.max(16, Math.min(MAX_STATES, Math.floor(MAX_CELLS / cells)));
    this.#seen = new Uint32Array(this.#program.steps.length);
  }

  matches(text: string): boolean {
    return this.ends(this.advance(this.begin(), text, 0, text.length));
  }

  begin(): Progress {
    return this.#stateOf([this.#program.start], AT_START);
  }

  advance(from: Progress, text: string, start: number, end: number): Progress {
    const classOf = this.#classOf;
    let state = from;
    for (let at = start; at < end && state !== MATCHED && state !== FAILED; at++) {
      const group = classOf[text.charCodeAt(at)] as number;
      state = state.next[group] ?? this.#step(state, group);
    }
    return state;
  }

  ends(progress: Progress): boolean {
    progress.atEnd ??= this.#closure(progress, null) === null;
    return progress.atEnd;
  }

  #stateOf(steps: readonly number[], before: Before): Progress {
    const key = `${before}:${steps.join(',')}`;
    const known = this.#states.get(key);
    if (known !== undefined) return known;
    if (this.#states.size >= this.#maxStates) this.#states = new Map();
    const state: Progress = { steps, before, next: new Array(this.#representatives.length).fill(undefined), atEnd: undefined };
    this.#states.set(key, state);
    return state;
  }

  /** The steps that wait for a character; null when the program has matched. `nextIsWord` null: the text ends. */
  #closure(state: Progress, nextIsWord: boolean | null): number[] | null {
    const waiting: number[] = [];
    const pending = [...state.steps];
    const mark = ++this.#mark;
    const wasWord = state.before === AFTER_WORD;
    for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
      if (this.#seen[at] === mark) continue;
      this.#seen[at] = mark;
      this.#work++;
      const step = this.#program.steps[at];
      if (step === undefined) continue;
      if (step.kind === 'match') return null;
      if (step.kind === 'set') waiting.push(at);
      else if (step.kind === 'fork') pending.push(step.a, step.b);
      else {
        const isBoundary = wasWord !== (nextIsWord === true);
        const held = { start: state.before === AT_START, end: nextIsWord === null, word: isBoundary, 'no-word': !isBoundary };
        if (held[step.what]) pending.push(step.next);
      }
    }
    return waiting;
  }

  #step(state: Progress, group: number): Progress {
    if (this.#work > MAX_WORK) throw new PatternError(`takes more than ${MAX_WORK} steps on what it is searched in`);
    const next = this.#target(state, group);
    state.next[group] = next;
    return next;
  }

  #target(state: Progress, group: number): Progress {
    const isWord = this.#isWord[group] === true;
    const waiting = this.#closure(state, isWord);
    if (waiting === null) return MATCHED;
    const unit = this.#representatives[group] as number;
    const reached = new Set<number>();
    for (const at of waiting) {
      const step = this.#program.steps[at];
      if (step?.kind === 'set' && holds(step.ranges, unit)) reached.add(step.next);
    }
    return reached.size === 0
      ? FAILED
      : this.#stateOf(
          [...reached].sort((a, b) => a - b),
          isWord ? AFTER_WORD : AFTER_OTHER,
        );
  }
}

/**
 * Makes an expression ready. Matching is that of Python's `re.match`: from the beginning, not necessarily to the end; what
 * the expression is can't make it slow: what costs more than a bounded number of steps ends in a PatternError.
 * @throws PatternError
 */
export function pattern(source: string): Pattern {
  return new Automaton(source);
}

/** The expression that fits the whole of a text where `source` fits it: not just its beginning. */
export function wholePattern(source: string): string {
  const flags = /^\(\?[a-z]+\)/.exec(source)?.[0] ?? '';
  return `${flags}(?:${source.slice(flags.length)})$`;
}

/** Why a text is no expression, in words that complete “the expression …”; undefined when it is one. */
export function patternFault(source: string): string | undefined {
  try {
    compile(parsePattern(source));
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
