import { describe, expect, test } from 'vitest';
import { PortcullisError } from '../../errors.ts';
import type { CatalogDocument, CatalogPackage, ImageCatalog } from '../../model/index.ts';
import { catalogDocumentWith, cyclonedxFaults, listedPackage } from './catalog.fixture.ts';
import { catalogReporterNamed, catalogReporters } from './index.ts';

const options = { color: false, width: 100, verbose: false, showExcepted: false, showIds: false };
const text = (name: string, document: CatalogDocument, changes: Partial<typeof options> = {}): string =>
  [...catalogReporterNamed(name).render(document, { ...options, ...changes })].join('');
const json = (name: string, document: CatalogDocument): Record<string, unknown> => JSON.parse(text(name, document)) as Record<string, unknown>;
const document = catalogDocumentWith();
const failed: CatalogDocument = {
  ...document,
  images: [{ reference: 'gone.tar', error: { code: 'IMAGE_NOT_FOUND', message: 'No image lies there.', hint: null } }],
};

test.each(catalogReporters.map(({ name }) => name))('%s: no character of the image moves a cursor, and the same document gives the same text', (name) => {
  for (const verbose of [false, true]) {
    const once = text(name, document, { verbose });
    expect(once).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
    expect(once.split('\n').filter((line) => /^\s*::/.test(line))).toEqual([]);
    expect(text(name, catalogDocumentWith(), { verbose })).toBe(once);
    expect(once.endsWith('\n')).toBe(true);
  }
});

test('an unknown format is refused with the known ones', () => {
  expect(() => catalogReporterNamed('xml')).toThrow(PortcullisError);
});

test('json is the document itself', () => {
  const wellFormed = (_: string, value: unknown): unknown => (typeof value === 'string' ? value.replaceAll(/\p{Cs}/gu, '\ufffd') : value);
  expect(json('json', document)).toEqual(JSON.parse(JSON.stringify(document, wellFormed)));
});

test('purls: one a line, each once', () => {
  const lines = text('purls', document).trimEnd().split('\n');
  expect(lines).toEqual([...new Set(lines)].sort());
  expect(lines).toContain('pkg:maven/org.example/orders@1.0');
  expect(text('purls', failed)).toBe('');
});

describe('table', () => {
  test('says what could not be read', () => {
    expect(text('table', document)).toContain('/app/broken.jar: it is damaged');
    expect(text('table', failed)).toContain('No image lies there.');
  });
  test('with -v the line that brought a package, and its source', () => {
    expect(text('table', document, { verbose: true, width: 200 })).toContain('made by ADD file:abc in /');
    expect(text('table', document, { verbose: true, width: 200 })).toContain('source openssl 3.0.11-1~deb12u2');
  });
  test.each([20, 80, 200])('no line is wider than %i columns or what its words need', (width) => {
    for (const line of text('table', document, { width }).split('\n')) expect(line.length).toBeLessThanOrEqual(Math.max(width, 60));
  });
});

