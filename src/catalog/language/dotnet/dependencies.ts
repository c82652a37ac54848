import type { CatalogProblem, Fact } from '../../cataloger.ts';
import { type Fields, isFields, text } from '../document.ts';
import { languagePackage, unreadable } from '../language-package.ts';

/** Libraries that come from NuGet: packages, and the framework beside a self-contained program. The rest are projects and loose files. */
const kinds = new Set(['package', 'runtimepack']);

/** Groups of files that a library brings (dotnet/runtime, docs/design/features: `deps.json`). Those of `compile` are not among what is published. */
const groups = ['runtime', 'runtimeTargets', 'native', 'resources'] as const;

/** The description of a shared framework lies beside it: `shared/NAME/VERSION/NAME.deps.json`. */
const sharedFramework = /(?:^|\/)shared\/([^/]+)\/([^/]+)\/\1\.deps\.json$/;

/** What the files of each library are for the system that the document is about; undefined: it says nothing of files. */
function targetOf({ targets, runtimeTarget }: Fields): Fields | undefined {
  if (!isFields(targets)) return undefined;
  const name = isFields(runtimeTarget) ? text(runtimeTarget.name) : text(runtimeTarget);
  const target = name === undefined ? undefined : targets[name];
  return isFields(target) ? target : undefined;
}

/** A placeholder `_._` stands for "nothing is needed here". */
function bringsFiles(library: unknown): boolean {
  return isFields(library) && groups.some((group) => isFields(library[group]) && Object.keys(library[group]).some((file) => !file.endsWith('/_._')));
}

/** The names of the libraries of which files are there, in lower case; undefined where the document doesn't say. */
function presentNames(document: Fields): Set<string> | undefined {
  const target = targetOf(document);
  if (target === undefined) return undefined;
  const present = new Set<string>();
  for (const [key, library] of Object.entries(target)) {
    if (!bringsFiles(library)) continue;
    const name = key.slice(0, key.lastIndexOf('/')).toLowerCase();
    present.add(name);
    // Until .NET Core 3.1 a package's files for one system came in another: `runtime.linux-x64.NAME`.
    const implemented = /^runtime\.[^.]+\.(.+)$/.exec(name)?.[1];
    if (implemented !== undefined) present.add(implemented);
  }
  return present.size === 0 ? undefined : present;
}

/**
 * The packages that a `*.deps.json` names, at `at.path` or within a program. A package of which the program has no file is marked like a
 * lock file's: it was needed to build, or the framework has something newer in its place.
 */
export function* dependencies(document: Fields, at: { readonly path: string; readonly member?: string }): Generator<Fact<'packages'> | CatalogProblem> {
  const member = at.member === undefined ? {} : { member: at.member };
  const { libraries } = document;
  if (!isFields(libraries)) {
    yield unreadable(at, 'it has no libraries', member);
    return;
  }
  const present = presentNames(document);
  const [, framework, frameworkVersion] = sharedFramework.exec(at.path) ?? [];
  for (const [key, library] of Object.entries(libraries)) {
    if (!isFields(library) || !kinds.has(String(library.type).toLowerCase())) continue;
    const slash = key.lastIndexOf('/');
    const listed = key.slice(0, slash);
    const name = listed.replace(/^runtimepack\./, '');
    if (slash <= 0 || name === '') {
      yield unreadable(at, 'a library has no name and version', member);
      continue;
    }
    // A framework is what its directory says; its packages are named by the build (`3.1.23-servicing.22122.4`).
    const version = name === framework && frameworkVersion !== undefined ? frameworkVersion : key.slice(slash + 1);
    yield languagePackage(at, { type: 'nuget', name, version, lockfile: present !== undefined && !present.has(listed.toLowerCase()), ...member });
  }
}
