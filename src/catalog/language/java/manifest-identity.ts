import type { ArchiveName } from './archive-name.ts';
import { knownArtifact } from './known-artifacts.ts';

/** What an archive is by its manifest and its name. */
export interface Identity {
  /** null: nothing in it says which; never guessed. */
  readonly group: string | null;
  readonly artifact: string;
  readonly version: string;
}

type Manifest = ReadonlyMap<string, string>;

/** A title that is a name for programs: `spring-aop`, not `Apache Log4j Core` or `org.apache.lucene`. */
const artifactLike = /^[A-Za-z][A-Za-z0-9_]*(?:-[A-Za-z0-9_.]+)*$/;
const groupLike = /^[a-zA-Z][\w-]*(?:\.[\w-]+)+$/;

/** Whether a manifest names the archive as build tools do: name and version that are meant for programs. */
export function namesItself(manifest: Manifest): boolean {
  const isTitled = titleOf(manifest) !== undefined && versionOf(manifest, 'implementation-version') !== undefined;
  return isTitled || (manifest.has('bundle-symbolicname') && versionOf(manifest, 'bundle-version') !== undefined);
}

/**
 * Who an archive is when no `pom.properties` says it: from its manifest, its name, and the packages of its classes. What is inside goes
 * before the name, which anybody may have changed. undefined: neither says enough.
 * @param directories of its entries
 */
export function identify(manifest: Manifest, name: ArchiveName, directories: ReadonlySet<string>): Identity | undefined {
  const plugin = jenkinsPlugin(manifest);
  if (plugin !== undefined) return plugin;
  const symbolic = manifest.get('bundle-symbolicname')?.split(';')[0]?.trim();
  const version = chooseVersion(manifest, name);
  const artifact = chooseArtifact(manifest, name, symbolic, version.isNamed);
  const title = titleOf(manifest);
  // A name alone, without any version, says nothing: most likely it is the image's own program.
  if (version.text === '' && symbolic === undefined && title === undefined) return undefined;
  const known = knownArtifact(artifact, directories) ?? knownArtifact(name.artifact, directories);
  if (known !== undefined) return { ...known, version: version.text };
  return { group: groupFromSymbolicName(symbolic, artifact) ?? vendorGroup(manifest), artifact, version: version.text };
}

/** Jenkins' plug-ins say all three (maven-hpi-plugin). */
function jenkinsPlugin(manifest: Manifest): Identity | undefined {
  const artifact = manifest.get('short-name') ?? manifest.get('extension-name');
  const version = manifest.get('plugin-version');
  if (artifact === undefined || version === undefined) return undefined;
  // A snapshot carries in parentheses who built it.
  return { group: manifest.get('group-id') ?? null, artifact, version: version.split(' ')[0] ?? version };
}

function titleOf(manifest: Manifest): string | undefined {
  const title = manifest.get('implementation-title');
  return title !== undefined && artifactLike.test(title) ? title : undefined;
}

/** The attribute's version, without what else is written beside it; undefined when it is none. */
function versionOf(manifest: Manifest, attribute: string): string | undefined {
  const word = (manifest.get(attribute) ?? '').split(/[\s;,]/)[0] ?? '';
  return /^v?\d[\w.+~-]*$/i.test(word) ? word : undefined;
}

function chooseVersion(manifest: Manifest, name: ArchiveName): { readonly text: string; readonly isNamed: boolean } {
  const inside = ['implementation-version', 'bundle-version'].map((attribute) => versionOf(manifest, attribute)).filter((each) => each !== undefined);
  if (name.version !== null) {
    // OSGi writes 30.1-jre as 30.1.0.jre: the file has the ecosystem's spelling.
    const { version } = name;
    if (inside.length === 0 || inside.some((each) => isSameVersion(each, version))) return { text: version, isNamed: true };
  }
  return { text: inside[0] ?? versionOf(manifest, 'specification-version') ?? '', isNamed: false };
}

/** Whether two spellings mean one version: separators, zeros and what one adds at the end don't count. */
function isSameVersion(a: string, b: string): boolean {
  const parts = (text: string): string[] =>
    text
      .toLowerCase()
      .replace(/^v/, '')
      .split(/[._+-]/)
      .filter((part) => !/^0*$/.test(part));
  const [left, right] = [parts(a), parts(b)];
  return [...Array(Math.min(left.length, right.length)).keys()].every((index) => left[index] === right[index]);
}

function chooseArtifact(manifest: Manifest, name: ArchiveName, symbolic: string | undefined, isNamed: boolean): string {
  const title = titleOf(manifest);
  const words = (text: string): string[] => text.toLowerCase().split(/[^a-z0-9]+/);
  if (isNamed && symbolic === undefined) {
    // A title like an artifact's that shares no word with the file's name: the file was renamed.
    const isRenamed = title?.includes('-') === true && !words(title).some((word) => words(name.artifact).includes(word));
    return isRenamed ? title : name.artifact;
  }
  if (symbolic !== undefined) {
    const tail = symbolic.slice(symbolic.lastIndexOf('.') + 1);
    const isSame = words(name.artifact).includes(tail.toLowerCase()) || words(symbolic).join('-').endsWith(words(name.artifact).join('-'));
    return isSame || (isNamed && title === name.artifact) ? name.artifact : (title ?? symbolic);
  }
  return title ?? name.artifact;
}

/**
 * The inverse of how Maven's bundle plug-in makes a symbolic name: group and artifact, of which what both have is written once:
 * `org.apache.commons` and `commons-lang3` make `org.apache.commons.lang3`.
 */
function groupFromSymbolicName(symbolic: string | undefined, artifact: string): string | null {
  if (symbolic === undefined) return null;
  for (let dot = symbolic.lastIndexOf('.'); dot > 0; dot = symbolic.lastIndexOf('.', dot - 1)) {
    const group = symbolic.slice(0, dot);
    const rest = symbolic.slice(dot + 1);
    const last = group.slice(group.lastIndexOf('.') + 1);
    if (groupLike.test(group) && [rest, `${last}-${rest}`, `${last}.${rest}`].includes(artifact)) return group;
  }
  return null;
}

/** Maven writes the group there; others write a vendor's name. */
function vendorGroup(manifest: Manifest): string | null {
  const vendor = manifest.get('implementation-vendor-id');
  return vendor !== undefined && groupLike.test(vendor) ? vendor : null;
}
