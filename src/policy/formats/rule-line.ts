import type { Diagnostics } from '../diagnostic.ts';
import { quoted, type TextLine } from './text-lines.ts';

/** A piece of a line and where it begins, from 1. */
export interface Word {
  readonly text: string;
  readonly column: number;
}

/** `GATE:TRIGGER:ACTION[:PARAMETERS]`, cut but not understood. */
export interface RuleLine {
  readonly number: number;
  readonly gate: Word;
  readonly trigger: Word;
  readonly action: Word;
  /** `NAME=VALUE` each. */
  readonly parameters: readonly Word[];
}

const form = 'a line is GATE:TRIGGER:ACTION or GATE:TRIGGER:ACTION:NAME=VALUE NAME=VALUE';

/** Cuts a text at blanks; columns count from `column`. */
function words(text: string, column: number): Word[] {
  return Array.from(text.matchAll(/[^ \t]+/g), (match) => ({ text: match[0], column: column + match.index }));
}

/** A field between colons, with the blanks around it reported: the old tool took them for a part of the name. */
function field(text: string, column: number, line: TextLine, diagnostics: Diagnostics): Word {
  const name = text.trim();
  const start = column + (text.length - text.trimStart().length);
  if (name !== text) {
    const message = 'blanks around a colon have no meaning';
    diagnostics.add({ level: 'error', code: 'blank-around-colon', message, line: line.number, column, hint: `remove the blanks around ${quoted(name)}` });
  }
  return { text: name, column: start };
}

/**
 * Cuts one line. Gives undefined for empty lines and comments, and for lines that are no rule (reported). Blanks at both
 * ends are skipped; a `#` after a blank, where no value can hold it, begins a comment (noted).
 */
export function cutRuleLine(line: TextLine, diagnostics: Diagnostics): RuleLine | undefined {
  const text = line.text.trimEnd();
  const start = text.length - text.trimStart().length;
  if (start === text.length || text[start] === '#') return undefined;
  const fail = (code: string, message: string, column: number, hint: string): void =>
    diagnostics.add({ level: 'error', code, message, line: line.number, column, hint });
  const note = (column: number): void =>
    diagnostics.add({
      level: 'note',
      code: 'trailing-comment',
      message: 'what follows the # was read as a comment; the old tool took it for a part of the line',
      line: line.number,
      column,
    });

  const first = text.indexOf(':', start);
  const second = first === -1 ? -1 : text.indexOf(':', first + 1);
  if (second === -1) {
    fail('missing-field', `${quoted(text.slice(start))} is no rule: ${first === -1 ? 'it has no colon' : 'it names no action'}`, start + 1, form);
    return undefined;
  }
  const gate = field(text.slice(start, first), start + 1, line, diagnostics);
  const trigger = field(text.slice(first + 1, second), first + 2, line, diagnostics);

  const rest = text.slice(second + 1);
  const comment = rest.search(/[ \t]#/);
  const third = rest.indexOf(':');
  if (third === -1 || (comment !== -1 && comment < third)) {
    if (comment !== -1) note(second + 3 + comment);
    const written = comment === -1 ? rest : rest.slice(0, comment).trimEnd();
    return { number: line.number, gate, trigger, action: field(written, second + 2, line, diagnostics), parameters: [] };
  }
  const action = field(rest.slice(0, third), second + 2, line, diagnostics);
  const found = words(rest.slice(third + 1), second + 3 + third);
  const hash = found.findIndex((word, index) => word.text.startsWith('#') && (index > 0 || /[ \t]/.test(rest[third + 1] ?? '')));
  const hashed = found[hash];
  if (hashed !== undefined) note(hashed.column);
  const parameters = (hash === -1 ? found : found.slice(0, hash)).filter((word) => {
    if (/^[^=]+=/.test(word.text)) return true;
    fail('unexpected-text', `${quoted(word.text)} is no parameter`, word.column, 'parameters are NAME=VALUE; values and lists hold no blanks');
    return false;
  });
  return { number: line.number, gate, trigger, action, parameters };
}
