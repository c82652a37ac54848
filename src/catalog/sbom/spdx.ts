import type { Package } from '../../model/index.ts';
import { takeOwnWord } from './own-words.ts';
import { asDigest, emptyReading, Faults, type Fields, fieldsIn, parsed, type SbomEntry, type SbomReading, short, text, texts } from './reading.ts';

/** `NOASSERTION` and `NONE` say nothing of a licence. */
function licensesOf({ licenseDeclared, licenseConcluded }: Fields): string[] {
  for (const value of [licenseDeclared, licenseConcluded]) {
    const found = text(value);
    if (found !== undefined && found !== 'NOASSERTION' && found !== 'NONE') return [found];
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

function entryOf(item: Fields): SbomEntry {
  const name = text(item.name) ?? '';
  const purl = purlOf(item);
  const details = parsed(ownWords(item).find(([word]) => word === 'portcullis:package')?.[1]);
  const source = sourceOf(item);
  return {
    label: purl ?? (name === '' ? 'a package without a name' : name),
    purl,
    names: [name],
    version: text(item.versionInfo) === 'NOASSERTION' ? undefined : text(item.versionInfo),
    licenses: licensesOf(item),
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

/** What stands for the image, or for a file in which packages were found: no package of its own. */
function isNoPackage(item: Fields, isSubject: boolean): boolean {
  const purl = purlOf(item);
  if (purl !== undefined) return /^pkg:(?:oci|docker)\//.test(purl);
  if (isSubject || noPackage.has(purposeOf(item))) return true;
  // Trivy lists the lock files and programs in which it found packages as applications.
  return item.primaryPackagePurpose === 'APPLICATION' && text(item.versionInfo) === undefined;
}

function takeSubject(reading: SbomReading, item: Fields): void {
  const version = text(item.versionInfo) ?? null;
  const sum = text(fieldsIn(item.checksums).find(({ algorithm }) => algorithm === 'SHA256')?.checksumValue);
  reading.subject = { name: text(item.name) ?? null, version, digest: asDigest(version) ?? asDigest(`sha256:${sum ?? ''}`) };
}

/** Reads SPDX 2.2 and 2.3, JSON. */
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
    if (purposeOf(fields) === 'OPERATING-SYSTEM') {
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
    if (!isNoPackage(fields, isSubject)) reading.entries.push(entryOf(fields));
  }
  return reading;
}
