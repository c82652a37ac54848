import { defineCataloger } from '../../cataloger.ts';
import { isExecutable, mayBeExecutable } from '../../executable/index.ts';
import { jsonObject } from '../document.ts';
import { unreadable } from '../language-package.ts';
import { type BundledFile, BundleError, bundledDependencies } from './bundle.ts';
import { dependencies } from './dependencies.ts';

const MiB = 1024 * 1024;

/** What the hosts of .NET programs have in them; a program that reads such files may have the mark of a bundle alone. */
const ofHosts = ['hostfxr', 'BUNDLE_EXTRACT_BASE_DIR'];

export default defineCataloger({
  name: 'language/dotnet/single-file',
  version: 1,
  summary: 'NuGet packages of .NET programs that were published as a single file, from the *.deps.json within',
  provides: ['packages'],
  evidence: 'packages',
  ecosystem: 'nuget',
  maxBytes: 256 * MiB,
  selects: mayBeExecutable,
  *read(file) {
    const bytes = Buffer.from(file.bytes.buffer, file.bytes.byteOffset, file.bytes.length);
    if (!isExecutable(bytes)) return;
    let lists: BundledFile[];
    try {
      lists = bundledDependencies(bytes, 32 * MiB);
    } catch (error) {
      if (!(error instanceof BundleError)) throw error;
      if (ofHosts.some((name) => bytes.includes(name))) yield unreadable(file, `it is a .NET program in a single file, and ${error.message}`);
      return;
    }
    for (const { path, content } of lists) {
      const document = jsonObject({ ...file, text: () => content.toString('utf8') });
      if (document.problem === undefined) yield* dependencies(document.value, { path: file.path, member: path });
      else yield unreadable(file, document.problem.problem.why, { member: path });
    }
  },
});
