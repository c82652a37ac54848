import { type Candidate, KeywordSearch } from './keywords.ts';
import { Place } from './place.ts';
import type { SecretRule } from './rule.ts';
import { rules } from './rules.ts';
import { WideText } from './wide-text.ts';

/** A secret as it stands in what was searched. It holds the clear value: it must not leave the reader. */
export interface Hit {
  readonly rule: SecretRule;
  /** That of the rule, or low where what stands lies open for everyone anyway. */
  readonly confidence: SecretRule['confidence'];
  /** The clear value. */
  readonly secret: string;
  /** Bytes from the beginning. */
  readonly start: number;
  readonly end: number;
  /** From 1. */
  readonly line: number;
}

/** Bytes behind a keyword that a rule may see. */
const AHEAD = 4096;
/** Those that it sees unless it says otherwise. */
const REACH = 1024;
/** Bytes in front of a keyword that a rule may see. */
const BEHIND = 256;
/** Those that it sees unless it says otherwise. */
const BEFORE = 80;
/** More are not told apart: whoever finds a thousand secrets in a file needs no list. */
export const MAX_HITS = 1000;

const search = new KeywordSearch(rules);
const lineRules = rules.flatMap((rule, order) => (rule.lines === true ? [{ rule, order, keyword: new Uint8Array() }] : []));
const isWord = (byte: number | undefined): boolean =>
  byte !== undefined && ((byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a) || byte === 0x5f);
const AT_KEYWORD = [0];

interface Found extends Hit {
  readonly order: number;
}

/** Searches text of one byte a character (or UTF-8), and remembers no more of it than a rule looks at. */
class TextSearch {
  readonly #place: Place;
  readonly #active = new Map<SecretRule, boolean>();
  readonly #lines: readonly Candidate[];
  readonly #found: Found[];
  #held: Buffer = Buffer.alloc(0);
  /** Offset of the held bytes' first in the whole. */
  #base = 0;
  /** Of the held bytes: up to here keywords have been looked for. */
  #searched = 0;
  #line = 1;
  /** Of the held bytes: up to here lines have been counted. */
  #counted = 0;
  /** True when there were more than `MAX_HITS`. */
  overflowed = false;

  constructor(place: Place, found: Found[]) {
    this.#place = place;
    this.#found = found;
    this.#lines = lineRules.filter(({ rule }) => rule.path?.test(place.path));
  }

