import { defineCataloger } from '../../cataloger.ts';
import { isInsidePackage } from '../inside-package.ts';
import { readTomlLock } from './toml-lock.ts';

export default defineCataloger({
  name: 'language/python-locks/uv-lock',
  version: 1,
  summary: 'Python packages that a uv.lock of uv names',
  provides: ['packages'],
  evidence: 'packages',
  ecosystem: 'pypi',
  maxBytes: 32 * 1024 * 1024,
  selects: ({ path, type }) => type === 'file' && /(?:^|\/)uv\.lock$/.test(path) && !isInsidePackage(path),
  *read(file) {
    yield* readTomlLock(file, 'package');
  },
});
