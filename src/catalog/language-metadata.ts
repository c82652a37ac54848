import type { Request } from '../model/index.ts';

/** Files that a language's package is read from, by the end of their names. */
const endings = [
  ...['/package.json', '/METADATA', '/DESCRIPTION', '/PKG-INFO', '.egg-info', '.gemspec', '/installed.json', '.deps.json', '/pom.properties'],
  ...['.jar', '.war', '.ear', '.hpi', '.jpi', '.rar', '.sar', '.par', '.har', '.nar', '.kar', '.lpkg', '.aar'],
];

/** Where programs and shared libraries lie: Go's, Rust's and those that are known by what they say of themselves. */
const program = /\/(?:s?bin|libexec|games)\/[^/]+$|\.so(?:\.[\d.]+)?$|^\/(?:usr\/lib|usr\/local|opt|lib)[^/]*\/(?:[^/]+\/)*[^/.]+$/;

/**
 * Whether a path may be what a language's package is read from. Of the files that distribution packages own only
 * these matter for telling whose a language package is.
 */
export function languageMetadata(path: string): boolean {
  return endings.some((ending) => path.endsWith(ending)) || program.test(path) || (path.endsWith('.json') && path.includes('/conda-meta/'));
}

/** Whether it matters who owns a file: where the caller has rules for programs, any file may be one. */
export function mattersWhose(path: string, request: Request): boolean {
  return request.detail?.binaryRules !== undefined || languageMetadata(path);
}
