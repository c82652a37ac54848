import { PortcullisError } from '../errors.ts';
import type { JsonObject } from './document.ts';

/** A document in another writing, as its JSON would be. */
export interface Rewritten {
  readonly content: JsonObject;
  /** Why not all of it may be there, a sentence each. */
  readonly doubts: readonly string[];
}

type Kind = 'document' | 'package' | 'file' | 'snippet' | 'license' | 'annotation' | 'review';

/** What a line begins: what follows belongs to it. */
const sections: Readonly<Record<string, Kind>> = {
  PackageName: 'package',
  FileName: 'file',
  SnippetSPDXID: 'snippet',
  SnippetSPDXIdentifier: 'snippet',
  LicenseID: 'license',
  Annotator: 'annotation',
  Reviewer: 'review',
};

/** Tags of a package whose values are taken over as they are, and what JSON calls them. */
const packageMembers: Readonly<Record<string, string>> = {
  PackageName: 'name',
  SPDXID: 'SPDXID',
  PackageVersion: 'versionInfo',
  PackageFileName: 'packageFileName',
  PackageSourceInfo: 'sourceInfo',
  PackageLicenseConcluded: 'licenseConcluded',
  PackageLicenseDeclared: 'licenseDeclared',
  PackageDescription: 'description',
  PrimaryPackagePurpose: 'primaryPackagePurpose',
};
const documentMembers: Readonly<Record<string, string>> = { SPDXVersion: 'spdxVersion', SPDXID: 'SPDXID', DocumentName: 'name' };
const licenseMembers: Readonly<Record<string, string>> = { LicenseID: 'licenseId', LicenseName: 'name', ExtractedText: 'extractedText' };
const annotationMembers: Readonly<Record<string, string>> = { SPDXREF: 'subject', AnnotationComment: 'comment' };

type Section = Record<string, unknown>;

/** Sets a member once: one that stands twice means different things to different programs. */
function set(section: Section, member: string, value: string, tag: string, name: string): void {
  if (Object.hasOwn(section, member)) {
    throw new PortcullisError('IMAGE_INVALID', `${name} has ${tag} twice where it may stand once, so programs would read different things in it.`, {
      hint: 'Write it again with one of the two.',
    });
  }
  section[member] = value;
}

function add(section: Section, member: string, value: unknown): void {
  const list = section[member] as unknown[] | undefined;
  if (list === undefined) section[member] = [value];
  else list.push(value);
}

/** Each tag with its value; a value in `<text>` may have many lines. @throws PortcullisError IMAGE_INVALID */
function* tagsOf(text: string, name: string): Generator<readonly [tag: string, value: string]> {
  for (let at = 0; at < text.length; ) {
    const newline = text.indexOf('\n', at);
    const end = newline < 0 ? text.length : newline;
    const line = text.slice(at, end).trim();
    const found = /^([A-Za-z]+):\s*(.*)$/s.exec(line);
    if (line === '' || line.startsWith('#')) {
      at = end + 1;
      continue;
    }
    if (found === null) {
      const number = text.slice(0, at).split('\n').length;
      throw new PortcullisError('IMAGE_INVALID', `${name} is not valid SPDX: line ${number} is neither a tag with its value nor a comment.`, {
        hint: 'It may be damaged: write it again.',
      });
    }
    const [, tag = '', value = ''] = found;
    if (!value.startsWith('<text>')) {
      yield [tag, value];
      at = end + 1;
      continue;
    }
    const start = text.indexOf('<text>', at) + '<text>'.length;
    const close = text.indexOf('</text>', start);
    if (close < 0)
      throw new PortcullisError('IMAGE_INVALID', `${name} is not valid SPDX: a <text> has no end.`, { hint: 'It may have been cut off: write it again.' });
    yield [tag, text.slice(start, close)];
    const rest = text.indexOf('\n', close);
    at = rest < 0 ? text.length : rest + 1;
  }
}

