import { parse } from 'yaml';
import { type CatalogProblem, defineCataloger, type Fact, type SelectedFile } from '../../cataloger.ts';
import { isFields, objectDocument, plainText, text } from '../document.ts';
import { isInsidePackage } from '../inside-package.ts';
import { distinct, languagePackage, unreadable } from '../language-package.ts';

type Result = Fact<'packages'> | CatalogProblem;

/** `NAME@RANGE` taken apart; a scope's own `@` is part of the name. */
function atRange(pattern: string): [name: string, range: string] {
  const at = pattern.indexOf('@', 1);
  return at === -1 ? [pattern, ''] : [pattern.slice(0, at), pattern.slice(at + 1)];
}

/** Yarn 1's own format: a line of patterns `"a@^1", a@^2:`, and below it `version "1.0.0"`. */
function* classic(file: SelectedFile, source: string): Generator<Result> {
  let name = '';
  let line = 0;
  const missing = (): Result[] => (name === '' ? [] : [unreadable(file, `the entry of ${name.slice(0, 100)} has no version`, { line })]);
  for (const [index, raw] of source.split('\n').entries()) {
    const written = raw.replace(/\r$/, '');
    if (/^(?:<{7}|={7}|>{7})/.test(written)) {
      yield unreadable(file, 'it holds the marks of a merge that was not finished', { line: index + 1 });
    } else if (/^[^#\s]/.test(written) && written.endsWith(':')) {
      yield* missing();
      const first = written.startsWith('"') ? written.slice(1, written.indexOf('"', 1)) : (written.slice(0, -1).split(',')[0] ?? '').trim();
      const [own, range] = atRange(first);
      // An alias: `a@npm:b@^1` installs b.
      name = range.startsWith('npm:') ? atRange(range.slice(4))[0] : own;
      line = index + 1;
    } else if (name !== '') {
      const version = /^ {2}"?version"? "?([^"]+)"?$/.exec(written)?.[1];
      if (version === undefined) continue;
      yield languagePackage(file, { type: 'npm', name, version, lockfile: true, line });
      name = '';
    }
  }
  yield* missing();
}

/** Bytes of YAML: a parsed document takes up to two hundred times its size. */
const MAX_YAML = 4 * 1024 * 1024;

/** Yarn 2 and later: YAML, each entry with its resolution `NAME@npm:VERSION`. */
function* berry(file: SelectedFile): Generator<Result> {
  if (file.bytes.length > MAX_YAML) {
    yield { problem: { kind: 'limit', what: `/${file.path}`, why: `it has ${file.bytes.length} bytes, more than the ${MAX_YAML} that are read` } };
    return;
  }
  const document = objectDocument(file, 'YAML', (source) => parse(source, { maxAliasCount: 0, uniqueKeys: false }) as unknown);
  if (document.problem !== undefined) {
    yield document.problem;
    return;
  }
  const { __metadata: _, ...entries } = document.value;
  // Not even one of the project itself: Yarn writes no such file.
  if (Object.keys(entries).length === 0) yield unreadable(file, 'it has no entries');
  for (const [pattern, given] of Object.entries(entries)) {
    const resolution = isFields(given) ? text(given.resolution) : undefined;
    if (!isFields(given) || resolution === undefined) {
      yield unreadable(file, `the entry of ${pattern.slice(0, 100)} has no resolution`);
      continue;
    }
    const [name, source] = atRange(resolution);
    // The project itself, and directories beside it.
    if (/^(?:workspace|link|portal):/.test(source)) continue;
    const version = given.version === undefined ? '' : String(given.version);
    yield languagePackage(file, { type: 'npm', name, version, lockfile: true });
  }
}

export default defineCataloger({
  name: 'language/npm-locks/yarn-lock',
  version: 1,
  summary: 'npm packages that a yarn.lock names (Yarn 1 and later)',
  provides: ['packages'],
  evidence: 'packages',
  ecosystem: 'npm',
  maxBytes: 32 * 1024 * 1024,
  selects: ({ path, type }) => type === 'file' && /(?:^|\/)yarn\.lock$/.test(path) && !isInsidePackage(path),
  *read(file) {
    const source = plainText(file);
    if (source.problem !== undefined) {
      yield source.problem;
      return;
    }
    if (/^__metadata:/m.test(source.value)) {
      yield* distinct(berry(file));
      return;
    }
    const found = [...distinct(classic(file, source.value))];
    yield* found;
    if (found.length === 0 && !/^# yarn lockfile v1/m.test(source.value)) yield unreadable(file, 'it is no lock file of Yarn');
  },
});
