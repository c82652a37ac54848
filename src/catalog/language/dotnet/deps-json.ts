import { defineCataloger } from '../../cataloger.ts';
import { isFields, jsonObject } from '../document.ts';
import { languagePackage, unreadable } from '../language-package.ts';

/** Libraries that come from NuGet: packages, and the framework beside a self-contained program. The rest are projects and loose files. */
const kinds = new Set(['package', 'runtimepack']);

export default defineCataloger({
  name: 'language/dotnet/deps-json',
  version: 1,
  summary: 'NuGet packages of built .NET programs and frameworks, from *.deps.json',
  provides: ['packages'],
  evidence: 'packages',
  ecosystem: 'nuget',
  maxBytes: 32 * 1024 * 1024,
  selects: ({ path, type }) => type === 'file' && path.endsWith('.deps.json'),
  *read(file) {
    const document = jsonObject(file);
    if (document.problem !== undefined) {
      yield document.problem;
      return;
    }
    const { libraries } = document.value;
    if (!isFields(libraries)) {
      yield unreadable(file, 'it has no libraries');
      return;
    }
    for (const [key, library] of Object.entries(libraries)) {
      if (!isFields(library) || !kinds.has(String(library.type).toLowerCase())) continue;
      const slash = key.lastIndexOf('/');
      const name = key.slice(0, slash).replace(/^runtimepack\./, '');
      if (slash <= 0 || name === '') yield unreadable(file, 'a library has no name and version');
      else yield languagePackage(file, { type: 'nuget', name, version: key.slice(slash + 1) });
    }
  },
});
