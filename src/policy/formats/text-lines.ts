import { createHash } from 'node:crypto';
import type { Diagnostics } from '../diagnostic.ts';

/** A line of a policy or whitelist, without its end. */
export interface TextLine {
  readonly text: string;
  /** From 1. */
  readonly number: number;
}

const maxLength = 4 * 1024 * 1024;
const maxLine = 64 * 1024;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const strange = /[\u0000-\u0008\u000B-\u001F\u007F\uFFFD]/;

/** `sha256:…` of a text in UTF-8. */
export function textDigest(text: string): `sha256:${string}` {
  return `sha256:${createHash('sha256').update(text, 'utf8').digest('hex')}`;
}

/** A text of the policy within a message: short, and in quotes. */
export function quoted(text: string): string {
  return text.length > 80 ? `“${text.slice(0, 79)}…”` : `“${text}”`;
}

/**
 * Cuts a text into lines (LF, CRLF or CR; a byte order mark is skipped). Lines that no policy can hold (too long,
 * control characters, bytes that are no UTF-8) are reported and left out.
 */
export function textLines(text: string, diagnostics: Diagnostics): TextLine[] {
  if (text.length > maxLength) {
    diagnostics.add({ level: 'error', code: 'too-long', message: 'the file is longer than 4 MiB', line: 1, column: 1 });
    return [];
  }
  const lines: TextLine[] = [];
  const all = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  for (const [index, line] of all.entries()) {
    const number = index + 1;
    const at = line.search(strange);
    if (line.length > maxLine) {
      diagnostics.add({
        level: 'error',
        code: 'too-long',
        message: `the line has ${line.length} characters; 65536 are allowed`,
        line: number,
        column: maxLine,
      });
    } else if (at !== -1) {
      const isReplacement = line[at] === '\uFFFD';
      diagnostics.add({
        level: 'error',
        code: 'not-text',
        message: isReplacement ? 'the line is not UTF-8 here' : 'the line holds a control character',
        line: number,
        column: at + 1,
        hint: 'save the file as plain UTF-8 text',
      });
    } else lines.push({ text: line, number });
  }
  return lines;
}
