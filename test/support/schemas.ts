import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { repository } from './cli.ts';

const validators = new Map<string, (document: unknown) => string[]>();

/** An object that is described has no members beside those that are. */
const closed = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'properties' in value ? { ...value, additionalProperties: false } : value;

/** What a published schema (`catalog.v1.json`) says against a document, a member that it doesn't describe too; nothing when it is valid. */
export function schemaFaults(name: string, document: unknown): string[] {
  let faults = validators.get(name);
  if (faults === undefined) {
    const text = JSON.stringify(JSON.parse(readFileSync(join(repository, 'schemas', name), 'utf8')), closed);
    const validate = new Ajv2020({ strict: false, allErrors: true }).compile(JSON.parse(text) as object);
    faults = (given) => (validate(given) ? [] : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`));
    validators.set(name, faults);
  }
  // As it is printed.
  return faults(JSON.parse(JSON.stringify(document)));
}
