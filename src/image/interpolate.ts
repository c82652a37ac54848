import { PortcullisError } from '../errors.ts';

type Variables = Readonly<Record<string, string | undefined>>;

const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const MAX_DEPTH = 20;
const MAX_LENGTH = 4096;

function refused(why: string): PortcullisError {
  return new PortcullisError('USAGE_FILE', `The image ${why}.`, { hint: `Write variables as $NAME or \${NAME:-default}, and a dollar sign as $$.` });
}

/** The end of what stands in braces from `at`, nested ones included. */
function closingBrace(text: string, at: number): number {
  let open = 1;
  for (let index = at; index < text.length; index++) {
    if (text[index] === '$' && text[index + 1] === '$') index++;
    else if (text[index] === '$' && text[index + 1] === '{') open++;
    else if (text[index] === '}' && --open === 0) return index;
  }
  throw refused(`"${text.slice(0, 200)}" opens a brace that is not closed`);
}

/**
 * Puts variables into a text as the Compose specification says (interpolation): `$NAME`, `${NAME}`, and with `:-`, `-`, `:?`, `?`, `:+`, `+`.
 * @param missing told of variables that are not set, which count as empty
 * @throws PortcullisError USAGE_FILE for what isn't written so, or a variable that the text demands
 */
export function interpolate(text: string, variables: Variables, missing: (name: string) => void, depth = 0): string {
  if (depth > MAX_DEPTH || text.length > MAX_LENGTH) throw refused(`"${text.slice(0, 100)}…" is too long or nested too deep`);
  let result = '';
  for (let at = 0; at < text.length; at++) {
    if (text[at] !== '$') {
      result += text[at];
      continue;
    }
    if (text[at + 1] === '$') {
      result += '$';
      at++;
      continue;
    }
    const braced = text[at + 1] === '{';
    NAME.lastIndex = at + (braced ? 2 : 1);
    const name = NAME.exec(text)?.[0];
    if (name === undefined) throw refused(`"${text.slice(0, 200)}" has a dollar sign without the name of a variable`);
    const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
    if (!braced) {
      if (value === undefined) missing(name);
      result += value ?? '';
      at += name.length;
      continue;
    }
    const end = closingBrace(text, at + 2);
    const rest = text.slice(at + 2 + name.length, end);
    at = end;
    const operator = /^(?::?[-?+])/.exec(rest)?.[0] ?? '';
    if (operator === '' && rest !== '') throw refused(`"${text.slice(0, 200)}" has "${rest.slice(0, 50)}" after the variable ${name}`);
    const word = (): string => interpolate(rest.slice(operator.length), variables, missing, depth + 1);
    const isThere = value !== undefined && !(operator.startsWith(':') && value === '');
    if (operator.endsWith('+')) result += isThere ? word() : '';
    else if (isThere) result += value;
    else if (operator.endsWith('-')) result += word();
    else if (operator.endsWith('?')) throw refused(`demands the variable ${name}: ${word() || 'it is not set'}`);
    else missing(name);
  }
  return result;
}
