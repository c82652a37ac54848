import type { ZipEntry } from '../../../archive/index.ts';
import { parseArchiveName } from './archive-name.ts';
import { parseManifest } from './manifest.ts';
import { type Identity, identify, namesItself } from './manifest-identity.ts';
import { type Pom, parsePom } from './pom.ts';
import { parseProperties } from './properties.ts';

/** A package that an archive holds, and the entry that says so (`''`: the archive as a whole). */
export interface ArchivePackage extends Identity {
  readonly licenses: readonly string[];
  readonly from: string;
}

/** The entries of an archive that say what is in it. */
export interface Descriptions {
  manifest?: ZipEntry;
  /** By the directory that holds them: `META-INF/maven/GROUP/ARTIFACT/`. */
  readonly projects: Map<string, { properties?: ZipEntry; pom?: ZipEntry }>;
  /** Where classes and other entries lie. */
  readonly directories: Set<string>;
}

const project = /(?:^|\/)META-INF\/maven\/([^/]+)\/([^/]+)\/(pom\.properties|pom\.xml)$/;

/** Sorts an archive's entries by what they tell. */
export function describe(entries: readonly ZipEntry[]): Descriptions {
  const found: Descriptions = { projects: new Map(), directories: new Set() };
  for (const entry of entries) {
    if (entry.directory) continue;
    const slash = entry.name.lastIndexOf('/');
    found.directories.add(entry.name.slice(0, slash + 1));
    if (/^META-INF\/MANIFEST\.MF$/i.test(entry.name)) found.manifest ??= entry;
    const match = entry.name.endsWith('/pom.properties') || entry.name.endsWith('/pom.xml') ? project.exec(entry.name) : null;
    if (match === null) continue;
    const directory = entry.name.slice(0, slash + 1);
    const files = found.projects.get(directory) ?? {};
    files[match[3] === 'pom.xml' ? 'pom' : 'properties'] = entry;
    found.projects.set(directory, files);
  }
  return found;
}

/**
 * The packages of one archive: those of each Maven project in it, several in a shaded one; the archive itself by manifest and name where
 * no project is its own.
 * @param name the archive's own path
 * @param read an entry's text; undefined when it can't be had (the reader has said so)
 */
export function archivePackages(name: string, found: Descriptions, read: (entry: ZipEntry) => string | undefined): ArchivePackage[] {
  const packages = [...found.projects].map(([directory, files]) => projectPackage(directory, files, read));
  const text = found.manifest === undefined ? undefined : read(found.manifest);
  const manifest = text === undefined ? new Map<string, string>() : parseManifest(text);
  const own = identify(manifest, parseArchiveName(name), found.directories);
  if (own === undefined) return packages;
  if (packages.length === 0) return [{ ...own, licenses: [], from: '' }];
  const versionless = packages.findIndex((item) => item.version === '' && item.artifact === own.artifact);
  if (versionless !== -1) packages[versionless] = { ...(packages[versionless] as ArchivePackage), version: own.version };
  const titles = [own.artifact, manifest.get('implementation-title') ?? '', manifest.get('bundle-name') ?? '', manifest.get('bundle-symbolicname') ?? ''].map(
    words,
  );
  const isOwn = (item: ArchivePackage): boolean =>
    item.version === own.version || titles.some((title) => words(item.artifact).every((word) => title.includes(word)));
  return !namesItself(manifest) || packages.some(isOwn) ? packages : [...packages, { ...own, licenses: [], from: '' }];
}

function words(text: string): string[] {
  return text.toLowerCase().split(/[^a-z0-9]+/);
}

function projectPackage(
  directory: string,
  files: { readonly properties?: ZipEntry; readonly pom?: ZipEntry },
  read: (entry: ZipEntry) => string | undefined,
): ArchivePackage {
  const [, group = '', artifact = ''] = /([^/]+)\/([^/]+)\/$/.exec(directory) ?? [];
  const propertiesText = files.properties === undefined ? undefined : read(files.properties);
  const properties = propertiesText === undefined ? new Map<string, string>() : parseProperties(propertiesText);
  const pomText = files.pom === undefined ? undefined : read(files.pom);
  const pom: Pom = pomText === undefined ? { licenses: [] } : parsePom(pomText);
  const choose = (key: 'groupId' | 'artifactId' | 'version', otherwise: string): string => {
    const written = properties.get(key) ?? '';
    return written !== '' && !written.includes('${') ? written : (pom[key] ?? otherwise);
  };
  return {
    group: choose('groupId', group),
    artifact: choose('artifactId', artifact),
    version: choose('version', ''),
    licenses: pom.licenses,
    from: (files.properties ?? files.pom)?.name ?? '',
  };
}
