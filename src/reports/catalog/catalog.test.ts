import { describe, expect, test } from 'vitest';
import { PortcullisError } from '../../errors.ts';
import type { CatalogDocument } from '../../model/index.ts';
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
    ['an odd licence', { packages: [listedPackage({ licenses: ['', 'a', 'a', 'MIT'], licenseExpression: null })] }],
  ])('%s: valid by the schema', (_, changes) => {
    expect(cyclonedxFaults(json('cyclonedx-json', catalogDocumentWith(changes)))).toEqual([]);
  });

  test('the validator finds faults', () => {
    expect(cyclonedxFaults({ ...json('cyclonedx-json', document), serialNumber: 'x' })).not.toEqual([]);
    expect(cyclonedxFaults({ ...json('cyclonedx-json', document), bogus: 1 })).not.toEqual([]);
  });

  test('the serial number comes from the digest, references are unique, the time is that of the document', () => {
    const bom = json('cyclonedx-json', document);
    expect(bom.serialNumber).toBe('urn:uuid:a1a1a1a1-a1a1-81a1-a1a1-a1a1a1a1a1a1');
    const references = (bom.components as { 'bom-ref': string }[]).map((each) => each['bom-ref']);
    expect(new Set(references).size).toBe(references.length);
    expect((bom.metadata as { timestamp: string }).timestamp).toBe('2026-01-31T12:00:00.000Z');
    expect(json('cyclonedx-json', catalogDocumentWith({ digest: null, imageId: null })).serialNumber).toMatch(
      /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
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
    const related = (spdx.relationships as { relatedSpdxElement: string }[]).map(({ relatedSpdxElement }) => relatedSpdxElement);
    expect([...related].sort()).toEqual([...ids].sort());
  });
  test('a licence of the package itself is listed, one of another notation is not asserted', () => {
    expect(spdx.hasExtractedLicensingInfos).toMatchObject([{ licenseId: 'LicenseRef-mine' }]);
    const byName = new Map((spdx.packages as { name: string; licenseDeclared: string }[]).map((each) => [each.name, each.licenseDeclared]));
    expect(byName.get('libssl3')).toBe('NOASSERTION');
    expect(byName.get('org.example:orders')).toBe('MIT');
  });
  test('time in whole seconds, namespace from the digest', () => {
    expect(spdx.creationInfo).toMatchObject({ created: '2026-01-31T12:00:00Z' });
    expect(spdx.documentNamespace).toContain('a1a1a1a1-a1a1-81a1');
  });
});
