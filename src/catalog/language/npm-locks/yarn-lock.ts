import { type CatalogProblem, defineCataloger, type Fact, type SelectedFile } from '../../cataloger.ts';
import { plainText, text, textLines } from '../document.ts';
import { isInsidePackage } from '../inside-package.ts';
import { distinct, type LanguagePackage, languagePackage, unreadable } from '../language-package.ts';
import { npmOrigin } from './npm-origin.ts';
import { YamlBlockError, type YamlValue, yamlDocuments } from './yaml-block.ts';

type Result = Fact<'packages'> | CatalogProblem;

/** `NAME@RANGE` taken apart; a scope's own `@` is part of the name. */
function atRange(pattern: string): [name: string, range: string] {
  const at = pattern.indexOf('@', 1);
  return at === -1 ? [pattern, ''] : [pattern.slice(0, at), pattern.slice(at + 1)];
}

/** A directory beside the project, not an archive: `file:./a`, `file:./a#./a::hash=1`. */
function isDirectory(source: string): boolean {
  return source.startsWith('file:') && !/\.(?:tgz|tar\.gz|tar)(?:[#:?].*)?$/i.test(source);
}

/** A repository of GitHub: `user/name#tag`. */
const shorthand = /^[\w.-]+\/[\w.-]+(?:#.*)?$/s;

/** Yarn 1's own format: a line of patterns `"a@^1", a@^2:`, and below it `version "1.0.0"`. */
function* classic(file: SelectedFile, source: string): Generator<Result> {
  let name = '';
  let line = 0;
  let isLocal = false;
  /** Where the name's version comes from, when not from a registry: `resolved` says it to the commit. */
  let range = '';
  let held: LanguagePackage | undefined;
  function* release(origin = npmOrigin(range)): Generator<Result> {
    if (held !== undefined) yield languagePackage(file, { ...held, origin });
    held = undefined;
  }
  const missing = (): Result[] => (name === '' ? [] : [unreadable(file, `the entry of ${name.slice(0, 100)} has no version`, { line })]);
  for (const { text: written, number } of textLines(source)) {
    if (/^(?:<{7}|={7}|>{7})/.test(written)) {
      yield unreadable(file, 'it holds the marks of a merge that was not finished', { line: number });
    } else if (/^[^#\s]/.test(written) && written.endsWith(':')) {
      yield* release();
      yield* missing();
      const first = written.startsWith('"') ? written.slice(1, written.indexOf('"', 1)) : (written.slice(0, -1).split(',')[0] ?? '').trim();
      const [own, wanted] = atRange(first);
      range = wanted;
      // An alias: `a@npm:b@^1` installs b.
      name = range.startsWith('npm:') ? atRange(range.slice(4))[0] : own;
      isLocal = range.startsWith('link:') || isDirectory(range);
      line = number;
    } else if (held !== undefined) {
      const address = /^ {2}"?resolved"? "?([^"]+)"?$/.exec(written)?.[1];
      if (address !== undefined) yield* release(npmOrigin(address));
    } else if (name !== '') {
      const version = /^ {2}"?version"? "?([^"]+)"?$/.exec(written)?.[1];
      if (version === undefined) continue;
      if (!isLocal) held = { type: 'npm', name, version, lockfile: true, line };
      if (npmOrigin(range) === undefined && !shorthand.test(range)) yield* release();
      name = '';
    }
  }
  yield* release();
  yield* missing();
}

/** Patches of patches; each has the address of the one below it escaped once more. */
const MAX_PATCHES = 8;

/**
 * A resolution of Yarn 2 and later, `NAME@PROTOCOL:…`. A patch names the package that it is applied to: `a@patch:b@npm%3A1.0.0#…`; undefined:
 * its address can't be read.
 */
function resolved(resolution: string): [name: string, source: string] | undefined {
  let [name, source] = atRange(resolution);
  for (let depth = 0; source.startsWith('patch:'); depth++) {
    if (depth === MAX_PATCHES) return undefined;
    try {
      [name, source] = atRange(decodeURIComponent(source.slice('patch:'.length).split('#')[0] as string));
    } catch {
      return undefined;
    }
  }
  return [name, source];
}

/** Yarn 2 and later: YAML, each entry with its version and its resolution. */
function* berry(file: SelectedFile, document: YamlValue): Generator<Result> {
  let isEmpty = true;
  for (const { key: pattern, value: entry } of document.entries()) {
    if (pattern === '__metadata') continue;
    isEmpty = false;
    const { line } = entry;
    let version: unknown;
    let resolution: unknown;
    for (const { key, value } of entry.empty ? [] : entry.entries()) {
      if (key === 'version') version = value.whole();
      else if (key === 'resolution') resolution = value.whole();
    }
    const found = typeof resolution === 'string' ? resolved(resolution) : undefined;
    if (found === undefined) {
      yield unreadable(file, `the entry of ${pattern.slice(0, 100)} has no resolution`, { line });
      continue;
    }
    const [name, source] = found;
    // The project itself, and directories beside it.
    if (/^(?:workspace|link|portal):/.test(source) || isDirectory(source)) continue;
    const origin = source.startsWith('npm:') ? undefined : npmOrigin(source.split('::', 1)[0] as string);
    yield languagePackage(file, { type: 'npm', name, version: text(version) ?? '', lockfile: true, line, origin });
  }
  // Not even one of the project itself: Yarn writes no such file.
  if (isEmpty) yield unreadable(file, 'it has no entries');
}

/** What was read before a damage stays. */
function* berryFile(file: SelectedFile, source: string): Generator<Result> {
  try {
    for (const document of yamlDocuments(source)) yield* berry(file, document);
  } catch (error) {
    if (!(error instanceof YamlBlockError)) throw error;
    yield unreadable(file, `it is no lock file in YAML (${error.message})`);
  }
}

export default defineCataloger({
  name: 'language/npm-locks/yarn-lock',
  version: 3,
  summary: 'npm packages that a yarn.lock names (Yarn 1 and later)',
  provides: ['packages'],
  evidence: 'packages',
  ecosystem: 'npm',
  maxBytes: 64 * 1024 * 1024,
  selects: ({ path, type }) => type === 'file' && /(?:^|\/)yarn\.lock$/.test(path) && !isInsidePackage(path),
  *read(file) {
    const source = plainText(file);
    if (source.problem !== undefined) {
      yield source.problem;
      return;
    }
    if (/^__metadata:/m.test(source.value)) {
      yield* distinct(berryFile(file, source.value));
      return;
    }
    let isEmpty = true;
    for (const one of distinct(classic(file, source.value))) {
      isEmpty = false;
      yield one;
    }
    if (isEmpty && !/^# yarn lockfile v1/m.test(source.value)) yield unreadable(file, 'it is no lock file of Yarn');
  },
});
