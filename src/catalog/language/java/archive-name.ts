/** An archive's name taken apart by Maven's convention `ARTIFACT-VERSION[-CLASSIFIER].jar`. */
export interface ArchiveName {
  readonly artifact: string;
  readonly version: string | null;
}

/** What follows a version's numbers and still belongs to it. */
const qualifier =
  /^(?:\d[\w.]*|snapshot|release|final|ga|sp\d*|alpha\d*|beta\d*|a\d+|b\d+|m\d+|rc\d*|cr\d*|pre\d*|ea\d*|milestone\d*|incubating|jre\d*|android|jdk\d+(?:on)?|java\d+|build\d*|rev\d*|r\d+|v\d+|p\d+|redhat\d*|atlassian|hotfix\d*|patch\d*|dev\d*|internal|stable|nightly|[0-9a-f]{7,40})$/i;
const classifier =
  /-(?:sources|javadoc|tests|test-sources|all|shaded|shadow|fat|uber|jar-with-dependencies|with-dependencies|standalone|exec|boot|plain|dist|bin|classes|no-?deps|nodep|no[-_]?aop|natives?-[\w-]+|(?:linux|windows|osx|macos)(?:-[\w-]+)?)$/i;

function isVersion(text: string): boolean {
  const [numbers = '', ...rest] = text.split(/[-+]/);
  return /^v?\d+(?:[._]\w+)*$/i.test(numbers) && rest.every((part) => qualifier.test(part));
}

/** Longer names are no file's; taking them apart would cost the square of their length. */
const MAX_NAME = 255;

/**
 * Takes the name of an archive apart, with care: the version begins at the first `-` (or, as in OSGi, `_`) after which everything reads
 * as one, so that `log4j-1.2-api-2.14.1` and `foo-1.0-beta-2` both come out right.
 * @param path of the archive, or within another one
 */
export function parseArchiveName(path: string): ArchiveName {
  let name = path.slice(path.lastIndexOf('/') + 1).replace(/\.[^.]*$/, '');
  if (name.length > MAX_NAME) return { artifact: name, version: null };
  if (/[-_]v?\d/.test(name)) name = name.replace(classifier, '');
  for (const separator of ['-', '_']) {
    for (let at = name.indexOf(separator, 1); at !== -1; at = name.indexOf(separator, at + 1)) {
      const version = name.slice(at + 1);
      if (isVersion(version)) return { artifact: name.slice(0, at), version };
    }
  }
  return { artifact: name, version: null };
}
