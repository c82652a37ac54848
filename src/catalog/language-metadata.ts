/**
 * Whether a path may be what a language's package is read from. Of the files that distribution packages own only
 * these matter for telling whose a language package is.
 */
export function languageMetadata(path: string): boolean {
  return (
    path.endsWith('/package.json') ||
    path.endsWith('/METADATA') ||
    path.endsWith('/PKG-INFO') ||
    path.endsWith('.egg-info') ||
    path.endsWith('.gemspec') ||
    path.endsWith('.jar') ||
    path.endsWith('.war') ||
    path.endsWith('/installed.json') ||
    path.endsWith('.deps.json')
  );
}
