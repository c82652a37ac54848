/** One way to authenticate that a server offers (RFC 9110, section 11.6.1). */
export interface Challenge {
  /** Lower case: `basic`, `bearer`. */
  readonly scheme: string;
  readonly parameters: Readonly<Record<string, string>>;
}

const MAX_HEADER = 16 * 1024;
const TOKEN = /[!#$%&'*+\-.^_`|~0-9A-Za-z]+/y;
const QUOTED = /"((?:[^"\\]|\\.)*)"/y;
const SPACE = /[ \t]*/y;
const TOKEN68 = /[A-Za-z0-9\-._~+/]+=*(?=[ \t]*(?:,|$))/y;

/** A reader of one header, which goes forward only. */
class Cursor {
  readonly #text: string;
  #at = 0;
  constructor(text: string) {
    this.#text = text;
  }
  get ended(): boolean {
    return this.#at >= this.#text.length;
  }
  take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match !== null) this.#at = pattern.lastIndex;
    return match;
  }
  skip(character: string): boolean {
    this.take(SPACE);
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }
  mark(): number {
    return this.#at;
  }
  back(mark: number): void {
    this.#at = mark;
  }
}

function parameter(cursor: Cursor): [string, string] | null {
  const start = cursor.mark();
  cursor.take(SPACE);
  const name = cursor.take(TOKEN)?.[0];
  if (name === undefined || !cursor.skip('=')) {
    cursor.back(start);
    return null;
  }
  cursor.take(SPACE);
  const quoted = cursor.take(QUOTED);
  if (quoted !== null) return [name.toLowerCase(), (quoted[1] as string).replace(/\\(.)/g, '$1')];
  const value = cursor.take(TOKEN)?.[0];
  // Some services write URLs without quotes.
  return [name.toLowerCase(), value === undefined ? '' : `${value}${cursor.take(/[^,\s"]*/y)?.[0] ?? ''}`];
}

/** The challenges of `WWW-Authenticate` headers in their order. What can't be read ends the header it stands in. */
export function parseChallenges(headers: readonly string[]): Challenge[] {
  const challenges: Challenge[] = [];
  for (const header of headers) {
    const cursor = new Cursor(header.slice(0, MAX_HEADER));
    for (;;) {
      while (cursor.skip(','));
      cursor.take(SPACE);
      const scheme = cursor.take(TOKEN)?.[0];
      if (scheme === undefined) break;
      const parameters: Record<string, string> = Object.create(null) as Record<string, string>;
      cursor.take(SPACE);
      if (cursor.take(TOKEN68) === null) {
        for (let next = parameter(cursor); next !== null; ) {
          if (!(next[0] in parameters)) parameters[next[0]] = next[1];
          const mark = cursor.mark();
          if (!cursor.skip(',')) break;
          next = parameter(cursor);
          if (next === null) cursor.back(mark);
        }
      }
      challenges.push({ scheme: scheme.toLowerCase(), parameters });
      cursor.take(SPACE);
      if (cursor.ended || !cursor.skip(',')) break;
    }
  }
  return challenges;
}
