import fc from 'fast-check';
import { PackageURL } from 'packageurl-js';
import { expect, test } from 'vitest';
import { defaultLimits } from '../../src/archive/index.ts';
import { catalog, licenseExpression } from '../../src/catalog/index.ts';
import type { CatalogDocument, CatalogPackage, Image, ImageCatalog, InputDocument, Package } from '../../src/model/index.ts';
import { cyclonedxFaults } from '../../src/reports/catalog/catalog.fixture.ts';
import { catalogReporterNamed } from '../../src/reports/index.ts';
import { temporaryDirectory, writeIn } from '../support/cli.ts';
import { hasSpdxTools, spdxFaults } from '../support/spdx-tools.ts';

// Whatever an image's metadata holds: what is written of it is valid, and read again it says the same packages.

const render = { color: false, width: 120, verbose: false, showExcepted: false, showIds: false };
const digest = `sha256:${'a1'.repeat(32)}` as const;

/** Texts that files of an image can hold: controls, marks, halves of pairs, separators of purls, long ones. */
const odd = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 12 }) },
  fc.string({ unit: 'binary', minLength: 1, maxLength: 8 }),
  fc.constantFrom(
    '\u0000',
    '\ud800',
    'a\udc00',
    '\u001b[31m',
    '\u202e',
    'x'.repeat(1500),
    '日本',
    '::error::',
    '%2F',
    '?a=b#c',
    '@',
    ' ',
    '\n',
    '<b>',
    '"\\',
    'NONE',
    'NOASSERTION',
  ),
);
const licences = fc.array(fc.oneof(odd, fc.constantFrom('MIT', 'GPL-2+', '(MIT OR Apache-2.0)', 'LicenseRef-a', '', 'The X License\nPermission …')), {
  maxLength: 3,
});

const packages: fc.Arbitrary<CatalogPackage[]> = fc.array(
  fc
    .record({
      type: fc.constantFrom<Package['type']>('deb', 'apk', 'rpm', 'npm', 'pypi', 'golang', 'cargo', 'gem', 'generic'),
      name: odd,
      version: fc.oneof(
        odd.map((text) => text.trim()),
        fc.constantFrom('', '1:2.3-4', '1.0.0'),
      ),
      source: fc.option(fc.record({ name: odd, version: fc.oneof(odd, fc.constant('')) })),
      architecture: fc.option(fc.constantFrom('amd64', 'all', 'x y&z')),
      licenses: licences,
      places: fc.array(fc.record({ path: odd, layer: fc.constantFrom(0, 1), member: fc.option(odd, { nil: undefined }) }), { maxLength: 2 }),
      lockfile: fc.boolean(),
    })
    .map(({ places, ...fields }): CatalogPackage => {
      const whole = (text: string): string => text.replaceAll(/\p{Cs}/gu, '\ufffd');
      const qualifiers = fields.architecture === null ? undefined : { arch: fields.architecture };
      let purl: string;
      try {
        purl = new PackageURL(fields.type, undefined, whole(fields.name), whole(fields.version) || undefined, qualifiers, undefined).toString();
      } catch {
        purl = `pkg:generic/x`;
      }
      return {
        ...fields,
        purl,
        licenseExpression: licenseExpression(fields),
        locations: places.map(({ path, layer, member }) => ({ path: `/${path}`, layer, ...(member === undefined ? {} : { member }), createdBy: null })),
        ownedBy: null,
        cataloger: 'test',
      };
    }),
  { maxLength: 6 },
);

function documentWith(listed: readonly CatalogPackage[], changes: Partial<ImageCatalog>): CatalogDocument {
  const image: ImageCatalog = {
    reference: 'x',
    digest,
    imageId: null,
    platform: 'linux/amd64',
    tags: [],
    verified: true,
    distribution: null,
    layers: [],
    packages: listed,
    searched: ['deb'],
    problems: [],
    ...changes,
  };
  return { schema: 'portcullis.catalog.v1', tool: { name: 'portcullis', version: '0.0.0' }, images: [image], evaluatedAt: '2026-01-31T12:00:00.000Z' };
}

type Json = Record<string, unknown>;
const written = (format: string, document: CatalogDocument): string => [...catalogReporterNamed(format).render(document, render)].join('');

async function readAgain(format: InputDocument['format'], content: Json): Promise<readonly Package[]> {
  const facts = {
    reference: 'x',
    digest: null,
    imageId: null,
    platform: { os: 'linux', architecture: 'amd64' },
    tags: [],
    layers: [],
    verified: false,
  } as const;
  const image = { facts, configuration: { history: [] } as unknown as Image['configuration'], layers: [], document: { format, content, index: 0 } };
  const evidence = await catalog(image, [{ kind: 'packages', detail: { licenses: true } }], { limits: defaultLimits, dockerfile: null });
  return evidence.facts.packages ?? [];
}

/** What must be the same of a package after writing and reading; halves of surrogate pairs need not be. */
const told = (item: Pick<Package, 'purl' | 'type' | 'version' | 'source' | 'architecture' | 'licenses' | 'lockfile' | 'locations'>): string => {
  const { purl, type, version, source, architecture, licenses, lockfile } = item;
  const places = item.locations.map(({ path, layer, member }) => [path, layer, member]);
  const whole = (_: string, value: unknown): unknown => (typeof value === 'string' ? value.replaceAll(/\p{Cs}/gu, '\ufffd') : value);
  return JSON.stringify([purl, type, version, source, architecture, licenses.filter((each) => each !== ''), lockfile, places], whole);
};

test('CycloneDX and SPDX of anything are valid, unambiguous, and say the same packages again', async () => {
  const all: CatalogPackage[] = [];
  await fc.assert(
    fc.asyncProperty(packages, fc.array(odd, { maxLength: 2 }), fc.option(odd), async (listed, tags, system) => {
      all.push(...listed);
      const distribution = system === null ? null : { id: system, version: system, name: system };
      const document = documentWith(listed, { tags, distribution });
      const bom = JSON.parse(written('cyclonedx-json', document)) as Json;
      expect(cyclonedxFaults(bom)).toEqual([]);
      const components = bom.components as { 'bom-ref': string }[];
      const references = components.map((each) => each['bom-ref']);
      expect(new Set(references).size).toBe(references.length);
      const held = (bom.dependencies as { dependsOn: string[] }[]).flatMap(({ dependsOn }) => dependsOn);
      expect([...held].sort()).toEqual([...references].sort());

      const spdx = JSON.parse(written('spdx-json', document)) as Json;
      const ids = (spdx.packages as { SPDXID: string; name: string }[]).map(({ SPDXID, name }) => {
        expect(name).not.toBe('');
        return SPDXID;
      });
      expect(new Set(ids).size).toBe(ids.length);
      for (const id of ids) expect(id).toMatch(/^SPDXRef-[A-Za-z0-9.-]+$/);

      const expected = listed.filter(({ purl }) => purl.length < 4096).map(told);
      for (const [format, content] of [['cyclonedx', bom] as const, ['spdx', spdx] as const]) {
        const again = await readAgain(format, content);
        expect(again.map(told).sort()).toEqual([...expected].sort());
      }
    }),
    { numRuns: 300 },
  );
  if (hasSpdxTools) expect(spdxFaults(writeIn(temporaryDirectory(), 'all.spdx.json', written('spdx-json', documentWith(all.slice(0, 300), {}))))).toBe('');
});
