import type { CatalogDocument } from '../../model/index.ts';
import { jsonPieces } from '../json-pieces.ts';
import { defineReporter } from '../reporter.ts';

/** The catalogue document itself (`schemas/catalog.v1.json`). */
export const catalogJson = defineReporter<CatalogDocument>({
  name: 'json',
  summary: 'The catalogue document, with every package and where it was read from.',
  mediaType: 'application/json',
  *render(document) {
    // document, images, image, packages
    yield* jsonPieces(document, 4);
    yield '\n';
  },
});
