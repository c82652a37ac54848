import { defineCataloger } from '../../cataloger.ts';
import { isFields, objectDocument } from '../document.ts';
import { distinct, unreadable } from '../language-package.ts';
import { composerPackage } from './composer-package.ts';

export default defineCataloger({
  name: 'language/php/composer-installed',
  version: 2,
  summary: 'Installed PHP packages from Composer’s vendor/composer/installed.json',
  provides: ['packages'],
  evidence: 'packages',
  ecosystem: 'composer',
  maxBytes: 32 * 1024 * 1024,
  selects: ({ path, type }) => type === 'file' && /(?:^|\/)composer\/installed\.json$/.test(path),
  *read(file) {
    // Composer 1 writes the list alone.
    const document = objectDocument(file, 'JSON', (source) => {
      const value = JSON.parse(source) as unknown;
      return Array.isArray(value) ? { packages: value } : value;
    });
    if (document.problem !== undefined) {
      yield document.problem;
      return;
    }
    const { packages } = document.value;
    // PHP writes a list with gaps as an object.
    const list: unknown = isFields(packages) ? Object.values(packages) : packages;
    if (!Array.isArray(list)) yield unreadable(file, 'it has no list of packages');
    else yield* distinct((list as unknown[]).map((item) => composerPackage(file, item, false)));
  },
});
