import type { CatalogProblem, Fact, SelectedFile } from '../../cataloger.ts';
import { type Fields, isFields, text, texts } from '../document.ts';
import { languagePackage, unreadable } from '../language-package.ts';
import { directory, type Origin, repository } from '../origin.ts';

/** Packagist and its like want to know what is installed of theirs; other repositories and directories don't. */
function originOf(item: Fields): Origin | undefined {
  if (item['notification-url'] !== undefined) return undefined;
  const [source, dist] = [item.source, item.dist].map((given) => (isFields(given) ? given : {}));
  if (dist?.type === 'path') return directory(false);
  const [type, url] = [text(source?.type), text(source?.url)];
  return type === undefined || url === undefined ? undefined : repository(type, url, { revision: text(source?.reference) });
}

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
    origin: originOf(item),
    ...(slash > 0 ? { purl: { namespace: name.slice(0, slash), name: name.slice(slash + 1) } } : {}),
  });
}
