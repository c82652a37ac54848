import { parserMessage } from '../../parser-message.ts';
import type { CatalogProblem, SelectedFile } from '../cataloger.ts';
import { unreadable } from './language-package.ts';

/** An object of a parsed document: nothing is known of its values. */
export type Fields = Readonly<Record<string, unknown>>;

export type Parsed<T> = { readonly value: T; readonly problem?: undefined } | { readonly value?: undefined; readonly problem: CatalogProblem };

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A text that isn't empty; undefined otherwise. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The texts of a list; a text alone is a list of one. */
export function texts(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).filter((item): item is string => typeof item === 'string' && item !== '');
}

/** A text without a byte order mark, or the problem that the file holds no text. */
export function plainText(file: SelectedFile): Parsed<string> {
  const value = file.text().replace(/^\uFEFF/, '');
  if (value.includes('\0')) return { problem: unreadable(file, 'it is not text') };
  return { value };
}

/** The lines of a text, without their ends, numbered from 1: one at a time, since an array of them takes more than the text. */
export function* textLines(source: string): Generator<{ readonly number: number; readonly text: string }> {
  for (let start = 0, number = 1; start <= source.length; number++) {
    const end = source.indexOf('\n', start);
    const line = end === -1 ? source.slice(start) : source.slice(start, end);
    yield { number, text: line.endsWith('\r') ? line.slice(0, -1) : line };
    if (end === -1) return;
    start = end + 1;
  }
}

/** A document whose root is an object, read by `parse`, or the problem that it isn't one. */
export function objectDocument(file: SelectedFile, language: string, parse: (text: string) => unknown): Parsed<Fields> {
  const source = plainText(file);
  if (source.problem !== undefined) return source;
  let value: unknown;
  try {
    value = parse(source.value);
  } catch (error) {
    return { problem: unreadable(file, `it is not ${language} (${parserMessage(error)})`) };
  }
  return isFields(value) ? { value } : { problem: unreadable(file, `its ${language} is not an object`) };
}

/** As `objectDocument`, for JSON (RFC 8259). */
export function jsonObject(file: SelectedFile): Parsed<Fields> {
  return objectDocument(file, 'JSON', (source) => JSON.parse(source) as unknown);
}
