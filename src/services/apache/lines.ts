/** A line of a configuration, continuation joined, blanks at both ends cut. */
export interface LogicalLine {
  readonly text: string;
  /** Of its first physical line, from 1. */
  readonly line: number;
}

/**
 * The logical lines of a configuration file (httpd's ap_cfg_getline): a backslash at the end joins the next line, in
 * comments too; blanks at both ends are cut. Empty ones and comments are left out.
 */
export function* logicalLines(text: string): Generator<LogicalLine> {
  let start = 0;
  let line = 0;
  let parts: string[] = [];
  let first = 1;
  while (start < text.length) {
    const end = text.indexOf('\n', start);
    const stop = end < 0 ? text.length : end;
    let physical = text.slice(start, stop);
    start = stop + 1;
    line += 1;
    if (physical.endsWith('\r')) physical = physical.slice(0, -1);
    if (parts.length === 0) first = line;
    if (physical.endsWith('\\') && end >= 0) {
      parts.push(physical.slice(0, -1));
      continue;
    }
    parts.push(physical);
    const joined = trimmed(parts.length === 1 ? physical : parts.join(''));
    parts = [];
    if (joined !== '' && !joined.startsWith('#')) yield { text: joined, line: first };
  }
  const rest = trimmed(parts.join(''));
  if (rest !== '' && !rest.startsWith('#')) yield { text: rest, line: first };
}

/** C's text ends at a NUL. */
function trimmed(text: string): string {
  const nul = text.indexOf('\0');
  return (nul < 0 ? text : text.slice(0, nul)).trim();
}

/** The first word of a line and what follows it (ap_getword_conf): quotes `"` and `'`, `\` before the quote or itself. */
export function firstWord(text: string): { readonly word: string; readonly rest: string } {
  let at = 0;
  while (at < text.length && isBlank(text[at])) at += 1;
  const quote = text[at];
  if (quote !== '"' && quote !== "'") {
    let end = at;
    while (end < text.length && !isBlank(text[end])) end += 1;
    return { word: unescaped(text.slice(at, end), ''), rest: text.slice(end).trimStart() };
  }
  let end = at + 1;
  while (end < text.length && text[end] !== quote) end += text[end] === '\\' && (text[end + 1] === quote || text[end + 1] === '\\') ? 2 : 1;
  return { word: unescaped(text.slice(at + 1, end), quote), rest: text.slice(end + 1).trimStart() };
}

/** All words of a directive's arguments. */
export function wordsOf(text: string): string[] {
  const words: string[] = [];
  let rest = text.trimStart();
  while (rest !== '') {
    const next = firstWord(rest);
    words.push(next.word);
    rest = next.rest;
  }
  return words;
}

/** Words as one text again, quoted where a blank or a quote demands it. */
export function joinWords(words: readonly string[]): string {
  if (words.length === 1) return words[0] ?? '';
  return words.map((word) => (word === '' || /[\s"]/.test(word) ? `"${word.replaceAll('"', '\\"')}"` : word)).join(' ');
}

function unescaped(text: string, quote: string): string {
  return text.includes('\\') ? text.replaceAll(/\\([\s\S])/g, (both, next: string) => (next === '\\' || (quote !== '' && next === quote) ? next : both)) : text;
}

function isBlank(char: string | undefined): boolean {
  return char === ' ' || char === '\t' || char === '\v' || char === '\f' || char === '\r' || char === '\n';
}
