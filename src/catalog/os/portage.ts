import type { Request } from '../../model/index.ts';
import { type CatalogProblem, defineCataloger, type Fact, type KnownFile, type SelectedFile } from '../cataloger.ts';
import { mattersWhose } from '../language-metadata.ts';

const DATABASE = 'var/db/pkg/';
const file = /^var\/db\/pkg\/([^/]+)\/([^/]+)\/(CONTENTS|LICENSE)$/;
/** Package Manager Specification, 3.2: the name, then the version. */
const nameAndVersion = /^(.+?)-(\d+(?:\.\d+)*[a-z]?(?:_(?:alpha|beta|pre|rc|p)\d*)*(?:-r\d+)?)$/;

/** One line of CONTENTS: `obj PATH MD5 TIME`, `sym PATH -> TARGET TIME`, `dir PATH`, `fif PATH`, `dev PATH`; undefined: it is none. */
function knownFile(line: string): KnownFile | undefined {
  const object = /^obj (\/.+) ([0-9a-f]{32}) \d+$/.exec(line);
  if (object !== null) return [object[1] as string, 'md5', object[2] as string];
  if (line.startsWith('sym /')) {
    const arrow = line.indexOf(' -> ');
    const target = arrow < 0 ? undefined : /^(.+) \d+$/.exec(line.slice(arrow + 4))?.[1];
    return target === undefined ? undefined : [line.slice(4, arrow), 'link', target];
  }
  return /^(?:dir|fif|dev) \//.test(line) ? [line.slice(4), '', ''] : undefined;
}

/** The package's files; portage protects /etc (CONFIG_PROTECT). */
function* readContents(selected: SelectedFile, name: string, request: Request): Generator<Fact<'checksums' | 'ownership'> | CatalogProblem> {
  const files: KnownFile[] = [];
  let wrong = 0;
  for (const raw of selected.text().split('\n')) {
    const line = raw.replace(/\r$/, '');
    if (line === '') continue;
    const known = knownFile(line);
    if (known === undefined) wrong++;
    else files.push(known);
  }
  const paths = files.map(([path]) => path);
  const configuration = paths.filter((path) => path.startsWith('/etc/'));
  if (request.detail?.checksums === true) yield { kind: 'checksums', fact: { package: name, type: 'ebuild', files, configuration } };
  const metadata = request.detail?.ownership === true ? paths.filter((path) => mattersWhose(path, request)) : [];
  if (metadata.length > 0) yield { kind: 'ownership', fact: { package: name, architecture: null, type: 'ebuild', files: metadata } };
  if (wrong > 0) yield { problem: { kind: 'unreadable', what: `/${selected.path}`, why: `${wrong} of its lines name no file` } };
}

export default defineCataloger({
  name: 'os/portage',
  version: 1,
  summary: "Gentoo packages from portage's database, with their files and checksums",
  provides: ['packages', 'ownership', 'checksums', 'licenses'],
  evidence: 'packages',
  ecosystem: 'ebuild',
  wellKnown: [DATABASE],
  selects: ({ path, type }) => type === 'file' && path.startsWith(DATABASE) && file.test(path),
  *read(selected, request): Generator<Fact<'packages' | 'ownership' | 'checksums' | 'licenses'> | CatalogProblem> {
    const [, category = '', directory = '', kind] = file.exec(selected.path) ?? [];
    if (kind === 'LICENSE') {
      yield { kind: 'licenses', fact: { path: `/${selected.path}`, licenses: [selected.text().trim()].filter((text) => text !== '') } };
      return;
    }
    const [, name, version] = nameAndVersion.exec(directory.slice(0, 300)) ?? [];
    if (name === undefined || version === undefined) {
      yield { problem: { kind: 'unreadable', what: `/${selected.path}`, why: 'its directory is not named after a package and its version' } };
      return;
    }
    const full = `${category}/${name}`;
    yield {
      kind: 'packages',
      fact: {
        type: 'ebuild',
        name: full,
        version,
        source: null,
        architecture: null,
        licenses: [],
        locations: [{ path: `/${selected.path}` }],
        lockfile: false,
        purl: { namespace: category, name },
      },
    };
    yield* readContents(selected, full, request);
  },
});
