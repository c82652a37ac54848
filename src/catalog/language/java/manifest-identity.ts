import type { ArchiveName } from './archive-name.ts';
import { knownArtifact } from './known-artifacts.ts';
import type { Attributes, Manifest } from './manifest.ts';
import { candidateGroups, isGroup, splitSymbolicName } from './maven-group.ts';
import { isRelated } from './words.ts';

/** What an archive is by its manifest and its name. */
export interface Identity {
  /** null: nothing in it says which; never guessed. */
  readonly group: string | null;
  readonly artifact: string;
  readonly version: string;
}

/** What an archive says of itself, beside the projects that it may hold. */
export interface OwnIdentity extends Identity {
  /** It has name and version that are meant for programs, or its file's name has those that stand in it. */
  readonly isSaid: boolean;
  /** Title and file have the same name. */
  readonly isTitled: boolean;
}

/** A title that is a name for programs: `spring-aop`, not `Apache Log4j Core` or `org.apache.lucene`. */
const artifactLike = /^[A-Za-z][A-Za-z0-9_]*(?:-[A-Za-z0-9_.]+)*$/;

/**
 * Who an archive is when no `pom.properties` says it: from its manifest, its name, and the packages of its classes. What is inside goes
 * before the name, which anybody may have changed. undefined: neither says enough.
 * @param directories of its entries
 * @param packedWith groups by artifact, of what the archive around it was packed with
 */
export function identify(
  manifest: Manifest,
  given: ArchiveName,
  directories: ReadonlySet<string>,
  packedWith: ReadonlyMap<string, ReadonlySet<string>>,
): OwnIdentity | undefined {
  const { main } = manifest;
  const plugin = jenkinsPlugin(main);
  if (plugin !== undefined) return { ...plugin, isSaid: true, isTitled: true };
  const name = splitByVersion(given, main);
  const [title, symbolic] = [titleOf(main), symbolicNameOf(main)];
  const version = chooseVersion(manifest, name);
  // A name alone, without any version, says nothing: most likely it is the image's own program.
  if (version.text === '' && symbolic === undefined && title === undefined) return undefined;
  const module = main.get('automatic-module-name');
  const places = module === undefined ? directories : [...directories, `${module.replaceAll('.', '/')}/`];
  const known = (artifact: string): { readonly group: string; readonly artifact: string } | undefined => knownArtifact(artifact, version.text, places);
  const isKnown = (group: string, artifact: string): boolean => known(artifact)?.group === group || packedWith.get(artifact)?.has(group) === true;
  const chosen = splitPrefixed(name.artifact, [title, symbolic], isKnown) ?? chooseArtifact(main, name, version.isNamed, directories);
  const { artifact } = chosen;
  const [implementation, bundle] = [versionOf(main, 'implementation-version'), versionOf(main, 'bundle-version')];
  const isSaid =
    (title !== undefined && implementation !== undefined) ||
    (symbolic !== undefined && bundle !== undefined) ||
    (version.isNamed && chosen.isCertain && (implementation ?? bundle) !== undefined);
  const said = { version: version.text, isSaid, isTitled: artifact === title && artifact === name.artifact };
  const found = known(artifact) ?? known(name.artifact);
  if (found !== undefined) return { ...found, ...said };
  const [dependency, ...more] = packedWith.get(artifact) ?? [];
  const group = dependency !== undefined && more.length === 0 ? dependency : (chosen.group ?? chooseGroup(main, symbolic, artifact));
  return { group: chosen.isCertain ? group : null, artifact, ...said };
}

/** Jenkins' plug-ins say all three (maven-hpi-plugin). */
function jenkinsPlugin(main: Attributes): Identity | undefined {
  const artifact = main.get('short-name') ?? main.get('extension-name');
  const version = main.get('plugin-version');
  if (artifact === undefined || version === undefined) return undefined;
  // A snapshot carries in parentheses who built it.
  return { group: main.get('group-id') ?? null, artifact, version: version.split(' ')[0] ?? version };
}

