/**
 * One neutralising function for each output language. What an image, a policy or a feed says is shown, never obeyed:
 * every character that moves a cursor, hides, reorders or joins text is spelt out as its escape.
 */

/**
 * Controls (C0, DEL, C1), format characters (bidi, zero width, tags), what Unicode says to draw as nothing,
 * lone surrogates, line and paragraph separators, blanks other than the space, noncharacters.
 */
const unsafe = String.raw`[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u00a0\u1680\u2000-\u200a\u202f\u205f\u2800\u3000]`;
const unsafePattern = new RegExp(unsafe, 'gu');
const unsafeInJson = new RegExp(`(?!\\n)${unsafe}`, 'gu');
const plainInJson = /^[\n\x20-\x7e]*$/;

/** A mark without a letter before it joins our own text; a tower of marks reaches into the lines around it. */
const strayMarks = /^\p{M}+|(?<=\p{M}{4})\p{M}+/gu;

/**
 * Log commands of CI systems that are recognised anywhere in a line: `##[group]` (GitHub Actions), `##vso[…]`
 * (Azure Pipelines), `##teamcity[…]`.
 */
const logCommand = /#(?=#[A-Za-z]{0,16}\[)/g;

const short = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

/** `\u001b`; above U+FFFF the two surrogates, as JSON and JavaScript write them. */
function spell(text: string): string {
  let spelt = '';
  for (let i = 0; i < text.length; i++) spelt += `\\u${text.charCodeAt(i).toString(16).padStart(4, '0')}`;
  return spelt;
}

/**
 * Text for a terminal and a CI system's log, on one line: the result holds no control, format or other invisible
 * character, no line break and no log command. A backslash stays itself, so the result is for reading, not for parsing.
 * A `::` at the start (GitHub Actions: workflow commands) is spelt out; whoever breaks the result into
 * lines calls `guardLine` for each.
 */
export function neutralizeForTerminal(text: string): string {
  const visible = text.replace(unsafePattern, (found) => short.get(found) ?? spell(found)).replace(strayMarks, spell);
  return guardLine(visible.replace(logCommand, spell));
}

/** What stands for the first colon of a `::` at the start of a line. */
export const spelledColon = '\\u003a';

/**
 * A line, or the start of one, that begins with `::` after blanks would be a workflow command to GitHub Actions: its first
 * colon is spelt out. Everything else is returned as it is.
 */
export function guardLine(line: string): string {
  return line.replace(/^(\s*):(?=:)/, `$1${spelledColon}`);
}

/** Half of a surrogate pair as `JSON.stringify` writes it: an escape, as pairs stand there as they are. */
const halfPair = /(?<!\\)((?:\\\\)*)\\ud[89a-f][0-9a-f]{2}/g;

/**
 * JSON text for the same places. Only escapes of JSON strings (RFC 8259, section 7) are put in: the result parses to the same
 * value, but for halves of surrogate pairs, which some parsers refuse a whole document for (RFC 7493, section 2.1): U+FFFD
 * stands for them.
 * @param json what `JSON.stringify` returned; its own line feeds stay
 */
export function neutralizeJson(json: string): string {
  const wellFormed = json.includes('\\ud') ? json.replace(halfPair, '$1\\ufffd') : json;
  // Nearly all of it is plain ASCII, which is told in a tenth of the time.
  const visible = plainInJson.test(wellFormed) ? wellFormed : wellFormed.replace(unsafeInJson, spell);
  return visible.includes('##') ? visible.replace(logCommand, spell) : visible;
}
