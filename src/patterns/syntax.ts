/** Ranges of UTF-16 code units, both ends included, sorted and apart from one another. */
export type Ranges = readonly (readonly [number, number])[];

/** What an expression is made of. */
export type Expression =
  | { readonly kind: 'set'; readonly ranges: Ranges }
  | { readonly kind: 'sequence'; readonly parts: readonly Expression[] }
  | { readonly kind: 'choice'; readonly parts: readonly Expression[] }
  | { readonly kind: 'repeat'; readonly part: Expression; readonly least: number; readonly most: number }
  | { readonly kind: 'assertion'; readonly what: 'start' | 'end' | 'word' | 'no-word' };

/** Why a text is no expression that can be used, in words that complete “the expression …”. */
export class PatternError extends Error {}

const LAST = 0xffff;
const MAX_LENGTH = 10_000;
const MAX_DEPTH = 100;
const MAX_COUNT = 1000;

/** Sorts ranges and joins those that touch. */
export function normalize(ranges: Ranges): Ranges {
  const sorted = [...ranges].sort((a, b) => a[0] - b[0]);
  const joined: [number, number][] = [];
  for (const [from, to] of sorted) {
    const last = joined.at(-1);
    if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else joined.push([from, to]);
  }
  return joined;
}

function negate(ranges: Ranges): Ranges {
  const result: [number, number][] = [];
  let next = 0;
  for (const [from, to] of normalize(ranges)) {
    if (from > next) result.push([next, from - 1]);
    next = to + 1;
  }
  if (next <= LAST) result.push([next, LAST]);
  return result;
}

const digits: Ranges = [[0x30, 0x39]];
/** ASCII letters, digits and `_`. */
export const wordRanges: Ranges = [
  [0x30, 0x39],
  [0x41, 0x5a],
  [0x5f, 0x5f],
  [0x61, 0x7a],
];
const blanks: Ranges = [
  [0x09, 0x0d],
  [0x20, 0x20],
];
const classes: Readonly<Record<string, Ranges>> = {
  d: digits,
  D: negate(digits),
  w: wordRanges,
  W: negate(wordRanges),
  s: blanks,
  S: negate(blanks),
};
const controls: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, f: 12, v: 11, a: 7, '0': 0 };
const anyButNewline = negate([[10, 10]]);

/** Letters in the other case too, as far as one code unit becomes one. */
function withBothCases(ranges: Ranges): Ranges {
  const more: [number, number][] = [];
  for (const [from, to] of ranges) {
    for (let unit = from; unit <= to && unit < 0x2000; unit++) {
      const text = String.fromCharCode(unit);
      for (const other of [text.toLowerCase(), text.toUpperCase()]) {
        if (other.length === 1) more.push([other.charCodeAt(0), other.charCodeAt(0)]);
      }
    }
  }
  return normalize([...ranges, ...more]);
}

class Parser {
  readonly #text: string;
  #at = 0;
  #depth = 0;
  #ignoreCase = false;

  constructor(text: string) {
    this.#text = text;
  }

