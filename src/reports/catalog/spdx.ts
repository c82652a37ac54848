import type { CatalogDocument, CatalogPackage, ImageCatalog } from '../../model/index.ts';
import { jsonPieces } from '../json-pieces.ts';
import { defineReporter } from '../reporter.ts';
import {
  declaredLicenses,
  documentUuid,
  licenseName,
  onlyImage,
  packageDetails,
  packageProblems,
  placeOf,
  purlWithSource,
  subjectDigest,
  subjectName,
  subjectPurl,
} from './identity.ts';

const root = 'SPDXRef-Image';
const none = { downloadLocation: 'NOASSERTION', filesAnalyzed: false, licenseConcluded: 'NOASSERTION', copyrightText: 'NOASSERTION' } as const;

/** SPDX takes whole seconds. */
const seconds = (time: string): string => time.replace(/\.\d+Z$/, 'Z');

type Annotate = (comment: string) => object;

/**
 * Licences that are on no list: SPDX refers to each by an id and wants its text (SPDX 2.3, section 10); what a package declares
 * is all the text that there is.
 */
class OtherLicenses {
  readonly #ids = new Map<string, string>();
  readonly #infos = new Map<string, object>();
  readonly #counts = new Map<string, number>();

  /** The id that stands for a declaration which is no expression. */
  idOf(declaration: string): string {
    const known = this.#ids.get(declaration);
    if (known !== undefined) return known;
    const { name } = licenseName(declaration);
    const stem = `LicenseRef-${name.replaceAll(/[^A-Za-z0-9.-]+/g, '-').slice(0, 60) || 'other'}`;
    let count = this.#counts.get(stem) ?? 0;
    let id: string;
    do id = ++count === 1 ? stem : `${stem}-${count}`;
    while (this.#infos.has(id));
    this.#counts.set(stem, count);
    this.#ids.set(declaration, id);
    this.#infos.set(id, { licenseId: id, extractedText: declaration, name });
    return id;
  }

  /** An id that an expression holds. */
  keep(id: string): void {
    if (!this.#infos.has(id)) this.#infos.set(id, { licenseId: id, extractedText: 'The text was not looked for.', name: id.slice('LicenseRef-'.length) });
  }

  list(): object[] {
    return [...this.#infos].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, info]) => info);
  }
}

/** References that only the packages themselves define; one into another document says nothing in this one. */
function referencesIn({ licenseExpression }: CatalogPackage): string[] {
  return licenseExpression === null || licenseExpression.includes('DocumentRef-') ? [] : (licenseExpression.match(/LicenseRef-[A-Za-z0-9.-]+/g) ?? []);
}

/** What a package declares, as SPDX can take it: an expression, or the one name that it has. How several go together would be a guess. */
function declared(item: CatalogPackage, others: OtherLicenses): { licenseDeclared: string; licenseComments?: string } {
  const { licenseExpression } = item;
  const [first, ...more] = declaredLicenses(item);
  if (licenseExpression !== null && !licenseExpression.includes('DocumentRef-')) return { licenseDeclared: licenseExpression };
  if (first === undefined) return { licenseDeclared: 'NOASSERTION' };
  if (more.length === 0) return { licenseDeclared: others.idOf(first) };
  return { licenseDeclared: 'NOASSERTION', licenseComments: `declared as: ${[first, ...more].join(', ')}` };
}

function packageOf(item: CatalogPackage, id: string, others: OtherLicenses, annotate: Annotate): object {
  const { name, version, source, locations } = item;
  const places = locations.length === 0 ? [] : [`read from: ${locations.map(placeOf).join(', ')}`];
  const builtFrom = source === null ? [] : [`built package from: ${source.name}${source.version === '' ? '' : ` ${source.version}`}`];
  const sourceInfo = [...places, ...builtFrom].join('; ');
  return {
    SPDXID: id,
    name: name === '' ? 'NOASSERTION' : name,
    ...(version === '' ? {} : { versionInfo: version }),
    ...none,
    ...declared(item, others),
    ...(sourceInfo === '' ? {} : { sourceInfo }),
    externalRefs: [{ referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: purlWithSource(item) }],
    annotations: [annotate(`portcullis:package ${packageDetails(item)}`)],
  };
}

function imagePackage(image: ImageCatalog): object {
  const { digest } = image;
  const version = subjectDigest(image);
  const purl = subjectPurl(image);
  const [algorithm, checksumValue] = (digest ?? '').split(':');
  return {
    SPDXID: root,
    name: subjectName(image),
    ...(version === null ? {} : { versionInfo: version }),
    ...none,
    licenseDeclared: 'NOASSERTION',
    ...(digest === null ? {} : { checksums: [{ algorithm: algorithm === 'sha512' ? 'SHA512' : 'SHA256', checksumValue }] }),
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
      primaryPackagePurpose: 'OPERATING_SYSTEM',
    },
  ];
}

/** The image contains all, a distribution package what it brought. */
function containments(packages: readonly CatalogPackage[], ids: readonly string[]): object[] {
  const owners = new Map<string, string>();
  for (const [index, { purl }] of packages.entries()) if (!owners.has(purl)) owners.set(purl, ids[index] as string);
  return packages.flatMap(({ ownedBy }, index) => {
    const owner = ownedBy === null ? undefined : owners.get(ownedBy);
    const id = ids[index] as string;
    return (owner === undefined || owner === id ? [root] : [root, owner]).map((holder) => contains(holder, id));
  });
}

function contains(holder: string, held: string): object {
  return { spdxElementId: holder, relationshipType: 'CONTAINS', relatedSpdxElement: held };
}

function documentOf(document: CatalogDocument, image: ImageCatalog): object {
  const created = seconds(document.evaluatedAt);
  const tool = `Tool: ${document.tool.name}-${document.tool.version}`;
  const annotate: Annotate = (comment) => ({ annotationDate: created, annotationType: 'OTHER', annotator: tool, comment });
  const packages = image.packages ?? [];
  const ids = packages.map((_, index) => `SPDXRef-Package-${index + 1}`);
  const system = operatingSystem(image);
  const others = new OtherLicenses();
  for (const item of packages) for (const id of referencesIn(item)) others.keep(id);
  const listed = packages.map((item, index) => packageOf(item, ids[index] as string, others, annotate));
  const otherLicenses = others.list();
  return {
    spdxVersion: 'SPDX-2.3',
    dataLicense: 'CC0-1.0',
    SPDXID: 'SPDXRef-DOCUMENT',
    name: subjectName(image),
    documentNamespace: `https://spdx.org/spdxdocs/portcullis-${documentUuid(document, image)}`,
    creationInfo: { created, creators: [tool] },
    packages: [imagePackage(image), ...system, ...listed],
    ...(otherLicenses.length === 0 ? {} : { hasExtractedLicensingInfos: otherLicenses }),
    relationships: [
      { spdxElementId: 'SPDXRef-DOCUMENT', relationshipType: 'DESCRIBES', relatedSpdxElement: root },
      ...system.map(() => contains(root, 'SPDXRef-OperatingSystem')),
      ...containments(packages, ids),
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
