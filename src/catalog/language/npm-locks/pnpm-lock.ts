import { type CatalogProblem, defineCataloger, type Fact, type SelectedFile } from '../../cataloger.ts';
import { isFields, plainText, text } from '../document.ts';
import { isInsidePackage } from '../inside-package.ts';
import { distinct, languagePackage, unreadable } from '../language-package.ts';
import { archive, type Origin, repository } from '../origin.ts';
import { YamlBlockError, type YamlValue, yamlDocuments } from './yaml-block.ts';

type Result = Fact<'packages'> | CatalogProblem;

/** Name and version of a package's key: `/a/1.0.0_peer@2` (5), `/a@1.0.0(peer@2)` (6), `a@1.0.0` (9); other keys are addresses. */
function fromKey(key: string): { readonly name: string; readonly version: string } | undefined {
  // Without a slash in front, version 5 names the registry first.
  const path = key.replace(/\(.*$/s, '').replace(/^\/|^[\w-]+(?:\.[\w-]+)+(?::\d+)?\//, '');
  const match = /^((?:@[^/@]+\/)?[^/@]+)[@/](\d[^/_:]*)(?:_.*)?$/s.exec(path);
  return match === null ? undefined : { name: match[1] as string, version: match[2] as string };
}

/** More than a package or a lock file has. */
const MAX_FIELDS = 1000;

/** What is looked at of a mapping, by key; a key that stands there twice is no lock file's. */
function fieldsOf(value: YamlValue): ReadonlyMap<string, YamlValue> {
  const fields = new Map<string, YamlValue>();
  if (value.empty) return fields;
  for (const { key, value: field } of value.entries()) {
    if (fields.has(key)) throw new YamlBlockError(field.line, `${key.slice(0, 100)} stands there twice`);
    if (fields.size === MAX_FIELDS) throw new YamlBlockError(field.line, `more than ${MAX_FIELDS} fields stand there`);
    fields.set(key, field);
  }
  return fields;
}

function textOf(value: YamlValue | undefined): string | undefined {
  const text = value?.whole();
  return typeof text === 'string' && text !== '' ? text : undefined;
}

/** `{type: git, repo, commit}`, or `{tarball}`. */
function originOf(resolution: unknown): Origin | undefined {
  if (!isFields(resolution)) return undefined;
  const { type, repo, commit, path, tarball } = resolution;
  if (type === 'git') return repository('git', text(repo) ?? '', { revision: text(commit), subdirectory: text(path)?.replace(/^\//, '') });
  return text(tarball) === undefined ? undefined : archive(text(tarball) ?? '');
}

function* packages(file: SelectedFile, listed: YamlValue): Generator<Result> {
  for (const { key, value } of listed.entries()) {
    const written = fieldsOf(value);
    const own = fromKey(key);
    // What doesn't come from a registry has its name and version below the key, since version 9 the name in it.
    const name = textOf(written.get('name')) ?? own?.name ?? /^((?:@[^/@]+\/)?[^/@]+)@/.exec(key)?.[1];
    // Since version 10 pnpm also brings Node.js and the like.
    const runtime = /^[^@/]+@runtime:([^(]+)/.exec(key)?.[1];
    const version = textOf(written.get('version')) ?? own?.version ?? runtime ?? '';
    const { line } = value;
    // What comes from elsewhere than a registry, among it directories beside the project, says so.
    const resolution = (own === undefined && runtime === undefined) || /^(?:[^/]*@)?(?:file|link):/.test(key) ? written.get('resolution')?.whole() : undefined;
    if (isFields(resolution) && resolution.type === 'directory') continue;
    if (name === undefined) yield unreadable(file, `the package ${key.slice(0, 100)} has no name`, { line });
    else yield languagePackage(file, { type: runtime === undefined ? 'npm' : 'generic', name, version, lockfile: true, line, origin: originOf(resolution) });
  }
}

/** Whether a project of the lock file depends on anything but directories beside it. */
function wantsPackages(project: ReadonlyMap<string, YamlValue>): boolean {
  return ['dependencies', 'devDependencies', 'optionalDependencies'].some((group) => {
    const wanted = project.get(group)?.whole();
    if (!isFields(wanted)) return project.has(group);
    return Object.values(wanted).some((item) => !String(isFields(item) ? item.version : item).startsWith('link:'));
  });
}

/** Whether packages are missing from a lock file that lists none. One project alone is written at the root until version 6. */
function lacksPackages(root: ReadonlyMap<string, YamlValue>, version: string): boolean {
  const importers = root.get('importers');
  if (importers === undefined || importers.empty) {
    // Since version 9 the projects are written even if they depend on nothing.
    return importers !== undefined || Number.parseFloat(version) >= 9 || wantsPackages(root);
  }
  return [...importers.entries()].some(({ value }) => value.empty || wantsPackages(fieldsOf(value)));
}

function* lockFile(file: SelectedFile, document: YamlValue): Generator<Result> {
  const root = fieldsOf(document);
  const version = textOf(root.get('lockfileVersion'));
  if (version === undefined) throw new YamlBlockError(document.line, 'no lock file of pnpm begins there');
  const listed = root.get('packages');
  if (listed !== undefined && !listed.empty) yield* packages(file, listed);
  else if (listed !== undefined || lacksPackages(root, version)) yield unreadable(file, 'it has no list of packages');
}

/** What was read before a damage stays. */
function* lockFiles(file: SelectedFile, source: string): Generator<Result> {
  let isEmpty = true;
  try {
    // A document of its own before the project's may hold the packages of pnpm's configuration.
    for (const document of yamlDocuments(source)) {
      isEmpty = false;
      yield* lockFile(file, document);
    }
    if (isEmpty) throw new YamlBlockError(1, 'it is empty');
  } catch (error) {
    if (!(error instanceof YamlBlockError)) throw error;
    yield unreadable(file, `it is no lock file in YAML (${error.message})`);
  }
}

export default defineCataloger({
  name: 'language/npm-locks/pnpm-lock',
  version: 3,
  summary: 'npm packages that a pnpm-lock.yaml names (lockfileVersion 5 to 9)',
  provides: ['packages'],
  evidence: 'packages',
  ecosystem: 'npm',
  maxBytes: 64 * 1024 * 1024,
  selects: ({ path, type }) => type === 'file' && /(?:^|\/)pnpm-lock\.yaml$/.test(path) && !isInsidePackage(path),
  *read(file) {
    const source = plainText(file);
    if (source.problem !== undefined) {
      yield source.problem;
      return;
    }
    yield* distinct(lockFiles(file, source.value));
  },
});
