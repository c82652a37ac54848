import type { CatalogDocument, CatalogPackage, ImageCatalog } from '../../model/index.ts';
import { jsonPieces } from '../json-pieces.ts';
import { defineReporter } from '../reporter.ts';
import { documentUuid, onlyImage, packageDetails, packageProblems, subjectName, subjectPurl } from './identity.ts';

interface Property {
  readonly name: string;
  readonly value: string;
}

/** The namespace or scope in its own field, as CycloneDX has it. */
function groupAndName({ type, name }: CatalogPackage): { group?: string; name: string } {
  const separator = type === 'maven' ? ':' : type === 'npm' || type === 'composer' ? '/' : undefined;
  const cut = separator === undefined ? -1 : name.lastIndexOf(separator);
  return cut <= 0 || cut === name.length - 1 ? { name } : { group: name.slice(0, cut), name: name.slice(cut + 1) };
}

function component(item: CatalogPackage, reference: string): object {
  const { version, purl, licenseExpression, licenses, locations } = item;
  const declared =
    licenseExpression !== null
      ? [{ expression: licenseExpression }]
      : [...new Set(licenses)].filter((name) => name !== '').map((name) => ({ license: { name } }));
  return {
    type: 'library',
    'bom-ref': reference,
    ...groupAndName(item),
    ...(version === '' ? {} : { version }),
    ...(declared.length === 0 ? {} : { licenses: declared }),
    purl,
    ...(locations.length === 0
      ? {}
      : {
          evidence: {
            occurrences: locations.map(({ path, member, line }) => ({
              location: member === undefined ? path : `${path}!/${member}`,
              ...(line === undefined ? {} : { line }),
            })),
          },
        }),
    properties: [{ name: 'portcullis:package', value: packageDetails(item) }],
  };
}

function operatingSystem(image: ImageCatalog): object[] {
  const { distribution } = image;
  if (distribution === null) return [];
  const { id, version, name } = distribution;
  return [
    {
      type: 'operating-system',
      'bom-ref': `os:${id}@${version}`,
      name: id,
      ...(version === '' ? {} : { version }),
      ...(name === '' ? {} : { description: name }),
    },
  ];
}

function propertiesOf(image: ImageCatalog): Property[] {
  return [
    { name: 'portcullis:platform', value: image.platform },
    ...(image.imageId === null ? [] : [{ name: 'portcullis:imageId', value: image.imageId }]),
    ...image.tags.map((tag) => ({ name: 'portcullis:tag', value: tag })),
    ...image.layers.map((layer) => ({ name: 'portcullis:layer', value: JSON.stringify(layer) })),
    { name: 'portcullis:searched', value: (image.searched ?? []).join(',') },
    ...packageProblems(image).map((problem) => ({ name: 'portcullis:problem', value: JSON.stringify(problem) })),
  ];
}

function bom(document: CatalogDocument, image: ImageCatalog): object {
  const root = `image:${image.digest ?? image.imageId ?? image.reference}`;
  const purl = subjectPurl(image);
  const seen = new Map<string, number>();
  const components = (image.packages ?? []).map((item) => {
    const count = (seen.get(item.purl) ?? 0) + 1;
    seen.set(item.purl, count);
    return component(item, count === 1 ? item.purl : `${item.purl}#${count}`);
  });
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${documentUuid(image)}`,
    version: 1,
    metadata: {
      timestamp: document.evaluatedAt,
      tools: { components: [{ type: 'application', name: document.tool.name, version: document.tool.version }] },
      component: {
        type: 'container',
        'bom-ref': root,
        name: subjectName(image),
        ...(image.digest === null && image.imageId === null ? {} : { version: image.digest ?? image.imageId }),
        ...(purl === null ? {} : { purl }),
      },
      properties: propertiesOf(image),
    },
    components: [...operatingSystem(image), ...components],
    compositions: [{ aggregate: image.problems.some(({ evidence }) => evidence === 'packages') ? 'incomplete' : 'complete', assemblies: [root] }],
  };
}

/** CycloneDX 1.6 (ECMA-424) of one image; nothing for several. The same image and time give the same text. */
export const catalogCyclonedx = defineReporter<CatalogDocument>({
  name: 'cyclonedx-json',
  summary: 'An SBOM in CycloneDX 1.6.',
  mediaType: 'application/vnd.cyclonedx+json; version=1.6',
  *render(document) {
    const image = onlyImage(document);
    if (image === undefined) return;
    yield* jsonPieces(bom(document, image), 2);
    yield '\n';
  },
});
