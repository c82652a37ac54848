/** A line of postgresql.conf. */
export type ConfigurationLine = { readonly name: string; readonly value: string } | { readonly invalid: string };

/**
 * Reads `name = value` (guc-file.l): the `=` may be missing, `'…'` holds `''` and escapes, `#` begins a comment.
 *
 * @returns undefined for an empty line
 */
export function parseConfigurationLine(line: string): ConfigurationLine | undefined {
  const pattern = /[ \t\r]*(?:#.*|([A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*(?:\.[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*)*)[ \t\r]*)?/y;
  const name = pattern.exec(line)?.[1];
  if (name === undefined) return pattern.lastIndex >= line.length ? undefined : { invalid: 'syntax error' };
  let at = pattern.lastIndex;
  if (line[at] === '=') at += 1;
  while (line[at] === ' ' || line[at] === '\t' || line[at] === '\r') at += 1;
  const value = line[at] === "'" ? quotedAt(line, at) : plainAt(line, at);
  if (value === undefined) return { invalid: `syntax error after "${name.slice(0, 60)}"` };
  const rest = line.slice(value.end).trim();
  return rest === '' || rest.startsWith('#') ? { name, value: value.text } : { invalid: `syntax error near "${rest.slice(0, 40)}"` };
}

function plainAt(line: string, at: number): { text: string; end: number } | undefined {
  const pattern = /[-+]?[A-Za-z0-9_.:/$\u0080-\uffff+-]+/y;
  pattern.lastIndex = at;
  const text = pattern.exec(line)?.[0];
  return text === undefined ? undefined : { text, end: at + text.length };
}

/** A quote within is doubled or escaped; `\n`, `\t` and octal numbers as in C. */
function quotedAt(line: string, start: number): { text: string; end: number } | undefined {
  let text = '';
  for (let at = start + 1; at < line.length; at += 1) {
    const char = line[at] as string;
    if (char === "'") {
      if (line[at + 1] !== "'") return { text, end: at + 1 };
      text += char;
      at += 1;
    } else if (char === '\\' && at + 1 < line.length) {
      const octal = /^[0-7]{1,3}/.exec(line.slice(at + 1, at + 4))?.[0];
      const next = line[at + 1] as string;
      text += octal === undefined ? ({ b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }[next] ?? next) : String.fromCharCode(Number.parseInt(octal, 8));
      at += octal?.length ?? 1;
    } else {
      text += char;
    }
  }
  return undefined;
}
