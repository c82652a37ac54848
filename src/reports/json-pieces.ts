import { neutralizeJson } from './neutralize.ts';

const indent = '  ';

/** Members of a list that are written at once, where they aren't taken apart: each alone would take twice the time. */
const MEMBERS = 16;

/**
 * JSON text with 2 blanks of indentation, neutralised, in pieces: the same text as `JSON.stringify(value, null, 2)`, of which no piece holds more
 * than a few members of the lists down to a depth. A document with a million findings is longer than a string can be.
 * @param value what JSON.stringify takes, without `toJSON`; a member that is undefined is left out
 * @param depth how many levels of lists and objects are taken apart
 */
export function* jsonPieces(value: unknown, depth: number, margin = ''): Iterable<string> {
  if (depth === 0 || typeof value !== 'object' || value === null) {
    // Line feeds inside strings are escaped: these are the layout's.
    yield neutralizeJson((JSON.stringify(value, null, indent) ?? 'null').replaceAll('\n', `\n${margin}`));
    return;
  }
  const isList = Array.isArray(value);
  if (isList && depth === 1 && value.length > 0) {
    for (let at = 0; at < value.length; at += MEMBERS) {
      const some = JSON.stringify(value.slice(at, at + MEMBERS), null, indent);
      yield (at === 0 ? '[' : ',') + neutralizeJson(some.slice(1, -'\n]'.length).replaceAll('\n', `\n${margin}`));
    }
    yield `\n${margin}]`;
    return;
  }
  const members = isList ? value.map((member) => ['', member] as const) : Object.entries(value).filter(([, member]) => member !== undefined);
  const [open, close] = isList ? ['[', ']'] : ['{', '}'];
  let separator = open;
  for (const [key, member] of members) {
    yield `${separator}\n${margin}${indent}${isList ? '' : `${neutralizeJson(JSON.stringify(key))}: `}`;
    yield* jsonPieces(member, depth - 1, margin + indent);
    separator = ',';
  }
  yield members.length === 0 ? open + close : `\n${margin}${close}`;
}
