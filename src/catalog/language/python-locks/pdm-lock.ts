import { defineCataloger } from '../../cataloger.ts';
import { isInsidePackage } from '../inside-package.ts';
import { pipOrigin, readTomlLock } from './toml-lock.ts';

export default defineCataloger({
  name: 'language/python-locks/pdm-lock',
  version: 2,
  summary: 'Python packages that a pdm.lock of PDM names',
  provides: ['packages'],
  evidence: 'packages',
  ecosystem: 'pypi',
  maxBytes: 32 * 1024 * 1024,
  selects: ({ path, type }) => type === 'file' && /(?:^|\/)pdm\.lock$/.test(path) && !isInsidePackage(path),
  *read(file) {
    yield* readTomlLock(file, { key: 'package', originOf: pipOrigin, mayLack: true });
  },
});
