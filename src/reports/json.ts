import { jsonPieces } from './json-pieces.ts';
import { defineReporter } from './reporter.ts';

/** The verdict document itself (`schemas/verdict.v1.json`). */
export default defineReporter({
  name: 'json',
  summary: 'The verdict document, with every finding, problem and setting.',
  mediaType: 'application/json',
  *render(document) {
    // document, images, image, findings
    yield* jsonPieces(document, 4);
    yield '\n';
  },
});
