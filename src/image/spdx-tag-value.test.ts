import { expect, test } from 'vitest';
import { PortcullisError } from '../errors.ts';
import { readTagValue } from './spdx-tag-value.ts';

const head = 'SPDXVersion: SPDX-2.3\nDataLicense: CC0-1.0\nSPDXID: SPDXRef-DOCUMENT\nDocumentName: shop\nCreator: Tool: x-1\nCreator: Organization: y\n';
const read = (text: string) => readTagValue(text, 'a.spdx');
const refusal = (text: string): string => {
  try {
    read(text);
  } catch (error) {
    if (error instanceof PortcullisError) return `${error.code} ${error.message}`;
    throw error;
  }
  return 'nothing';
};

test('packages, relationships, licences and annotations, as JSON has them', () => {
  const text = `${head}
## Package
PackageName: libssl3
SPDXID: SPDXRef-a
PackageVersion: 3.0.11-1
PackageSourceInfo: <text>built package from: openssl 3.0.11-1
and more</text>
PackageLicenseDeclared: LicenseRef-1
PackageChecksum: SHA256: aa
PrimaryPackagePurpose: LIBRARY
FilesAnalyzed: false
ExternalRef: SECURITY cpe23Type cpe:2.3:a:b:c:*:*:*:*:*:*:*:*
ExternalRef: PACKAGE-MANAGER purl pkg:deb/debian/libssl3@3.0.11-1
ExternalRefComment: <text>x</text>
Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-a

FileName: ./b
SPDXID: SPDXRef-b
FileChecksum: SHA1: bb

LicenseID: LicenseRef-1
LicenseName: Commercial
ExtractedText: <text>one
two</text>

Annotator: Tool: x
AnnotationType: OTHER
SPDXREF: SPDXRef-a
AnnotationComment: <text>portcullis:package {}</text>
Annotator: Tool: x
SPDXREF: SPDXRef-DOCUMENT
AnnotationComment: <text>portcullis:platform linux/amd64</text>
Relationship: SPDXRef-a CONTAINS SPDXRef-b
`;
  for (const each of [text, text.replaceAll('\n', '\r\n')]) {
    const { content, doubts } = read(each);
    expect(doubts).toEqual([]);
    expect(content).toMatchObject({
      spdxVersion: 'SPDX-2.3',
      name: 'shop',
      creationInfo: { creators: ['Tool: x-1', 'Organization: y'] },
      packages: [
        {
          name: 'libssl3',
          SPDXID: 'SPDXRef-a',
          versionInfo: '3.0.11-1',
          sourceInfo: expect.stringMatching(/^built package from: openssl 3\.0\.11-1\r?\nand more$/),
          licenseDeclared: 'LicenseRef-1',
          checksums: [{ algorithm: 'SHA256', checksumValue: 'aa' }],
          primaryPackagePurpose: 'LIBRARY',
          externalRefs: [{ referenceType: 'cpe23Type' }, { referenceType: 'purl', referenceLocator: 'pkg:deb/debian/libssl3@3.0.11-1' }],
          annotations: [{ comment: 'portcullis:package {}' }],
        },
      ],
      annotations: [{ comment: 'portcullis:platform linux/amd64' }],
      hasExtractedLicensingInfos: [{ licenseId: 'LicenseRef-1', name: 'Commercial' }],
      relationships: [{ relatedSpdxElement: 'SPDXRef-a' }, { relationshipType: 'CONTAINS' }],
    });
  }
});

test.each([
  ['its last line has no end', `${head}PackageName: a\nSPDXID: SPDXRef-a\nPackageVer`.replace(/\n$/, ''), 'IMAGE_INVALID'],
  ['a text has no end', `${head}PackageName: a\nPackageComment: <text>x\n`, 'has no end'],
  ['a line is no tag', `${head}and then\n`, 'line 7'],
  ['a version twice', `${head}PackageName: a\nPackageVersion: 1\nPackageVersion: 2\n`, 'PackageVersion twice'],
  ['a name twice', `${head}DocumentName: y\n`, 'DocumentName twice'],
])('%s: refused', (_, text, words) => {
  expect(refusal(text)).toMatch(/^IMAGE_INVALID/);
  expect(refusal(text)).toContain(words);
});

test('what may have been cut off is said', () => {
  expect(read(`${head}PackageName: a`).doubts).toEqual(['its last line has no end, so it may have been cut off']);
  expect(read(`${head}Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-gone\n`).doubts).toEqual([
    'it speaks of SPDXRef-gone, which it does not hold, so it may have been cut off',
  ]);
  expect(read(`${head}Relationship: SPDXRef-DOCUMENT DESCRIBES NONE\nRelationship: SPDXRef-DOCUMENT COPY_OF DocumentRef-x:SPDXRef-y\n`).doubts).toEqual([]);
});

test('names of JavaScript are no tags', () => {
  expect(read(`${head}constructor: x\ntoString: y\nPackageName: a\nconstructor: z\n`).content).toMatchObject({ packages: [{ name: 'a' }] });
});
