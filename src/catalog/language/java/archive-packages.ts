import type { ZipEntry } from '../../../archive/index.ts';
import { parseArchiveName } from './archive-name.ts';
import { type Attributes, parseManifest } from './manifest.ts';
import { type Identity, identify } from './manifest-identity.ts';
import { type Pom, parsePom } from './pom.ts';
import { parseProperties } from './properties.ts';
import { words } from './words.ts';

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
  /** `pom.properties` elsewhere: what was merged by other tools than Maven's. */
  readonly stray: ZipEntry[];
  /** Files that say a version under the name of group and artifact, as Android's libraries have. */
  readonly versions: Map<string, { readonly group: string; readonly artifact: string; readonly entry: ZipEntry }>;
  /** What Spring Boot's build plug-ins write of the application. */
  build?: ZipEntry;
  /** Where classes and other entries lie. */
  readonly directories: Set<string>;
}

const project = /(?:^|\/)META-INF\/maven\/([^/]+)\/([^/]+)\/(pom\.properties|pom\.xml)$/;
const strayProperties = /(?:^|\/)pom\.properties$/;
const versionFile = /^META-INF\/([\w-]+(?:\.[\w-]+)+)_([\w.-]+)\.version$/;
const buildFile = /^(?:BOOT-INF\/classes\/|WEB-INF\/classes\/|)META-INF\/build-info\.properties$/;

/** Sorts an archive's entries by what they tell. */
export function describe(entries: readonly ZipEntry[]): Descriptions {
  const found: Descriptions = { projects: new Map(), stray: [], versions: new Map(), directories: new Set() };
  for (const entry of entries) {
    if (entry.directory) continue;
    const slash = entry.name.lastIndexOf('/');
    found.directories.add(entry.name.slice(0, slash + 1));
    if (/^META-INF\/MANIFEST\.MF$/i.test(entry.name)) found.manifest ??= entry;
    if (buildFile.test(entry.name)) found.build ??= entry;
    const [, group, artifact] = entry.name.endsWith('.version') ? (versionFile.exec(entry.name) ?? []) : [];
    if (group !== undefined && artifact !== undefined) found.versions.set(entry.name, { group, artifact, entry });
    if (strayProperties.test(entry.name) && !project.test(entry.name)) found.stray.push(entry);
    const match = entry.name.endsWith('/pom.properties') || entry.name.endsWith('/pom.xml') ? project.exec(entry.name) : null;
    if (match === null) continue;
    const directory = entry.name.slice(0, slash + 1);
    const files = found.projects.get(directory) ?? {};
    files[match[3] === 'pom.xml' ? 'pom' : 'properties'] = entry;
    found.projects.set(directory, files);
  }
  return found;
}

/** What an archive holds, and the groups by the artifacts that the projects in it say they depend on. */
export interface ArchiveContent {
  readonly packages: readonly ArchivePackage[];
  readonly dependencies: Dependencies;
}
export type Dependencies = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * The packages of one archive: those of each Maven project in it, several in a shaded one; the archive itself by manifest and name where
 * no project is its own.
 * @param name the archive's own path
 * @param read an entry's text; undefined when it can't be had (the reader has said so)
 * @param packedWith what the archive around it says
 */
export function archivePackages(name: string, found: Descriptions, read: (entry: ZipEntry) => string | undefined, packedWith: Dependencies): ArchiveContent {
  const projects = [...found.projects].map(([directory, files]) => readProject(directory, files, read));
  const packages = ownPackages(
    name,
    found,
    read,
    projects.map((project) => project.package),
    packedWith,
  );
  const dependencies = new Map<string, Set<string>>();
  for (const { groupId, artifactId } of projects.flatMap((project) => project.dependencies)) {
    dependencies.set(artifactId, (dependencies.get(artifactId) ?? new Set()).add(groupId));
  }
  return { packages, dependencies };
}

