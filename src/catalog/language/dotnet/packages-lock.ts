import { type CatalogProblem, defineCataloger, type Fact, type SelectedFile } from '../../cataloger.ts';
import { type Fields, isFields, jsonObject, text } from '../document.ts';
import { isInsidePackage } from '../inside-package.ts';
import { distinct, languagePackage, unreadable } from '../language-package.ts';

function* packages(file: SelectedFile, frameworks: Fields): Generator<Fact<'packages'> | CatalogProblem> {
  for (const dependencies of Object.values(frameworks)) {
    if (!isFields(dependencies)) {
      yield unreadable(file, 'a framework has no packages');
      continue;
    }
    for (const [name, given] of Object.entries(dependencies)) {
      if (!isFields(given)) yield unreadable(file, 'a package has no description');
      // A project of the same solution has no version of NuGet's.
      else if (text(given.type)?.toLowerCase() !== 'project') {
        yield languagePackage(file, { type: 'nuget', name, version: text(given.resolved) ?? '', lockfile: true });
      }
    }
  }
}

export default defineCataloger({
  name: 'language/dotnet/packages-lock',
  version: 1,
  summary: 'NuGet packages that a packages.lock.json names',
  provides: ['packages'],
  evidence: 'packages',
  ecosystem: 'nuget',
  maxBytes: 32 * 1024 * 1024,
  selects: ({ path, type }) => type === 'file' && /(?:^|\/)packages(?:\.[^/]+)?\.lock\.json$/.test(path) && !isInsidePackage(path),
  *read(file) {
    const document = jsonObject(file);
    if (document.problem !== undefined) {
      yield document.problem;
      return;
    }
    const { dependencies } = document.value;
    if (isFields(dependencies)) yield* distinct(packages(file, dependencies));
    else yield unreadable(file, 'it has no dependencies');
  },
});
