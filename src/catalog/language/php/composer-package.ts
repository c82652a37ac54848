import type { CatalogProblem, Fact, SelectedFile } from '../../cataloger.ts';
import { isFields, text, texts } from '../document.ts';
import { languagePackage, unreadable } from '../language-package.ts';

/** A package as Composer writes it into its lock file and into `vendor`: `{"name": "vendor/name", "version": …, "license": […]}`. */
export function composerPackage(file: SelectedFile, given: unknown, lockfile: boolean): Fact<'packages'> | CatalogProblem {
  const item = isFields(given) ? given : {};
  const name = text(item.name);
  if (name === undefined) return unreadable(file, 'a package has no name');
  const slash = name.indexOf('/');
  return languagePackage(file, {
    type: 'composer',
    name,
    version: text(item.version) ?? '',
    licenses: texts(item.license),
    lockfile,
    ...(slash > 0 ? { purl: { namespace: name.slice(0, slash), name: name.slice(slash + 1) } } : {}),
  });
}
