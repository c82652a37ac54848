import { parse } from 'smol-toml';
import type { CatalogProblem, Fact, SelectedFile } from '../../cataloger.ts';
import { isFields, objectDocument, text } from '../document.ts';
import { distinct, languagePackage, unreadable } from '../language-package.ts';

/**
 * Reads the lock files that list tables of packages: Poetry's, uv's and PDM's `[[package]]`, pylock's `[[packages]]`.
 * What has no source but a directory is the project itself.
 * @param key of the list
 * @param mayLack whether a lock file without packages lacks the list too
 */
export function* readTomlLock(file: SelectedFile, key: 'package' | 'packages', mayLack = false): Generator<Fact<'packages'> | CatalogProblem> {
  const document = objectDocument(file, 'TOML', parse);
  if (document.problem !== undefined) {
    yield document.problem;
    return;
  }
  const list = document.value[key] ?? (mayLack && isFields(document.value.metadata) ? [] : undefined);
  if (!Array.isArray(list)) {
    yield unreadable(file, 'it has no packages');
    return;
  }
  const found: (Fact<'packages'> | CatalogProblem)[] = [];
  for (const item of list as unknown[]) {
    const given = isFields(item) ? item : {};
    const name = text(given.name);
    if (name === undefined) found.push(unreadable(file, 'a package has no name'));
    else if (!isOwn(given)) found.push(languagePackage(file, { type: 'pypi', name, version: text(given.version) ?? '', lockfile: true }));
  }
  yield* distinct(found);
}

/** uv: `source = { editable = "." }` or `virtual`; Poetry: `type = "directory"`; PDM: `path`, pylock: `directory`. */
function isOwn(given: Readonly<Record<string, unknown>>): boolean {
  const source = isFields(given.source) ? given.source : {};
  return (
    source.editable !== undefined ||
    source.virtual !== undefined ||
    source.directory !== undefined ||
    source.type === 'directory' ||
    given.directory !== undefined ||
    given.path !== undefined ||
    given.editable === true
  );
}
