const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', e: '\x1b', s: ' ', 0: '\0', a: '\x07', b: '\b', f: '\f', v: '\v' };

/**
 * The text of a Ruby string literal at the beginning of `source`, in single or double quotes, as `String#dump` writes it. undefined: it is
 * something else, or holds `#{…}`, which only Ruby could work out.
 */
export function stringLiteral(source: string): string | undefined {
  const single = /^'((?:[^'\\]|\\.)*)'/s.exec(source);
  if (single !== null) return (single[1] as string).replace(/\\(['\\])/g, '$1');
  const double = /^"((?:[^"\\]|\\.)*)"/s.exec(source);
  if (double === null || /(?:^|[^\\])(?:\\\\)*#\{/.test(double[1] as string)) return undefined;
  return (double[1] as string).replace(/\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{1,2})|(.))/gs, (whole, braced, four, two, other) => {
    const digits: string | undefined = braced ?? four ?? two;
    if (digits === undefined) return escapes[other as string] ?? (other as string);
    const code = Number.parseInt(digits, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

/** The texts of an array of string literals at the beginning of `source`: `["MIT".freeze, "Ruby"]`. undefined: it is something else. */
export function stringArray(source: string): string[] | undefined {
  const literal = /\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')(?:\.freeze)?\s*(,|(?=\]))/sy;
  literal.lastIndex = 1;
  if (!source.startsWith('[')) return undefined;
  const found: string[] = [];
  while (!/^\s*\]/.test(source.slice(literal.lastIndex, literal.lastIndex + 16))) {
    const value = stringLiteral(literal.exec(source)?.[1] ?? '');
    if (value === undefined) return undefined;
    found.push(value);
  }
  return found;
}
