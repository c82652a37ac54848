import { defaultZipLimits, openZip, type Zip, type ZipEntry, ZipError, type ZipLimits } from '../../archive/index.ts';
import { type CatalogProblem, defineCataloger, type Fact } from '../cataloger.ts';
import { npmPackage, packageRoot } from './npm-package.ts';

const MiB = 1024 * 1024;
const MAX_DESCRIPTION = 8 * MiB;
const limits: ZipLimits = { ...defaultZipLimits, entries: 500_000, entryBytes: MAX_DESCRIPTION };

/** Yarn's caches (of a project, of a user), and an archive that is named as Yarn names it, wherever the cache was put. */
const archived = /(?:^|\/)(?:\.yarn\/(?:berry\/)?cache\/[^/]+|[^/]+-npm-[^/]+-[0-9a-f]{10}-[0-9a-z]+)\.zip$/;

type Result = Fact<'packages'> | CatalogProblem;

function problem(path: string, error: unknown, member?: string): CatalogProblem {
  if (!(error instanceof ZipError)) throw error;
  const kind = error.reason === 'damaged' ? 'unreadable' : error.reason;
  return { problem: { kind, what: `/${path}${member === undefined ? '' : `!/${member}`}`, why: error.message, ...(member === undefined ? {} : { member }) } };
}

function* readEntry(path: string, zip: Zip, entry: ZipEntry): Generator<Result> {
  let source: string;
  try {
    source = Buffer.from(zip.read(entry)).toString('utf8');
  } catch (error) {
    yield problem(path, error, entry.name);
    return;
  }
  yield* npmPackage({ path }, source, packageRoot.exec(entry.name)?.[1] ?? '', entry.name);
}

export default defineCataloger({
  name: 'language/yarn-cache',
  version: 1,
  summary: 'npm packages that Yarn 2 and later keep as zip archives and Plug’n’Play loads from there, with those bundled in them',
  provides: ['packages'],
  evidence: 'packages',
  ecosystem: 'npm',
  maxBytes: 256 * MiB,
  selects: ({ path, type }) => type === 'file' && path.endsWith('.zip') && archived.test(path),
  *read(file) {
    let zip: Zip;
    try {
      zip = openZip(file.bytes, limits);
    } catch (error) {
      yield problem(file.path, error);
      return;
    }
    const roots = zip.entries.filter(({ name }) => packageRoot.test(name));
    if (roots.length === 0) yield problem(file.path, new ZipError('damaged', 'it holds no package of npm'));
    for (const entry of roots) yield* readEntry(file.path, zip, entry);
  },
});
