import type { Package } from '../../model/index.ts';
import { takeOwnWord } from './own-words.ts';
import { isOfEcosystem, isPackage } from './package-type.ts';
import { asDigest, countAside, emptyReading, Faults, type Fields, fieldsIn, parsed, type SbomEntry, type SbomReading, short, text, texts } from './reading.ts';

/** What licences that are on no list are called (SPDX 2.3, section 10). */
function licenseNames(content: Fields): ReadonlyMap<string, string> {
  const named = fieldsIn(content.hasExtractedLicensingInfos).flatMap(({ licenseId, name }) => {
    const [id, word] = [text(licenseId), text(name)];
    return id === undefined || word === undefined || word === 'NOASSERTION' ? [] : [[id, word] as const];
  });
  return new Map(named);
}

/** An expression, with what its references are called; `NOASSERTION` and `NONE` say nothing of a licence. */
function licensesOf({ licenseDeclared, licenseConcluded }: Fields, names: ReadonlyMap<string, string>): string[] {
  for (const value of [licenseDeclared, licenseConcluded]) {
    const found = text(value);
    if (found === undefined || found === 'NOASSERTION' || found === 'NONE') continue;
    const own = names.get(found);
    if (own !== undefined) return [own];
    return [found, ...new Set((found.match(/LicenseRef-[A-Za-z0-9.-]+/g) ?? []).flatMap((id) => names.get(id) ?? []))];
  }
  return [];
}

function purlOf(item: Fields): string | undefined {
  const references = fieldsIn(item.externalRefs).filter(
    ({ referenceType }) => referenceType === 'purl' || referenceType === 'http://spdx.org/rdf/references/purl',
  );
  return text(references[0]?.referenceLocator);
}

/** Trivy and Portcullis write the source package there: `built package from: openssl 3.0.11-1`. */
function sourceOf({ sourceInfo }: Fields): Package['source'] {
  const found = /built package from: (\S+)(?: ([^\s;,]+))?/.exec((text(sourceInfo) ?? '').slice(-1000));
  return found === null ? null : { name: found[1] as string, version: found[2] ?? '' };
}

function ownWords(item: Fields): (readonly [name: string, value: string])[] {
  return fieldsIn(item.annotations).flatMap(({ comment }) => {
    const found = /^(portcullis:\w+) (.*)$/s.exec(text(comment) ?? '');
    return found === null ? [] : [[found[1] as string, found[2] as string] as const];
  });
}

function entryOf(item: Fields, names: ReadonlyMap<string, string>): SbomEntry {
  const name = text(item.name) ?? '';
  const purl = purlOf(item);
  const details = parsed(ownWords(item).find(([word]) => word === 'portcullis:package')?.[1]);
  const source = sourceOf(item);
  return {
    label: purl ?? (name === '' ? 'a package without a name' : name),
    purl,
    names: [name],
    version: text(item.versionInfo) === 'NOASSERTION' ? undefined : text(item.versionInfo),
    licenses: licensesOf(item, names),
    locations: [],
    ...(source === null ? {} : { source }),
    ...(details === undefined ? {} : { details }),
  };
}

/** The ids of what the document describes (SPDX 2.3, section 11.1). */
function described(content: Fields): Set<string> {
  const ids = fieldsIn(content.relationships).flatMap(({ spdxElementId, relationshipType, relatedSpdxElement }) => {
    if (relationshipType === 'DESCRIBES' && spdxElementId === 'SPDXRef-DOCUMENT') return [text(relatedSpdxElement)];
    if (relationshipType === 'DESCRIBED_BY' && relatedSpdxElement === 'SPDXRef-DOCUMENT') return [text(spdxElementId)];
    return [];
  });
  return new Set([...texts(content.documentDescribes), ...ids.filter((id) => id !== undefined)]);
}

const noPackage: ReadonlySet<unknown> = new Set(['CONTAINER', 'OPERATING-SYSTEM', 'SOURCE', 'FILE', 'DEVICE', 'FIRMWARE']);

/** The specification writes `OPERATING-SYSTEM`, the JSON schema `OPERATING_SYSTEM`. */
function purposeOf({ primaryPackagePurpose: purpose }: Fields): unknown {
  return typeof purpose === 'string' ? purpose.replaceAll('_', '-') : purpose;
}

