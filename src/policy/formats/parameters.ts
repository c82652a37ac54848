import * as z from 'zod';
import type { NamedTrigger } from '../../gates/index.ts';
import type { Diagnostics } from '../diagnostic.ts';
import { nearestName } from '../nearest.ts';
import { describeParameter } from '../parameter-facts.ts';
import type { Word } from './rule-line.ts';
import { quoted } from './text-lines.ts';
import { readValue } from './value.ts';

/** What a line's parameters are read for. */
export interface ParameterPlace {
  readonly named: NamedTrigger;
  readonly line: number;
  /** Where the line's action ends: the place of what is missing. */
  readonly column: number;
  /** Parameter name → triggers of the same gate that have it. */
  readonly elsewhere: ReadonlyMap<string, readonly string[]>;
}

function unknownParameter(name: string, column: number, place: ParameterPlace, diagnostics: Diagnostics): void {
  const { line: lineName } = place.named;
  const owners = place.elsewhere.get(name);
  const known = Object.keys(lineName.parameters);
  const spelling = `${lineName.gate}:${lineName.trigger}`;
  if (owners !== undefined) {
    const message = `${name} is a parameter of ${owners.join(' and ')}, not of ${spelling}; a parameter counts for its own line only`;
    diagnostics.add({ level: 'error', code: 'misplaced-parameter', message, line: place.line, column, hint: `move it to a line of ${owners[0]}` });
    return;
  }
  const near = nearestName(name, known);
  const hint =
    near !== undefined
      ? `did you mean ${near}?`
      : known.length === 0
        ? `${spelling} has no parameters`
        : `the parameters of ${spelling} are ${known.join(', ')}`;
  diagnostics.add({ level: 'error', code: 'unknown-parameter', message: `${spelling} has no parameter ${quoted(name)}`, line: place.line, column, hint });
}

function invalidValue(name: string, value: unknown, error: z.core.$ZodError, column: number, place: ParameterPlace, diagnostics: Diagnostics): void {
  for (const issue of error.issues) {
    const index = issue.path[0];
    const item: unknown = Array.isArray(value) && typeof index === 'number' ? value[index] : value;
    const shown = typeof item === 'string' || typeof item === 'number' ? ` ${quoted(String(item))}` : '';
    const choices = issue.code === 'invalid_value' ? issue.values.map(String) : [];
    const near = typeof item === 'string' ? nearestName(item, choices) : undefined;
    const wrong = /^[a-z]/.test(issue.message) ? issue.message : `is not valid: ${issue.message}`;
    const says = choices.length > 0 ? `is none of ${choices.join(', ')}` : wrong;
    diagnostics.add({
      level: 'error',
      code: 'invalid-value',
      message: `${name}:${shown} ${says}`,
      line: place.line,
      column,
      hint: near === undefined ? `${name}: ${describeParameter(place.named, name)}` : `did you mean ${near}?`,
    });
  }
}

/**
 * Reads a line's parameters into those of its trigger, validated. Gives undefined after reporting every error. A
 * parameter counts for its own line only and stands there once.
 */
export function readParameters(written: readonly Word[], place: ParameterPlace, diagnostics: Diagnostics): Readonly<Record<string, unknown>> | undefined {
  const { trigger, line: lineName } = place.named;
  const spelling = `${lineName.gate}:${lineName.trigger}`;
  const values: Record<string, unknown> = { ...lineName.fixed };
  const seen = new Set<string>();
  let failed = false;
  const fail = (code: string, message: string, column: number, hint: string): void => {
    failed = true;
    diagnostics.add({ level: 'error', code, message, line: place.line, column, hint });
  };
  for (const word of written) {
    const equals = word.text.indexOf('=');
    const name = word.text.slice(0, equals);
    const target = Object.hasOwn(lineName.parameters, name) ? lineName.parameters[name] : undefined;
    if (target === undefined) {
      failed = true;
      unknownParameter(name, word.column, place, diagnostics);
    } else if (seen.has(name)) {
      fail('repeated-parameter', `${name} stands twice on this line`, word.column, 'write one list, or two lines');
    } else {
      seen.add(name);
      const column = word.column + equals + 1;
      const read = readValue(name, word.text.slice(equals + 1), target.syntax);
      if ('error' in read) fail('invalid-value', read.error, column, read.hint);
      else {
        const checked = trigger.parameters[target.to] as z.ZodType | undefined;
        const result = checked?.safeParse(read.value);
        if (result?.success === false) {
          failed = true;
          invalidValue(name, read.value, result.error, column, place, diagnostics);
        } else values[target.to] = result?.data;
      }
    }
  }
  const missing = (lineName.requires ?? []).filter((name) => !seen.has(name));
  if (missing.length > 0) {
    const hint = `for example ${spelling}:${lineName.sample.action.toUpperCase()}:${lineName.sample.parameters}`;
    fail('missing-parameter', `${spelling} needs ${missing.join(' and ')}`, place.column, hint);
  }
  const required = lineName.requiresOneOf ?? [];
  if (required.length > 0 && !required.some((name) => seen.has(name)) && !failed) {
    const example = `${spelling}:${lineName.sample.action.toUpperCase()}:${lineName.sample.parameters}`;
    const which = required.length === 1 ? required[0] : `one of ${required.join(', ')}`;
    fail('missing-parameter', `${spelling} needs ${which}: without it the rule could never fire`, place.column, `for example ${example}`);
  }
  if (failed) return undefined;
  const result = z.object(trigger.parameters).safeParse(values);
  const wrong = result.success ? trigger.check?.(result.data) : result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
  if (wrong !== undefined || !result.success) {
    fail('invalid-parameters', `${spelling}: ${wrong}`, place.column, `portcullis gates ${spelling.replace(':', '.')} describes its parameters`);
    return undefined;
  }
  return result.data;
}
