import { type CatalogProblem, defineCataloger, type Fact, type SelectedFile } from '../../cataloger.ts';
import { plainText, textLines } from '../document.ts';
import { isInsidePackage } from '../inside-package.ts';
import { distinct, languagePackage, unreadable } from '../language-package.ts';
import { type Origin, repository } from '../origin.ts';

/** Sections that hold gems; also `PATH`, which has those of the project itself. */
const sections = new Set(['GEM', 'GIT', 'PATH', 'PLUGIN SOURCE']);
/** A gem's own line below `specs:`; what it depends on is indented further. */
const option = /^ {2}(remote|revision): (\S+)$/;
const specification = /^ {4}(\S+) \(([^)\s]+)\)$/;

function* gems(file: SelectedFile, source: string): Generator<Fact<'packages'> | CatalogProblem> {
  let section = '';
  let isWhole = false;
  let remote = '';
  let origin: Origin | undefined;
  for (const { text, number } of textLines(source)) {
    if (/^(?:<{7}|={7}|>{7})/.test(text)) {
      yield unreadable(file, 'it holds the marks of a merge that was not finished', { line: number });
      continue;
    }
    if (/^[A-Z]/.test(text)) {
      section = text.trim();
      // Bundler writes it into every lock file, after the gems.
      isWhole ||= section === 'DEPENDENCIES';
      origin = undefined;
    }
    if (section === 'GIT') {
      const [, key, value = ''] = option.exec(text) ?? [];
      if (key === 'remote') remote = value;
      if (key !== undefined) origin = repository('git', remote, { revision: key === 'revision' ? value : undefined });
    }
    const gem = sections.has(section) ? specification.exec(text) : null;
    if (gem === null) continue;
    const [version = '', ...platform] = (gem[2] as string).split('-');
    const qualifiers = platform.length === 0 ? {} : { purl: { qualifiers: { platform: platform.join('-') } } };
    yield languagePackage(file, { type: 'gem', name: gem[1] as string, version, lockfile: true, line: number, origin, ...qualifiers });
  }
  if (!isWhole) yield unreadable(file, 'it ends before its dependencies');
}

export default defineCataloger({
  name: 'language/ruby/gemfile-lock',
  version: 3,
  summary: 'Gems that a Gemfile.lock (gems.locked, NAME.gemfile.lock) names',
  provides: ['packages'],
  evidence: 'packages',
  ecosystem: 'gem',
  maxBytes: 16 * 1024 * 1024,
  selects: ({ path, type }) => type === 'file' && /(?:^|\/)(?:Gemfile\.lock|gems\.locked|[^/]+\.gemfile\.lock)$/.test(path) && !isInsidePackage(path),
  *read(file) {
    const source = plainText(file);
    if (source.problem !== undefined) {
      yield source.problem;
      return;
    }
    yield* distinct(gems(file, source.value));
  },
});
