import { parse } from 'smol-toml';
import type { SelectedFile } from '../cataloger.ts';
import { type Fields, objectDocument, type Parsed, plainText } from './document.ts';

/**
 * Tables, keys and arrays that are made of one document. Lock files of 32 MiB, as uv and Poetry write them, have half as many; a key that is
 * nothing but dots has sixteen million, which would take gigabytes.
 */
const MAX_VALUES = 1_500_000;

const quote = 0x22;
const apostrophe = 0x27;
const backslash = 0x5c;
const newline = 0x0a;

/** Where a string ends that begins at `at`: behind its last quote, at the end of its line where it has none, or at the end of the text. */
function endOfString(text: string, at: number): number {
  const mark = text.charCodeAt(at);
  const isLong = text.charCodeAt(at + 1) === mark && text.charCodeAt(at + 2) === mark;
  for (let end = at + (isLong ? 3 : 1); end < text.length; end++) {
    const code = text.charCodeAt(end);
    if (code === backslash && mark === quote) end++;
    else if (!isLong && (code === mark || code === newline)) return end + 1;
    else if (isLong && code === mark && text.charCodeAt(end + 1) === mark && text.charCodeAt(end + 2) === mark) {
      // The text may end in two quotes of its own.
      const most = end + 5;
      for (end += 3; end < most && text.charCodeAt(end) === mark; ) end++;
      return end;
    }
  }
  return text.length;
}

/** Counts, outside of strings and comments, what makes tables, keys and arrays. */
function valuesIn(text: string): number {
  let values = 0;
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case quote:
      case apostrophe:
        at = endOfString(text, at) - 1;
        break;
      case 0x23: {
        const end = text.indexOf('\n', at);
        if (end < 0) return values;
        at = end;
        break;
      }
      case 0x2e: // .
      case 0x3d: // =
      case 0x5b: // [
      case 0x7b: // {
        values++;
    }
  }
  return values;
}

/** A TOML document (TOML 1.0), or the problem that it isn't one or is made to take more memory than a lock file needs. */
export function tomlDocument(file: SelectedFile): Parsed<Fields> {
  const source = plainText(file);
  if (source.problem !== undefined) return source;
  if (valuesIn(source.value) > MAX_VALUES) {
    return { problem: { problem: { kind: 'limit', what: `/${file.path}`, why: `it holds more than the ${MAX_VALUES} keys and tables that are read` } } };
  }
  return objectDocument(file, 'TOML', parse);
}
