/** A line of sshd_config, taken apart. */
export interface ConfigurationLine {
  /** As written. */
  readonly keyword: string;
  readonly words: readonly string[];
  /** Everything after the keyword, without blanks at either end. */
  readonly rest: string;
  /** What is wrong with it; null when nothing is. */
  readonly invalid: string | null;
}

/**
 * Takes a line apart as sshd does (servconf.c, strdelim and argv_split): keyword, then blanks or one `=`, then words
 * with `"…"` and `'…'` quotes.
 *
 * @param comments whether ` # text` ends a line; OpenSSH 8.7 and later
 * @returns undefined for an empty line or a comment
 */
export function parseConfigurationLine(line: string, comments: boolean): ConfigurationLine | undefined {
  // strdelim takes one `=` in front for a separator.
  const text = withoutBlanks(line).replace(/^=[ \t\r\n]*/, '');
  if (text === '' || text.startsWith('#')) return undefined;
  const end = text.search(/[ \t\r\n"=]/);
  if (text[end] === '"') return afterQuotedKeyword(text, end, comments);
  const keyword = end < 0 ? text : text.slice(0, end);
  const rest = end < 0 ? '' : text.slice(end).replace(/^(?:=[ \t\r\n]*|[ \t\r\n]+(?:=[ \t\r\n]*)?)/, '');
  return withWords(keyword, rest, comments);
}

/** A quote in the first word: it ends with the word; one that stays open makes sshd pass over the line (strdelim). */
function afterQuotedKeyword(text: string, quote: number, comments: boolean): ConfigurationLine | undefined {
  const close = text.indexOf('"', quote + 1);
  if (close < 0) return undefined;
  const keyword = text.slice(0, quote) + text.slice(quote + 1, close);
  return keyword === '' || keyword.startsWith('#') ? undefined : withWords(keyword, text.slice(close + 1).replace(/^[ \t\r\n]+/, ''), comments);
}

function withWords(keyword: string, rest: string, comments: boolean): ConfigurationLine {
  if (rest === '') return { keyword, words: [], rest, invalid: `no argument after ${keyword}` };
  const words = splitWords(rest, comments);
  return words === undefined ? { keyword, words: [], rest, invalid: 'invalid quotes' } : { keyword, words, rest, invalid: null };
}

/** Without blanks at either end; a form feed only at the end. */
function withoutBlanks(line: string): string {
  let end = line.length;
  while (end > 0 && ' \t\r\n\f'.includes(line[end - 1] as string)) end -= 1;
  let start = 0;
  while (start < end && ' \t\r\n'.includes(line[start] as string)) start += 1;
  return line.slice(start, end);
}

/** argv_split: undefined when a quote isn't closed. */
function splitWords(text: string, comments: boolean): string[] | undefined {
  const words: string[] = [];
  let at = 0;
  while (at < text.length) {
    if (text[at] === ' ' || text[at] === '\t') {
      at += 1;
      continue;
    }
    if (comments && text[at] === '#') break;
    let word = '';
    let quote = '';
    for (; at < text.length; at += 1) {
      const char = text[at] as string;
      const next = text[at + 1];
      if (char === '\\' && (next === "'" || next === '"' || next === '\\' || (quote === '' && next === ' '))) {
        word += next;
        at += 1;
      } else if (quote === '' && (char === ' ' || char === '\t')) {
        break;
      } else if (quote === '' && (char === '"' || char === "'")) {
        quote = char;
      } else if (char === quote) {
        quote = '';
      } else {
        word += char;
      }
    }
    if (quote !== '') return undefined;
    words.push(word);
  }
  return words;
}
