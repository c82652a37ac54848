import type { Location, Package } from '../../model/index.ts';
import { locationOf, takeOwnWord } from './own-words.ts';
import { isPackage } from './package-type.ts';
import { countAside, emptyReading, Faults, type Fields, fieldsIn, isFields, parsed, type SbomEntry, type SbomReading, short, text } from './reading.ts';

/** Component types that are no package unless a purl says otherwise. */
const noPackage = new Set([
  'operating-system',
  'file',
  'container',
  'device',
  'device-driver',
  'firmware',
  'platform',
  'data',
  'machine-learning-model',
  'cryptographic-asset',
]);

function propertiesOf(component: Fields): Map<string, string> {
  const properties = new Map<string, string>();
  for (const { name, value } of fieldsIn(component.properties)) {
    if (typeof name === 'string' && typeof value === 'string' && !properties.has(name)) properties.set(name, value);
  }
  return properties;
}

function licensesOf(component: Fields): string[] {
  return fieldsIn(component.licenses).flatMap(({ expression, license }) => {
    const found = text(expression) ?? (isFields(license) ? (text(license.id) ?? text(license.name)) : undefined);
    return found === undefined ? [] : [found];
  });
}

function locationsOf(component: Fields, properties: ReadonlyMap<string, string>): Location[] {
  const evidence = isFields(component.evidence) ? component.evidence : {};
  const places = fieldsIn(evidence.occurrences).flatMap(({ location, line }) => locationOf({ path: location, line }) ?? []);
  if (places.length > 0) return places;
  // Syft's and Trivy's own words.
  for (const [name, value] of properties) {
    if (/^syft:location:\d+:path$/.test(name)) places.push(...[locationOf({ path: value })].filter((each) => each !== undefined));
    else if (name === 'aquasecurity:trivy:FilePath') places.push({ path: `/${value.replace(/^\/+/, '')}` });
  }
  return places;
}

/** Trivy names source packages in properties of its own. */
function sourceOf(properties: ReadonlyMap<string, string>): Package['source'] {
  const word = (name: string): string => properties.get(`aquasecurity:trivy:${name}`) ?? '';
  const name = word('SrcName');
  if (name === '') return null;
  const version = word('SrcVersion');
  if (version === '') return { name, version };
  const epoch = word('SrcEpoch');
  const release = word('SrcRelease');
  return { name, version: `${epoch === '' || epoch === '0' ? '' : `${epoch}:`}${version}${release === '' ? '' : `-${release}`}` };
}

function entryOf(component: Fields): SbomEntry {
  const properties = propertiesOf(component);
  const name = text(component.name) ?? '';
  const group = text(component.group);
  const purl = text(component.purl);
  const details = parsed(properties.get('portcullis:package'));
  const source = sourceOf(properties);
  return {
    label: purl ?? (name === '' ? 'a component without a name' : name),
    purl,
    names: [name, ...(group === undefined ? [] : [`${group}/${name}`, `${group}:${name}`])],
    version: text(component.version),
    licenses: licensesOf(component),
    locations: locationsOf(component, properties),
    ...(source === null ? {} : { source }),
    ...(details === undefined ? {} : { details }),
  };
}

function systemOf(component: Fields): SbomReading['systems'][number] | undefined {
  const properties = propertiesOf(component);
  const id = properties.get('syft:distro:id') ?? text(component.name);
  if (id === undefined) return undefined;
  const like = [...properties].filter(([name]) => /^syft:distro:idLike:\d+$/.test(name)).map(([, value]) => value);
  return {
    id: id.toLowerCase(),
    version: properties.get('syft:distro:versionID') ?? text(component.version) ?? '',
    name: properties.get('syft:distro:prettyName') ?? text(component.description) ?? '',
    like,
    codename: properties.get('syft:distro:versionCodename') ?? null,
  };
}

function generatorOf(tools: unknown): string | null {
  const tool = isFields(tools) ? (fieldsIn(tools.components)[0] ?? fieldsIn(tools.services)[0]) : fieldsIn(tools)[0];
  if (tool === undefined) return null;
  const words = [text(tool.name), text(tool.version)].filter((word) => word !== undefined);
  return words.length === 0 ? null : words.join(' ');
}

