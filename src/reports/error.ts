import { PortcullisError } from '../errors.ts';
import type { ErrorDocument } from '../model/index.ts';
import { neutralizeJson } from './neutralize.ts';

/**
 * The document that `-o json` prints instead of a verdict when the whole run failed.
 * @param error whatever was thrown; what is no PortcullisError is a defect, whose details belong to stderr
 */
export function errorDocument(error: unknown): ErrorDocument {
  if (error instanceof PortcullisError) return { schema: 'portcullis.error.v1', code: error.code, message: error.message, hint: error.hint };
  const message = error instanceof Error ? error.message : String(error);
  return { schema: 'portcullis.error.v1', code: 'DEFECT', message: `A defect in Portcullis: ${message}`, hint: null };
}

/** An error document (`schemas/error.v1.json`) as text, 2 blanks of indentation, with a final line feed. */
export function renderErrorDocument(document: ErrorDocument): string {
  return `${neutralizeJson(JSON.stringify(document, null, 2))}\n`;
}
