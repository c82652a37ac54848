import { type Candidate, KeywordSearch } from './keywords.ts';
import type { SecretRule } from './rule.ts';
import { rules } from './rules.ts';

/** A secret as it stands in what was searched. It holds the clear value: it must not leave the reader. */
export interface Hit {
  readonly rule: SecretRule;
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
/** Bytes in front of a keyword that a rule sees. */
const BEHIND = 80;
/** More are not told apart: whoever finds a thousand secrets in a file needs no list. */
export const MAX_HITS = 1000;

const search = new KeywordSearch(rules);
const isWord = (byte: number | undefined): boolean =>
  byte !== undefined && ((byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a) || byte === 0x5f);

interface Found extends Hit {
  readonly order: number;
}

/** Searches what comes in pieces, and remembers no more of it than a rule looks at. */
export class SecretScanner {
  readonly #path: string;
  readonly #active: ReadonlySet<SecretRule>;
  readonly #found: Found[] = [];
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

  /** @param path of the file, without a leading slash; `variable`, `label` or `history line` for what stands in the configuration */
  constructor(path: string) {
    this.#path = path;
    this.#active = new Set(rules.filter((rule) => rule.path === undefined || rule.path.test(path)));
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

  /** A hole: nothing goes on behind it. */
  skip(zeros: number): void {
    this.#finish();
    this.#base += zeros;
  }

  #finish(): void {
    if (!this.overflowed) this.#run(this.#held, this.#held.length);
    this.#count(this.#held, this.#held.length);
    this.#base += this.#held.length;
    this.#held = Buffer.alloc(0);
    this.#searched = 0;
    this.#counted = 0;
  }

  /** What was found, in order; where rules overlap that which is more certain. */
  end(): Hit[] {
    this.#finish();
    const chosen: Found[] = [];
    for (const each of this.#found.sort((a, b) => a.order - b.order || a.start - b.start)) {
      if (!chosen.some((other) => each.start < other.end && other.start < each.end)) chosen.push(each);
    }
    return chosen.sort((a, b) => a.start - b.start);
  }

  #run(bytes: Buffer, to: number): void {
    if (to <= this.#searched) return;
    search.search(bytes, this.#searched, to, (at, candidate) => {
      if (!this.overflowed && this.#active.has(candidate.rule)) this.#verify(bytes, at, candidate);
    });
    this.#searched = to;
  }

  #verify(bytes: Buffer, at: number, { rule, order }: Candidate): void {
    if (rule.word === true && at > 0 && isWord(bytes[at - 1])) return;
    const from = Math.max(0, at - BEHIND);
    const text = bytes.toString('latin1', from, Math.min(bytes.length, at + (rule.reach ?? REACH)));
    rule.expression.lastIndex = rule.around === true ? 0 : at - from;
    const match = rule.expression.exec(text);
    if (match === null) return;
    const secret = Object.entries(match.groups ?? {}).find(([name, value]) => name !== 'name' && value !== undefined)?.[1] ?? match[0];
    if (rule.check !== undefined && !rule.check(secret, match, this.#path)) return;
    const start = this.#base + from + match.index + match[0].lastIndexOf(secret);
    if (this.#found.some((other) => other.rule === rule && other.start === start)) return;
    if (this.#found.length >= MAX_HITS) {
      this.overflowed = true;
      return;
    }
    this.#count(bytes, at);
    this.#found.push({ rule, order, secret, start, end: start + secret.length, line: this.#line });
  }

  #count(bytes: Buffer, to: number): void {
    for (let at = this.#counted; at < to; at++) if (bytes[at] === 0x0a) this.#line++;
    if (to > this.#counted) this.#counted = to;
  }
}

/** The secrets of a text. Offsets are bytes of its UTF-8 form. */
export function secretsIn(text: string, path: string): Hit[] {
  const scanner = new SecretScanner(path);
  scanner.write(Buffer.from(text, 'utf8'));
  return scanner.end();
}