describe('cyclonedx-json', () => {
  test.each([
    ['an image', {}],
    ['a directory', { digest: null, imageId: null, tags: [], distribution: null, verified: false }],
    ['nothing in it', { packages: [] }],
    ['a rolling distribution', { distribution: { id: 'arch', version: '', name: '' } }],
    ['odd licences', { packages: [listedPackage({ licenses: ['', ' ', 'a', 'a', 'MIT', 'x'.repeat(5000), 'A\nB'], licenseExpression: null })] }],
    ['a licence of the list', { packages: [listedPackage({ licenses: ['0BSD'], licenseExpression: '0BSD' })] }],
    ['a version longer than the schema takes', { packages: [listedPackage({ version: '1'.repeat(2000), purl: `pkg:npm/left-pad@${'1'.repeat(2000)}` })] }],
    ['halves of surrogate pairs', { tags: ['\ud800/\udc00:\ud800'], packages: [listedPackage({ name: '\ud800', source: { name: '\udfff', version: '' } })] }],
    ['a reference of nothing but slashes', { reference: '//', tags: [''], digest: null, imageId: null }],
  ])('%s: valid by the schema', (_, changes) => {
    expect(cyclonedxFaults(json('cyclonedx-json', catalogDocumentWith(changes)))).toEqual([]);
  });

  test('the validator finds faults', () => {
    expect(cyclonedxFaults({ ...json('cyclonedx-json', document), serialNumber: 'x' })).not.toEqual([]);
    expect(cyclonedxFaults({ ...json('cyclonedx-json', document), bogus: 1 })).not.toEqual([]);
  });

  test('another content has another serial number, the same has the same', () => {
    const serial = (changes: Partial<ImageCatalog>, more: Partial<CatalogDocument> = {}): unknown =>
      json('cyclonedx-json', { ...catalogDocumentWith(changes), ...more }).serialNumber;
    const serials = [
      serial({}),
      serial({ digest: null }),
      serial({ digest: null, imageId: null }),
      serial({ packages: [] }),
      serial({ problems: [] }),
      serial({}, { evaluatedAt: '2026-02-01T00:00:00.000Z' }),
      serial({}, { tool: { name: 'portcullis', version: '0.2.0' } }),
    ];
    expect(new Set(serials).size).toBe(serials.length);
    for (const each of serials) expect(each).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(serial({})).toBe(serials[0]);
    expect((json('cyclonedx-json', document).metadata as { timestamp: string }).timestamp).toBe('2026-01-31T12:00:00.000Z');
  });

  test('every reference is unique and every dependency leads to one', () => {
    const twice = 'pkg:npm/x@1#2';
    const bom = json(
      'cyclonedx-json',
      catalogDocumentWith({
        packages: [
          ...['pkg:npm/x@1', twice, 'pkg:npm/x@1', twice, 'pkg:npm/x@1'].map((purl) => listedPackage({ purl, ownedBy: 'pkg:deb/debian/node-x@1' })),
          listedPackage({ purl: 'pkg:deb/debian/node-x@1', ownedBy: 'pkg:deb/debian/node-x@1' }),
          listedPackage({ purl: 'pkg:npm/y@1', ownedBy: 'pkg:deb/debian/gone@1' }),
        ],
      }),
    );
    const references = (bom.components as { 'bom-ref': string }[]).map((each) => each['bom-ref']);
    expect(new Set(references).size).toBe(references.length);
    const [root, owner] = bom.dependencies as { ref: string; dependsOn: string[] }[];
    expect(root).toEqual({ ref: `image:sha256:${'a1'.repeat(32)}`, dependsOn: ['os:debian@12', 'pkg:deb/debian/node-x@1', 'pkg:npm/y@1'] });
    expect(owner).toEqual({ ref: 'pkg:deb/debian/node-x@1', dependsOn: references.filter((each) => each.startsWith('pkg:npm/x')) });
  });

  const component = (changes: Partial<CatalogPackage>): unknown =>
    (json('cyclonedx-json', catalogDocumentWith({ distribution: null, packages: [listedPackage(changes)] })).components as object[])[0];
  test.each([
    ['one of the list', ['MIT'], 'MIT', [{ license: { id: 'MIT', acknowledgement: 'declared' } }]],
    ['an expression', ['MIT OR X'], 'MIT OR 0BSD', [{ expression: 'MIT OR 0BSD', acknowledgement: 'declared' }]],
    ['one of its own', ['LicenseRef-x'], 'LicenseRef-x', [{ expression: 'LicenseRef-x', acknowledgement: 'declared' }]],
    [
      'names',
      ['GPL-2+', 'Artistic', 'GPL-2+'],
      null,
      [{ license: { name: 'GPL-2+', acknowledgement: 'declared' } }, { license: { name: 'Artistic', acknowledgement: 'declared' } }],
    ],
    [
      'a text',
      ['The X License\nPermission …'],
      null,
      [{ license: { name: 'The X License', acknowledgement: 'declared', text: { content: 'The X License\nPermission …' } } }],
    ],
    ['none', [' '], null, undefined],
  ])('licences: %s', (_, licenses, licenseExpression, expected) => {
    expect(component({ licenses, licenseExpression })).toHaveProperty('type', 'library');
    expect((component({ licenses, licenseExpression }) as { licenses?: unknown }).licenses).toEqual(expected);
  });

  test.each([
    [
      'deb of a source of another name',
      { type: 'deb', purl: 'pkg:deb/debian/libssl3@3?arch=amd64', name: 'libssl3', version: '3', source: { name: 'openssl', version: '3' } },
      '?arch=amd64&upstream=openssl',
    ],
    [
      'deb of a source of another version',
      { type: 'deb', purl: 'pkg:deb/debian/libssl3@3', name: 'libssl3', version: '3', source: { name: 'openssl', version: '1:3' } },
      '?upstream=openssl%401%3A3',
    ],
    ['deb of its own source', { type: 'deb', purl: 'pkg:deb/debian/bash@5', name: 'bash', version: '5', source: { name: 'bash', version: '5' } }, ''],
    [
      'rpm',
      { type: 'rpm', purl: 'pkg:rpm/rhel/libs@3-1?epoch=1', name: 'libs', version: '1:3-1', source: { name: 'lib', version: '1:3-1' } },
      '?epoch=1&upstream=lib-3-1.src.rpm',
    ],
    ['one that has it', { type: 'deb', purl: 'pkg:deb/debian/a@1?upstream=b', name: 'a', version: '1', source: { name: 'b', version: '1' } }, '?upstream=b'],
  ] as const)('the purl names the source package: %s', (_, changes, end) => {
    const { purl } = component(changes) as { purl: string };
    expect(purl).toBe(`${changes.purl.split('?')[0]}${end}`);
  });

  test('what lies in a lock file alone is optional, where a package lies is said with its layer, a program is one', () => {
    expect(component({ lockfile: true })).toMatchObject({ scope: 'optional' });
    expect(component({})).not.toHaveProperty('scope');
    expect(component({})).toMatchObject({
      evidence: { occurrences: [{ location: '/app/node_modules/left-pad/package.json', additionalContext: `layer 1 sha256:${'d4'.repeat(32)}` }] },
    });
    expect(component({ type: 'generic', purl: 'pkg:generic/nginx@1' })).toMatchObject({ type: 'application' });
  });

  test.each([
    [['registry.example:5000/team/Shop:1.0'], 'pkg:oci/shop@DIGEST?arch=amd64&repository_url=registry.example%3A5000%2Fteam%2FShop&tag=1.0'],
    [['localhost/a@sha256:00'], 'pkg:oci/a@DIGEST?arch=amd64&repository_url=localhost%2Fa'],
    [['nginx:1.27'], 'pkg:oci/nginx@DIGEST?arch=amd64&tag=1.27'],
    [['team/nginx'], 'pkg:oci/nginx@DIGEST?arch=amd64'],
    [[], undefined],
  ])('the image named %j', (tags, purl) => {
    const { component: image } = json('cyclonedx-json', catalogDocumentWith({ tags })).metadata as { component: object };
    const digest = 'a1'.repeat(32);
    expect(image).toMatchObject({ type: 'container', version: `sha256:${digest}`, hashes: [{ alg: 'SHA-256', content: digest }] });
    expect((image as { purl?: string }).purl).toBe(purl?.replace('DIGEST', `sha256%3A${digest}`));
    expect(json('cyclonedx-json', catalogDocumentWith({ tags, digest: null })).metadata).not.toHaveProperty('component.hashes');
  });

  test('of an SBOM the image that it claims', () => {
    const input = {
      kind: 'sbom',
      format: 'SPDX-2.3',
      generator: null,
      subject: { name: 'shop', version: '1', digest: `sha256:${'e5'.repeat(32)}` },
      notes: [],
    } as const;
    const { component: image } = json('cyclonedx-json', catalogDocumentWith({ tags: [], digest: null, imageId: null, input })).metadata as {
      component: object;
    };
    expect(image).toMatchObject({ name: 'shop', version: input.subject.digest });
    expect(image).not.toHaveProperty('hashes');
  });

  test('what could not be read makes it incomplete', () => {
    expect(json('cyclonedx-json', document).compositions).toMatchObject([{ aggregate: 'incomplete' }]);
    expect(json('cyclonedx-json', catalogDocumentWith({ problems: [] })).compositions).toMatchObject([{ aggregate: 'complete' }]);
  });
});

