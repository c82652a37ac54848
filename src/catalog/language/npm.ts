import { defineCataloger } from '../cataloger.ts';

/** `node_modules/NAME/package.json` or `node_modules/@SCOPE/NAME/package.json`: the root of an installed package. */
const installed = /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/@.][^/]*)\/package\.json$/;

function licenses(document: Record<string, unknown>): string[] {
  const all = [document.license, ...(Array.isArray(document.licenses) ? document.licenses : [document.licenses])];
  const found = all.map((item) => (typeof item === 'object' && item !== null ? (item as Record<string, unknown>).type : item));
  return [...new Set(found.filter((item) => typeof item === 'string' && item !== ''))] as string[];
}

export default defineCataloger({
  name: 'language/npm',
  version: 1,
  summary: 'Installed npm packages from node_modules',
  provides: ['packages'],
  evidence: 'packages',
  ecosystem: 'npm',
  maxBytes: 8 * 1024 * 1024,
  selects: ({ path, type }) => type === 'file' && path.endsWith('/package.json') && installed.test(path),
  *read(file) {
    const directory = installed.exec(file.path)?.[1] ?? '';
    let document: unknown;
    try {
      document = JSON.parse(file.text().replace(/^\uFEFF/, ''));
    } catch (error) {
      yield { problem: { kind: 'unreadable', what: `/${file.path}`, why: `it is not JSON (${(error as Error).message.slice(0, 100)})` } };
      return;
    }
    if (typeof document !== 'object' || document === null || Array.isArray(document)) {
      yield { problem: { kind: 'unreadable', what: `/${file.path}`, why: 'it is not a JSON object' } };
      return;
    }
    const { name, version } = document as Record<string, unknown>;
    // A file with neither only sets options for the modules beside it (`{"type":"module"}`).
    if (name === undefined && version === undefined) return;
    yield {
      kind: 'packages',
      fact: {
        type: 'npm',
        name: typeof name === 'string' && name !== '' ? name : directory,
        // Without a version it can be named by a rule; where an advisory concerns the name it can't be compared, and that is said.
        version: typeof version === 'string' ? version.trim() : '',
        source: null,
        architecture: null,
        licenses: licenses(document as Record<string, unknown>),
        locations: [{ path: `/${file.path}` }],
        lockfile: false,
      },
    };
  },
});
