import type { ImageError, ImageVerdict } from '../model/index.ts';
import { classicHeader, classicImageId, classicRows } from './classic-rows.ts';
import { neutralizeJson } from './neutralize.ts';
import { defineReporter, type RenderOptions } from './reporter.ts';

/**
 * `--json` of the classic tool: one line, an object from full image ids to results. An image that couldn't be judged has `error` in
 * the place of `result`, so that a reader of results fails on it rather than passing it over.
 */
export default defineReporter({
  name: 'classic-json',
  summary: 'One line of JSON as the classic tool printed it with --json.',
  mediaType: 'application/json',
  *render(document, options) {
    const taken = new Set<string>();
    let separator = '{';
    for (const image of document.images) {
      const key = freeKey(image, taken);
      taken.add(key);
      yield `${separator}${json(key)}: `;
      if ('error' in image) yield json({ error: image.error });
      else yield* result(image, options);
      separator = ', ';
    }
    yield separator === '{' ? '{}\n' : '}\n';
  },
});

/** Row by row: all of them may be longer than a string can be. */
function* result(image: ImageVerdict, options: RenderOptions): Iterable<string> {
  yield `{"result": {"header": ${json(classicHeader(options))}, "rows": [`;
  let separator = '';
  for (const row of classicRows(image, options)) {
    yield separator + json(row);
    separator = ', ';
  }
  yield `], "final_action": ${json(image.verdict.toUpperCase())}}}`;
}

function json(value: unknown): string {
  return neutralizeJson(JSON.stringify(value));
}

/** The image id; when the same image was judged before, its reference, then with a number: no result replaces another. */
function freeKey(image: ImageVerdict | ImageError, taken: ReadonlySet<string>): string {
  const candidates = 'error' in image ? [image.reference] : [classicImageId(image), image.reference];
  const free = candidates.find((key) => !taken.has(key));
  if (free !== undefined) return free;
  let number = 2;
  while (taken.has(`${image.reference}#${number}`)) number++;
  return `${image.reference}#${number}`;
}
