/**
 * Whether the condition of `<IfVersion>` holds (mod_version): `2.4`, `>= 2.4.6`, `!< 2.4`, `= /^2\.4/`, `~ ^2\.4`.
 *
 * @param words the section's arguments, without the closing `>`
 * @param version httpd's, `2.4.57`
 * @returns undefined when it is no condition
 */
export function versionMatches(words: readonly string[], version: string): boolean | undefined {
  let [operator = '', ...rest] = words;
  if (/^\d/.test(operator)) {
    rest = [operator];
    operator = '=';
  }
  let negated = false;
  if (operator.startsWith('!')) {
    negated = true;
    operator = operator.slice(1);
    if (operator === '') operator = rest.shift() ?? '';
  }
  if (/^\d/.test(operator)) {
    rest = [operator];
    operator = '=';
  }
  const [operand] = rest;
  if (operand === undefined || rest.length > 1) return undefined;
  const result = decide(operator, operand, version);
  return result === undefined ? undefined : result !== negated;
}

function decide(operator: string, operand: string, version: string): boolean | undefined {
  if (operator === '~') return matches(operand, version);
  const regex = /^\/(.*)\/$/s.exec(operand);
  if (regex !== null) return operator === '=' || operator === '==' ? matches(regex[1] ?? '', version) : undefined;
  if (!/^\d+(?:\.\d+){0,2}$/.test(operand)) return undefined;
  const order = compare(version, operand);
  switch (operator) {
    case '=':
    case '==':
      return order === 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    default:
      return undefined;
  }
}

/** The subject is a short version: a pattern can't take long. */
function matches(pattern: string, version: string): boolean | undefined {
  if (pattern.length > 200 || version.length > 20) return undefined;
  try {
    return new RegExp(pattern).test(version);
  } catch {
    return undefined;
  }
}

function compare(a: string, b: string): number {
  const left = a.split('.').map((part) => Number.parseInt(part, 10) || 0);
  const right = b.split('.').map((part) => Number.parseInt(part, 10) || 0);
  for (let index = 0; index < 3; index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
