/**
 * Splits a line of redis.conf into words (sds.c, sdssplitargs): blanks apart, `"…"` with `\n`, `\x41` and other
 * escapes, `'…'` with `\'`; a closing quote must end the word.
 *
 * @returns undefined when quotes don't match
 */
export function splitWords(line: string): string[] | undefined {
  const words: string[] = [];
  let at = 0;
  while (at < line.length) {
    if (isBlank(line[at])) {
      at += 1;
      continue;
    }
    let word = '';
    let quote = '';
    for (; at < line.length; at += 1) {
      const char = line[at] as string;
      if (quote === '') {
        if (char === ' ' || char === '\n' || char === '\r' || char === '\t') break;
        if (char === '"' || char === "'") quote = char;
        else word += char;
      } else if (char === quote) {
        if (at + 1 < line.length && !isBlank(line[at + 1])) return undefined;
        quote = '';
        at += 1;
        break;
      } else if (char === '\\' && at + 1 < line.length && (quote === '"' || line[at + 1] === "'")) {
        const hex = quote === '"' ? /^x([0-9a-fA-F]{2})/.exec(line.slice(at + 1, at + 4))?.[1] : undefined;
        const next = line[at + 1] as string;
        word += hex === undefined ? escaped(next, quote) : String.fromCharCode(Number.parseInt(hex, 16));
        at += hex === undefined ? 1 : 3;
      } else {
        word += char;
      }
    }
    if (quote !== '') return undefined;
    words.push(word);
  }
  return words;
}

function isBlank(char: string | undefined): boolean {
  return char !== undefined && ' \t\n\r\v\f'.includes(char);
}

function escaped(char: string, quote: string): string {
  return quote === '"' ? ({ n: '\n', r: '\r', t: '\t', b: '\b', a: '\x07' }[char] ?? char) : char;
}
