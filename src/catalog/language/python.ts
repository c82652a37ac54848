import { type CatalogProblem, defineCataloger, type Fact } from '../cataloger.ts';
import { readCoreMetadata } from './core-metadata.ts';
import { languagePackage, unreadable } from './language-package.ts';

/**
 * Metadata of installed distributions: of wheels, of setuptools (directories), of distutils (files). What pip has renamed to `~NAME` while it
 * removed it is no distribution any more, for pip neither.
 */
const metadata = /(?:^|\/)(?:[^/~][^/]*\.dist-info\/METADATA|[^/~][^/]*\.egg-info(?:\/PKG-INFO)?|EGG-INFO\/PKG-INFO)$/;
/** Python 2 describes parts of its standard library so. */
const standardLibrary = /(?:^|\/)lib\d*\/python\d[\d.]*\/(?:lib-dynload\/)?[^/]+\.egg-info$/;

/** The name of the directory (or file) that holds the metadata. */
const named = /(?:^|\/)([^/]{1,500})\.(dist|egg)-info(?:\/[A-Z-]+)?$/;

interface DirectoryName {
  readonly name: string;
  /** `''` where it has none (`x.egg-info` in a source directory). */
  readonly version: string;
}

/** `NAME-VERSION` of a dist-info or egg-info, in which hyphens of either are written otherwise (PyPA, recording installed projects). */
function fromDirectory(path: string): DirectoryName | undefined {
  const [, stem = '', kind] = named.exec(path) ?? [];
  if (kind === undefined) return undefined;
  const [name = '', ...rest] = stem.split('-');
  return { name, version: (kind === 'dist' ? rest.join('-') : rest[0]) ?? '' };
}

/** How names are compared (PyPA, names and normalization). */
const normalized = (name: string): string => name.toLowerCase().replace(/[-_.]+/g, '-');
/** What all spellings of a version have in common (`1.0-beta.2`, `1.0b2`): its numbers. */
const numbers = (version: string): string =>
  (version.match(/\d+/g) ?? [])
    .map((digits) => digits.replace(/^0+(?=\d)/, ''))
    .join('.')
    .replace(/(?:\.0)+$/, '');

/** What the directory of a dist-info says otherwise than the metadata in it; undefined where they agree. */
function contradiction(path: string, name: string, version: string): string | undefined {
  const [, stem = '', kind] = named.exec(path) ?? [];
  if (kind !== 'dist') return undefined;
  const parts = stem.split('-');
  // Some write the hyphens of the name as they are.
  const end = parts.findIndex((_, index) => normalized(parts.slice(0, index + 1).join('-')) === normalized(name)) + 1;
  const own = parts.slice(end).join('-');
  const agrees = end > 0 && (own === '' || numbers(own) === numbers(version));
  return agrees ? undefined : `its directory names it ${stem}, its header ${name} ${version}`;
}

/** What is the matter with a word of the header; undefined where nothing is. */
function fault(field: string, word: string): string | undefined {
  if (word === '') return `its header has no ${field}`;
  return word.includes('\uFFFD') ? `the ${field} in its header is not UTF-8` : undefined;
}

export default defineCataloger({
  name: 'language/python',
  version: 2,
  summary: 'Installed Python distributions from dist-info and egg-info metadata',
  provides: ['packages'],
  evidence: 'packages',
  ecosystem: 'pypi',
  maxBytes: 16 * 1024 * 1024,
  throughLinks: true,
  selects: ({ path, type }) =>
    type === 'file' &&
    (path.endsWith('METADATA') || path.endsWith('PKG-INFO') || path.endsWith('.egg-info')) &&
    metadata.test(path) &&
    !standardLibrary.test(path),
  *read(file): Generator<Fact<'packages'> | CatalogProblem> {
    const told = readCoreMetadata(file.text());
    const nameFault = fault('Name', told.name);
    const versionFault = fault('Version', told.version);
    const why = nameFault ?? versionFault;
    if (why !== undefined) yield unreadable(file, why);
    const directory = fromDirectory(file.path);
    const name = nameFault === undefined ? told.name : directory?.name || told.name;
    if (name === '') return;
    const isNamed = directory !== undefined && normalized(directory.name) === normalized(name);
    const version = versionFault !== undefined && isNamed ? directory.version || told.version : told.version;
    const differs = why === undefined ? contradiction(file.path, name, version) : undefined;
    if (differs !== undefined) yield { problem: { kind: 'contradiction', what: `/${file.path}`, why: differs } };
    yield languagePackage(file, { type: 'pypi', name, version, licenses: told.licenses });
  },
});
