import { defineCataloger } from '../cataloger.ts';
import { npmPackage, packageRoot } from './npm-package.ts';

export default defineCataloger({
  name: 'language/npm',
  version: 1,
  summary: 'Installed npm packages from node_modules',
  provides: ['packages'],
  evidence: 'packages',
  ecosystem: 'npm',
  maxBytes: 8 * 1024 * 1024,
  selects: ({ path, type }) => type === 'file' && path.endsWith('/package.json') && packageRoot.test(path),
  *read(file) {
    yield* npmPackage(file, file.text(), packageRoot.exec(file.path)?.[1] ?? '');
  },
});
