import { catalogue } from '../../gates/index.ts';
import type { Exception } from '../../model/index.ts';
import { Diagnostics, type Parsed } from '../diagnostic.ts';
import { nearestName } from '../nearest.ts';
import { vocabularyOf } from '../vocabulary.ts';
import { quoted, textLines } from './text-lines.ts';
import { readWhitelistId } from './whitelist-id.ts';

/**
 * Reads a global whitelist: lines `GATE ID`, where `*` in the id stands for any text and a line that begins with `#` is a
 * comment. An id counts for the gate, whichever of its triggers raised it. A file without any line is valid.
 */
export function parseGlobalWhitelist(text: string, { source }: { readonly source: string }): Parsed<readonly Exception[]> {
  const diagnostics = new Diagnostics();
  const vocabulary = vocabularyOf(catalogue);
  const gates = [...new Set([...vocabulary.gates.keys(), ...vocabulary.unavailable.keys()])];
  const exceptions: Exception[] = [];
  for (const line of textLines(text, diagnostics)) {
    const [gate, id, extra] = Array.from(line.text.matchAll(/[^ \t]+/g), (match) => ({ text: match[0], column: match.index + 1 }));
    if (gate === undefined || gate.text.startsWith('#')) continue;
    const error = (code: string, message: string, column: number, hint: string): void =>
      diagnostics.add({ level: 'error', code, message, line: line.number, column, hint });
    if (!gates.includes(gate.text)) {
      const near = nearestName(gate.text, gates);
      error(
        'unknown-gate',
        `there is no gate ${quoted(gate.text)}`,
        gate.column,
        near === undefined ? `the gates are ${gates.join(', ')}` : `did you mean ${near}?`,
      );
      continue;
    }
    if (id === undefined || id.text.startsWith('#')) {
      error('missing-field', 'the line names no id', gate.column + gate.text.length, 'a line is GATE and an id, for example ANCHORESEC CVE-2016-2108');
      continue;
    }
    if (!vocabulary.gates.has(gate.text)) {
      const message = `the gate ${gate.text} is not available yet, so the line covers nothing`;
      diagnostics.add({ level: 'note', code: 'not-available', message, line: line.number, column: gate.column });
    }
    if (extra !== undefined && !extra.text.startsWith('#')) {
      const message = `${quoted(extra.text)} and what follows is not read: an id holds no blanks`;
      diagnostics.add({ level: 'warning', code: 'unexpected-text', message, line: line.number, column: extra.column });
    }
    const place = { gate: gate.text, line: line.number, column: id.column };
    exceptions.push({
      gate: gate.text,
      id: readWhitelistId(id.text, place, vocabulary, diagnostics),
      source: `${source}:${line.number}`,
      scope: 'global',
    });
  }
  return diagnostics.hasErrors ? { diagnostics: diagnostics.all() } : { value: exceptions, diagnostics: diagnostics.all() };
}
