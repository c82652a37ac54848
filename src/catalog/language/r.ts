import { defineCataloger } from '../cataloger.ts';
import { stanzas } from '../stanzas.ts';
import { plainText } from './document.ts';
import { languagePackage, unreadable } from './language-package.ts';

const fields = new Set(['package', 'version', 'license', 'built']);

export default defineCataloger({
  name: 'language/r',
  version: 1,
  summary: 'Installed R packages from the DESCRIPTION files of R’s libraries',
  provides: ['packages'],
  evidence: 'packages',
  ecosystem: 'cran',
  maxBytes: 1024 * 1024,
  selects: ({ path, type }) => type === 'file' && path.endsWith('/DESCRIPTION'),
  *read(file) {
    const source = plainText(file);
    const [stanza] = source.problem === undefined ? stanzas(source.value, fields) : [];
    const one = (field: string): string => stanza?.fields.get(field) ?? '';
    // R writes `Built` when it installs (R-exts, 1.1.1): without it the file belongs to a source, or to something else.
    if (one('built') === '') {
      // R's own directories hold nothing but installed packages.
      if (/(?:^|\/)R\/(?:site-)?library\/[^/]+\/DESCRIPTION$/.test(file.path))
        yield source.problem ?? unreadable(file, 'it does not describe an installed package');
      return;
    }
    const [name, version, license] = [one('package'), one('version'), one('license').replace(/\s+/g, ' ')];
    if (name === '' || version === '') yield unreadable(file, `it has no ${name === '' ? 'name' : 'version'}`);
    else yield languagePackage(file, { type: 'cran', name, version, licenses: license === '' ? [] : [license] });
  },
});
