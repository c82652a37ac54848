import * as z from 'zod';
import { catalogue } from '../../gates/index.ts';
import type { Exception } from '../../model/index.ts';
import { Diagnostics, type Parsed } from '../diagnostic.ts';
import { vocabularyOf } from '../vocabulary.ts';
import { textLines } from './text-lines.ts';
import { readWhitelistId } from './whitelist-id.ts';

const entry = z.object({
  imageId: z.string().regex(/^(?:sha256:)?[0-9a-f]{64}$/, 'is no image id of 64 hexadecimal digits'),
  check: z.string().min(1),
  trigger: z.string().min(1),
  triggerId: z.string().min(1),
});

/**
 * Reads an image's whitelist as the old tool keeps it: one JSON object a line, with `imageId`, `check`, `trigger`,
 * `triggerId`, `output`, `action`. A line that begins with `#` is whitelisted: its gate, trigger and id for that image,
 * whatever its action and wording. Lines without `#` are findings that count, and are skipped.
 */
export function parseImageWhitelist(text: string, { source }: { readonly source: string }): Parsed<readonly Exception[]> {
  const diagnostics = new Diagnostics();
  const vocabulary = vocabularyOf(catalogue);
  const exceptions: Exception[] = [];
  for (const line of textLines(text, diagnostics)) {
    const [, marker = '', json = ''] = /^\s*(#?)[\s#]*(.*)$/s.exec(line.text) ?? [];
    if (json === '') continue;
    const column = line.text.length - json.length + 1;
    const error = (code: string, message: string): void =>
      diagnostics.add({
        level: 'error',
        code,
        message,
        line: line.number,
        column,
        hint: 'a line is a JSON object with imageId, check, trigger and triggerId; # before it whitelists it',
      });
    let value: unknown;
    try {
      value = JSON.parse(json);
    } catch {
      if (marker === '#' && !json.startsWith('{')) continue;
      error('not-json', 'the line is no JSON object');
      continue;
    }
    const result = entry.safeParse(value);
    if (!result.success) {
      const [issue] = result.error.issues;
      error('invalid-entry', `${issue?.path.join('.') || 'the line'}: ${issue?.message ?? 'is not valid'}`);
      continue;
    }
    if (marker === '') continue;
    const { imageId, check, trigger, triggerId } = result.data;
    const place = { gate: check, line: line.number, column };
    exceptions.push({
      gate: check,
      trigger,
      imageId: imageId.replace(/^sha256:/, ''),
      id: readWhitelistId(triggerId, place, vocabulary, diagnostics),
      source: `${source}:${line.number}`,
      scope: 'image',
    });
  }
  return diagnostics.hasErrors ? { diagnostics: diagnostics.all() } : { value: exceptions, diagnostics: diagnostics.all() };
}
