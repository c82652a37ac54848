/** The `versions` of an `affected` entry as one text, so that thousands of them cost nothing until they are asked for. */
export interface VersionList {
  readonly size: 'none' | 'some';
  /** Whether a version is listed, letter by letter. */
  has(version: string): boolean;
  all(): readonly string[];
}

/** Joins versions for `versionList`; none may hold a line feed. */
export function joinVersions(versions: readonly string[]): string {
  return versions.length === 0 ? '' : `\n${versions.join('\n')}\n`;
}

/** Takes what `joinVersions` gives. */
export function versionList(joined: string): VersionList {
  return {
    size: joined === '' ? 'none' : 'some',
    has: (version) => version !== '' && !version.includes('\n') && joined.includes(`\n${version}\n`),
    all: () => (joined === '' ? [] : joined.slice(1, -1).split('\n')),
  };
}