  /** The line in which the next byte stands. */
  get line(): number {
    let line = this.#line;
    for (let at = this.#counted; at < this.#held.length; at++) if (this.#held[at] === 0x0a) line++;
    return line;
  }

  write(piece: Buffer): void {
    if (this.overflowed) return;
    const bytes = this.#held.length === 0 ? piece : Buffer.concat([this.#held, piece]);
    this.#run(bytes, bytes.length - AHEAD);
    const from = Math.max(0, Math.min(this.#searched, bytes.length) - BEHIND);
    this.#count(bytes, from);
    this.#base += from;
    this.#searched -= from;
    this.#counted -= from;
    this.#held = Buffer.from(bytes.subarray(from)); // a copy: the piece is a part of a larger buffer that goes away
  }

  /** Nothing goes on behind this: so many bytes follow that aren't looked at. @param line in which the text goes on, where it isn't the same one */
  interrupt(bytes: number, line?: number): void {
    if (!this.overflowed) this.#run(this.#held, this.#held.length);
    this.#count(this.#held, this.#held.length);
    this.#base += this.#held.length + bytes;
    this.#held = Buffer.alloc(0);
    this.#searched = 0;
    this.#counted = 0;
    if (line !== undefined) this.#line = line;
  }

  #isActive(rule: SecretRule): boolean {
    if (rule.path === undefined) return true;
    const known = this.#active.get(rule);
    if (known !== undefined) return known;
    const isActive = rule.path.test(this.#place.path);
    this.#active.set(rule, isActive);
    return isActive;
  }

  #run(bytes: Buffer, to: number): void {
    if (to <= this.#searched) return;
    search.search(bytes, this.#searched, to, (at, candidate) => {
      if (!this.overflowed && this.#isActive(candidate.rule)) this.#verify(bytes, at, candidate);
    });
    for (const candidate of this.#lines) {
      if (this.#base + this.#searched === 0) this.#verify(bytes, 0, candidate);
      for (let at = bytes.indexOf(0x0a, Math.max(0, this.#searched - 1)); at >= 0 && at + 1 < to; at = bytes.indexOf(0x0a, at + 1))
        this.#verify(bytes, at + 1, candidate);
    }
    this.#searched = to;
  }

  #verify(bytes: Buffer, at: number, candidate: Candidate): void {
    const { rule } = candidate;
    if (rule.word === true && at > 0 && (isWord(bytes[at - 1]) || (bytes[at - 1] === 0x2d && isWord(bytes[at - 2])))) return;
    const from = Math.max(0, at - (rule.behind ?? BEFORE));
    const text = bytes.toString('latin1', from, Math.min(bytes.length, at + (rule.reach ?? REACH)));
    for (const before of rule.before ?? AT_KEYWORD) {
      if (at - from < before) continue;
      rule.expression.lastIndex = at - from - before;
      const match = rule.expression.exec(text);
      if (match !== null && this.#accept(bytes, at, this.#base + from, match, candidate)) return;
    }
  }

  #accept(bytes: Buffer, at: number, base: number, match: RegExpExecArray, { rule, order }: Candidate): boolean {
    const secret = Object.entries(match.groups ?? {}).find(([name, value]) => name !== 'name' && value !== undefined)?.[1] ?? match[0];
    if (secret.includes('\0')) return false;
    if (rule.check !== undefined && !rule.check(secret, match, this.#place)) return false;
    const start = base + match.index + match[0].lastIndexOf(secret);
    if (this.#found.some((other) => other.rule === rule && other.start === start)) return true;
    if (this.#found.length >= MAX_HITS) {
      this.overflowed = true;
      return true;
    }
    this.#count(bytes, at);
    const isPublic = this.#place.isPublic(match) || (rule.byName === true && this.#place.isPackage);
    this.#found.push({ rule, confidence: isPublic ? 'low' : rule.confidence, order, secret, start, end: start + secret.length, line: this.#line });
    return true;
  }

  #count(bytes: Buffer, to: number): void {
    for (let at = this.#counted; at < to; at++) if (bytes[at] === 0x0a) this.#line++;
    if (to > this.#counted) this.#counted = to;
  }
}

/** What was found, in order; where rules overlap that which is more certain. */
function withoutOverlaps(found: Found[]): Found[] {
  const chosen: Found[] = [];
  for (const each of found.sort((a, b) => a.order - b.order || a.start - b.start)) {
    if (!chosen.some((other) => each.start < other.end && other.start < each.end)) chosen.push(each);
  }
  return chosen.sort((a, b) => a.start - b.start);
}

/** Searches what comes in pieces: text of one byte a character, and text in UTF-16 wherever it stands. */
export class SecretScanner {
  readonly #narrow: TextSearch;
  readonly #wide: TextSearch;
  readonly #wideText: WideText;
  readonly #found: Found[] = [];
  readonly #foundWide: Found[] = [];

  /** @param path of the file, without a leading slash; `variable`, `label` or `history line` for what stands in the configuration */
  constructor(path: string) {
    const place = new Place(path);
    this.#narrow = new TextSearch(place, this.#found);
    const wide = new TextSearch(place, this.#foundWide);
    this.#wide = wide;
    this.#wideText = new WideText({
      begin: (line) => wide.interrupt(1, line),
      write: (part) => wide.write(part),
      end: () => wide.interrupt(1),
    });
  }

  /** True when there were more than `MAX_HITS`. */
  get overflowed(): boolean {
    return this.#narrow.overflowed || this.#wide.overflowed;
  }

  write(piece: Buffer): void {
    this.#wideText.write(piece, () => this.#narrow.line);
    this.#narrow.write(piece);
  }

  /** A hole: nothing goes on behind it. */
  skip(zeros: number): void {
    this.#wideText.end();
    this.#narrow.interrupt(zeros);
  }

  /** What was found, in order; where rules overlap that which is more certain. */
  end(): Hit[] {
    this.#wideText.end();
    this.#wide.interrupt(0);
    this.#narrow.interrupt(0);
    const wide = withoutOverlaps(this.#foundWide);
    const narrow = withoutOverlaps(this.#found);
    return wide.length === 0 ? narrow : [...narrow, ...wide].sort((a, b) => a.line - b.line).slice(0, MAX_HITS);
  }
}

/** Whether a text may hold a secret at all: whether one of the keywords stands in it, or each line counts there. */
export function mayHoldSecret(text: string, path: string): boolean {
  if (lineRules.some(({ rule }) => rule.path?.test(path))) return true;
  const bytes = Buffer.from(text, 'utf8');
  let found = false;
  search.search(bytes, 0, bytes.length, () => {
    found = true;
  });
  return found;
}

/** The secrets of a text. Offsets are bytes of its UTF-8 form. */
export function secretsIn(text: string, path: string): Hit[] {
  const scanner = new SecretScanner(path);
  scanner.write(Buffer.from(text, 'utf8'));
  return scanner.end();
}
