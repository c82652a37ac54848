import { type CatalogProblem, defineCataloger, type Fact, type SelectedFile } from '../../cataloger.ts';
import { type Fields, isFields, jsonObject, text, texts } from '../document.ts';
import { isInsidePackage } from '../inside-package.ts';
import { distinct, languagePackage, unreadable } from '../language-package.ts';
import { npmOrigin } from './npm-origin.ts';

type Result = Fact<'packages'> | CatalogProblem;

/** `packages` of version 2 and 3: keys are the places where npm would put them; those outside of node_modules are the project itself. */
function* fromPlaces(file: SelectedFile, packages: Fields): Generator<Result> {
  for (const [place, given] of Object.entries(packages)) {
    const at = place.lastIndexOf('node_modules/');
    if (at === -1) continue;
    if (!isFields(given)) {
      yield unreadable(file, 'a package has no description');
      continue;
    }
    // A link leads to a project beside this one.
    if (given.link === true) continue;
    const name = text(given.name) ?? place.slice(at + 'node_modules/'.length);
    // What a registry has is an archive with an address too.
    const address = text(given.resolved) ?? '';
    const origin = /^(?:git|file:)/.test(address) ? npmOrigin(address) : undefined;
    yield languagePackage(file, { type: 'npm', name, version: text(given.version) ?? '', licenses: texts(given.license), lockfile: true, origin });
  }
}

/** `dependencies` of version 1: a tree. An alias has `npm:NAME@VERSION` for a version, other sources their address. */
function* fromTree(file: SelectedFile, root: Fields): Generator<Result> {
  const pending = [root];
  for (let tree = pending.pop(); tree !== undefined; tree = pending.pop()) {
    for (const [key, given] of Object.entries(tree)) {
      if (!isFields(given)) {
        yield unreadable(file, 'a package has no description');
        continue;
      }
      if (isFields(given.dependencies)) pending.push(given.dependencies);
      const version = text(given.version) ?? '';
      if (version.startsWith('file:') && given.bundled !== true && !/\.(?:tgz|tar\.gz|tar)$/i.test(version)) continue;
      const alias = /^npm:(.+)@([^@]+)$/.exec(version);
      const isAddress = /^[a-z+]+:/i.test(version);
      yield languagePackage(file, {
        type: 'npm',
        name: alias?.[1] ?? key,
        version: alias?.[2] ?? (isAddress ? '' : version),
        lockfile: true,
        origin: isAddress && alias === null ? npmOrigin(version) : undefined,
      });
    }
  }
}

export default defineCataloger({
  name: 'language/npm-locks/package-lock',
  version: 3,
  summary: 'npm packages that a package-lock.json or npm-shrinkwrap.json names (lockfileVersion 1 to 3)',
  provides: ['packages'],
  evidence: 'packages',
  ecosystem: 'npm',
  maxBytes: 32 * 1024 * 1024,
  selects: ({ path, type }) => type === 'file' && /(?:^|\/)(?:package-lock|npm-shrinkwrap)\.json$/.test(path) && !isInsidePackage(path),
  *read(file) {
    const document = jsonObject(file);
    if (document.problem !== undefined) {
      yield document.problem;
      return;
    }
    const { packages, dependencies, lockfileVersion } = document.value;
    if (isFields(packages)) yield* distinct(fromPlaces(file, packages));
    else if (isFields(dependencies)) yield* distinct(fromTree(file, dependencies));
    else if (lockfileVersion !== 1) yield unreadable(file, 'it has neither packages nor dependencies');
  },
});
