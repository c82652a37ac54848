import { type CatalogProblem, defineCataloger, type Fact, type SelectedFile } from '../../cataloger.ts';
import { type Fields, isFields, objectDocument } from '../document.ts';
import { isInsidePackage } from '../inside-package.ts';
import { distinct, languagePackage, unreadable } from '../language-package.ts';
import { npmOrigin } from './npm-origin.ts';

/** JSON with a comma after the last item, as Bun writes it. A text that doesn't end is left to the parser. */
function withoutTrailingCommas(source: string): string {
  return source.replace(/("(?:[^"\\]|\\.)*(?:"|$))|,(?=\s*[}\]])/gs, (_, text: string | undefined) => text ?? '');
}

/** Each package is a list that begins with `NAME@VERSION`, or `NAME@ADDRESS` where it comes from elsewhere than a registry. */
function* packages(file: SelectedFile, listed: Fields): Generator<Fact<'packages'> | CatalogProblem> {
  for (const [place, given] of Object.entries(listed)) {
    const resolution: unknown = Array.isArray(given) ? given[0] : undefined;
    const match = typeof resolution === 'string' ? /^((?:@[^/@]+\/)?[^/@]+)@(.*)$/s.exec(resolution) : null;
    if (match === null) {
      yield unreadable(file, `the package ${place.slice(0, 100)} has no name and version`);
      continue;
    }
    const [, name = '', source = ''] = match;
    // The project itself, and directories beside it.
    if (/^(?:root|workspace|link):/.test(source) || (source.startsWith('file:') && !/\.(?:tgz|tar\.gz|tar)$/i.test(source))) continue;
    yield languagePackage(file, { type: 'npm', name, version: /^\d/.test(source) ? source : '', lockfile: true, origin: npmOrigin(source) });
  }
}

export default defineCataloger({
  name: 'language/npm-locks/bun-lock',
  version: 2,
  summary: 'npm packages that a bun.lock names (Bun 1.2 and later)',
  provides: ['packages'],
  evidence: 'packages',
  ecosystem: 'npm',
  maxBytes: 32 * 1024 * 1024,
  selects: ({ path, type }) => type === 'file' && /(?:^|\/)bun\.lock$/.test(path) && !isInsidePackage(path),
  *read(file) {
    const document = objectDocument(file, 'JSON', (source) => JSON.parse(withoutTrailingCommas(source)) as unknown);
    if (document.problem !== undefined) {
      yield document.problem;
      return;
    }
    const { packages: listed } = document.value;
    if (isFields(listed)) yield* distinct(packages(file, listed));
    // For a project without dependencies Bun writes no file.
    else yield unreadable(file, 'it has no packages');
  },
});
