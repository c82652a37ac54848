import { defineCataloger } from '../../cataloger.ts';
import { jsonObject } from '../document.ts';
import { isInsidePackage } from '../inside-package.ts';
import { distinct, unreadable } from '../language-package.ts';
import { composerPackage } from './composer-package.ts';

export default defineCataloger({
  name: 'language/php/composer-lock',
  version: 2,
  summary: 'PHP packages that a composer.lock names',
  provides: ['packages'],
  evidence: 'packages',
  ecosystem: 'composer',
  maxBytes: 32 * 1024 * 1024,
  selects: ({ path, type }) => type === 'file' && /(?:^|\/)composer\.lock$/.test(path) && !isInsidePackage(path),
  *read(file) {
    const document = jsonObject(file);
    if (document.problem !== undefined) {
      yield document.problem;
      return;
    }
    const { packages, 'packages-dev': development } = document.value;
    if (!Array.isArray(packages)) yield unreadable(file, 'it has no list of packages');
    const lists = [packages, development].filter((list) => Array.isArray(list)) as unknown[][];
    yield* distinct(lists.flat().map((item) => composerPackage(file, item, true)));
  },
});
