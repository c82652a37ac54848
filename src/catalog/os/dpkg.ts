import type { Request } from '../../model/index.ts';
import { type CatalogProblem, defineCataloger, type Fact, type SelectedFile } from '../cataloger.ts';
import { mattersWhose } from '../language-metadata.ts';
import { type Stanza, stanzas } from '../stanzas.ts';

/** Where dpkg keeps its database; the second in images whose /var is no part of them. */
const directories = ['var/lib/dpkg/', 'usr/lib/dpkg/'];
/** Files that some builders put beside a package's own in `status.d`. */
const besides = /\.(?:md5sums|preinst|postinst|prerm|postrm|conffiles|config|templates|triggers|shlibs|symbols|list)$/;
const wanted = new Set(['package', 'status', 'version', 'architecture', 'source']);

/** dpkg(1), package states: in these the package's files lie in the image, wholly or in part. */
const present = new Set(['installed', 'unpacked', 'half-configured', 'half-installed', 'triggers-awaited', 'triggers-pending']);
const absent = new Set(['not-installed', 'config-files']);

/** What a paragraph says of its package's state; distroless' files say nothing. */
function stateOf(stanza: Stanza): 'present' | 'absent' | 'unknown' {
  const status = stanza.fields.get('status');
  const state = status?.split(/\s+/)[2] ?? '';
  return status === undefined || present.has(state) ? 'present' : absent.has(state) ? 'absent' : 'unknown';
}

/** `name (version)` or `name`: without a version the source has the package's own (deb-control(5); a binary rebuild always names it). */
function sourceOf(field: string | undefined, name: string, version: string): { name: string; version: string } {
  const match = /^(\S+)(?:\s+\(([^)]*)\))?$/.exec(field ?? '');
  return { name: match?.[1] ?? name, version: match?.[2]?.trim() || version };
}

/** Reads a status file: dpkg's own database or one file of distroless' `status.d`. */
function* readStatus(file: SelectedFile): Generator<Fact<'packages'> | CatalogProblem> {
  const text = file.text();
  const single = file.path.includes('/status.d/');
  let found = 0;
  for (const stanza of stanzas(text, wanted)) {
    found++;
    const name = stanza.fields.get('package') ?? '';
    const version = stanza.fields.get('version') ?? '';
    const state = stateOf(stanza);
    if (state === 'absent') continue;
    if (name === '' || version === '' || /\s/.test(name) || /\s/.test(version)) {
      const what = name === '' ? 'a paragraph without a package name' : `the package ${name} without a version`;
      yield { problem: { kind: 'unreadable', what: `/${file.path}`, why: `it has ${what} at line ${stanza.line}`, line: stanza.line } };
      continue;
    }
    if (stanza.strange > 0) {
      yield {
        problem: {
          kind: 'unreadable',
          what: `/${file.path}`,
          why: `the paragraph of ${name} at line ${stanza.line} has lines that are no fields, or a field twice`,
          line: stanza.line,
        },
      };
    }
    if (state === 'unknown') {
      const why = `the paragraph of ${name} at line ${stanza.line} has a state that dpkg does not know`;
      yield { problem: { kind: 'unreadable', what: `/${file.path}`, why, line: stanza.line } };
    }
    const architecture = stanza.fields.get('architecture') ?? null;
    yield {
      kind: 'packages',
      fact: {
        type: 'deb',
        name,
        version,
        source: sourceOf(stanza.fields.get('source'), name, version),
        architecture,
        licenses: [],
        locations: [{ path: `/${file.path}`, line: stanza.line }],
        lockfile: false,
      },
    };
  }
  if (found === 0) {
    // An empty database is normal where another package manager rules: that is told from the whole image.
    if (single) yield { problem: { kind: 'unreadable', what: `/${file.path}`, why: 'it holds no package' } };
  } else if (!single && !text.endsWith('\n')) {
    yield { problem: { kind: 'unreadable', what: `/${file.path}`, why: 'it ends in the middle of a line, so it was cut off' } };
  }
}

/** Reads `info/PACKAGE[:ARCHITECTURE].list`: one path a line; or distroless' `status.d/PACKAGE.md5sums`: a digest, and a path without a slash. */
function* readList(file: SelectedFile, request: Request): Generator<Fact<'ownership'>> {
  const base = file.path.slice(file.path.lastIndexOf('/') + 1);
  const [name, architecture] = base.slice(0, base.lastIndexOf('.')).split(':') as [string, string?];
  const lines = file.text().split('\n');
  const paths = file.path.endsWith('.list') ? lines : lines.map((line) => line.replace(/^[0-9a-f]{32} [ *](?:\.?\/)?/, '/'));
  yield {
    kind: 'ownership',
    fact: { package: name, architecture: architecture ?? null, type: 'deb', files: paths.filter((path) => mattersWhose(path, request)) },
  };
}

export default defineCataloger({
  name: 'os/dpkg',
  version: 2,
  summary: "Debian and Ubuntu packages from dpkg's database, and from distroless images' status.d",
  provides: ['packages', 'ownership'],
  evidence: 'packages',
  ecosystem: 'deb',
  wellKnown: directories.flatMap((directory) => ['status', 'status.d/', 'info/', 'updates/'].map((name) => `${directory}${name}`)),
  selects: ({ path, type }, request) => {
    const directory = type === 'file' ? directories.find((each) => path.startsWith(each)) : undefined;
    if (directory === undefined) return false;
    const [folder, name, ...below] = path.slice(directory.length).split('/');
    if (name === undefined) return folder === 'status';
    if (below.length > 0) return false;
    const wantsOwnership = request.detail?.ownership === true;
    if (folder === 'status.d') return !besides.test(name) || (wantsOwnership && name.endsWith('.md5sums'));
    // Where dpkg notes what it hasn't written into its database yet, in files named by numbers (dpkg's `modstatdb`).
    return (folder === 'updates' && /^[0-9]+$/.test(name)) || (folder === 'info' && wantsOwnership && name.endsWith('.list'));
  },
  *read(file, request) {
    if (file.path.endsWith('.list') || file.path.endsWith('.md5sums')) yield* readList(file, request);
    else if (file.path.includes('/updates/')) {
      const why = 'dpkg was interrupted before it wrote this into its database, which may tell other packages';
      yield { problem: { kind: 'unreadable', what: `/${file.path}`, why } };
    } else yield* readStatus(file);
  },
});