function externalRefOf(value: string): object {
  const [referenceCategory = '', referenceType = '', ...locator] = value.split(/\s+/);
  return { referenceCategory, referenceType, referenceLocator: locator.join(' ') };
}

function relationshipOf(value: string): JsonObject {
  const [spdxElementId = '', relationshipType = '', relatedSpdxElement = ''] = value.split(/\s+/);
  return { spdxElementId, relationshipType, relatedSpdxElement };
}

function checksumOf(value: string): object {
  const colon = value.indexOf(':');
  return { algorithm: value.slice(0, Math.max(colon, 0)).trim(), checksumValue: value.slice(colon + 1).trim() };
}

/** Members of a section that stand for themselves; true when the tag was one. */
function take(members: Readonly<Record<string, string>>, section: Section, tag: string, value: string, name: string): boolean {
  const member = Object.hasOwn(members, tag) ? members[tag] : undefined;
  if (member !== undefined) set(section, member, value, tag, name);
  return member !== undefined;
}

/**
 * SPDX 2.2 and 2.3 in tags and values (SPDX 2.3, chapter 6 to 13) as its JSON, as far as packages go.
 * @param name what it is called in messages
 * @throws PortcullisError IMAGE_INVALID
 */
export function readTagValue(text: string, name: string): Rewritten {
  const document: Section = {};
  const creators: string[] = [];
  const packages: Section[] = [];
  const licenses: Section[] = [];
  const annotations: Section[] = [];
  const relationships: JsonObject[] = [];
  const defined = new Set(['SPDXRef-DOCUMENT', 'NONE', 'NOASSERTION']);
  let kind: Kind = 'document' as Kind;
  let section = document;
  for (const [tag, value] of tagsOf(text, name)) {
    if (Object.hasOwn(sections, tag)) {
      kind = sections[tag] as Kind;
      section = {};
      if (kind === 'package') packages.push(section);
      else if (kind === 'license') licenses.push(section);
      else if (kind === 'annotation') annotations.push(section);
    }
    if (tag === 'SPDXID' || tag === 'SnippetSPDXID' || tag === 'SnippetSPDXIdentifier') defined.add(value);
    if (tag === 'Relationship') relationships.push(relationshipOf(value));
    else if (tag === 'Creator') creators.push(value);
    else if (tag === 'ExternalDocumentRef') add(document, 'externalDocumentRefs', { externalDocumentId: value.split(/\s/, 1)[0] });
    else if (kind === 'document') take(documentMembers, section, tag, value, name);
    else if (kind === 'license') take(licenseMembers, section, tag, value, name);
    else if (kind === 'annotation') take(annotationMembers, section, tag, value, name);
    else if (kind === 'package' && !take(packageMembers, section, tag, value, name)) {
      if (tag === 'ExternalRef') add(section, 'externalRefs', externalRefOf(value));
      else if (tag === 'PackageChecksum') add(section, 'checksums', checksumOf(value));
    }
  }
  const byId = new Map(packages.map((item) => [item.SPDXID, item]));
  for (const { subject, comment } of annotations) add(byId.get(subject) ?? document, 'annotations', { comment });
  const missing = relationships.find(
    ({ relatedSpdxElement }) => !defined.has(String(relatedSpdxElement)) && !String(relatedSpdxElement).startsWith('DocumentRef-'),
  );
  const content = { ...document, creationInfo: { creators }, packages, relationships, hasExtractedLicensingInfos: licenses };
  const doubts = [
    // No mark stands at the end of such a text.
    ...(/\n\s*$/.test(text.slice(-1000)) ? [] : ['its last line has no end, so it may have been cut off']),
    ...(missing === undefined ? [] : [`it speaks of ${String(missing.relatedSpdxElement).slice(0, 100)}, which it does not hold, so it may have been cut off`]),
  ];
  return { content, doubts };
}
