import type { Dockerfile } from '../../model/index.ts';

/** One FROM line, its variables replaced by the defaults of the ARG lines before the first FROM. */
export interface FromLine {
  /** The image as written, without flags and AS. */
  readonly written: string;
  /** The image that it stands for; undefined where a variable has no default. */
  readonly image: string | undefined;
  readonly line: number;
  /** Index of the earlier stage that it continues; undefined for an image of its own. */
  readonly continues: number | undefined;
}

const variable = /\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:(:?[-+])([^${}]*))?\})/g;

/** Longer names are no image's; variables that double each other would grow without end. */
const longest = 4096;

/**
 * Replaces `$NAME`, `${NAME}`, `${NAME:-default}` and `${NAME:+other}` (Dockerfile reference, "Environment
 * replacement"). Gives undefined when a variable is unknown, or the form is one that FROM doesn't know.
 */
function expand(text: string, values: ReadonlyMap<string, string | undefined>): string | undefined {
  if (text.length > longest) return undefined;
  let known = true;
  let length = text.length;
  const expanded = text.replaceAll(variable, (_, plain?: string, braced?: string, operator?: string, word?: string) => {
    const value = values.get(plain ?? braced ?? '');
    const isSet = operator?.startsWith(':') === true ? value !== undefined && value !== '' : value !== undefined;
    const fallback = operator?.endsWith('-') === true ? (word ?? '') : undefined;
    const result = operator?.endsWith('+') === true ? (isSet ? (word ?? '') : '') : isSet ? value : fallback;
    length += result?.length ?? 0;
    if (result === undefined || length > longest) known = false;
    return known ? (result ?? '') : '';
  });
  return known && !expanded.includes('$') ? expanded : undefined;
}

function unquote(text: string): string {
  return /^(["']).*\1$/s.test(text) ? text.slice(1, -1) : text;
}

/** Every FROM line in order, one a stage. */
export function fromLines(dockerfile: Dockerfile): FromLine[] {
  const values = new Map<string, string | undefined>();
  const stages = new Map<string, number>();
  const lines: FromLine[] = [];
  for (const instruction of dockerfile.instructions) {
    if (instruction.keyword === 'ARG' && lines.length === 0) {
      for (const word of instruction.arguments.split(/\s+/)) {
        const equals = word.indexOf('=');
        if (equals > 0) values.set(word.slice(0, equals), expand(unquote(word.slice(equals + 1)), values));
      }
    }
    if (instruction.keyword !== 'FROM') continue;
    const words = instruction.arguments.split(/\s+/).filter((word) => word !== '' && !word.startsWith('--'));
    const written = unquote(words[0] ?? '');
    const image = expand(written, values);
    lines.push({ written, image, line: instruction.line, continues: image === undefined ? undefined : stages.get(image.toLowerCase()) });
    const name = words[1]?.toUpperCase() === 'AS' ? words[2] : undefined;
    if (name !== undefined) stages.set(name.toLowerCase(), lines.length - 1);
  }
  return lines;
}

/** The FROM line that a stage finally rests on, through the stages that it continues. */
export function rootOf(lines: readonly FromLine[], stage: FromLine): FromLine {
  let current = stage;
  // A stage can only continue an earlier one, so this ends.
  while (current.continues !== undefined) {
    const next = lines[current.continues];
    if (next === undefined) break;
    current = next;
  }
  return current;
}

/** Why FROM can't be judged without a given Dockerfile. */
export const fromUnknown = 'an image does not keep its FROM lines; give the Dockerfile with --dockerfile FILE';
