import type { CatalogDocument, CatalogPackage, ImageCatalog } from '../../model/index.ts';
import { jsonPieces } from '../json-pieces.ts';
import { defineReporter } from '../reporter.ts';
import { documentUuid, onlyImage, packageDetails, packageProblems, subjectName, subjectPurl } from './identity.ts';

const root = 'SPDXRef-Image';
const none = { downloadLocation: 'NOASSERTION', filesAnalyzed: false, licenseConcluded: 'NOASSERTION', copyrightText: 'NOASSERTION' } as const;

/** SPDX takes whole seconds. */
const seconds = (time: string): string => time.replace(/\.\d+Z$/, 'Z');

interface Writing {
  readonly annotate: (comment: string) => object;
}

/** A declaration that SPDX can take: an expression without references into other documents. */
function declared({ licenseExpression }: CatalogPackage): string {
  return licenseExpression === null || licenseExpression.includes('DocumentRef-') ? 'NOASSERTION' : licenseExpression;
}

function packageOf(item: CatalogPackage, id: string, { annotate }: Writing): object {
  const { name, version, purl, source, licenses, licenseExpression, locations } = item;
  const builtFrom = source === null ? '' : `; built package from: ${source.name}${source.version === '' ? '' : ` ${source.version}`}`;
  const places = locations.map(({ path, member }) => (member === undefined ? path : `${path}!/${member}`));
  return {
    SPDXID: id,
    name: name === '' ? 'NOASSERTION' : name,
    ...(version === '' ? {} : { versionInfo: version }),
    ...none,
    licenseDeclared: declared(item),
    ...(licenseExpression === null && licenses.length > 0 ? { licenseComments: `declared as: ${licenses.join(', ')}` } : {}),
    ...(places.length === 0 && builtFrom === '' ? {} : { sourceInfo: `read from: ${places.join(', ')}${builtFrom}` }),
    externalRefs: [{ referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: purl }],
    annotations: [annotate(`portcullis:package ${packageDetails(item)}`)],
  };
}

function imagePackage(image: ImageCatalog): object {
  const digest = image.digest ?? image.imageId;
  const purl = subjectPurl(image);
  const [algorithm, hex] = (digest ?? '').split(':');
  return {
    SPDXID: root,
    name: subjectName(image),
    ...(digest === null ? {} : { versionInfo: digest, checksums: [{ algorithm: algorithm === 'sha512' ? 'SHA512' : 'SHA256', checksumValue: hex }] }),
    ...none,
    licenseDeclared: 'NOASSERTION',
    primaryPackagePurpose: 'CONTAINER',
    ...(purl === null ? {} : { externalRefs: [{ referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: purl }] }),
  };
}

function operatingSystem({ distribution }: ImageCatalog): object[] {
  if (distribution === null) return [];
  return [
    {
      SPDXID: 'SPDXRef-OperatingSystem',
      name: distribution.id,
      ...(distribution.version === '' ? {} : { versionInfo: distribution.version }),
      ...none,
      licenseDeclared: 'NOASSERTION',
      ...(distribution.name === '' ? {} : { description: distribution.name }),
      primaryPackagePurpose: 'OPERATING-SYSTEM',
    },
  ];
}

/** Licences that only the packages themselves define must be listed (SPDX 2.3, section 10). */
function extractedLicences(packages: readonly CatalogPackage[]): object[] {
  const ids = new Set(packages.flatMap((item) => declared(item).match(/LicenseRef-[A-Za-z0-9.-]+/g) ?? []));
  return [...ids].sort().map((licenseId) => ({ licenseId, extractedText: 'The text was not looked for.', name: licenseId.slice('LicenseRef-'.length) }));
}

function documentOf(document: CatalogDocument, image: ImageCatalog): object {
  const created = seconds(document.evaluatedAt);
  const tool = `Tool: ${document.tool.name}-${document.tool.version}`;
  const annotate = (comment: string): object => ({ annotationDate: created, annotationType: 'OTHER', annotator: tool, comment });
  const packages = image.packages ?? [];
  const ids = packages.map((_, index) => `SPDXRef-Package-${index + 1}`);
  const system = operatingSystem(image);
  const extracted = extractedLicences(packages);
  const contains = [...system.map(() => 'SPDXRef-OperatingSystem'), ...ids];
  return {
    spdxVersion: 'SPDX-2.3',
    dataLicense: 'CC0-1.0',
    SPDXID: 'SPDXRef-DOCUMENT',
    name: subjectName(image),
    documentNamespace: `https://spdx.org/spdxdocs/portcullis-${documentUuid(image)}`,
    creationInfo: { created, creators: [tool] },
    packages: [imagePackage(image), ...system, ...packages.map((item, index) => packageOf(item, ids[index] as string, { annotate }))],
    ...(extracted.length === 0 ? {} : { hasExtractedLicensingInfos: extracted }),
    relationships: [
      { spdxElementId: 'SPDXRef-DOCUMENT', relationshipType: 'DESCRIBES', relatedSpdxElement: root },
      ...contains.map((id) => ({ spdxElementId: root, relationshipType: 'CONTAINS', relatedSpdxElement: id })),
    ],
    annotations: [
      annotate(`portcullis:platform ${image.platform}`),
      ...(image.imageId === null ? [] : [annotate(`portcullis:imageId ${image.imageId}`)]),
      ...image.tags.map((tag) => annotate(`portcullis:tag ${tag}`)),
      ...image.layers.map((layer) => annotate(`portcullis:layer ${JSON.stringify(layer)}`)),
      annotate(`portcullis:searched ${(image.searched ?? []).join(',')}`),
      ...packageProblems(image).map((problem) => annotate(`portcullis:problem ${JSON.stringify(problem)}`)),
    ],
  };
}

/** SPDX 2.3 (JSON) of one image; nothing for several. The same image and time give the same text. */
export const catalogSpdx = defineReporter<CatalogDocument>({
  name: 'spdx-json',
  summary: 'An SBOM in SPDX 2.3.',
  mediaType: 'application/spdx+json',
  *render(document) {
    const image = onlyImage(document);
    if (image === undefined) return;
    yield* jsonPieces(documentOf(document, image), 2);
    yield '\n';
  },
});
