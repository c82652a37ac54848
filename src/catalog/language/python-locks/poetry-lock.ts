import { defineCataloger } from '../../cataloger.ts';
import { isFields } from '../document.ts';
import { isInsidePackage } from '../inside-package.ts';
import { poetryOrigin, readTomlLock } from './toml-lock.ts';

export default defineCataloger({
  name: 'language/python-locks/poetry-lock',
  version: 2,
  summary: 'Python packages that a poetry.lock of Poetry names',
  provides: ['packages'],
  evidence: 'packages',
  ecosystem: 'pypi',
  maxBytes: 32 * 1024 * 1024,
  selects: ({ path, type }) => type === 'file' && /(?:^|\/)poetry\.lock$/.test(path) && !isInsidePackage(path),
  *read(file) {
    yield* readTomlLock(file, { key: 'package', originOf: poetryOrigin, isWhole: ({ metadata }) => isFields(metadata) });
  },
});
