import { parserMessage } from '../../parser-message.ts';
import type { CatalogProblem, Fact, SelectedFile } from '../cataloger.ts';
import { isFields, text } from './document.ts';
import { languagePackage, unreadable } from './language-package.ts';

/** `node_modules/NAME/package.json` or `node_modules/@SCOPE/NAME/package.json`: the root of an installed package, with its directory's name. */
export const packageRoot = /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/@.][^/]*)\/package\.json$/;

function licenses(document: Readonly<Record<string, unknown>>): string[] {
  const all = [document.license, ...(Array.isArray(document.licenses) ? document.licenses : [document.licenses])];
  const found = all.map((item) => (isFields(item) ? item.type : item));
  return [...new Set(found.filter((item) => typeof item === 'string' && item !== ''))] as string[];
}

/**
 * The package that a `package.json` at a package's root describes, or why it can't be read. Nothing when it is the description of no
 * package. `member` is its path within the archive `file`.
 */
export function* npmPackage(
  file: Pick<SelectedFile, 'path'>,
  source: string,
  directory: string,
  member?: string,
): Generator<Fact<'packages'> | CatalogProblem> {
  const at = member === undefined ? {} : { member };
  let document: unknown;
  try {
    document = JSON.parse(source.replace(/^\uFEFF/, ''));
  } catch (error) {
    yield unreadable(file, `it is not JSON (${parserMessage(error)})`, at);
    return;
  }
  if (!isFields(document)) {
    yield unreadable(file, 'it is not a JSON object', at);
    return;
  }
  const { name, version } = document;
  // A file with neither only sets options for the modules beside it (`{"type":"module"}`).
  if (name === undefined && version === undefined) return;
  yield languagePackage(file, {
    type: 'npm',
    name: text(name) ?? directory,
    // Without a version it can be named by a rule; where an advisory concerns the name it can't be compared, and that is said.
    version: typeof version === 'string' ? version.trim() : '',
    licenses: licenses(document),
    ...at,
  });
}