describe('spdx-json', () => {
  const spdx = json('spdx-json', document);
  test('every id is unique and every relationship leads to one', () => {
    const ids = (spdx.packages as { SPDXID: string }[]).map(({ SPDXID }) => SPDXID);
    expect(new Set(ids).size).toBe(ids.length);
    const relationships = spdx.relationships as { spdxElementId: string; relationshipType: string; relatedSpdxElement: string }[];
    expect(relationships.map(({ relatedSpdxElement }) => relatedSpdxElement).sort()).toEqual([...ids].sort());
    expect(relationships[0]).toEqual({ spdxElementId: 'SPDXRef-DOCUMENT', relationshipType: 'DESCRIBES', relatedSpdxElement: 'SPDXRef-Image' });
    expect(new Set(relationships.slice(1).map(({ spdxElementId }) => spdxElementId))).toEqual(new Set(['SPDXRef-Image']));
  });
  test('a distribution package contains what it brought', () => {
    const owner = 'pkg:deb/debian/node-pad@1';
    const packages = [listedPackage({ purl: owner }), listedPackage({ ownedBy: owner })];
    expect(json('spdx-json', catalogDocumentWith({ packages, distribution: null })).relationships).toContainEqual({
      spdxElementId: 'SPDXRef-Package-1',
      relationshipType: 'CONTAINS',
      relatedSpdxElement: 'SPDXRef-Package-2',
    });
  });
  test('a licence that is on no list is listed by its words, several are not put together', () => {
    const licences = (...licenses: string[]): Partial<CatalogPackage> => ({ licenses, licenseExpression: null });
    const packages = [
      listedPackage({ licenses: ['(MIT OR LicenseRef-mine)'], licenseExpression: '(MIT OR LicenseRef-mine)' }),
      listedPackage(licences('mine')),
      listedPackage(licences('Proprietär')),
      listedPackage(licences('Propriet?r')),
      listedPackage(licences('mine')),
      listedPackage(licences('The X License\nPermission …')),
      listedPackage(licences('GPL-2+', 'Artistic')),
      listedPackage(licences('')),
      listedPackage({ licenses: ['DocumentRef-a:LicenseRef-b'], licenseExpression: 'DocumentRef-a:LicenseRef-b' }),
    ];
    const written = json('spdx-json', catalogDocumentWith({ packages, distribution: null }));
    const [, ...listed] = written.packages as { licenseDeclared: string; licenseComments?: string }[];
    expect(listed.map(({ licenseDeclared }) => licenseDeclared)).toEqual([
      '(MIT OR LicenseRef-mine)',
      'LicenseRef-mine-2',
      'LicenseRef-Propriet-r',
      'LicenseRef-Propriet-r-2',
      'LicenseRef-mine-2',
      'LicenseRef-The-X-License',
      'NOASSERTION',
      'NOASSERTION',
      'LicenseRef-DocumentRef-a-LicenseRef-b',
    ]);
    expect(listed[6]?.licenseComments).toBe('declared as: GPL-2+, Artistic');
    expect(written.hasExtractedLicensingInfos).toContainEqual({
      licenseId: 'LicenseRef-The-X-License',
      extractedText: 'The X License\nPermission …',
      name: 'The X License',
    });
    expect((written.hasExtractedLicensingInfos as object[]).length).toBe(6);
  });
  test('time in whole seconds, another namespace for another content', () => {
    expect(spdx.creationInfo).toMatchObject({ created: '2026-01-31T12:00:00Z' });
    expect(spdx.documentNamespace).toMatch(/^https:\/\/spdx\.org\/spdxdocs\/portcullis-[0-9a-f-]{36}$/);
    expect(json('spdx-json', catalogDocumentWith({ packages: [] })).documentNamespace).not.toBe(spdx.documentNamespace);
  });
});
