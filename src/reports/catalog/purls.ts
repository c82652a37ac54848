import type { CatalogDocument } from '../../model/index.ts';
import { neutralizeForTerminal } from '../neutralize.ts';
import { defineReporter } from '../reporter.ts';

/** One package URL a line, sorted, each once; of all images together. */
export const catalogPurls = defineReporter<CatalogDocument>({
  name: 'purls',
  summary: 'The package URLs, one a line, sorted.',
  mediaType: 'text/plain',
  *render(document) {
    const purls = document.images.flatMap((image) => ('error' in image ? [] : (image.packages ?? []).map(({ purl }) => purl)));
    for (const purl of [...new Set(purls)].sort()) yield `${neutralizeForTerminal(purl)}\n`;
  },
});
