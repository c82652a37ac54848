import { type CatalogProblem, defineCataloger, type Fact } from '../cataloger.ts';
import { channelName } from './conda-channel.ts';
import { plainText, textLines } from './document.ts';
import { isInsidePackage } from './inside-package.ts';
import { distinct, languagePackage, unreadable } from './language-package.ts';

/** A package's address or path: `…/CHANNEL/SUBDIR/NAME-VERSION-BUILD.conda`; behind a # its digest. */
const address = /^(?:([^\s#]*\/)?([^\s/#]+)\/)?([^\s/#]+)-([^\s/#-]+)-([^\s/#-]+)\.(?:conda|tar\.bz2)(?:[\s#].*)?$/s;

export default defineCataloger({
  name: 'language/conda-explicit',
  version: 1,
  summary: 'Conda packages that an explicit list names (conda list --explicit, conda-lock’s conda-PLATFORM.lock)',
  provides: ['packages'],
  evidence: 'packages',
  ecosystem: 'conda',
  maxBytes: 16 * 1024 * 1024,
  selects: ({ path, type }) =>
    type === 'file' &&
    /(?:^|\/)(?:conda-(?:linux|osx|win)-[a-z0-9_]+\.lock|[^/]*(?:explicit|spec-?(?:file|list))[^/]*\.txt)$/.test(path) &&
    !/(?:^|\/)conda-meta\//.test(path) &&
    !isInsidePackage(path),
  *read(file): Generator<Fact<'packages'> | CatalogProblem> {
    const source = plainText(file);
    if (source.problem !== undefined) {
      yield source.problem;
      return;
    }
    const found: (Fact<'packages'> | CatalogProblem)[] = [];
    let isExplicit = false;
    for (const { text, number } of textLines(source.value)) {
      const line = text.trim();
      if (line === '@EXPLICIT') isExplicit = true;
      if (!isExplicit || line === '' || line.startsWith('#') || line.startsWith('@')) continue;
      const [, channel = '', subdir = '', name, version = '', build = ''] = address.exec(line) ?? [];
      if (name === undefined) {
        found.push(unreadable(file, 'a line names no package', { line: number }));
        continue;
      }
      const named = channelName(channel);
      const qualifiers = { build, ...(named === undefined ? {} : { channel: named }), ...(subdir === '' ? {} : { subdir }) };
      found.push(languagePackage(file, { type: 'conda', name, version, lockfile: true, line: number, purl: { qualifiers } }));
    }
    // Other texts have such names too; conda-lock writes no other file of its name.
    if (isExplicit ? found.length === 0 : file.path.endsWith('.lock')) yield unreadable(file, 'it lists no packages');
    yield* distinct(found);
  },
});
