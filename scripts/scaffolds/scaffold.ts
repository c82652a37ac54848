/** A new member: the files that it begins with. */
export interface Scaffold {
  /** What a name looks like: `packages/denylist`. */
  readonly example: string;
  /** Parts of the name, each in kebab case. */
  readonly parts: 1 | 2;
  /**
   * Files by path from the repository's root.
   * @param context `version`: the package's, in which the member appears; `read`: a file's text, undefined when it isn't there
   */
  files(name: readonly string[], context: { readonly version: string; read(path: string): string | undefined }): Readonly<Record<string, string>>;
  /** What to do next, a line each. */
  next(name: readonly string[]): readonly string[];
}

/** `from-missing` → `fromMissing`. */
export function camelCase(name: string): string {
  return name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}

/** A test that fails until somebody writes it. */
export function unwritten(title: string): string {
  return `test(${JSON.stringify(title).replaceAll("'", '’').replace(/^"|"$/g, "'")}, () => expect.fail('write the case'));`;
}
