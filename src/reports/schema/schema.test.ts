import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import type * as z from 'zod';
import { PortcullisError } from '../../errors.ts';
import type {
  CatalogDocument,
  ErrorDocument,
  EvidenceDocument,
  ExplanationDocument,
  ServicesDocument,
  VerdictDocument,
  VulnerabilitiesDocument,
} from '../../model/index.ts';
import { errorDocument as errorDocumentOf } from '../error.ts';
import { documents } from '../fixtures/documents.ts';
import type { catalogDocument } from './catalog.ts';
import type { errorDocument } from './error.ts';
import type { evidenceDocument } from './evidence.ts';
import type { explanationDocument } from './explanation.ts';
import { jsonSchemas } from './index.ts';
import type { servicesDocument } from './services.ts';
import type { verdictDocument } from './verdict.ts';
import type { vulnerabilitiesDocument } from './vulnerabilities.ts';

type DeepReadonly<T> = T extends string | number | boolean | null | undefined ? T : { readonly [K in keyof T]: DeepReadonly<T[K]> };
type Both<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
/** The paths of all members. Texts are compared to their ends; of types in types the compiler looks at the first few levels only. */
type Paths<T, At extends string = ''> = T extends string | number | boolean | null | undefined
  ? never
  : T extends readonly (infer Item)[]
    ? Paths<Item, `${At}[]`>
    : string extends keyof T
      ? `${At}.*`
      : { [K in keyof T & string]-?: `${At}.${K}` | Paths<T[K], `${At}.${K}`> }[keyof T & string];
type Same<A, B> = Both<DeepReadonly<A>, DeepReadonly<B>> extends true ? Both<Paths<A>, Paths<B>> : false;

/** Schemas and types say the same: checked by the compiler. */
const same: readonly true[] = [
  true satisfies Same<z.output<typeof verdictDocument>, VerdictDocument>,
  true satisfies Same<z.output<typeof catalogDocument>, CatalogDocument>,
  true satisfies Same<z.output<typeof evidenceDocument>, EvidenceDocument>,
  true satisfies Same<z.output<typeof servicesDocument>, ServicesDocument>,
  true satisfies Same<z.output<typeof vulnerabilitiesDocument>, VulnerabilitiesDocument>,
  true satisfies Same<z.output<typeof explanationDocument>, ExplanationDocument>,
  true satisfies Same<z.output<typeof errorDocument>, ErrorDocument>,
];

test('every published document has its schema compared with its type', () => {
  expect(jsonSchemas().size).toBe(same.length);
});

/** A published schema; `closed` forbids fields that it doesn't name, to find those that nobody described. */
function validator(file: string, closed: boolean) {
  const close = (_: string, value: unknown) =>
    value !== null && typeof value === 'object' && 'properties' in value ? { ...value, additionalProperties: false } : value;
  const text = JSON.stringify(jsonSchemas().get(file), closed ? close : undefined);
  return new Ajv2020({ strict: true, allErrors: true }).compile(JSON.parse(text));
}

describe('verdict.v1.json', () => {
  const closed = validator('verdict.v1.json', true);
  test.each(Object.entries(documents))('%s is valid, and every field is described', (_, document) => {
    closed(document);
    expect(closed.errors).toBeNull();
  });

  const open = validator('verdict.v1.json', false);
  test('a field that came later is no error', () => {
    expect(open({ ...documents.stop, later: 1 })).toBe(true);
    expect(closed({ ...documents.stop, later: 1 })).toBe(false);
  });

  test.each([
    ['another schema', { schema: 'portcullis.verdict.v2' }],
    ['an unknown verdict', { verdict: 'maybe' }],
    ['no images', { images: undefined }],
    ['an image without findings', { images: [{ ...documents.go?.images[0], findings: undefined }] }],
    ['a digest that is none', { images: [{ ...documents.go?.images[0], digest: 'sha256:XYZ' }] }],
  ])('%s is refused', (_, changes) => {
    expect(open(JSON.parse(JSON.stringify({ ...documents.go, ...changes })))).toBe(false);
  });
});

test('error.v1.json takes every error document', () => {
  const closed = validator('error.v1.json', true);
  for (const error of [new PortcullisError('USAGE', 'What?', { hint: 'This.' }), new PortcullisError('OUTPUT', 'No.'), new Error('x'), undefined]) {
    closed(errorDocumentOf(error));
    expect(closed.errors).toBeNull();
  }
});
