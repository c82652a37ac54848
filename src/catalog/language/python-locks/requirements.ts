import { defineCataloger, type SelectedFile } from '../../cataloger.ts';
import { type Parsed, plainText } from '../document.ts';
import { isInsidePackage } from '../inside-package.ts';
import { distinct, type LanguagePackage, languagePackage, unreadable } from '../language-package.ts';
import { archive, repository } from '../origin.ts';
import { fromArchiveName, isArchive } from './archive-name.ts';

const projectName = String.raw`([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[[^\]]*\])?\s*`;
/**
 * One pinned requirement (PEP 508, PEP 440): name, extras, `==` or `===` with a whole version; then nothing but a marker, options or a
 * comment. A range, a wildcard or several conditions pin nothing.
 */
const pinned = new RegExp(String.raw`^${projectName}\(?\s*===?\s*([A-Za-z0-9][\w.!+-]*)\s*\)?\s*(?:[;#].*|--.*|\\)?$`, 's');
/** A direct reference (PEP 508): `NAME @ URL`. */
const direct = new RegExp(`^${projectName}@ ?(.*)$`, 's');
const editable = /^(?:-e|--editable)[ =]?(.*)$/s;
const included = /^(?:-r|--requirement)[ =]?(\S+)/;
const versionControl = /^(git|hg|svn|bzr)\+(.*)$/s;

/** Lines as pip joins them: one that ends in a backslash goes on. With the number of their first line, from 1. */
function* logicalLines(source: string): Generator<{ readonly text: string; readonly line: number }> {
  let pending: string[] = [];
  let start = 1;
  for (const [index, raw] of source.split(/\r\n|\r|\n/).entries()) {
    if (pending.length === 0) start = index + 1;
    const isContinued = raw.endsWith('\\') && !raw.trimStart().startsWith('#');
    pending.push(isContinued ? raw.slice(0, -1) : raw);
    if (isContinued) continue;
    yield { text: oneBlank(pending.join('')), line: start };
    pending = [];
  }
  if (pending.length > 0) yield { text: oneBlank(pending.join('')), line: start };
}

/** Long runs of blanks would cost the pattern the square of their length. */
function oneBlank(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** What pip makes of a byte order mark: UTF-16, as PowerShell writes it. */
function textOf(file: SelectedFile): Parsed<string> {
  const [first, second] = file.bytes;
  const encoding = first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : undefined;
  if (encoding === undefined) return plainText(file);
  const value = new TextDecoder(encoding).decode(file.bytes);
  return value.includes('\0') ? { problem: unreadable(file, 'it is not text') } : { value };
}

/** What an address is that stands in place of a version; undefined for a directory, and where nothing says whose it is. */
function fromAddress(address: string, given?: string): LanguagePackage | undefined {
  const [url = '', fragment = ''] = address.split('#', 2);
  const words = new Map(fragment.split('&').map((word) => [word.split('=', 1)[0], word.slice(word.indexOf('=') + 1)]));
  const name = given ?? words.get('egg')?.replace(/[[\s].*$/s, '');
  const [, system, repositoryUrl = ''] = versionControl.exec(url) ?? [];
  if (system !== undefined) {
    if (name === undefined || name === '') return undefined;
    // Behind an @ in the path stands what is wanted of it; one in front of the host is a user's.
    const path = repositoryUrl.indexOf('/', repositoryUrl.indexOf('://') + 3);
    const at = repositoryUrl.lastIndexOf('@');
    const [own, revision] = at > path && path >= 0 ? [repositoryUrl.slice(0, at), repositoryUrl.slice(at + 1)] : [repositoryUrl];
    return { type: 'pypi', name, version: '', origin: repository(system, own, { revision, subdirectory: words.get('subdirectory') }) };
  }
  if (!isArchive(url) && !/^https?:/i.test(url)) return undefined;
  const told = fromArchiveName(url, name);
  const called = name ?? told?.name;
  return called === undefined ? undefined : { type: 'pypi', name: called, version: told?.version ?? '', origin: archive(url, words.get('sha256')) };
}

/** What a requirement names for certain; undefined for ranges, options, directories. */
function requirement(text: string): LanguagePackage | undefined {
  const inPlace = editable.exec(text)?.[1];
  // An option, or a comment, which begins behind a blank.
  if (text === '' || text.startsWith('#') || (text.startsWith('-') && inPlace === undefined)) return undefined;
  if (inPlace !== undefined) return versionControl.test(inPlace) ? fromAddress(inPlace.split(' ', 1)[0] as string) : undefined;
  const exact = pinned.exec(text);
  if (exact !== null) return { type: 'pypi', name: exact[1] as string, version: exact[2] as string };
  const [, name, address = ''] = direct.exec(text) ?? [];
  if (name !== undefined && /^(?:[a-z+-]+:\/\/|file:)/i.test(address)) return fromAddress(address.split(' ', 1)[0] as string, name);
  const first = text.split(' ', 1)[0] as string;
  return /^[a-z+-]+:\/\//i.test(first) || isArchive(first) ? fromAddress(first) : undefined;
}

export default defineCataloger({
  name: 'language/python-locks/requirements',
  version: 2,
  summary:
    'Python packages that a requirements file pins with == or takes from an address; ranges name no version and are left out. What it takes in with -r is read too.',
  provides: ['packages', 'includes'],
  evidence: 'packages',
  ecosystem: 'pypi',
  maxBytes: 8 * 1024 * 1024,
  selects: ({ path, type }) =>
    type === 'file' &&
    path.endsWith('.txt') &&
    /(?:^|\/)(?:[^/]*requirements?[^/]*|requirements\/[^/]+)\.txt$/i.test(path) &&
    !/\.(?:dist|egg)-info\//.test(path) &&
    !isInsidePackage(path),
  *read(file) {
    const source = textOf(file);
    if (source.problem !== undefined) {
      yield source.problem;
      return;
    }
    const found = [];
    for (const { text, line } of logicalLines(source.value)) {
      const target = included.exec(text)?.[1];
      if (target !== undefined && !target.includes('://')) {
        yield { kind: 'includes', fact: { target, location: { path: `/${file.path}`, line } } } as const;
        continue;
      }
      const given = requirement(text);
      if (given !== undefined) found.push(languagePackage(file, { ...given, lockfile: true, line }));
    }
    yield* distinct(found);
  },
});
