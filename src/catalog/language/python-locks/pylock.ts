import { defineCataloger } from '../../cataloger.ts';
import { isInsidePackage } from '../inside-package.ts';
import { pylockOrigin, readTomlLock } from './toml-lock.ts';

export default defineCataloger({
  name: 'language/python-locks/pylock',
  version: 2,
  summary: 'Python packages that a pylock.toml of pip and others (PEP 751) names',
  provides: ['packages'],
  evidence: 'packages',
  ecosystem: 'pypi',
  maxBytes: 32 * 1024 * 1024,
  selects: ({ path, type }) => type === 'file' && /(?:^|\/)pylock(?:\.[^/.]+)?\.toml$/.test(path) && !isInsidePackage(path),
  *read(file) {
    yield* readTomlLock(file, { key: 'packages', originOf: pylockOrigin });
  },
});
