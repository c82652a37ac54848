import { type CatalogProblem, defineCataloger, type Fact, type KnownFile, type SelectedFile } from '../cataloger.ts';
import { mattersWhose } from '../language-metadata.ts';
import { stanzas } from '../stanzas.ts';

/** OpenWrt, Yocto, Entware. */
const directories = ['usr/lib/opkg/', 'var/lib/opkg/', 'opt/lib/opkg/'];
const information = /^(?:usr|var|opt)\/lib\/opkg\/info\/([^/]+)\.(list|conffiles|control)$/;
const wanted = new Set(['package', 'version', 'architecture', 'status']);
/** opkg's states (libopkg/pkg.c) in which a package's files don't lie in the image. */
const absent = new Set(['not-installed', 'config-files']);

function* readStatus(selected: SelectedFile): Generator<Fact<'packages'> | CatalogProblem> {
  const text = selected.text();
  let found = 0;
  for (const { fields, line, strange } of stanzas(text, wanted)) {
    found++;
    if (absent.has(fields.get('status')?.split(/\s+/)[2] ?? '')) continue;
    const [name, version] = [fields.get('package'), fields.get('version')];
    const problem = (why: string): CatalogProblem => ({ problem: { kind: 'unreadable', what: `/${selected.path}`, why: `${why} at line ${line}`, line } });
    if (!name || !version || /\s/.test(name) || /\s/.test(version)) {
      yield problem(name ? `it has the package ${name} without a version` : 'it has a paragraph without a package name');
      continue;
    }
    if (strange > 0) yield problem(`it has lines that are no fields, or a field twice, in the paragraph of ${name}`);
    const locations = [{ path: `/${selected.path}`, line }];
    const architecture = fields.get('architecture') ?? null;
    yield { kind: 'packages', fact: { type: 'opkg', name, version, source: null, architecture, licenses: [], locations, lockfile: false } };
  }
  if (found > 0 && !text.endsWith('\n')) {
    yield { problem: { kind: 'unreadable', what: `/${selected.path}`, why: 'it ends in the middle of a line, so it was cut off' } };
  }
}

/** One path a line; newer releases write the mode behind it. */
function pathsIn(selected: SelectedFile): string[] {
  return selected
    .text()
    .split('\n')
    .map((line) => (line.split('\t', 1)[0] as string).trim())
    .filter((path) => path.startsWith('/'));
}

export default defineCataloger({
  name: 'os/opkg',
  version: 1,
  summary: "Packages of OpenWrt and Yocto from opkg's database, with their files",
  provides: ['packages', 'ownership', 'checksums', 'licenses'],
  evidence: 'packages',
  ecosystem: 'opkg',
  wellKnown: directories.flatMap((directory) => [`${directory}status`, `${directory}info/`]),
  selects: ({ path, type }, { detail }) => {
    if (type !== 'file' || !directories.some((directory) => path.startsWith(directory))) return false;
    if (directories.some((directory) => path === `${directory}status`)) return true;
    const kind = information.exec(path)?.[2];
    if (kind === 'list') return detail?.ownership === true || detail?.checksums === true;
    return (kind === 'conffiles' && detail?.checksums === true) || (kind === 'control' && detail?.licenses === true);
  },
  *read(selected, request): Generator<Fact<'packages' | 'ownership' | 'checksums' | 'licenses'> | CatalogProblem> {
    const { detail } = request;
    const [, name = '', kind] = information.exec(selected.path) ?? [];
    if (kind === undefined) yield* readStatus(selected);
    else if (kind === 'control') {
      const [stanza] = stanzas(selected.text(), new Set(['license']));
      const license = stanza?.fields.get('license');
      yield { kind: 'licenses', fact: { path: `/${selected.path}`, licenses: license ? [license] : [] } };
    } else if (kind === 'conffiles') {
      yield { kind: 'checksums', fact: { package: name, type: 'opkg', files: null, configuration: pathsIn(selected) } };
    } else {
      const paths = pathsIn(selected);
      if (detail?.checksums === true) {
        const files = paths.map((path): KnownFile => [path, '', '']);
        yield { kind: 'checksums', fact: { package: name, type: 'opkg', files, configuration: [] } };
      }
      const metadata = detail?.ownership === true ? paths.filter((path) => mattersWhose(path, request)) : [];
      if (metadata.length > 0) yield { kind: 'ownership', fact: { package: name, architecture: null, type: 'opkg', files: metadata } };
    }
  },
});
