import { parse } from 'yaml';
import { parserMessage } from '../../../parser-message.ts';
import { isFields } from '../document.ts';

/** Characters of a value that is written in one piece; longer ones are no single entries of a lock file. */
const MAX_VALUE = 4 * 1024 * 1024;

const scalar = { schema: 'failsafe', maxAliasCount: 0, uniqueKeys: false, logLevel: 'error' } as const;

/** The text isn't written as the tools write their lock files. The message completes "it is …". */
export class YamlBlockError extends Error {
  constructor(line: number, why: string) {
    super(`line ${line}: ${why}`);
    this.name = 'YamlBlockError';
  }
}

export interface YamlEntry {
  readonly key: string;
  readonly value: YamlValue;
}

/** A value in a YAML text: a block of lines, or what stands behind a key. */
export interface YamlValue {
  /** From 1: where its key stands. */
  readonly line: number;
  /**
   * The entries of a block mapping, in order, each read only when it is its turn. A key that stands there twice is given twice.
   * @throws YamlBlockError when it is none
   */
  entries(): Generator<YamlEntry>;
  /**
   * The value whole: texts, lists and records. Numbers and the like stay texts: `1.10` is a version.
   * @throws YamlBlockError when it isn't YAML, or too long for one value
   */
  whole(): unknown;
  /** Whether nothing stands there. */
  readonly empty: boolean;
}

/**
 * The documents of a YAML text (1.2) that package managers write: block mappings of which one part is looked at, in time and memory that
 * grow with what is looked at, where a parser of all of YAML takes two hundred times the text's size. Values that are looked at whole are
 * given to that parser.
 * @throws YamlBlockError in `entries`, when the text has another form
 */
export function* yamlDocuments(text: string): Generator<YamlValue> {
  let start = 0;
  let line = 1;
  let hasContent = false;
  for (const at of lines(text, 0, text.length, 1)) {
    if (!isMarker(text, at)) {
      hasContent ||= !at.isBlank;
      continue;
    }
    if (hasContent) yield new Block(text, { start, end: at.start, lineStart: start, line, isInline: false });
    start = at.end;
    line = at.line + 1;
    hasContent = false;
  }
  if (hasContent) yield new Block(text, { start, end: text.length, lineStart: start, line, isInline: false });
}

interface Line {
  readonly line: number;
  readonly start: number;
  /** After its line feed. */
  readonly end: number;
  /** Where its first character stands that is no space. */
  readonly content: number;
  /** Empty, or a comment. */
  readonly isBlank: boolean;
}

function* lines(text: string, from: number, to: number, first: number): Generator<Line> {
  let line = first;
  for (let start = from; start < to; line++) {
    let end = text.indexOf('\n', start);
    end = end === -1 || end >= to ? to : end + 1;
    let content = start;
    while (content < end && text.charCodeAt(content) === 0x20) content++;
    const code = content < end ? text.charCodeAt(content) : 0x0a;
    yield { line, start, end, content, isBlank: code === 0x0a || code === 0x0d || code === 0x23 };
    start = end;
  }
}

