import { defineCataloger } from '../../cataloger.ts';
import { jsonObject } from '../document.ts';
import { dependencies } from './dependencies.ts';

export default defineCataloger({
  name: 'language/dotnet/deps-json',
  version: 2,
  summary: 'NuGet packages of built .NET programs and frameworks, from *.deps.json; those without a file are marked like a lock file’s',
  provides: ['packages'],
  evidence: 'packages',
  ecosystem: 'nuget',
  maxBytes: 32 * 1024 * 1024,
  selects: ({ path, type }) => type === 'file' && path.endsWith('.deps.json'),
  *read(file) {
    const document = jsonObject(file);
    if (document.problem !== undefined) yield document.problem;
    else yield* dependencies(document.value, file);
  },
});