function ownPackages(
  name: string,
  found: Descriptions,
  read: (entry: ZipEntry) => string | undefined,
  projects: readonly ArchivePackage[],
  packedWith: Dependencies,
): ArchivePackage[] {
  const packages = [
    ...projects,
    ...[...found.versions.values()].map((file) => versionedPackage(file, read)),
    ...found.stray.flatMap((entry) => namedPackage(entry, ['groupId', 'artifactId', 'version'], read)),
    ...(found.build === undefined ? [] : namedPackage(found.build, ['build.group', 'build.artifact', 'build.version'], read)),
  ];
  const text = found.manifest === undefined ? undefined : read(found.manifest);
  const manifest = parseManifest(text ?? '');
  const own = identify(manifest, parseArchiveName(name), found.directories, packedWith);
  if (own === undefined) return packages;
  const { main } = manifest;
  const { group, artifact, version } = own;
  const itself = { group, artifact, version, licenses: declaredLicenses(main), from: '' };
  if (packages.length === 0) return [itself];
  const completed = packages.map((item) =>
    item.artifact === artifact
      ? { ...item, version: item.version === '' ? version : item.version, licenses: item.licenses.length === 0 ? itself.licenses : item.licenses }
      : item,
  );
  const titles = ['implementation-title', 'bundle-name', 'bundle-symbolicname'].map((key) => words(main.get(key) ?? ''));
  const isItself = (item: ArchivePackage): boolean =>
    item.artifact === artifact ||
    (own.isTitled ? false : item.version === version || titles.some((title) => words(item.artifact).every((word) => title.includes(word))));
  return !own.isSaid || completed.some(isItself) ? completed : [...completed, itself];
}

/**
 * The licences of a Jenkins plug-in, or of a bundle (OSGi Core, `Bundle-License`): identifiers between commas, what is said of each
 * behind `;`.
 */
function declaredLicenses(main: Attributes): string[] {
  const plugin = [...main].flatMap(([name, value]) => (/^plugin-license-name(?:-\d+)?$/.test(name) && value !== '' ? [value] : []));
  if (plugin.length > 0) return plugin;
  const clauses = (main.get('bundle-license') ?? '').match(/(?:"[^"]*"|[^",])+/g) ?? [];
  const licenses = clauses.map((clause) => (/^\s*("[^"]*"|[^;]*)/.exec(clause)?.[1] ?? '').replaceAll('"', '').trim());
  return licenses.filter((license) => license !== '' && license !== '<<EXTERNAL>>');
}

function versionedPackage(
  { group, artifact, entry }: { readonly group: string; readonly artifact: string; readonly entry: ZipEntry },
  read: (entry: ZipEntry) => string | undefined,
): ArchivePackage {
  const version = read(entry)?.trim() ?? '';
  return { group, artifact, version: /^\d[\w.+-]{0,99}$/.test(version) ? version : '', licenses: [], from: entry.name };
}

/** The package that properties name in full. */
function namedPackage(entry: ZipEntry, keys: readonly [string, string, string], read: (entry: ZipEntry) => string | undefined): ArchivePackage[] {
  const properties = parseProperties(read(entry) ?? '');
  const [group, artifact, version] = keys.map((key) => properties.get(key) ?? '') as [string, string, string];
  const isWhole = [group, artifact, version].every((text) => text !== '' && !text.includes('${'));
  return isWhole ? [{ group, artifact, version, licenses: [], from: entry.name }] : [];
}

function readProject(
  directory: string,
  files: { readonly properties?: ZipEntry; readonly pom?: ZipEntry },
  read: (entry: ZipEntry) => string | undefined,
): { readonly package: ArchivePackage; readonly dependencies: Pom['dependencies'] } {
  const [, group = '', artifact = ''] = /([^/]+)\/([^/]+)\/$/.exec(directory) ?? [];
  const propertiesText = files.properties === undefined ? undefined : read(files.properties);
  const properties = propertiesText === undefined ? new Map<string, string>() : parseProperties(propertiesText);
  const pomText = files.pom === undefined ? undefined : read(files.pom);
  const pom: Pom = pomText === undefined ? { licenses: [], dependencies: [] } : parsePom(pomText);
  const choose = (key: 'groupId' | 'artifactId' | 'version', otherwise: string): string => {
    const written = properties.get(key) ?? '';
    return written !== '' && !written.includes('${') ? written : (pom[key] ?? otherwise);
  };
  const described = {
    group: choose('groupId', group),
    artifact: choose('artifactId', artifact),
    version: choose('version', ''),
    licenses: pom.licenses,
    from: (files.properties ?? files.pom)?.name ?? '',
  };
  return { package: described, dependencies: pom.dependencies };
}
