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

interface Property {
  readonly name: string;
  readonly value: string;
}

/** The longest version that the schema takes; the purl has a longer one all the same. */
const LONGEST_VERSION = 1024;

/** The namespace or scope in its own field, as CycloneDX has it. */
function groupAndName({ type, name }: CatalogPackage): { group?: string; name: string } {
  const separator = type === 'maven' ? ':' : type === 'npm' || type === 'composer' ? '/' : undefined;
  const cut = separator === undefined ? -1 : name.lastIndexOf(separator);
  return cut <= 0 || cut === name.length - 1 ? { name } : { group: name.slice(0, cut), name: name.slice(cut + 1) };
}

const acknowledgement = 'declared';

/** One expression, one licence of SPDX's list, or each declaration by the name that it has. */
function licensesOf(item: CatalogPackage): object[] {
  const { licenseExpression } = item;
  if (licenseExpression !== null) {
    // What is one word and no reference is on the list: it would be no expression otherwise.
    const isId = /^[A-Za-z0-9.-]+$/.test(licenseExpression) && !licenseExpression.startsWith('LicenseRef-');
    return [isId ? { license: { id: licenseExpression, acknowledgement } } : { expression: licenseExpression, acknowledgement }];
  }
  return declaredLicenses(item).map((declaration) => {
    const { name, isCut } = licenseName(declaration);
    return { license: { name, acknowledgement, ...(isCut ? { text: { content: declaration } } : {}) } };
  });
}

function component(item: CatalogPackage, reference: string, image: ImageCatalog): object {
  const { type, version, locations, lockfile } = item;
  const licenses = licensesOf(item);
  const layerOf = (layer: number | undefined): string | undefined => {
    const found = image.layers.find(({ index }) => index === layer);
    return found === undefined ? undefined : `layer ${found.index}${found.diffId === null ? '' : ` ${found.diffId}`}`;
  };
  const occurrences = locations.map((location) => ({
    location: placeOf(location),
    line: location.line,
    additionalContext: layerOf(location.layer),
  }));
  return {
    type: type === 'generic' ? 'application' : 'library',
    'bom-ref': reference,
    ...groupAndName(item),
    ...(version === '' || version.length > LONGEST_VERSION ? {} : { version }),
    // What only a lock file names isn't installed.
    ...(lockfile ? { scope: 'optional' } : {}),
    ...(licenses.length === 0 ? {} : { licenses }),
    purl: purlWithSource(item),
    ...(occurrences.length === 0 ? {} : { evidence: { occurrences } }),
    properties: [{ name: 'portcullis:package', value: packageDetails(item) }],
  };
}

function operatingSystem({ distribution }: ImageCatalog): { reference: string; component: object } | undefined {
  if (distribution === null) return undefined;
  const { id, version, name } = distribution;
  const reference = `os:${id}@${version}`;
  return {
    reference,
    component: {
      type: 'operating-system',
      'bom-ref': reference,
      name: id,
      ...(version === '' || version.length > LONGEST_VERSION ? {} : { version }),
      ...(name === '' ? {} : { description: name }),
    },
  };
}

function imageComponent(image: ImageCatalog, reference: string): object {
  const { digest } = image;
  const version = subjectDigest(image);
  const purl = subjectPurl(image);
  const [algorithm, content] = (digest ?? '').split(':');
  return {
    type: 'container',
    'bom-ref': reference,
    name: subjectName(image),
    ...(version === null ? {} : { version }),
    ...(digest === null ? {} : { hashes: [{ alg: algorithm === 'sha512' ? 'SHA-512' : 'SHA-256', content }] }),
    ...(purl === null ? {} : { purl }),
  };
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

/** A reference for each package, its purl where no other has it. */
function referencesOf(packages: readonly CatalogPackage[]): string[] {
  const used = new Set<string>();
  const counts = new Map<string, number>();
  return packages.map(({ purl }) => {
    let count = counts.get(purl) ?? 0;
    let reference: string;
    do reference = ++count === 1 ? purl : `${purl}#${count}`;
    while (used.has(reference));
    counts.set(purl, count);
    used.add(reference);
    return reference;
  });
}

/** What holds what: the image everything, a distribution package what it brought. */
function dependenciesOf(root: string, system: string | undefined, packages: readonly CatalogPackage[], references: readonly string[]): object[] {
  const owners = new Map<string, string>();
  for (const [index, { purl }] of packages.entries()) if (!owners.has(purl)) owners.set(purl, references[index] as string);
  const held = new Map<string, string[]>([[root, system === undefined ? [] : [system]]]);
  for (const [index, { ownedBy }] of packages.entries()) {
    const own = references[index] as string;
    const named = ownedBy === null ? undefined : owners.get(ownedBy);
    const owner = named === undefined || named === own ? root : named;
    const list = held.get(owner);
    if (list === undefined) held.set(owner, [own]);
    else list.push(own);
  }
  return [...held].map(([ref, dependsOn]) => ({ ref, dependsOn }));
}

function bom(document: CatalogDocument, image: ImageCatalog): object {
  const root = `image:${subjectDigest(image) ?? image.reference}`;
  const packages = image.packages ?? [];
  const references = referencesOf(packages);
  const system = operatingSystem(image);
  const isIncomplete = image.problems.some(({ evidence }) => evidence === 'packages');
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${documentUuid(document, image)}`,
    version: 1,
    metadata: {
      timestamp: document.evaluatedAt,
      lifecycles: [{ phase: 'post-build' }],
      tools: { components: [{ type: 'application', name: document.tool.name, version: document.tool.version }] },
      component: imageComponent(image, root),
      properties: propertiesOf(image),
    },
    components: [...(system === undefined ? [] : [system.component]), ...packages.map((item, index) => component(item, references[index] as string, image))],
    dependencies: dependenciesOf(root, system?.reference, packages, references),
    compositions: [{ aggregate: isIncomplete ? 'incomplete' : 'complete', assemblies: [root] }],
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
