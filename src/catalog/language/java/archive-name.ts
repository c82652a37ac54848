/** An archive's name taken apart by Maven's convention `ARTIFACT-VERSION[-CLASSIFIER].jar`. */
export interface ArchiveName {
  readonly artifact: string;
  readonly version: string | null;
  /** Where the archive lies in a repository, whose directories say it. */
  readonly group: string | null;
  /** The name without its ending. */
  readonly stem: string;
}

/** What follows a version's numbers and still belongs to it. */
const qualifier =
  /^(?:\d[\w.]*|snapshot|release|final|ga|sp\d*|alpha\d*|beta\d*|a\d+|b\d+|m\d+|rc\d*|cr\d*|pre\d*|ea\d*|milestone\d*|incubating|jre\d*|android|jdk\d+(?:on)?|java\d+|build\d*|rev\d*|r\d+|v\d+|p\d+|redhat\d*|atlassian|hudson|jenkins|hotfix\d*|patch\d*|dev\d*|internal|stable|nightly|[0-9a-f]{7,40})$/i;
const classifier =
  /-(?:sources|javadoc|tests|test-sources|all|shaded|shadow|fat|uber|runner|jar-with-dependencies|with-dependencies|standalone|exec|boot|plain|dist|bin|classes|no-?deps|nodep|no[-_]?aop|natives?-[\w-]+|(?:linux|windows|osx|macos)(?:-[\w-]+)?)$/i;

function isVersion(text: string): boolean {
  const [numbers = '', ...rest] = text.split(/[-+]/);
  // A number alone before one with points belongs to the artifact (`client-v2-0.10.0`), and so does `-v2`.
  if (/^v\d+$/i.test(text) || (/^v?\d+$/i.test(numbers) && /^\d+\./.test(rest[0] ?? ''))) return false;
  return /^v?\d+(?:[._]\w+)*$/i.test(numbers) && rest.every((part) => qualifier.test(part));
}

/** As bundles are named: three numbers at least, so that it is no Scala release (`kafka_2.13`). */
const bundleVersion = /^\d+\.\d+\.\d+/;

/** Longer names are no file's; taking them apart would cost the square of their length. */
const MAX_NAME = 255;

/**
 * Takes the path of an archive apart, with care: the version begins at the first `-` (or, as in OSGi, `_`) after which everything reads
 * as one, so that `log4j-1.2-api-2.14.1` and `foo-1.0-beta-2` both come out right. In a repository its directories say all three.
 * @param path of the archive, or within another one
 */
export function parseArchiveName(path: string): ArchiveName {
  const stem = path.slice(path.lastIndexOf('/') + 1).replace(/\.[^.]*$/, '');
  const none = { artifact: stem, version: null, group: null, stem };
  if (stem.length > MAX_NAME) return none;
  const stored = inRepository(path.split('/'), stem);
  if (stored !== undefined) return { ...stored, stem };
  const name = /[-_]v?\d/.test(stem) ? stem.replace(classifier, '') : stem;
  for (const separator of ['-', '_']) {
    for (let at = name.indexOf(separator, 1); at !== -1; at = name.indexOf(separator, at + 1)) {
      const version = name.slice(at + 1);
      if (isVersion(version) && (separator === '-' || bundleVersion.test(version))) return { artifact: name.slice(0, at), version, group: null, stem };
    }
  }
  return { ...none, artifact: name };
}

/** Where repositories of Maven's layout begin: Maven's own, Coursier's, Debian's, Karaf's, the assembler's. */
const repositories: ReadonlySet<string> = new Set(['repository', 'repo', 'maven2', 'maven-repo', 'm2', 'system']);

/**
 * The coordinates by the directories of a repository: Maven's `GROUP/PARTS/ARTIFACT/VERSION/ARTIFACT-VERSION.jar` or Gradle's
 * `files-2.1/GROUP/ARTIFACT/VERSION/HASH/ARTIFACT-VERSION.jar`. Directories and name must agree.
 */
function inRepository(parts: readonly string[], stem: string): { group: string; artifact: string; version: string } | undefined {
  const isGradle = parts.at(-6) === 'files-2.1';
  const [artifact = '', version = ''] = parts.slice(isGradle ? -4 : -3);
  if (artifact === '' || version === '' || !(stem === `${artifact}-${version}` || stem.startsWith(`${artifact}-${version}-`))) return undefined;
  if (isGradle) return { group: parts.at(-5) as string, artifact, version };
  const above = parts.slice(0, -3);
  const group = above.slice(above.findLastIndex((part) => repositories.has(part)) + 1);
  if (group.length === 0 || group.length === above.length || !group.every((part) => /^[\w-]+$/.test(part))) return undefined;
  return { group: group.join('.'), artifact, version };
}
