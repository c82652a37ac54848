import { expect, test } from 'vitest';
import { documents } from './fixtures/documents.ts';
import { reporters } from './index.ts';

// `npm run golden` writes these files; the difference is reviewed like code.
const plain = { color: false, width: 80, verbose: false, showExcepted: false, showIds: false };
const variants = {
  '': plain,
  '.wide': { ...plain, width: 120 },
  '.all': { ...plain, verbose: true, showExcepted: true, showIds: true },
};

for (const [name, document] of Object.entries(documents)) {
  for (const reporter of reporters) {
    const written = new Set<string>();
    for (const [variant, options] of Object.entries(variants)) {
      const text = [...reporter.render(document, options)].join('');
      // A variant that makes no difference needs no file.
      if (written.has(text)) continue;
      written.add(text);
      test(`${reporter.name}${variant} writes the document '${name}' as reviewed`, async () => {
        await expect(text).toMatchFileSnapshot(`fixtures/${name}/${reporter.name}${variant}.txt`);
      });
    }
  }
}
