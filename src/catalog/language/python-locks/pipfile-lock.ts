import { type CatalogProblem, defineCataloger, type Fact, type SelectedFile } from '../../cataloger.ts';
import { type Fields, isFields, jsonObject, text } from '../document.ts';
import { isInsidePackage } from '../inside-package.ts';
import { distinct, languagePackage, unreadable } from '../language-package.ts';

function* packages(file: SelectedFile, document: Fields): Generator<Fact<'packages'> | CatalogProblem> {
  // `default`, `develop`, and categories of the project's own; `_meta` is about the file.
  for (const [category, listed] of Object.entries(document)) {
    if (category === '_meta') continue;
    if (!isFields(listed)) {
      yield unreadable(file, 'a category has no packages');
      continue;
    }
    for (const [name, given] of Object.entries(listed)) {
      if (!isFields(given)) {
        yield unreadable(file, 'a package has no description');
        continue;
      }
      // From a directory or a repository: it has no version.
      if (given.editable === true || text(given.path) !== undefined) continue;
      yield languagePackage(file, { type: 'pypi', name, version: (text(given.version) ?? '').replace(/^===?\s*/, ''), lockfile: true });
    }
  }
}

export default defineCataloger({
  name: 'language/python-locks/pipfile-lock',
  version: 1,
  summary: 'Python packages that a Pipfile.lock names',
  provides: ['packages'],
  evidence: 'packages',
  ecosystem: 'pypi',
  maxBytes: 32 * 1024 * 1024,
  selects: ({ path, type }) => type === 'file' && /(?:^|\/)Pipfile\.lock$/.test(path) && !isInsidePackage(path),
  *read(file) {
    const document = jsonObject(file);
    if (document.problem !== undefined) yield document.problem;
    else if (document.value._meta === undefined || !isFields(document.value.default) || !isFields(document.value.develop))
      yield unreadable(file, 'it is no lock file of pipenv');
    else yield* distinct(packages(file, document.value));
  },
});
