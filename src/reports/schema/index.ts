import * as z from 'zod';
import { catalogDocument } from './catalog.ts';
import { errorDocument } from './error.ts';
import { evidenceDocument } from './evidence.ts';
import { explanationDocument } from './explanation.ts';
import { servicesDocument } from './services.ts';
import { verdictDocument } from './verdict.ts';
import { vulnerabilitiesDocument } from './vulnerabilities.ts';

/** Every published document by the file that its schema has in `schemas/`. */
const documents = {
  'catalog.v1.json': catalogDocument,
  'error.v1.json': errorDocument,
  'evidence.v1.json': evidenceDocument,
  'explanation.v1.json': explanationDocument,
  'services.v1.json': servicesDocument,
  'verdict.v1.json': verdictDocument,
  'vulnerabilities.v1.json': vulnerabilitiesDocument,
} as const;

/**
 * The JSON Schemas (2020-12) of `schemas/`, by file name. A reader must take fields that it doesn't know: they are added within a major
 * version, so nothing forbids them.
 */
export function jsonSchemas(): Map<string, object> {
  return new Map(
    Object.entries(documents).map(([file, schema]) => {
      const { $schema, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12', io: 'input' });
      return [file, { $schema, $id: `urn:portcullis:schema:${file.replace(/\.json$/, '')}`, ...rest }];
    }),
  );
}