/** Before SPDX 2.3 nothing but Trivy's and apko's ids says what is no package. */
function isSystem(item: Fields): boolean {
  return purposeOf(item) === 'OPERATING-SYSTEM' || (purlOf(item) === undefined && text(item.SPDXID)?.startsWith('SPDXRef-OperatingSystem') === true);
}

/** The ids of what packages were made from: sources, which are not in the image. */
function origins(relationships: unknown): Set<string> {
  const ids = fieldsIn(relationships).flatMap(({ spdxElementId, relationshipType, relatedSpdxElement }) => {
    if (relationshipType === 'GENERATED_FROM') return [text(relatedSpdxElement)];
    if (relationshipType === 'GENERATES') return [text(spdxElementId)];
    // apko and melange write it so of the recipe that a package was built by.
    return relationshipType === 'DESCRIBED_BY' && relatedSpdxElement !== 'SPDXRef-DOCUMENT' ? [text(relatedSpdxElement)] : [];
  });
  return new Set(ids.filter((id) => id !== undefined));
}

/** What stands for the image, a layer of it, or for a file in which packages were found: no package of its own. */
function isNoPackage(item: Fields, isSubject: boolean, isOrigin: boolean): boolean {
  const purl = purlOf(item);
  if (purl !== undefined) return (isSubject && !isPackage(purl)) || (isOrigin && !isOfEcosystem(purl));
  if (isSubject || noPackage.has(purposeOf(item))) return true;
  if (text(item.versionInfo) !== undefined) return false;
  // Trivy lists the lock files and programs in which it found packages as applications, Tern and bom the layers by their digests.
  const isHolder = purposeOf(item) === 'APPLICATION' || text(item.SPDXID)?.startsWith('SPDXRef-Application-') === true;
  return isHolder || /^(?:sha256:)?[0-9a-f]{64}(?:\.tar(?:\.gz)?)?$/.test(text(item.name) ?? '');
}

function takeSubject(reading: SbomReading, item: Fields): void {
  const version = text(item.versionInfo) ?? null;
  const sum = text(fieldsIn(item.checksums).find(({ algorithm }) => algorithm === 'SHA256')?.checksumValue);
  reading.subject = { name: text(item.name) ?? null, version, digest: asDigest(version) ?? asDigest(`sha256:${sum ?? ''}`) };
}

/** Reads SPDX 2.2 and 2.3 as JSON has it. */
export function readSpdx(content: Fields): SbomReading {
  const reading = emptyReading(String(content.spdxVersion));
  const faults = new Faults(reading.problems);
  const creation = content.creationInfo as Fields | undefined;
  const tool = texts(creation?.creators).find((creator) => creator.startsWith('Tool: '));
  reading.generator = tool === undefined ? null : tool.slice('Tool: '.length);
  reading.subject = { ...reading.subject, name: text(content.name) ?? null };
  for (const [name, value] of ownWords(content)) takeOwnWord(reading, name, value);
  if (!Array.isArray(content.packages)) faults.add('unreadable', 'packages', 'the SBOM', 'it has no list of packages');
  const subjects = described(content);
  const made = origins(content.relationships);
  const names = licenseNames(content);
  if (fieldsIn(content.externalDocumentRefs).length > 0) reading.lacks = 'it refers to other documents, which are not read';
  const seen = new Set<string>();
  for (const item of Array.isArray(content.packages) ? content.packages : []) {
    if (typeof item !== 'object' || item === null || Array.isArray(item)) {
      faults.add('unreadable', 'package', 'a package of the SBOM', 'it is not an object');
      continue;
    }
    const fields = item as Fields;
    const id = text(fields.SPDXID);
    if (id !== undefined) {
      if (seen.has(id)) faults.add('contradiction', `id ${id}`, short(id), 'the SBOM has several packages of this SPDXID');
      seen.add(id);
    }
    const isSubject = id !== undefined && subjects.has(id);
    if (isSubject) takeSubject(reading, fields);
    if (isSystem(fields)) {
      const name = text(fields.name);
      if (name !== undefined)
        reading.systems.push({
          id: name.toLowerCase(),
          version: text(fields.versionInfo) ?? '',
          name: text(fields.description) ?? '',
          like: [],
          codename: null,
        });
      continue;
    }
    if (!isNoPackage(fields, isSubject, id !== undefined && made.has(id))) reading.entries.push(entryOf(fields, names));
    else if (!isSubject) countAside(reading, 'layer, source or file');
  }
  return reading;
}
