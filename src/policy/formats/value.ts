import type { LineSyntax } from '../../gates/index.ts';

/** A value as read, or what is wrong with it and what would be right. */
export type ReadValue = { readonly value: unknown } | { readonly error: string; readonly hint: string };

type Reader = (name: string, text: string) => ReadValue;

function items(name: string, text: string, separator: string, example: string): string[] | ReadValue {
  const parts = text.split(separator);
  if (parts.every((part) => part !== '')) return parts;
  const hint = `write ${name}=${example}, without blanks and without a ${separator} too many`;
  return { error: text === '' ? `${name} has no value` : `${name} has an empty item`, hint };
}

const readers: Readonly<Record<LineSyntax, Reader>> = {
  list(name, text) {
    const parts = items(name, text, ',', 'a,b');
    return Array.isArray(parts) ? { value: parts } : parts;
  },
  pairs(name, text) {
    const parts = items(name, text, ',', 'name|version,name|version');
    if (!Array.isArray(parts)) return parts;
    const pairs: { name: string; version: string }[] = [];
    for (const part of parts) {
      const bar = part.indexOf('|');
      const pair = { name: part.slice(0, Math.max(bar, 0)), version: part.slice(bar + 1) };
      if (bar === -1 || pair.name === '' || pair.version === '' || pair.version.includes('|')) {
        return { error: `“${part}” in ${name} is not a name and a version`, hint: `write ${name}=name|version` };
      }
      pairs.push(pair);
    }
    return { value: pairs };
  },
  regexps(name, text) {
    const parts = items(name, text, '|', 'expression|expression');
    return Array.isArray(parts) ? { value: parts } : parts;
  },
  text: (name, text) => (text === '' ? { error: `${name} has no value`, hint: `write ${name}=value` } : { value: text }),
  number: (name, text) =>
    /^\d{1,15}$/.test(text) ? { value: Number(text) } : { error: `“${text}” is no whole number, which ${name} needs`, hint: `write ${name}=2, for example` },
  boolean: (name, text) =>
    text === 'true' || text === 'false' ? { value: text === 'true' } : { error: `${name} is true or false, not “${text}”`, hint: `write ${name}=true` },
};

/** Reads a parameter's value as a policy line writes it. Quotes and backslashes have no meaning there. */
export function readValue(name: string, text: string, syntax: LineSyntax): ReadValue {
  if (/^(["']).*\1$/.test(text)) {
    return { error: `the value of ${name} stands in quotes, which would be a part of it`, hint: `write ${name}=${text.slice(1, -1)}` };
  }
  return readers[syntax](name, text);
}
