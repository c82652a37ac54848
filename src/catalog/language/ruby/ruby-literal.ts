const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', e: '\x1b', s: ' ', 0: '\0', a: '\x07', b: '\b', f: '\f', v: '\v' };

/** A string literal in a source: what it says (undefined: only Ruby could work it out), and where it ends. */
interface Literal {
  readonly value: string | undefined;
  readonly end: number;
}

const pairs: Readonly<Record<string, string>> = { '{': '}', '(': ')', '[': ']', '<': '>' };

function doubleQuoted(inner: string): string | undefined {
  if (/(?:^|[^\\])(?:\\\\)*#\{/.test(inner)) return undefined;
  return inner.replace(/\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{1,2})|(.))/gs, (whole, braced, four, two, other) => {
    const digits: string | undefined = braced ?? four ?? two;
    if (digits === undefined) return escapes[other as string] ?? (other as string);
    const code = Number.parseInt(digits, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

/**
 * The string literal that begins at `start`: in double quotes, as `String#dump` and RubyGems since 2.0 write it, in single quotes, or
 * `%q{…}`, as RubyGems wrote it before.
 */
function literalAt(source: string, start: number): Literal | undefined {
  const isPercent = source.startsWith('%q', start);
  const openAt = isPercent ? start + 2 : start;
  const open = source[openAt] ?? '';
  const close = isPercent ? pairs[open] : open;
  if (close === undefined || (!isPercent && open !== '"' && open !== "'")) return undefined;
  let depth = 1;
  for (let at = openAt + 1; at < source.length; at++) {
    const code = source[at];
    if (code === '\\') at++;
    else if (code === close) depth--;
    else if (isPercent && code === open) depth++;
    if (depth > 0) continue;
    const inner = source.slice(openAt + 1, at);
    if (open === '"') return { value: doubleQuoted(inner), end: at + 1 };
    return { value: inner.replace(/\\(.)/gs, (whole, other) => (other === '\\' || other === open || other === close ? other : whole)), end: at + 1 };
  }
  return undefined;
}

/** The text of a Ruby string literal at the beginning of `source`. undefined: it is something else, or holds `#{…}`, which only Ruby could work out. */
export function stringLiteral(source: string): string | undefined {
  return literalAt(source, 0)?.value;
}

/** The texts of an array of string literals at the beginning of `source`: `["MIT".freeze, "Ruby"]`. undefined: it is something else. */
export function stringArray(source: string): string[] | undefined {
  if (!source.startsWith('[')) return undefined;
  const separator = /(?:\.freeze)?\s*(?:,\s*|(?=\]))/y;
  const spaces = /\s*/y;
  const found: string[] = [];
  spaces.lastIndex = 1;
  spaces.exec(source);
  for (let at = spaces.lastIndex; source[at] !== ']'; at = separator.lastIndex) {
    const literal = literalAt(source, at);
    if (literal?.value === undefined) return undefined;
    found.push(literal.value);
    separator.lastIndex = literal.end;
    if (!separator.test(source)) return undefined;
  }
  return found;
}
