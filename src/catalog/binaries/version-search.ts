import type { BinaryRule } from '../../model/index.ts';
import { FAILED, type Pattern, pattern, wholePattern } from '../../patterns/index.ts';

/** Bytes that a version may have, and that what follows it is looked for in. */
const MAX_VERSION = 100;
const MAX_AFTER = 200;
/** Bytes from a version's beginning on that are looked at. */
export const LOOK_AHEAD = MAX_VERSION + MAX_AFTER;
/** Versions of a file that are remembered: more than a file can say without meaning none of them. */
const MAX_VERSIONS = 1000;
/** What a rule may spend on looking at places of one file, in characters: less than a second. */
const MAX_WORK = 30_000_000;
/** What the look at one place costs before its first character. */
const PLACE_WORK = 10;

/** Said where `after` is left out: the version isn't a part of something longer. */
const END = '$|[^\\w.]';

/** A file in which the search would take too long. */
export class SearchLimitError extends Error {}

/** A rule made ready to look for the versions that files say. Each place costs a bounded look, so that the whole is linear. */
export class VersionSearch {
  readonly rule: BinaryRule;
  readonly before: Buffer | undefined;
  readonly contains: readonly Buffer[];
  readonly again: Pattern | undefined;
  readonly #version: Pattern;
  readonly #after: Pattern;
  /** By two bytes: whether a version can begin with them. */
  readonly #begins = new Uint8Array(0x10000);

  /** @throws PatternError */
  constructor(rule: BinaryRule) {
    this.rule = rule;
    this.before = rule.before === undefined ? undefined : Buffer.from(rule.before);
    this.contains = (rule.contains ?? []).map((text) => Buffer.from(text));
    this.again = rule.again === undefined ? undefined : pattern(rule.again);
    this.#version = pattern(wholePattern(rule.version));
    this.#after = pattern(rule.after ?? END);
    for (let first = 0x21; first < 0x7f; first++) this.#begins.set(this.#secondBytes(first), first << 8);
  }

  /** Which bytes may follow the first one of a version. */
  #secondBytes(first: number): Uint8Array {
    const seconds = new Uint8Array(256);
    const one = this.#version.advance(this.#version.begin(), String.fromCharCode(first), 0, 1);
    if (one === FAILED) return seconds;
    if (this.#version.ends(one)) return seconds.fill(1);
    for (let second = 0x21; second < 0x7f; second++) {
      if (this.#version.advance(one, String.fromCharCode(second), 0, 1) !== FAILED) seconds[second] = 1;
    }
    return seconds;
  }

  /** Whether a version can begin at a place. */
  begins(bytes: Buffer, at: number): boolean {
    return this.#begins[((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)] === 1;
  }

  /** The longest version at a place that is followed by what the rule says. */
  versionAt(bytes: Buffer, at: number, budget: Budget): string | undefined {
    return this.#versionsAt(bytes, at, this.#after, budget)[0];
  }

  /** The versions at a place that are followed by what the rule wants at their second place. */
  versionsAgainAt(bytes: Buffer, at: number, budget: Budget): string[] {
    return this.again === undefined ? [] : this.#versionsAt(bytes, at, this.again, budget);
  }

  #versionsAt(bytes: Buffer, at: number, after: Pattern, budget: Budget): string[] {
    const text = bytes.toString('latin1', at, at + LOOK_AHEAD);
    const lengths: number[] = [];
    let progress = this.#version.begin();
    let length = 0;
    while (length < MAX_VERSION && length < text.length && isGraphic(text.charCodeAt(length))) {
      progress = this.#version.advance(progress, text, length, length + 1);
      if (progress === FAILED) break;
      length++;
      if (this.#version.ends(progress)) lengths.push(length);
    }
    budget.spend(length);
    const fitting = lengths.reverse().filter((each) => {
      budget.spend(MAX_AFTER);
      return after.matches(text.slice(each, each + MAX_AFTER));
    });
    return fitting.map((each) => text.slice(0, each));
  }
}

/** What may still be spent on a file. */
class Budget {
  #left = MAX_WORK;

