import { unpackWhole } from '../../archive/index.ts';
import { PortcullisError } from '../../errors.ts';
import type { Request } from '../../model/index.ts';
import { type CatalogProblem, defineCataloger, type Fact, type KnownFile, type SelectedFile } from '../cataloger.ts';
import { mattersWhose } from '../language-metadata.ts';

const LOCAL = 'var/lib/pacman/local/';
const file = /^var\/lib\/pacman\/local\/[^/]+\/(desc|files|mtree)$/;
/** The list of the largest package (a kernel's sources) takes some 20 MB. */
const MAX_UNPACKED = 256 * 1024 * 1024;

/** The package's name out of its directory's, `NAME-VERSION-RELEASE`. */
function packageIn(path: string): string {
  const directory = path.slice(LOCAL.length).split('/')[0] ?? '';
  return directory.split('-').slice(0, -2).join('-');
}

/** A file of pacman's database: `%KEY%`, a value a line, an empty line (alpm-desc(5), alpm-files(5)). */
function sections(text: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  let values: string[] | null = null;
  for (const raw of text.split('\n')) {
    const line = raw.replace(/\r$/, '');
    if (line === '') values = null;
    else if (values !== null) values.push(line);
    else if (/^%[A-Z0-9]+%$/.test(line)) {
      values = [];
      found.set(line.slice(1, -1), values);
    }
  }
  return found;
}

function* readDescription(selected: SelectedFile): Generator<Fact<'packages'> | CatalogProblem> {
  const fields = sections(selected.text());
  const one = (key: string): string | null => fields.get(key)?.[0] ?? null;
  const [name, version] = [one('NAME'), one('VERSION')];
  const problem = (why: string): CatalogProblem => ({ problem: { kind: 'unreadable', what: `/${selected.path}`, why } });
  if (name === null || version === null) {
    yield problem(`it has no ${name === null ? 'name' : 'version'}`);
    return;
  }
  if (selected.path !== `${LOCAL}${name}-${version}/desc`) {
    yield { problem: { kind: 'contradiction', what: `/${selected.path}`, why: 'it lies in the directory of another package or version than it names' } };
  }
  yield {
    kind: 'packages',
    fact: {
      type: 'alpm',
      name,
      version,
      source: { name: one('BASE') ?? name, version },
      architecture: one('ARCH'),
      licenses: fields.get('LICENSE') ?? [],
      locations: [{ path: `/${selected.path}` }],
      lockfile: false,
    },
  };
}

/** The package's files, and those that pacman keeps when they were changed (`backup` in PKGBUILD(5)). */
function* readFiles(selected: SelectedFile, request: Request): Generator<Fact<'checksums' | 'ownership'>> {
  const fields = sections(selected.text());
  const name = packageIn(selected.path);
  const paths = (fields.get('FILES') ?? []).map((path) => `/${path.replace(/\/$/, '')}`);
  if (request.detail?.checksums === true) {
    const configuration = (fields.get('BACKUP') ?? []).map((line) => `/${line.split('\t', 1)[0]}`);
    yield { kind: 'checksums', fact: { package: name, type: 'alpm', files: paths.map((path): KnownFile => [path, '', '']), configuration } };
  }
  const metadata = request.detail?.ownership === true ? paths.filter((path) => mattersWhose(path, request)) : [];
  if (metadata.length > 0) yield { kind: 'ownership', fact: { package: name, architecture: null, type: 'alpm', files: metadata } };
}

/** mtree(5) writes what isn't plain in a name as `\ooo`, of the name's bytes. */
function unescaped(name: string): string {
  return name.includes('\\')
    ? Buffer.from(
        name.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8))),
        'latin1',
      ).toString('utf8')
    : name;
}

/** What a line of mtree(5) says, `/set` lines before it counted in. */
function keywords(words: readonly string[], defaults: ReadonlyMap<string, string>): Map<string, string> {
  const found = new Map(defaults);
  for (const word of words) {
    const equals = word.indexOf('=');
    if (equals > 0) found.set(word.slice(0, equals), word.slice(equals + 1));
  }
  return found;
}

/** The list of files that the package came with (`.MTREE`), compressed: each with its digest or its link's target. */
function* readTree(selected: SelectedFile): Generator<Fact<'checksums'> | CatalogProblem> {
  let text: string;
  try {
    text = unpackWhole(selected.bytes, MAX_UNPACKED).toString('utf8');
  } catch (error) {
    if (!(error instanceof PortcullisError)) throw error;
    yield { problem: { kind: 'unreadable', what: `/${selected.path}`, why: `it cannot be unpacked (${error.message})` } };
    return;
  }
  const files: KnownFile[] = [];
  let defaults: ReadonlyMap<string, string> = new Map();
  for (const line of text.split('\n')) {
    const [name = '', ...words] = line.trim().split(' ');
    if (name === '/set') defaults = keywords(words, defaults);
    else if (name.startsWith('./') && !/^\.\/\.[A-Z]+$/.test(name)) {
      const path = unescaped(name).slice(1);
      const known = keywords(words, defaults);
      const [type, link, digest] = [known.get('type'), known.get('link'), known.get('sha256digest')];
      if (type === 'link' && link !== undefined) files.push([path, 'link', unescaped(link)]);
      else if (type === 'file') files.push(digest === undefined ? [path, '', ''] : [path, 'sha256', digest]);
    }
  }
  yield { kind: 'checksums', fact: { package: packageIn(selected.path), type: 'alpm', files, configuration: [] } };
}

export default defineCataloger({
  name: 'os/alpm',
  version: 1,
  summary: "Packages of Arch Linux and its relatives from pacman's database, with their files and checksums",
  provides: ['packages', 'ownership', 'checksums'],
  evidence: 'packages',
  ecosystem: 'alpm',
  wellKnown: [LOCAL],
  selects: ({ path, type }, request) => {
    if (type !== 'file' || !path.startsWith(LOCAL)) return false;
    const name = file.exec(path)?.[1];
    if (name === 'desc') return true;
    return (
      (name === 'files' && (request.detail?.ownership === true || request.detail?.checksums === true)) ||
      (name === 'mtree' && request.detail?.checksums === true)
    );
  },
  *read(selected, request): Generator<Fact<'packages' | 'ownership' | 'checksums'> | CatalogProblem> {
    if (selected.path.endsWith('/desc')) yield* readDescription(selected);
    else if (selected.path.endsWith('/files')) yield* readFiles(selected, request);
    else yield* readTree(selected);
  },
});