/** `---` or `...` alone in its line, which may have a comment. */
function isMarker(text: string, { start, end }: Line): boolean {
  const code = text.charCodeAt(start);
  if (code !== 0x2d && code !== 0x2e) return false;
  return /^(?:---|\.\.\.)[ \t]*(?:[ \t]#|\r?\n?$)/.test(text.slice(start, Math.min(end, start + 100)));
}

interface Place {
  readonly start: number;
  readonly end: number;
  /** Where the line begins in which the value does: what its indentation is measured from. */
  readonly lineStart: number;
  readonly line: number;
  /** It begins behind a key: no block mapping can stand in the same line. */
  readonly isInline: boolean;
}

/** A key whose value isn't complete yet. */
interface OpenEntry {
  readonly key: string;
  readonly start: number;
  readonly lineStart: number;
  readonly line: number;
  /** `key`: the value of `? key` is still to come. */
  readonly has: 'key' | 'nothing' | 'list' | 'value';
  readonly isInline: boolean;
}

class Block implements YamlValue {
  readonly #text: string;
  readonly #place: Place;
  constructor(text: string, place: Place) {
    this.#text = text;
    this.#place = place;
  }

  get line(): number {
    return this.#place.line;
  }

  get empty(): boolean {
    const { start, end, line } = this.#place;
    for (const { isBlank } of lines(this.#text, start, end, line)) if (!isBlank) return false;
    return true;
  }

  whole(): unknown {
    const { start, end, lineStart, line } = this.#place;
    const short = end - start < 1000 ? /^[ ]*(?:([A-Za-z0-9][\w./@^~+-]*)|"([^"\\\r\n]*)")[ ]*\r?\n?$/.exec(this.#text.slice(start, end)) : null;
    if (short !== null) return short[1] ?? short[2];
    if (end - start > MAX_VALUE) throw new YamlBlockError(line, `a value has more than ${MAX_VALUE} characters`);
    try {
      // The first line keeps its distance from the margin.
      return parse(' '.repeat(start - lineStart) + this.#text.slice(start, end), scalar) as unknown;
    } catch (error) {
      throw new YamlBlockError(line, parserMessage(error));
    }
  }

  *entries(): Generator<YamlEntry> {
    const text = this.#text;
    const { start, end, lineStart: ownLineStart, line: ownLine, isInline } = this.#place;
    let indentation = -1;
    let open: OpenEntry | undefined;
    for (const at of lines(text, start, end, ownLine)) {
      if (at.isBlank) continue;
      const isFirst = at.start === start;
      if ((isInline && isFirst) || (open === undefined && text.charCodeAt(at.content) === 0x7b)) {
        yield* entriesOf(this.whole(), ownLine);
        return;
      }
      const lineStart = isFirst ? ownLineStart : at.start;
      const column = at.content - lineStart;
      if (indentation === -1) indentation = column;
      if (column < indentation) throw new YamlBlockError(at.line, 'its indentation fits no line above it');
      if (open !== undefined) {
        const next: OpenEntry | undefined = column > indentation ? deeper(open, at.line) : besideKey(text, at, open, lineStart);
        if (next !== undefined) {
          open = next;
          continue;
        }
        yield entryOf(text, open, at.start);
      } else if (column > indentation) throw new YamlBlockError(at.line, 'its indentation fits no line above it');
      open = readKey(text, at, lineStart);
    }
    if (open !== undefined) yield entryOf(text, open, end);
  }
}

/** A line that is indented further than the key belongs to its value. */
function deeper(open: OpenEntry, line: number): OpenEntry {
  if (open.has === 'list' || open.has === 'value') return open;
  if (open.has === 'key') throw new YamlBlockError(line, 'a key is written in several lines');
  return { ...open, has: 'value' };
}

/** What a line at the key's own indentation may be but the next key: the value of `? key`, an item of its list. */
function besideKey(text: string, { content, end, line }: Line, open: OpenEntry, lineStart: number): OpenEntry | undefined {
  const code = text.charCodeAt(content);
  if (open.has === 'key') {
    if (code !== 0x3a || !isSpace(text, content + 1, end)) throw new YamlBlockError(line, 'a key has no value');
    return { ...open, start: content + 1, lineStart, has: isBlankFrom(text, content + 1, end) ? 'nothing' : 'value' };
  }
  const isItem = code === 0x2d && isSpace(text, content + 1, end);
  return isItem && (open.has === 'nothing' || open.has === 'list') ? { ...open, has: 'list' } : undefined;
}

function entryOf(text: string, open: OpenEntry, end: number): YamlEntry {
  if (open.has === 'key') throw new YamlBlockError(open.line, 'a key has no value');
  const { key, start, lineStart, line, isInline } = open;
  return { key, value: new Block(text, { start, end, lineStart, line, isInline }) };
}

/** A value that was read whole. */
function literal(value: unknown, line: number): YamlValue {
  return { line, empty: value === null || value === '', whole: () => value, entries: () => entriesOf(value, line) };
}

function* entriesOf(value: unknown, line: number): Generator<YamlEntry> {
  if (!isFields(value)) throw new YamlBlockError(line, 'it has no keys');
  for (const [key, item] of Object.entries(value)) yield { key, value: literal(item, line) };
}

function isBlankFrom(text: string, from: number, end: number): boolean {
  let at = from;
  while (at < end && text.charCodeAt(at) === 0x20) at++;
  return at >= end || text.charCodeAt(at) === 0x23 || isSpace(text, at, end);
}

function isSpace(text: string, at: number, end: number): boolean {
  if (at >= end) return true;
  const code = text.charCodeAt(at);
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

/** The key that a line begins with, and where its value does; of `? key` the value comes in a later line. */
function readKey(text: string, { content: start, end, line }: Line, lineStart: number): OpenEntry {
  const from = (at: number, key: string): OpenEntry => {
    return { key, start: at, lineStart, line, has: isBlankFrom(text, at, end) ? 'nothing' : 'value', isInline: true };
  };
  const code = text.charCodeAt(start);
  if (code === 0x3f && isSpace(text, start + 1, end)) {
    const given = text.slice(start + 1, end).trim();
    const key = given.startsWith('"') || given.startsWith("'") ? quoted(given, line) : plain(given, line);
    return { key, start: end, lineStart, line, has: 'key', isInline: false };
  }
  if (code === 0x22 || code === 0x27) {
    const close = code === 0x22 ? closeDouble(text, start, end) : closeSingle(text, start, end);
    let colon = close + 1;
    while (colon < end && text.charCodeAt(colon) === 0x20) colon++;
    if (close === -1 || text.charCodeAt(colon) !== 0x3a || !isSpace(text, colon + 1, end)) throw new YamlBlockError(line, 'no key stands there');
    return from(colon + 1, quoted(text.slice(start, close + 1), line));
  }
  for (let colon = text.indexOf(':', start); colon !== -1 && colon < end; colon = text.indexOf(':', colon + 1)) {
    if (isSpace(text, colon + 1, end)) return from(colon + 1, plain(text.slice(start, colon).trimEnd(), line));
  }
  throw new YamlBlockError(line, 'no key stands there');
}

function closeDouble(text: string, start: number, end: number): number {
  for (let at = start + 1; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x5c) at++;
    else if (code === 0x22) return at;
  }
  return -1;
}

function closeSingle(text: string, start: number, end: number): number {
  for (let at = text.indexOf("'", start + 1); at !== -1 && at < end; at = text.indexOf("'", at + 2)) {
    if (text.charCodeAt(at + 1) !== 0x27) return at;
  }
  return -1;
}

/** A scalar without quotes; what begins like something else, or holds a comment, is none. */
function plain(value: string, line: number): string {
  if (value === '' || /^[\]{},#&*!|>'"%@`[]|^[-?:](?:\s|$)|\s#|: /.test(value)) throw new YamlBlockError(line, 'no key stands there');
  return value;
}

function quoted(value: string, line: number): string {
  if (value.startsWith("'") && value.endsWith("'") && value.length > 1) return value.slice(1, -1).replaceAll("''", "'");
  try {
    const text = parse(value, scalar) as unknown;
    if (typeof text === 'string') return text;
  } catch {
    // As below.
  }
  throw new YamlBlockError(line, 'its key is no text');
}
