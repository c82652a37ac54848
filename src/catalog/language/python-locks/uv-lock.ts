import { defineCataloger } from '../../cataloger.ts';
import { isInsidePackage } from '../inside-package.ts';
import { readTomlLock, uvOrigin } from './toml-lock.ts';

export default defineCataloger({
  name: 'language/python-locks/uv-lock',
  version: 2,
  summary: 'Python packages that a lock file of uv names (uv.lock, of a script SCRIPT.py.lock)',
  provides: ['packages'],
  evidence: 'packages',
  ecosystem: 'pypi',
  maxBytes: 32 * 1024 * 1024,
  selects: ({ path, type }) => type === 'file' && /(?:^|\/)(?:uv|[^/]+\.py)\.lock$/.test(path) && !isInsidePackage(path),
  *read(file) {
    yield* readTomlLock(file, { key: 'package', originOf: uvOrigin });
  },
});
