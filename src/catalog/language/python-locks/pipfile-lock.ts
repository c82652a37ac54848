import { type CatalogProblem, defineCataloger, type Fact, type SelectedFile } from '../../cataloger.ts';
import { type Fields, isFields, jsonObject, text } from '../document.ts';
import { isInsidePackage } from '../inside-package.ts';
import { distinct, languagePackage, unreadable } from '../language-package.ts';
import { fromArchiveName } from './archive-name.ts';
import { pipOrigin } from './toml-lock.ts';

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
      const origin = pipOrigin(given);
      // The project itself, and directories beside it.
      if (origin?.kind === 'directory' || origin?.kind === 'editable') continue;
      // A repository's has none, and of what is for other platforms Pipenv may know no more than that it is wanted (`*`).
      const version = /^===?\s*([^\s*]+)$/.exec(text(given.version) ?? '')?.[1];
      const address = text(given.file) ?? text(given.path);
      const told = version ?? (address === undefined ? undefined : fromArchiveName(address, name)?.version) ?? '';
      yield languagePackage(file, { type: 'pypi', name, version: told, lockfile: true, origin });
    }
  }
}

export default defineCataloger({
  name: 'language/python-locks/pipfile-lock',
  version: 2,
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