function symbolicNameOf(main: Attributes): string | undefined {
  const name = main.get('bundle-symbolicname')?.split(';')[0]?.trim();
  return name === '' ? undefined : name;
}

function titleOf(main: Attributes): string | undefined {
  const title = main.get('implementation-title');
  return title !== undefined && artifactLike.test(title) ? title : undefined;
}

/** Titles that are coordinates: `GROUP:ARTIFACT`, and Nebula's `GROUP#PROJECT;VERSION`. */
function titledCoordinates(main: Attributes): { readonly group: string; readonly artifact: string } | undefined {
  const [, group = '', artifact = ''] = /^([\w.-]+)[:#]([\w.-]+)(?:;.*)?$/.exec(main.get('implementation-title') ?? '') ?? [];
  return isGroup(group) && artifactLike.test(artifact) ? { group, artifact } : undefined;
}

/** The attribute's version, without what else is written beside it; undefined when it is none. */
function versionOf(attributes: Attributes, attribute: string): string | undefined {
  const word = (attributes.get(attribute) ?? '').split(/[\s;,]/)[0] ?? '';
  // The commit behind it is the build's.
  return /^v?\d(?!\.x)[\w.+~-]*$/i.test(word) ? word.replace(/-[0-9a-f]{40}$/, '') : undefined;
}

/** A name that reads otherwise is split where the version inside stands in it: `tool-1.0-acme` of version 1.0. */
function splitByVersion(name: ArchiveName, main: Attributes): ArchiveName {
  for (const attribute of ['implementation-version', 'bundle-version']) {
    const version = versionOf(main, attribute);
    if (version !== undefined && name.version !== null && isSameVersion(name.version, version)) return name;
    const at = version === undefined ? -1 : name.stem.lastIndexOf(`-${version}`);
    if (version === undefined || at <= 0 || /^\w/.test(name.stem.slice(at + 1 + version.length))) continue;
    return { ...name, artifact: name.stem.slice(0, at), version };
  }
  return name;
}

function chooseVersion(manifest: Manifest, name: ArchiveName): { readonly text: string; readonly isNamed: boolean } {
  const { main } = manifest;
  const implementation = versionOf(main, 'implementation-version');
  const bundle = versionOf(main, 'bundle-version');
  if (name.version !== null) {
    const { version } = name;
    const isAgreed =
      (implementation === undefined && bundle === undefined) ||
      (implementation !== undefined && isSameVersion(implementation, version)) ||
      // OSGi writes 30.1-jre as 30.1.0.jre, and some put their builds into the third number: the file has the ecosystem's spelling.
      (bundle !== undefined && (isSameVersion(bundle, version) || (implementation === undefined && isSameSeries(bundle, version))));
    if (isAgreed) return { text: version, isNamed: true };
  }
  return { text: implementation ?? bundle ?? versionOf(main, 'specification-version') ?? sectionVersion(manifest, name) ?? '', isNamed: false };
}

/** The version of those packages in the archive that its name speaks of, when they have one version. */
function sectionVersion({ sections }: Manifest, name: ArchiveName): string | undefined {
  const own = sections.filter((section) => isRelated(name.artifact, `${section.get('name')} ${section.get('implementation-title')}`));
  const versions = new Set(own.map((section) => versionOf(section, 'implementation-version')));
  return versions.size === 1 ? [...versions][0] : undefined;
}

function versionParts(version: string): string[] {
  return version
    .toLowerCase()
    .replace(/^v/, '')
    .split(/[._+-]/);
}

/** Whether two spellings mean one version: separators, zeros and what one adds at the end don't count. */
function isSameVersion(a: string, b: string): boolean {
  const [left, right] = [a, b].map((version) => versionParts(version).filter((part) => !/^0*$/.test(part))) as [string[], string[]];
  return [...Array(Math.min(left.length, right.length)).keys()].every((index) => left[index] === right[index]);
}

function isSameSeries(a: string, b: string): boolean {
  const [left, right] = [versionParts(a), versionParts(b)];
  return left[0] === right[0] && left[1] !== undefined && left[1] === right[1];
}

interface Chosen {
  readonly artifact: string;
  /** Two witnesses agree: what else is known of the group may be joined with it. */
  readonly isCertain: boolean;
  readonly group?: string;
}

function chooseArtifact(main: Attributes, name: ArchiveName, isNamed: boolean, directories: ReadonlySet<string>): Chosen {
  const title = titleOf(main);
  const symbolic = symbolicNameOf(main);
  const coordinates = titledCoordinates(main);
  // A project's name may be another than its artifact's, which the file has.
  if (coordinates !== undefined && (isNamed || name.artifact === coordinates.artifact)) {
    return { artifact: name.artifact, isCertain: true, group: coordinates.group };
  }
  const stored = name.group === null ? {} : { group: name.group };
  if (isTitle(title, name.artifact)) {
    return { artifact: name.artifact, isCertain: true, ...stored };
  }
  const inside = [title, symbolic, ...['bundle-name', 'automatic-module-name', 'extension-name'].map((key) => main.get(key))].join(' ');
  const isHinted = isRelated(name.artifact, inside);
  const split = splitSymbolicName(symbolic);
  if (split !== undefined && symbolic === name.artifact) return { ...split, isCertain: true };
  if (isNamed) {
    // What is inside speaks of something else: the file was renamed.
    const isRenamed = !isHinted && (title?.includes('-') === true || (symbolic !== undefined && !isRelated(name.artifact, packageWords(directories))));
    if (!isRenamed) return { artifact: name.artifact, isCertain: true, ...stored };
  }
  if (title?.includes('-') === true) return { artifact: title, isCertain: true };
  if (isHinted) return { artifact: name.artifact, isCertain: true, ...stored };
  if (split !== undefined) return { ...split, isCertain: true };
  const isWord = title !== undefined && title === title.toLowerCase();
  return { artifact: (isWord ? title : symbolic) ?? title ?? name.artifact, isCertain: false };
}

/** Whether a file's name has the title; what is built for one of several Scala releases or platforms says so in the file's name alone. */
function isTitle(title: string | undefined, artifact: string): boolean {
  return title !== undefined && artifact.startsWith(title) && /^(?:_\d[\d.]*|-jvm)?$/.test(artifact.slice(title.length));
}

/** Of a group with as many names as any has, and dashes in them. */
const MAX_GROUP_PARTS = 12;

/** Group and artifact of a name that has both, as Quarkus and sbt (`GROUP.ARTIFACT`) or an enterprise archive (`GROUP-ARTIFACT`) write it. */
function splitPrefixed(name: string, titles: readonly (string | undefined)[], isKnown: (group: string, artifact: string) => boolean): Chosen | undefined {
  for (const { index } of [...name.matchAll(/[.-]/g)].slice(0, MAX_GROUP_PARTS)) {
    const [group, artifact] = [name.slice(0, index), name.slice(index + 1)];
    if (isGroup(group) && (titles.some((title) => isTitle(title, artifact)) || isKnown(group, artifact))) return { group, artifact, isCertain: true };
  }
  return undefined;
}

/** Words of the packages that its classes lie in, near the root. */
function packageWords(directories: ReadonlySet<string>): string {
  const found = new Set<string>();
  for (const directory of directories) for (const part of directory.split('/', 5)) found.add(part);
  return [...found].join(' ');
}

/** By the symbolic name; by the vendor's id, where Maven writes the group; only when they don't contradict one another. */
function chooseGroup(main: Attributes, symbolic: string | undefined, artifact: string): string | null {
  const written = main.get('implementation-vendor-id');
  const vendor = written !== undefined && isGroup(written) ? written : undefined;
  const candidates = symbolic === undefined ? [] : candidateGroups(symbolic, artifact);
  if (vendor !== undefined && candidates.includes(vendor)) return vendor;
  if (candidates.length > 0) return candidates.length === 1 ? (candidates[0] as string) : null;
  if (vendor === undefined || symbolic?.includes('.') !== true) return vendor ?? null;
  return symbolic === vendor || (symbolic.startsWith(`${vendor}.`) && !symbolic.slice(vendor.length + 1).includes('.')) ? vendor : null;
}
