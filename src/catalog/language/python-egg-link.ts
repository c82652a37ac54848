import { defineCataloger } from '../cataloger.ts';
import { plainText } from './document.ts';
import { unreadable } from './language-package.ts';

export default defineCataloger({
  name: 'language/python-egg-link',
  version: 1,
  summary: 'Python distributions that setuptools left in their source directory (develop mode’s .egg-link)',
  provides: ['origins'],
  evidence: 'packages',
  ecosystem: 'pypi',
  maxBytes: 64 * 1024,
  throughLinks: true,
  selects: ({ path, type }) => type === 'file' && /(?:^|\/)[^/]+\.egg-link$/.test(path),
  *read(file) {
    const content = plainText(file);
    if (content.problem !== undefined) {
      yield content.problem;
      return;
    }
    // The directory with the metadata; below it the way from there to setup.py.
    const source = content.value.split(/\r?\n/, 1)[0]?.trim() ?? '';
    if (source === '') {
      yield unreadable(file, 'it names no directory');
      return;
    }
    const name = file.path.slice(file.path.lastIndexOf('/') + 1, -'.egg-link'.length);
    yield { kind: 'origins', fact: { origin: 'editable', qualifiers: {}, source, name, location: { path: `/${file.path}` } } };
  },
});
