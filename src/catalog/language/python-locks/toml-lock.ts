import type { CatalogProblem, Fact, SelectedFile } from '../../cataloger.ts';
import { type Fields, isFields, text } from '../document.ts';
import { distinct, languagePackage, unreadable } from '../language-package.ts';
import { archive, directory, lockedRepository, type Origin, repository } from '../origin.ts';
import { tomlDocument } from '../toml-document.ts';
import { fromArchiveName, isArchive } from './archive-name.ts';

/** What tells one such format from another. */
interface TomlLock {
  /** Of the list. */
  readonly key: 'package' | 'packages';
  /** A package's origin; undefined: a registry. */
  readonly originOf: (given: Fields) => Origin | undefined;
  /** Whether there is what the tool writes behind the packages. */
  readonly isWhole?: (document: Fields) => boolean;
  /** Whether a lock file without packages lacks the list too. */
  readonly mayLack?: boolean;
}

/**
 * Reads the lock files that list tables of packages: Poetry's, uv's and PDM's `[[package]]`, pylock's `[[packages]]`.
 * What has no source but a directory is the project itself.
 */
export function* readTomlLock(file: SelectedFile, { key, originOf, isWhole, mayLack }: TomlLock): Generator<Fact<'packages'> | CatalogProblem> {
  const document = tomlDocument(file);
  if (document.problem !== undefined) {
    yield document.problem;
    return;
  }
  const list = document.value[key] ?? (mayLack === true && isFields(document.value.metadata) ? [] : undefined);
  if (!Array.isArray(list)) {
    yield unreadable(file, 'it has no packages');
    return;
  }
  const found: (Fact<'packages'> | CatalogProblem)[] = [];
  if (isWhole?.(document.value) === false) found.push(unreadable(file, 'it ends before its metadata'));
  for (const item of list as unknown[]) {
    const given = isFields(item) ? item : {};
    const name = text(given.name);
    if (name === undefined) {
      found.push(unreadable(file, 'a package has no name'));
      continue;
    }
    const origin = originOf(given);
    const isOwn = origin?.kind === 'directory' || origin?.kind === 'editable';
    if (!isOwn) found.push(languagePackage(file, { type: 'pypi', name, version: versionOf(given, name), lockfile: true, origin }));
  }
  yield* distinct(found);
}

/** Of an archive pip writes the address alone into pylock.toml. */
function versionOf(given: Fields, name: string): string {
  const { url, path } = fieldsOf(given.archive);
  return text(given.version) ?? fromArchiveName(text(url) ?? text(path) ?? '', name)?.version ?? '';
}

const fieldsOf = (value: unknown): Fields => (isFields(value) ? value : {});

/** Poetry: `[package.source]` with a type. */
export function poetryOrigin(given: Fields): Origin | undefined {
  const { type, url, reference, resolved_reference: commit, subdirectory } = fieldsOf(given.source);
  switch (type) {
    case 'git':
      return repository('git', text(url) ?? '', { revision: text(commit) ?? text(reference), subdirectory: text(subdirectory) });
    case 'url':
    case 'file':
      return archive(text(url) ?? '');
    case 'directory':
      return directory(given.develop === true);
  }
  return undefined;
}

/** uv: `source = { git = "URL?rev=…&subdirectory=…#COMMIT" }`, `url`, `path`, or a directory: `directory`, `editable`, `virtual`. */
export function uvOrigin(given: Fields): Origin | undefined {
  const source = fieldsOf(given.source);
  const git = text(source.git);
  if (git !== undefined) return lockedRepository(git);
  const packed = text(source.url) ?? text(source.path);
  if (packed !== undefined) return archive(packed);
  if (source.editable !== undefined) return directory(true);
  return source.virtual !== undefined || source.directory !== undefined ? directory(false) : undefined;
}

const systems = ['git', 'hg', 'svn', 'bzr'] as const;

/**
 * PDM and Pipenv: a version control system's name with its address, `revision` or `ref`; else the address or path of an archive or of a
 * directory (`url`, `file`, `path`).
 */
export function pipOrigin(given: Fields): Origin | undefined {
  for (const system of systems) {
    const url = text(given[system]);
    if (url !== undefined) return repository(system, url, { revision: text(given.revision) ?? text(given.ref), subdirectory: text(given.subdirectory) });
  }
  const address = text(given.url) ?? text(given.file) ?? text(given.path);
  if (address !== undefined && (isArchive(address) || /^https?:/i.test(address))) return archive(address);
  return address !== undefined || given.editable === true ? directory(given.editable === true) : undefined;
}

/** pylock.toml (PyPA, `pylock.toml` specification): `packages.vcs`, `packages.archive`, `packages.directory`. */
export function pylockOrigin(given: Fields): Origin | undefined {
  if (given.vcs !== undefined) {
    const { type, url, 'commit-id': commit, 'requested-revision': revision, subdirectory } = fieldsOf(given.vcs);
    return repository(text(type) ?? 'git', text(url) ?? '', { revision: text(commit) ?? text(revision), subdirectory: text(subdirectory) });
  }
  if (given.archive !== undefined) {
    const { url, hashes } = fieldsOf(given.archive);
    return archive(text(url) ?? '', text(fieldsOf(hashes).sha256));
  }
  return given.directory === undefined ? undefined : directory(fieldsOf(given.directory).editable === true);
}
