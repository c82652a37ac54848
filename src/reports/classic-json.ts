import type { ImageError, ImageVerdict } from '../model/index.ts';
import { classicHeader, classicImageId, classicRows } from './classic-rows.ts';
import { neutralizeJson } from './neutralize.ts';
import { defineReporter } from './reporter.ts';

/**
 * `--json` of the classic tool: one line, an object from full image ids to results. An image that couldn't be judged has `error` in
 * the place of `result`, so that a reader of results fails on it rather than passing it over.
 */
export default defineReporter({
  name: 'classic-json',
  summary: 'One line of JSON as the classic tool printed it with --json.',
  mediaType: 'application/json',
  *render(document, options) {
    const results = new Map<string, unknown>();
    for (const image of document.images) {
      const result =
        'error' in image
          ? { error: image.error }
          : { result: { header: classicHeader(options), rows: classicRows(image, options), final_action: image.verdict.toUpperCase() } };
      results.set(freeKey(image, results), result);
    }
    // Not JSON.stringify of an object: keys like `123456789012` would change places.
    const members = [...results].map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`);
    yield `${neutralizeJson(`{${members.join(', ')}}`)}\n`;
  },
});

/** The image id; when the same image was judged before, its reference, then with a number: no result replaces another. */
function freeKey(image: ImageVerdict | ImageError, taken: ReadonlyMap<string, unknown>): string {
  const candidates = 'error' in image ? [image.reference] : [classicImageId(image), image.reference];
  const free = candidates.find((key) => !taken.has(key));
  if (free !== undefined) return free;
  let number = 2;
  while (taken.has(`${image.reference}#${number}`)) number++;
  return `${image.reference}#${number}`;
}