function subjectOf(component: Fields): SbomReading['subject'] {
  const version = text(component.version) ?? null;
  const properties = propertiesOf(component);
  const hash = fieldsIn(component.hashes).find(({ alg }) => alg === 'SHA-256');
  const digest =
    [version, properties.get('aquasecurity:trivy:ImageID'), text(hash?.content) === undefined ? undefined : `sha256:${text(hash?.content)}`].find(
      (each) => typeof each === 'string' && /^sha256:[0-9a-f]{64}$/.test(each),
    ) ?? null;
  return { name: text(component.name) ?? null, version, digest };
}

/** Whether a component, or what is written of one, is no package although it stands in the list. */
function isNoPackage(component: Fields): boolean {
  if (text(component.purl) !== undefined) return false;
  if (noPackage.has(component.type as string)) return true;
  // Trivy lists the lock files and programs in which it found packages as applications.
  return component.type === 'application' && propertiesOf(component).has('aquasecurity:trivy:Type');
}

/** A component that another BOM describes: its parts are there alone. */
function isElsewhere(component: Fields): boolean {
  return fieldsIn(component.externalReferences).some(({ type }) => type === 'bom');
}

/** `complete` says that nothing else is there; everything else that is said of the whole takes that back. */
function takeCompositions(reading: SbomReading, compositions: unknown, root: string | undefined): void {
  for (const { aggregate, assemblies, dependencies } of fieldsIn(compositions)) {
    const isWhole =
      (!Array.isArray(assemblies) && !Array.isArray(dependencies)) || (root !== undefined && Array.isArray(assemblies) && assemblies.includes(root));
    if (!isWhole) continue;
    if (aggregate === 'complete') reading.searched ??= 'all';
    else reading.lacks = 'it says of itself that it is not complete';
  }
}

/**
 * Reads CycloneDX up to 1.7 (ECMA-424) as JSON has it. Nested components count as the others do; what it says of vulnerabilities is
 * not taken over.
 */
export function readCyclonedx(content: Fields): SbomReading {
  const reading = emptyReading(`CycloneDX ${String(content.specVersion)}`);
  const faults = new Faults(reading.problems);
  const metadata = isFields(content.metadata) ? content.metadata : {};
  reading.generator = generatorOf(metadata.tools);
  const root = isFields(metadata.component) ? metadata.component : undefined;
  if (root !== undefined) reading.subject = subjectOf(root);
  for (const { name, value } of fieldsIn(metadata.properties)) {
    if (typeof name === 'string' && typeof value === 'string') takeOwnWord(reading, name, value);
  }
  if (content.components !== undefined && !Array.isArray(content.components))
    faults.add('unreadable', 'components', 'the SBOM', 'its components are not a list');
  const references = new Set<string>();
  const pending: unknown[] = [
    ...(Array.isArray(content.components) ? content.components : []),
    ...(root === undefined ? [] : [{ ...root, 'bom-ref': undefined, root: true }]),
  ].reverse();
  while (pending.length > 0) {
    const component = pending.pop();
    if (!isFields(component)) {
      faults.add('unreadable', 'component', 'a component of the SBOM', 'it is not an object');
      continue;
    }
    if (Array.isArray(component.components)) for (let index = component.components.length - 1; index >= 0; index--) pending.push(component.components[index]);
    if (isElsewhere(component)) reading.lacks ??= 'it refers to other BOMs, which are not read';
    const reference = text(component['bom-ref']);
    if (reference !== undefined) {
      if (references.has(reference)) faults.add('contradiction', `ref ${reference}`, short(reference), 'the SBOM has several components of this bom-ref');
      references.add(reference);
    }
    if (component.type === 'operating-system') {
      const system = systemOf(component);
      if (system !== undefined) reading.systems.push(system);
      continue;
    }
    // The image itself, or the program that the SBOM is about.
    if (component.root === true && !isPackage(text(component.purl))) continue;
    if (isNoPackage(component)) countAside(reading, short(text(component.type) ?? 'component'));
    else reading.entries.push(entryOf(component));
  }
  countAside(reading, 'service', Array.isArray(content.services) ? content.services.length : 0);
  takeCompositions(reading, content.compositions, text(root?.['bom-ref']));
  const vulnerabilities = fieldsIn(content.vulnerabilities);
  const statements = vulnerabilities.filter(({ analysis }) => isFields(analysis)).length;
  if (statements > 0) reading.notes.push(`VEX statements in it (${statements}) are not applied: whoever wrote the list is not asked what of it counts.`);
  if (vulnerabilities.length > statements)
    reading.notes.push(`Vulnerabilities that it lists (${vulnerabilities.length - statements}) are not taken over: they are looked up anew.`);
  return reading;
}
