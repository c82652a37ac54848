/** One statement's words and what ends it. */
export interface LexedStatement {
  readonly words: readonly string[];
  /** Line of the first word, from 1. */
  readonly line: number;
  readonly end: ';' | '{' | '}';
}

/** Text that nginx refuses to read on. */
export interface LexicalError {
  readonly error: string;
  readonly line: number;
}

const longestWord = 4096;

/**
 * Reads nginx's syntax as ngx_conf_read_token does: words apart by blanks, `"…"` and `'…'`, `\` escapes, `#` at the
 * start of a word, `;`, `{`, `}`; `${` doesn't open a block. Bytes that aren't ASCII are taken as UTF-8.
 */
export class ConfigurationLexer {
  readonly #text: string;
  #at = 0;
  #line = 1;

  constructor(bytes: Uint8Array) {
    this.#text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  }

  get line(): number {
    return this.#line;
  }

  /** The next statement; undefined at the end. */
  next(): LexedStatement | LexicalError | undefined {
    const text = this.#text;
    const words: string[] = [];
    let line = this.#line;
    for (;;) {
      const char = text[this.#at];
      if (char === undefined) return words.length === 0 ? undefined : { error: 'unexpected end of file, expecting ";" or "}"', line: this.#line };
      if (char === '\n') this.#line += 1;
      if (char === ' ' || char === '\t' || char === '\r' || char === '\n') {
        this.#at += 1;
      } else if (char === '#') {
        const end = text.indexOf('\n', this.#at);
        const length = (end < 0 ? text.length : end) - this.#at;
        if (length >= longestWord) return { error: 'too long parameter', line: this.#line };
        this.#at += length;
      } else if (char === ';' || char === '{') {
        this.#at += 1;
        return words.length === 0 ? { error: `unexpected "${char}"`, line: this.#line } : { words, line, end: char };
      } else if (char === '}') {
        this.#at += 1;
        return words.length === 0 ? { words, line: this.#line, end: '}' } : { error: 'unexpected "}"', line: this.#line };
      } else {
        if (words.length === 0) line = this.#line;
        const word = this.#word(char);
        if (typeof word !== 'string') return word;
        words.push(word);
      }
    }
  }

  #word(first: string): string | LexicalError {
    const text = this.#text;
    const line = this.#line;
    const quote = first === '"' || first === "'" ? first : '';
    const start = this.#at + quote.length;
    let at = start;
    let variable = false;
    for (; ; at += 1) {
      const char = text[at];
      if (char === undefined || at - start >= longestWord)
        return { error: char === undefined ? 'unexpected end of file, expecting ";" or "}"' : 'too long parameter', line };
      if (char === '\n') this.#line += 1;
      if (char === '{' && variable) continue;
      variable = char === '$';
      if (char === '\\') {
        if (text[at + 1] === '\n') this.#line += 1;
        at += 1;
      } else if (quote === '' ? ' \t\r\n;{'.includes(char) : char === quote) {
        break;
      }
    }
    const word = unescaped(text.slice(start, at));
    if (quote === '') {
      if (text[at] === '\n') this.#line -= 1;
      this.#at = at;
      return word;
    }
    const after = text[at + 1];
    if (after !== undefined && !' \t\r\n;{)'.includes(after)) return { error: `unexpected "${after}"`, line: this.#line };
    this.#at = at + 1;
    return word;
  }

  /** Skips the body of a Lua block, whose braces follow Lua's own strings and comments; false when it doesn't end. */
  skipLua(): boolean {
    const text = this.#text;
    let depth = 1;
    while (this.#at < text.length) {
      const char = text[this.#at] as string;
      if (char === '\n') this.#line += 1;
      const long = char !== '[' && char !== '-' ? null : /^(?:--)?\[(=*)\[/.exec(text.slice(this.#at, this.#at + 80));
      if (long !== null) {
        this.#skipTo(`]${long[1]}]`);
      } else if (text.startsWith('--', this.#at)) {
        const end = text.indexOf('\n', this.#at);
        this.#at = end < 0 ? text.length : end;
      } else if (char === '"' || char === "'") {
        let end = this.#at + 1;
        while (end < text.length && text[end] !== char && text[end] !== '\n') end += text[end] === '\\' ? 2 : 1;
        this.#at = text[end] === '\n' ? end : end + 1;
      } else {
        this.#at += 1;
        if (char === '{') depth += 1;
        else if (char === '}') {
          depth -= 1;
          if (depth === 0) return true;
        }
      }
    }
    return false;
  }

  #skipTo(close: string): void {
    const end = this.#text.indexOf(close, this.#at);
    const stop = end < 0 ? this.#text.length : end + close.length;
    for (; this.#at < stop; this.#at += 1) if (this.#text[this.#at] === '\n') this.#line += 1;
  }
}

/** `\"`, `\'` and `\\` lose the backslash, `\t`, `\r`, `\n` become the character, others stay as they are. */
function unescaped(raw: string): string {
  const text = raw.includes('\\') ? raw.replace(/\\(["'\\trn])/g, (_, char: string) => ({ t: '\t', r: '\r', n: '\n' })[char] ?? char) : raw;
  return isAscii(text) ? text : Buffer.from(text, 'latin1').toString('utf8');
}

function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) if (text.charCodeAt(index) > 127) return false;
  return true;
}
