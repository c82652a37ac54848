import type { Request } from '../../model/index.ts';
import { type CatalogProblem, defineCataloger, type Fact, type SelectedFile } from '../cataloger.ts';
import { mattersWhose } from '../language-metadata.ts';
import { type Stanza, stanzas } from '../stanzas.ts';

const STATUS = 'var/lib/dpkg/status';
const STATUS_D = 'var/lib/dpkg/status.d/';
const INFO = 'var/lib/dpkg/info/';
const wanted = new Set(['package', 'status', 'version', 'architecture', 'source']);

/** dpkg(1), package states: in these the package's files lie in the image, wholly or in part. */
const present = new Set(['installed', 'unpacked', 'half-configured', 'half-installed', 'triggers-awaited', 'triggers-pending']);

function isPresent(stanza: Stanza): boolean {
  const status = stanza.fields.get('status');
  return status === undefined || present.has(status.split(/\s+/)[2] ?? '');
}

/** `name (version)` or `name`: without a version the source has the package's own (deb-control(5); a binary rebuild always names it). */
function sourceOf(field: string | undefined, name: string, version: string): { name: string; version: string } {
  const match = /^(\S+)(?:\s+\(([^)]*)\))?$/.exec(field ?? '');
  return { name: match?.[1] ?? name, version: match?.[2]?.trim() || version };
}

/** Reads a status file: dpkg's own database or one file of distroless' `status.d`. */
function* readStatus(file: SelectedFile): Generator<Fact<'packages'> | CatalogProblem> {
  const text = file.text();
  const single = file.path.startsWith(STATUS_D);
  let found = 0;
  for (const stanza of stanzas(text, wanted)) {
    found++;
    const name = stanza.fields.get('package') ?? '';
    const version = stanza.fields.get('version') ?? '';
    if (!isPresent(stanza)) continue;
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

/** Reads `info/PACKAGE[:ARCHITECTURE].list`: one path a line. */
function* readList(file: SelectedFile, request: Request): Generator<Fact<'ownership'>> {
  const [name, architecture] = file.path.slice(INFO.length, -'.list'.length).split(':') as [string, string?];
  const paths = file.text().split('\n');
  const files = paths.filter((path) => mattersWhose(path, request));
  yield { kind: 'ownership', fact: { package: name, architecture: architecture ?? null, type: 'deb', files } };
}

export default defineCataloger({
  name: 'os/dpkg',
  version: 1,
  summary: "Debian and Ubuntu packages from dpkg's database, and from distroless images' status.d",
  provides: ['packages', 'ownership'],
  evidence: 'packages',
  ecosystem: 'deb',
  wellKnown: [STATUS, STATUS_D, INFO],
  selects: ({ path, type }, request) => {
    if (type !== 'file' || !path.startsWith('var/lib/dpkg/')) return false;
    if (path === STATUS) return true;
    if (path.startsWith(STATUS_D)) return !path.endsWith('.md5sums') && !path.slice(STATUS_D.length).includes('/');
    return path.startsWith(INFO) && path.endsWith('.list') && request.detail?.ownership === true;
  },
  *read(file, request) {
    if (file.path.startsWith(INFO)) yield* readList(file, request);
    else yield* readStatus(file);
  },
});
