import { parseAllDocuments } from 'yaml';
import { type CatalogProblem, defineCataloger, type Fact, type SelectedFile } from '../../cataloger.ts';
import { type Fields, isFields, plainText, text } from '../document.ts';
import { isInsidePackage } from '../inside-package.ts';
import { distinct, languagePackage, unreadable } from '../language-package.ts';

/** Name and version of a package's key: `/a/1.0.0_peer@2` (5), `/a@1.0.0(peer@2)` (6), `a@1.0.0` (9); other keys are addresses. */
function fromKey(key: string): { readonly name: string; readonly version: string } | undefined {
  // Without a slash in front, version 5 names the registry first.
  const path = key.replace(/\(.*$/s, '').replace(/^\/|^[\w-]+(?:\.[\w-]+)+(?::\d+)?\//, '');
  const match = /^((?:@[^/@]+\/)?[^/@]+)[@/](\d[^/_:]*)(?:_.*)?$/s.exec(path);
  return match === null ? undefined : { name: match[1] as string, version: match[2] as string };
}

function* packages(file: SelectedFile, listed: Fields): Generator<Fact<'packages'> | CatalogProblem> {
  for (const [key, given] of Object.entries(listed)) {
    const written = isFields(given) ? given : {};
    const own = fromKey(key);
    // What doesn't come from a registry has its name and version below the key, since version 9 the name in it.
    const name = text(written.name) ?? own?.name ?? /^((?:@[^/@]+\/)?[^/@]+)@/.exec(key)?.[1];
    const version = written.version === undefined ? (own?.version ?? '') : String(written.version);
    // A directory beside the project.
    if (/^(?:[^/]*@)?(?:file|link):/.test(key) && isFields(written.resolution) && written.resolution.type === 'directory') continue;
    if (name === undefined) yield unreadable(file, `the package ${key.slice(0, 100)} has no name`);
    else yield languagePackage(file, { type: 'npm', name, version, lockfile: true });
  }
}

/** Since version 9 the projects are written even if they depend on nothing. */
function lacksProjects(root: Fields): boolean {
  if (!isFields(root.importers)) return 'importers' in root || Number.parseFloat(String(root.lockfileVersion)) >= 9;
  return !Object.values(root.importers).every(isFields);
}

/** Whether a project of the lock file depends on anything but directories beside it; one alone is written at the root until version 6. */
function wantsPackages(root: Fields): boolean {
  const projects = [root, ...(isFields(root.importers) ? Object.values(root.importers) : [])];
  return projects.some((project) =>
    ['dependencies', 'devDependencies', 'optionalDependencies'].some((group) => {
      const wanted = isFields(project) ? project[group] : undefined;
      if (!isFields(wanted)) return wanted !== undefined;
      return Object.values(wanted).some((item) => !String(isFields(item) ? item.version : item).startsWith('link:'));
    }),
  );
}

export default defineCataloger({
  name: 'language/npm-locks/pnpm-lock',
  version: 1,
  summary: 'npm packages that a pnpm-lock.yaml names (lockfileVersion 5 to 9)',
  provides: ['packages'],
  evidence: 'packages',
  ecosystem: 'npm',
  // A parsed document takes up to two hundred times its size.
  maxBytes: 4 * 1024 * 1024,
  selects: ({ path, type }) => type === 'file' && /(?:^|\/)pnpm-lock\.yaml$/.test(path) && !isInsidePackage(path),
  *read(file) {
    const source = plainText(file);
    if (source.problem !== undefined) {
      yield source.problem;
      return;
    }
    const found: (Fact<'packages'> | CatalogProblem)[] = [];
    try {
      // A document of its own before the project's may hold the packages of pnpm's configuration.
      const documents = parseAllDocuments(source.value, { uniqueKeys: false });
      if (documents.length === 0) throw new Error('it is empty');
      for (const document of documents) {
        const [error] = document.errors;
        if (error !== undefined) throw error;
        const root = document.toJS({ maxAliasCount: 0 }) as unknown;
        if (!isFields(root) || root.lockfileVersion == null) throw new Error('a document of it is no lock file of pnpm');
        if (isFields(root.packages)) found.push(...packages(file, root.packages));
        else if (root.packages != null || lacksProjects(root) || wantsPackages(root)) found.push(unreadable(file, 'it has no list of packages'));
      }
    } catch (error) {
      yield unreadable(file, `it is no lock file in YAML (${(error as Error).message.split('\n')[0]?.slice(0, 100)})`);
      return;
    }
    yield* distinct(found);
  },
});
