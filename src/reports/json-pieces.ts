import { neutralizeJson } from './neutralize.ts';

const indent = '  ';

/**
 * JSON text with 2 blanks of indentation, neutralised, in pieces: the same text as `JSON.stringify(value, null, 2)`, of which no piece holds more
 * than one member of the lists down to a depth. A document with a million findings is longer than a string can be.
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
