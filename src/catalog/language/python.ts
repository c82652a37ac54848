import { defineCataloger } from '../cataloger.ts';

/** Core metadata of an installed distribution (PyPA's "Core metadata specifications"); of the header only what matters. */
const fields = new Set(['name', 'version', 'license', 'license-expression', 'classifier']);

function header(text: string): Map<string, string[]> {
  const values = new Map<string, string[]>();
  let last: string | null = null;
  for (const raw of text.split('\n')) {
    const line = raw.replace(/\r$/, '');
    if (line === '') break;
    if (/^[ \t]/.test(line)) {
      const list = last === null ? undefined : values.get(last);
      if (list !== undefined) list.push(`${list.pop()}\n${line.trim()}`);
      continue;
    }
    const colon = line.indexOf(':');
    if (colon < 0) continue;
    const name = line.slice(0, colon).toLowerCase();
    last = fields.has(name) ? name : null;
    if (last === null) continue;
    const list = values.get(last) ?? [];
    values.set(last, list);
    list.push(line.slice(colon + 1).trim());
  }
  return values;
}

function licenses(values: Map<string, string[]>): string[] {
  const expression = values.get('license-expression')?.[0];
  if (expression) return [expression];
  const declared = values.get('license')?.[0];
  // Some put the whole text of the licence there: that names nothing.
  if (declared && declared !== 'UNKNOWN' && !declared.includes('\n')) return [declared];
  return (values.get('classifier') ?? []).filter((line) => line.startsWith('License :: ')).map((line) => line.slice(line.lastIndexOf('::') + 2).trim());
}

const metadata = /\.dist-info\/METADATA$|\.egg-info\/PKG-INFO$|(?:^|\/)EGG-INFO\/PKG-INFO$|\/(?:site|dist)-packages\/[^/]+\.egg-info$/;

export default defineCataloger({
  name: 'language/python',
  version: 1,
  summary: 'Installed Python distributions from dist-info and egg-info metadata',
  provides: ['packages'],
  evidence: 'packages',
  ecosystem: 'pypi',
  maxBytes: 16 * 1024 * 1024,
  selects: ({ path, type }) => type === 'file' && (path.endsWith('METADATA') || path.endsWith('PKG-INFO') || path.endsWith('.egg-info')) && metadata.test(path),
  *read(file) {
    const values = header(file.text().replace(/^\uFEFF/, ''));
    const name = values.get('name')?.[0] ?? '';
    const version = values.get('version')?.[0] ?? '';
    if (name === '' || version === '') {
      const missing = name === '' ? 'Name' : 'Version';
      yield { problem: { kind: 'unreadable', what: `/${file.path}`, why: `its header has no ${missing}` } };
      return;
    }
    yield {
      kind: 'packages',
      fact: {
        type: 'pypi',
        name,
        version,
        source: null,
        architecture: null,
        licenses: licenses(values),
        locations: [{ path: `/${file.path}` }],
        lockfile: false,
      },
    };
  },
});
