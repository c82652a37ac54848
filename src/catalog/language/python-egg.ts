import { defaultZipLimits, openZip, ZipError, type ZipLimits } from '../../archive/index.ts';
import { type CatalogProblem, defineCataloger, type Fact } from '../cataloger.ts';
import { readCoreMetadata } from './core-metadata.ts';
import { languagePackage } from './language-package.ts';

const MiB = 1024 * 1024;
const MAX_METADATA = 16 * MiB;
const limits: ZipLimits = { ...defaultZipLimits, entries: 500_000, entryBytes: MAX_METADATA };
const member = 'EGG-INFO/PKG-INFO';

export default defineCataloger({
  name: 'language/python-egg',
  version: 1,
  summary: 'Python distributions that are used as zipped eggs',
  provides: ['packages'],
  evidence: 'packages',
  ecosystem: 'pypi',
  maxBytes: 256 * MiB,
  throughLinks: true,
  // Others have files of that ending too: Python's say for which Python they are, or lie where it looks for them.
  selects: ({ path, type }) => type === 'file' && path.endsWith('.egg') && /(?:-py\d[\d.]*(?:-[^/]+)?|(?:^|\/)(?:site|dist)-packages\/[^/]+)\.egg$/.test(path),
  *read(file): Generator<Fact<'packages'> | CatalogProblem> {
    const problem = (kind: 'unreadable' | 'limit' | 'unsupported', why: string): CatalogProblem => ({
      problem: { kind, what: `/${file.path}!/${member}`, why, member },
    });
    let text: string;
    try {
      const zip = openZip(file.bytes, limits);
      const entry = zip.entries.find(({ name }) => name === member);
      if (entry === undefined) {
        yield problem('unreadable', 'the archive has no such file');
        return;
      }
      if (entry.size > MAX_METADATA) throw new ZipError('limit', `it has ${entry.size} bytes, more than the ${MAX_METADATA} that are read`);
      text = Buffer.from(zip.read(entry)).toString('utf8');
    } catch (error) {
      if (!(error instanceof ZipError)) throw error;
      yield problem(error.reason === 'damaged' ? 'unreadable' : error.reason, error.message);
      return;
    }
    const { name, version, licenses } = readCoreMetadata(text);
    if (name === '' || version === '') yield problem('unreadable', `its header has no ${name === '' ? 'Name' : 'Version'}`);
    if (name !== '') yield languagePackage(file, { type: 'pypi', name, version, licenses, member });
  },
});
