import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { evidenceDigest } from '../../src/evidence-digest.ts';
import { evidenceOfImages } from '../../src/evidence-of-images.ts';
import type { Image, Policy } from '../../src/model/index.ts';
import { judge, parsePolicy, policyTemplate, requireValid } from '../../src/policy/index.ts';
import { evidenceJson } from '../../src/reports/index.ts';
import { withStoredEvidence } from '../../src/stored-evidence.ts';
import { temporaryDirectory } from '../support/cli.ts';
import { debianRoot } from '../support/debian.ts';
import { dockerArchive, layer } from '../support/image-builder.ts';

// Evidence is a file that anybody can cut: whatever is taken out of it or changed in it, it ends in an error or in a verdict, never
// in GO where the whole said STOP or WARN.

const now = new Date('2026-01-31T12:00:00Z');
const choice = { platform: null, tag: null, places: ['files'] as const };
const lines = policyTemplate()
  .split('\n')
  .flatMap((line) => /^#?([A-Z_]+:[\w.]+:(?:STOP|WARN)(?::.*)?)$/.exec(line)?.[1] ?? []);
const policyOf = (text: string): Policy => requireValid(parsePolicy(text, { name: 't', source: 't' }), 't', 'POLICY_INVALID');
/** Rules that find something in the image below, one by one. */
const own = [
  'PKGBLACKLIST:PKGNAMEMATCH:STOP:BLACKLIST_NAMEMATCH=bash',
  'PKGBLACKLIST:PKGFULLMATCH:STOP:BLACKLIST_FULLMATCH=bash|5.2.15-2+b2',
  'NPMCHECK:NPMPKGNAMEMATCH:STOP:BLACKLIST_NPMNAMEMATCH=pad',
  'LICBLACKLIST:LICFULLMATCH:STOP:LICBLACKLIST_FULLMATCH=MIT',
  'PKGCHECK:PKGNOTPRESENT:STOP:PKGNAMEMATCH=ca-certificates',
];

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
let document: Json = null;
const judgedAs = new Map<string, string>();

/** The verdict of a document, or the error in its place; a defect is thrown. */
function verdictOf(policy: Policy, given: Json): string {
  const facts = {
    reference: 'e.json',
    digest: null,
    imageId: null,
    platform: { os: 'linux', architecture: 'unknown' },
    tags: [],
    layers: [],
    verified: false,
  } as const;
  const image: Image = {
    facts,
    configuration: { history: [] } as unknown as Image['configuration'],
    layers: [],
    document: { format: 'evidence', content: given as Record<string, unknown>, index: 0 },
  };
  try {
    const { evidence } = withStoredEvidence(image);
    return evidence === undefined ? 'nothing' : judge(policy, evidence, { now }).verdict;
  } catch (error) {
    if ((error as { code?: string }).code === 'IMAGE_INVALID') return 'error';
    throw error;
  }
}

beforeAll(async () => {
  const path = dockerArchive([
    {
      tags: ['shop:latest'],
      config: { Env: ['TOKEN=x'], ExposedPorts: { '22/tcp': {} } },
      layers: [
        layer(debianRoot(12, [{ name: 'bash', version: '5.2.15-2+b2' }]), { createdBy: 'ADD rootfs.tar /' }),
        layer([
          { path: 'app/node_modules/pad/package.json', content: '{"name":"pad","version":"1.3.0","license":"MIT"}' },
          { path: 'usr/bin/suid', content: 'x', mode: 0o4755 },
          { path: 'app/key.pem', content: '-----BEGIN PRIVATE KEY-----\n', mode: 0o644 },
          { path: 'etc/nginx/nginx.conf', content: 'events {}\nhttp { server { listen 443 ssl; ssl_protocols TLSv1; } }\n' },
        ]),
      ],
    },
  ]).writeTo(`${temporaryDirectory()}/shop.tar`);
  const evidence = await evidenceOfImages({ reference: path, dockerfile: null, advisories: null, now, ...choice });
  const render = { color: false, width: 120, verbose: false, showExcepted: false, showIds: false };
  document = JSON.parse([...evidenceJson.render(evidence, render)].join('')) as Json;
  for (const line of [...lines, ...own]) judgedAs.set(line, verdictOf(policyOf(line), document));
});

/** The paths of all values within a value. */
function* placesIn(value: Json, path: readonly (string | number)[] = []): Generator<readonly (string | number)[]> {
  if (path.length > 0) yield path;
  if (Array.isArray(value)) for (const [index, item] of value.entries()) yield* placesIn(item, [...path, index]);
  else if (value !== null && typeof value === 'object') for (const [key, member] of Object.entries(value)) yield* placesIn(member, [...path, key]);
}

function changed(value: Json, path: readonly (string | number)[], change: (old: Json) => Json | undefined): Json {
  const copy = structuredClone(value);
  const end = path.at(-1) as string | number;
  const holder = path.slice(0, -1).reduce<Json>((each, step) => (each as Record<string | number, Json>)[step] as Json, copy);
  const next = change((holder as Record<string | number, Json>)[end] as Json);
  if (next !== undefined) (holder as Record<string | number, Json>)[end] = next;
  else if (Array.isArray(holder)) holder.splice(end as number, 1);
  else delete (holder as Record<string, Json>)[end as string];
  return copy;
}

test('the image is not GO for most rules: there is something to lose', () => {
  expect([...judgedAs.values()].filter((verdict) => verdict !== 'go').length).toBeGreaterThan(20);
  for (const line of own) expect([line, judgedAs.get(line)]).toEqual([line, 'stop']);
});

/** Rules that are not GO, as policies. */
const rules = (): Policy[] => [...judgedAs].filter(([, verdict]) => verdict !== 'go').map(([line]) => policyOf(line));

test('any part taken out, a package or a single licence: never GO', () => {
  const places = [...placesIn(document)];
  fc.assert(
    fc.property(fc.constantFrom(...places), fc.constantFrom(...rules()), (place, policy) => {
      expect(
        verdictOf(
          policy,
          changed(document, place, () => undefined),
        ),
      ).not.toBe('go');
    }),
    { numRuns: 120 },
  );
});

test('whole kinds taken out by somebody who writes the digest anew: never GO', () => {
  const image = (document as { images: { facts: object; coverage: object[]; problems: object[] }[] }).images[0];
  const places = [
    ...Object.keys(image?.facts ?? {}).map((kind) => ['images', 0, 'facts', kind]),
    ...['coverage', 'problems'].flatMap((list) => (image?.[list as 'coverage'] ?? []).map((_, index) => ['images', 0, list, index])),
    ...(image?.coverage ?? []).map((_, index) => ['images', 0, 'coverage', index, 'problems', 0]),
    ['images', 0, 'facts'],
    ['images', 0, 'coverage'],
    ['images', 0, 'problems'],
  ];
  fc.assert(
    fc.property(fc.constantFrom(...places), fc.constantFrom(...rules()), (place, policy) => {
      const cut = changed(document, place, () => undefined) as Record<string, Json>;
      expect(verdictOf(policy, { ...cut, digest: evidenceDigest(cut) })).not.toBe('go');
    }),
    { numRuns: 120 },
  );
});

test('any value replaced by any other: an error or a verdict, never a defect, never GO', () => {
  const places = [...placesIn(document)];
  fc.assert(
    fc.property(fc.constantFrom(...places), fc.jsonValue(), fc.constantFrom(...rules()), (place, value, policy) => {
      const other = changed(document, place, () => value as Json);
      fc.pre(JSON.stringify(other) !== JSON.stringify(document));
      expect(verdictOf(policy, other)).not.toBe('go');
    }),
    { numRuns: 120 },
  );
});