  /** @throws SearchLimitError */
  spend(characters: number): void {
    this.#left -= PLACE_WORK + characters;
    if (this.#left < 0) throw new SearchLimitError('it has too many places where a version could stand');
  }
}

/** The look for a rule's versions in one file, which may come in pieces. */
export class VersionScan {
  readonly #search: VersionSearch;
  /** The number that versions begin with; `null`: they may begin with any. */
  readonly #series: string | null;
  #missing: readonly Buffer[];
  readonly #found = new Set<string>();
  readonly #again = new Set<string>();
  readonly #budget = new Budget();

  /** @param series the number in the file's name, where the rule wants versions to begin with it */
  constructor(search: VersionSearch, series: string | null) {
    this.#search = search;
    this.#series = series;
    this.#missing = search.contains;
  }

  /**
   * Looks at the places in `bytes` from `from` to `to` where a version may begin; what lies around is looked at as far as it is there.
   * @throws SearchLimitError, PatternError
   */
  look(bytes: Buffer, from: number, to: number): void {
    this.#missing = this.#missing.filter((text) => !bytes.includes(text));
    for (const at of this.#places(bytes, from, to)) {
      if (this.#found.size === MAX_VERSIONS) break;
      const version = this.#search.versionAt(bytes, at, this.#budget);
      if (version === undefined) continue;
      if (this.#series === null || version === this.#series || version.startsWith(`${this.#series}.`)) this.#found.add(version);
    }
    if (this.#search.again !== undefined) this.#lookAgain(bytes, from, to);
  }

  get hasFound(): boolean {
    return this.#found.size > 0 && this.versions().length > 0;
  }

  /** Every version, once, in the order of the file, by what has been looked at. */
  versions(): string[] {
    if (this.#missing.length > 0) return [];
    return this.#search.again === undefined ? [...this.#found] : [...this.#found].filter((version) => this.#again.has(version));
  }

  #lookAgain(bytes: Buffer, from: number, to: number): void {
    for (let at = from; at < to; at++) {
      if (!this.#search.begins(bytes, at) || isNumeric(bytes[at - 1])) continue;
      for (const version of this.#search.versionsAgainAt(bytes, at, this.#budget)) if (this.#again.size < MAX_VERSIONS) this.#again.add(version);
    }
  }

  *#places(bytes: Buffer, from: number, to: number): Generator<number> {
    const { before } = this.#search;
    if (before === undefined) {
      for (const at of this.#occurrences(bytes, Buffer.from(`${this.#series}.`), from, to)) if (!isNumeric(bytes[at - 1])) yield at;
    } else if (before.length === 1) {
      // A program has millions of zero bytes: a search for each would be slow.
      const [only] = before;
      for (let at = Math.max(from, 1); at < to; at++) if (bytes[at - 1] === only && this.#search.begins(bytes, at)) yield at;
    } else {
      const most = Math.max(0, from - before.length);
      for (const at of this.#occurrences(bytes, before, most, to - before.length)) {
        if (this.#search.begins(bytes, at + before.length)) yield at + before.length;
      }
    }
  }

  /** Where a text begins, from `from` to `to`. */
  *#occurrences(bytes: Buffer, text: Buffer, from: number, to: number): Generator<number> {
    // Zero bytes in front are looked for last: they are everywhere.
    const zeros = Math.max(
      0,
      text.findIndex((byte) => byte !== 0),
    );
    const sought = text.subarray(zeros);
    for (let at = bytes.indexOf(sought, from + zeros); at !== -1 && at - zeros < to; at = bytes.indexOf(sought, at + 1)) {
      this.#budget.spend(0);
      if (text.compare(bytes, at - zeros, at, 0, zeros) === 0) yield at - zeros;
    }
  }
}

/** A printable character of ASCII that is no blank. */
function isGraphic(code: number): boolean {
  return code > 0x20 && code < 0x7f;
}

/** A digit or a dot, before which a number goes on. */
function isNumeric(byte: number | undefined): boolean {
  return byte !== undefined && ((byte >= 0x30 && byte <= 0x39) || byte === 0x2e);
}
