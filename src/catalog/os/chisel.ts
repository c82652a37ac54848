import { unpackWhole } from '../../archive/index.ts';
import { PortcullisError } from '../../errors.ts';
import { type CatalogProblem, defineCataloger, type Fact, type KnownFile } from '../cataloger.ts';
import { mattersWhose } from '../language-metadata.ts';

const path = 'var/lib/chisel/manifest.wall';
/** A manifest of a large image has some 30 MB. */
const MAX_UNPACKED = 256 * 1024 * 1024;
const MAX_LINES = 2_000_000;

type Fields = Readonly<Record<string, unknown>>;

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/** Collects what a manifest's lines say. */
class Manifest {
  readonly packages: { readonly name: string; readonly version: string; readonly architecture: string | null; readonly line: number }[] = [];
  /** By package. */
  readonly files = new Map<string, KnownFile[]>();
  /** The first fault that the lines have. */
  fault: { readonly why: string; readonly line: number } | null = null;

  add(fields: Fields, line: number): void {
    if (fields.kind === 'package') this.#addPackage(fields, line);
    else if (fields.kind === 'path') this.#addPath(fields);
  }

  #addPackage({ name, version, arch }: Fields, line: number): void {
    if (text(name) === null || text(version) === null) this.fault ??= { why: `it has a package without a name or a version at line ${line}`, line };
    else this.packages.push({ name: name as string, version: version as string, architecture: text(arch), line });
  }

  /** `final_sha256` is what a slice's own script left, `link` a link's target; slices are named `PACKAGE_SLICE`. */
  #addPath({ path: place, slices, sha256, final_sha256: final, link }: Fields): void {
    if (typeof place !== 'string' || !place.startsWith('/') || place.endsWith('/') || !Array.isArray(slices)) return;
    const digest = text(final) ?? text(sha256);
    const target = text(link);
    const known: KnownFile = target !== null ? [place, 'link', target] : digest !== null ? [place, 'sha256', digest] : [place, '', ''];
    const owners = new Set(slices.flatMap((slice) => (typeof slice === 'string' && slice.includes('_') ? [slice.slice(0, slice.lastIndexOf('_'))] : [])));
    for (const owner of owners) {
      const files = this.files.get(owner);
      if (files === undefined) this.files.set(owner, [known]);
      else files.push(known);
    }
  }
}

/** Reads jsonwall, a JSON object a line, of which the first counts the others. */
function readManifest(source: string): Manifest {
  const manifest = new Manifest();
  const lines = source.split('\n', MAX_LINES + 1);
  if (lines.at(-1) === '') lines.pop();
  for (const [index, line] of lines.entries()) {
    let fields: unknown;
    try {
      fields = JSON.parse(line);
    } catch {
      fields = null;
    }
    if (typeof fields !== 'object' || fields === null) {
      manifest.fault ??= { why: `line ${index + 1} is not a JSON object`, line: index + 1 };
      continue;
    }
    if (index > 0) manifest.add(fields as Fields, index + 1);
    else if (text((fields as Fields).jsonwall) === null) manifest.fault ??= { why: 'it does not begin as jsonwall', line: 1 };
    else if (Number((fields as Fields).count) > lines.length) {
      manifest.fault ??= { why: `it has ${lines.length} lines where it says ${(fields as Fields).count}`, line: 1 };
    }
  }
  if (lines.length > MAX_LINES) manifest.fault ??= { why: `it has more than ${MAX_LINES} lines`, line: 1 };
  return manifest;
}

export default defineCataloger({
  name: 'os/chisel',
  version: 1,
  summary: "Slices of Ubuntu packages in chiselled images, from Chisel's manifest. It names no source packages.",
  provides: ['packages', 'ownership', 'checksums'],
  evidence: 'packages',
  ecosystem: 'deb',
  wellKnown: [path],
  selects: (entry) => entry.type === 'file' && entry.path === path,
  *read(file, request): Generator<Fact<'packages' | 'ownership' | 'checksums'> | CatalogProblem> {
    const problem = (why: string, line?: number): CatalogProblem => ({
      problem: { kind: 'unreadable', what: `/${file.path}`, why, ...(line === undefined ? {} : { line }) },
    });
    let manifest: Manifest;
    try {
      manifest = readManifest(unpackWhole(file.bytes, MAX_UNPACKED).toString('utf8'));
    } catch (error) {
      if (!(error instanceof PortcullisError)) throw error;
      yield problem(`it cannot be unpacked (${error.message})`);
      return;
    }
    for (const { name, version, architecture, line } of manifest.packages) {
      yield {
        kind: 'packages',
        fact: { type: 'deb', name, version, source: null, architecture, licenses: [], locations: [{ path: `/${file.path}`, line }], lockfile: false },
      };
      const files = manifest.files.get(name) ?? [];
      if (request.detail?.checksums === true) yield { kind: 'checksums', fact: { package: name, type: 'deb', files, configuration: [] } };
      const metadata = request.detail?.ownership === true ? files.map(([each]) => each).filter((each) => mattersWhose(each, request)) : [];
      if (metadata.length > 0) yield { kind: 'ownership', fact: { package: name, architecture, type: 'deb', files: metadata } };
    }
    if (manifest.fault !== null) yield problem(manifest.fault.why, manifest.fault.line);
    else if (manifest.packages.length === 0) yield problem('it names no package');
  },
});
