import { deepStrictEqual } from 'node:assert';
import type { Cataloger, CatalogFacts, CatalogKind, CatalogProblem } from '../catalog/index.ts';
import type { Sparse } from '../gates/index.ts';
import type { Request } from '../model/index.ts';

/** What a cataloger reads out of one file. Data only. */
export interface CatalogerCase {
  readonly title: string;
  /** Without a leading slash; the cataloger must select it. */
  readonly path: string;
  /** Text stands for its UTF-8 bytes. */
  readonly content: string | Uint8Array;
  /** What is asked for; packages otherwise. */
  readonly request?: Request;
  /** Every fact of each kind, in order, of which only the fields that matter are written; no facts when absent. */
  readonly facts?: { readonly [K in CatalogKind]?: readonly Sparse<CatalogFacts[K]>[] };
  /** Every problem, in order, likewise; none when absent. */
  readonly problems?: readonly Partial<CatalogProblem['problem']>[];
}

/** How a cataloger is tested: which paths it takes and leaves, and what it reads. */
export interface CatalogerCases {
  readonly takes: readonly string[];
  readonly leaves: readonly string[];
  readonly files: readonly CatalogerCase[];
}

/** The same shape as `expected`, filled with what `actual` has there. Lists keep their own length. */
function onlyWhatMatters(actual: unknown, expected: unknown): unknown {
  if (Array.isArray(actual) && Array.isArray(expected)) return actual.map((each, index) => onlyWhatMatters(each, expected[index]));
  if (typeof actual !== 'object' || actual === null || typeof expected !== 'object' || expected === null) return actual;
  return Object.fromEntries(Object.keys(expected).map((key) => [key, onlyWhatMatters((actual as never)[key], (expected as never)[key])]));
}

function selects(cataloger: Cataloger, path: string, size: number, request: Request): boolean {
  return cataloger.selects({ path, type: 'file', mode: 0o644, size }, request);
}

/** Throws when the cataloger doesn't select the case's file or reads something else out of it, with both in the message. */
export function checkCatalogerCase(cataloger: Cataloger, each: CatalogerCase): void {
  const request = each.request ?? { kind: 'packages' };
  const bytes = typeof each.content === 'string' ? new TextEncoder().encode(each.content) : each.content;
  if (!selects(cataloger, each.path, bytes.length, request)) throw new Error(`${cataloger.name} does not select ${each.path}`);
  const file = { path: each.path, mode: 0o644, bytes, text: () => new TextDecoder().decode(bytes) };
  const given = [...cataloger.read(file, request, { limits: { facts: 1_000_000, depth: 100 } })];
  const problems = given.flatMap((one) => ('problem' in one ? [one.problem] : []));
  const facts: Record<string, unknown[]> = {};
  for (const one of given) if ('kind' in one) facts[one.kind] = [...(facts[one.kind] ?? []), one.fact];
  const expected = { ...each.facts } as Record<string, unknown>;
  deepStrictEqual(onlyWhatMatters(problems, each.problems ?? []), each.problems ?? []);
  deepStrictEqual(Object.fromEntries(Object.entries(facts).map(([kind, list]) => [kind, onlyWhatMatters(list, expected[kind])])), expected);
}

/**
 * Declares a test for what the cataloger selects and for each file, with the test function of any framework (`test` of vitest
 * or of node:test). A cataloger is tested by a typical, an empty and a corrupt file at least.
 */
export function testCataloger<K extends CatalogKind>(cataloger: Cataloger<K>, cases: CatalogerCases, test: (title: string, body: () => void) => unknown): void {
  const any = cataloger as unknown as Cataloger;
  test(`${cataloger.name}: selects its files and no others`, () => {
    const taken = [...cases.takes, ...cases.leaves].filter((path) => selects(any, path, 1, { kind: 'packages' }));
    deepStrictEqual(taken, cases.takes);
  });
  for (const each of cases.files) test(`${cataloger.name}: ${each.title}`, () => checkCatalogerCase(any, each));
}