  parse(): Expression {
    const flags = /^\(\?([a-z]+)\)/.exec(this.#text);
    if (flags !== null) {
      this.#at = flags[0].length;
      for (const flag of flags[1] as string) {
        if (flag === 'i') this.#ignoreCase = true;
        else throw new PatternError(`has the flag ${flag}, of which only i is known`);
      }
    }
    const whole = this.#choice();
    if (this.#at < this.#text.length) throw new PatternError(`closes a group at character ${this.#at + 1} that none opens`);
    return whole;
  }

  #choice(): Expression {
    const parts = [this.#sequence()];
    while (this.#text[this.#at] === '|') {
      this.#at++;
      parts.push(this.#sequence());
    }
    return parts.length === 1 ? (parts[0] as Expression) : { kind: 'choice', parts };
  }

  #sequence(): Expression {
    const parts: Expression[] = [];
    for (let next = this.#text[this.#at]; next !== undefined && next !== '|' && next !== ')'; next = this.#text[this.#at]) {
      parts.push(this.#repeated(this.#atom(next)));
    }
    return parts.length === 1 ? (parts[0] as Expression) : { kind: 'sequence', parts };
  }

  #repeated(atom: Expression): Expression {
    let part = atom;
    for (let count = this.#count(); count !== undefined; count = this.#count()) {
      if (part.kind === 'repeat' || part.kind === 'assertion') throw new PatternError(`repeats nothing at character ${this.#at}`);
      part = { kind: 'repeat', part, ...count };
      if (this.#text[this.#at] === '?')
        this.#at++; // whether much or little is taken doesn't change whether it fits
      else if (this.#text[this.#at] === '+') throw new PatternError(`repeats nothing at character ${this.#at + 1}`);
    }
    return part;
  }

  #count(): { least: number; most: number } | undefined {
    const next = this.#text[this.#at];
    if (next === '*' || next === '+' || next === '?') {
      this.#at++;
      return { least: next === '+' ? 1 : 0, most: next === '?' ? 1 : Number.POSITIVE_INFINITY };
    }
    if (next !== '{') return undefined;
    const braces = /^\{(\d{0,5})(?:(,)(\d{0,5}))?\}/.exec(this.#text.slice(this.#at, this.#at + 16));
    if (braces === null || (braces[1] === '' && (braces[3] ?? '') === '')) return undefined; // an ordinary brace
    this.#at += braces[0].length;
    const least = Number(braces[1]);
    const most = braces[2] === undefined ? least : braces[3] === '' ? Number.POSITIVE_INFINITY : Number(braces[3]);
    if (most < least) throw new PatternError(`repeats from ${least} to ${most} times`);
    if (least > MAX_COUNT || (most !== Number.POSITIVE_INFINITY && most > MAX_COUNT)) throw new PatternError(`repeats more than ${MAX_COUNT} times`);
    return { least, most };
  }

  #set(ranges: Ranges): Expression {
    return { kind: 'set', ranges: this.#ignoreCase ? withBothCases(ranges) : ranges };
  }

  #atom(next: string): Expression {
    this.#at++;
    switch (next) {
      case '(':
        return this.#group();
      case '[':
        return this.#set(this.#class());
      case '.':
        return { kind: 'set', ranges: anyButNewline };
      case '^':
        return { kind: 'assertion', what: 'start' };
      case '$':
        return { kind: 'assertion', what: 'end' };
      case '*':
      case '+':
      case '?':
        throw new PatternError(`repeats nothing at character ${this.#at}`);
      case '\\':
        return this.#escape();
      default:
        return this.#set([[next.charCodeAt(0), next.charCodeAt(0)]]);
    }
  }

  #group(): Expression {
    if (++this.#depth > MAX_DEPTH) throw new PatternError(`nests more than ${MAX_DEPTH} groups`);
    if (this.#text[this.#at] === '?') {
      const opening = /^\?(?::|P?<[A-Za-z_]\w*>)/.exec(this.#text.slice(this.#at, this.#at + 200));
      if (opening === null) throw new PatternError('looks ahead or behind, or refers to a group: that has no bound on its time');
      this.#at += opening[0].length;
    }
    const inside = this.#choice();
    if (this.#text[this.#at] !== ')') throw new PatternError('opens a group that it does not close');
    this.#at++;
    this.#depth--;
    return { kind: 'sequence', parts: [inside] };
  }

  #escape(): Expression {
    const next = this.#text[this.#at];
    if (next === 'A' || next === 'Z' || next === 'z' || next === 'b' || next === 'B') {
      this.#at++;
      return { kind: 'assertion', what: next === 'A' ? 'start' : next === 'b' ? 'word' : next === 'B' ? 'no-word' : 'end' };
    }
    return this.#set(this.#escaped());
  }

  /** What stands after a backslash, in a class or out of it. */
  #escaped(): Ranges {
    const next = this.#text[this.#at++];
    if (next === undefined) throw new PatternError('ends with a backslash');
    const named = Object.hasOwn(classes, next) ? classes[next] : undefined;
    if (named !== undefined) return named;
    const control = Object.hasOwn(controls, next) ? controls[next] : undefined;
    if (control !== undefined) return [[control, control]];
    const hex = next === 'x' ? /^[0-9A-Fa-f]{2}/ : next === 'u' ? /^[0-9A-Fa-f]{4}/ : null;
    if (hex !== null) {
      const match = hex.exec(this.#text.slice(this.#at, this.#at + 4));
      if (match === null) throw new PatternError(`has \\${next} without its digits`);
      this.#at += match[0].length;
      const unit = Number.parseInt(match[0], 16);
      return [[unit, unit]];
    }
    if (/[1-9]/.test(next)) throw new PatternError('refers to a group: that has no bound on its time');
    if (/[A-Za-z]/.test(next)) throw new PatternError(`has \\${next}, which means nothing`);
    return [[next.charCodeAt(0), next.charCodeAt(0)]];
  }

  #class(): Ranges {
    const isNegated = this.#text[this.#at] === '^';
    if (isNegated) this.#at++;
    const ranges: (readonly [number, number])[] = [];
    for (let isFirst = true; ; isFirst = false) {
      const next = this.#text[this.#at];
      if (next === undefined) throw new PatternError('opens a class with [ that it does not close');
      if (next === ']' && !isFirst) break;
      const from = this.#member();
      const single = from.length === 1 && (from[0] as readonly [number, number])[0] === (from[0] as readonly [number, number])[1];
      const after = this.#text[this.#at + 1];
      if (single && this.#text[this.#at] === '-' && after !== undefined && after !== ']') {
        this.#at++;
        const to = this.#member();
        const first = (from[0] as readonly [number, number])[0];
        const last = to.length === 1 ? (to[0] as readonly [number, number])[1] : -1;
        if (last < first) throw new PatternError('has a range in a class whose end is before its beginning');
        ranges.push([first, last]);
      } else ranges.push(...from);
    }
    this.#at++;
    const whole = this.#ignoreCase ? withBothCases(ranges) : normalize(ranges);
    return isNegated ? negate(whole) : whole;
  }

  #member(): Ranges {
    const next = this.#text[this.#at++] as string;
    if (next !== '\\') return [[next.charCodeAt(0), next.charCodeAt(0)]];
    if (this.#text[this.#at] === 'b') {
      this.#at++;
      return [[8, 8]];
    }
    return this.#escaped();
  }
}

/**
 * Reads an expression in the syntax that Python's `re`, Perl and JavaScript share: literals, `.`, classes, groups, `|`,
 * repetition, `^ $ \b \B \A \Z`, `(?i)` in front. Classes of letters are ASCII's.
 * @throws PatternError for anything else, and for what has no bound on its time (look-around, references to groups)
 */
export function parsePattern(text: string): Expression {
  if (text.length > MAX_LENGTH) throw new PatternError(`is longer than ${MAX_LENGTH} characters`);
  return new Parser(text).parse();
}
