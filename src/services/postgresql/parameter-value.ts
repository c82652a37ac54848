import type { Parameter } from './parameters.ts';

const memory: readonly (readonly [unit: string, bytes: number])[] = [
  ['TB', 1024 ** 4],
  ['GB', 1024 ** 3],
  ['MB', 1024 ** 2],
  ['kB', 1024],
  ['B', 1],
];
const time: readonly (readonly [unit: string, milliseconds: number])[] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
  ['ms', 1],
  ['us', 0.001],
];

/**
 * A value as SHOW prints it: `on` and `off`, the largest unit that needs no fraction (`131072kB` is `128MB`), an enum
 * in its own case; or why PostgreSQL refuses it (guc.c, parse_and_validate_value).
 */
export function parameterValue(parameter: Parameter, text: string): { readonly value: string } | { readonly invalid: string } {
  const refused = { invalid: `invalid value for parameter "${parameter.name}": "${text.slice(0, 80)}"` };
  switch (parameter.type) {
    case 'bool': {
      const value = booleanOf(text);
      return value === null ? refused : { value };
    }
    case 'enum': {
      const value = parameter.values.find((one) => one.toLowerCase() === text.toLowerCase());
      // Some take more spellings than they show: booleans, and `none` or `all` among levels.
      const hidden = booleanOf(text);
      if (value !== undefined) return { value };
      return hidden !== null && parameter.values.includes(hidden) ? { value: hidden } : refused;
    }
    case 'integer':
    case 'real':
      return numberValue(parameter, text) ?? refused;
    default:
      return { value: text };
  }
}

/** The default as SHOW prints it. */
export function defaultValue(parameter: Parameter): string {
  const value = parameterValue(parameter, parameter.default);
  return 'value' in value ? value.value : parameter.default;
}

/** parse_bool: any unambiguous beginning of on, off, true, false, yes, no; 1 and 0. */
function booleanOf(text: string): 'on' | 'off' | null {
  const word = text.toLowerCase();
  if (word === '') return null;
  if (word === '1' || 'true'.startsWith(word) || 'yes'.startsWith(word) || word === 'on') return 'on';
  return word === '0' || 'false'.startsWith(word) || 'no'.startsWith(word) || word === 'off' || word === 'of' ? 'off' : null;
}

function numberValue(parameter: Parameter, text: string): { readonly value: string } | null {
  const [, digits, unit = ''] =
    /^[ \t]*([+-]?(?:0[xX][0-9a-fA-F]{1,16}|[0-9]{1,40}(?:\.[0-9]{0,40})?(?:[eE][+-]?[0-9]{1,3})?|\.[0-9]{1,40}))[ \t]*([A-Za-z]*)[ \t]*$/.exec(text) ?? [];
  if (digits === undefined) return null;
  const octal = /^0[0-7]+$/.test(digits) && parameter.type === 'integer';
  const number = octal ? Number.parseInt(digits, 8) : Number(digits);
  const [, size = '', base = ''] = /^([0-9]*)([A-Za-z]*)$/.exec(parameter.unit) ?? [];
  const table = memory.some(([name]) => name === base) ? memory : time;
  const perBase = (table.find(([name]) => name === base)?.[1] ?? 1) * Number(size === '' ? 1 : size);
  const factor = unit === '' ? perBase : table.find(([name]) => name === unit)?.[1];
  if (unit !== '' && (parameter.unit === '' || factor === undefined)) return null;
  const exact = (number * (factor ?? 1)) / perBase;
  const count = parameter.type === 'integer' ? Math.round(exact) : exact;
  if (!Number.isFinite(count) || count < parameter.minimum || count > parameter.maximum) return null;
  if (/(?:_permissions|_mode)$/.test(parameter.name) && parameter.type === 'integer') return { value: `0${count.toString(8).padStart(3, '0')}` };
  if (parameter.unit === '' || count <= 0) return { value: String(count) };
  for (const [name, worth] of table) {
    const shown = (count * perBase) / worth;
    if (Number.isInteger(shown) || (name === base && size === '')) return { value: `${shown}${name}` };
  }
  return { value: `${count}${parameter.unit}` };
}
