import type { LogicalLine } from './lines.ts';

/** A macro of mod_macro. */
export interface Macro {
  /** Lower case. */
  readonly name: string;
  readonly parameters: readonly string[];
  readonly body: readonly LogicalLine[];
  readonly path: string;
  readonly layer: number | null;
}

/** A macro's lines with the arguments put in: at each place the first parameter found, the longest of equals. `spend` is told what is made. */
export function* substitute(macro: Macro, values: readonly string[], spend: (characters: number) => void): Generator<LogicalLine> {
  const valueByName = new Map(
    macro.parameters.map((name, index) => [name, name.startsWith('@') ? quoted(values[index] ?? '') : (values[index] ?? '')] as const),
  );
  const names = [...valueByName.keys()].sort((a, b) => b.length - a.length).map((name) => name.replaceAll(/[.*+?^${}()|[\]\\/-]/g, '\\$&'));
  const pattern = names.length === 0 ? null : new RegExp(names.join('|'), 'g');
  for (const line of macro.body) {
    spend(line.text.length);
    const put = (name: string): string => {
      const value = valueByName.get(name) ?? '';
      spend(value.length);
      return value;
    };
    yield { text: pattern === null ? line.text : line.text.replaceAll(pattern, put), line: line.line };
  }
}

/** The value of a parameter that starts with `@` comes in quotes. */
function quoted(value: string): string {
  return `"${value.replaceAll(/["\\]/g, '\\$&')}"`;
}
