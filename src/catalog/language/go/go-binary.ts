import { type CatalogProblem, defineCataloger, type Fact } from '../../cataloger.ts';
import { type Executable, ExecutableError, mayBeExecutable, readExecutables } from '../../executable/index.ts';
import { distinct, languagePackage, unreadable } from '../language-package.ts';
import { type BuildInformation, BuildInformationError, buildInformationMark, isBuiltByGo, readBuildInformation } from './build-information.ts';
import { parseModules } from './modules.ts';

const MiB = 1024 * 1024;
/** UPX writes its name behind the headers of what it packs; what is inside can only be known by unpacking. */
const packedMark = Buffer.from('UPX!');

/** A purl has the module's path as namespace and name, and a release without `go` (package-url/purl-spec, golang). */
function purlParts(path: string, version: string): { namespace?: string; name: string; version: string } {
  const slash = path.lastIndexOf('/');
  const parts = { name: path.slice(slash + 1), version: version === '(devel)' ? '' : version };
  return slash <= 0 ? parts : { namespace: path.slice(0, slash), ...parts };
}

function* packages(file: { readonly path: string }, { release, modules }: BuildInformation): Generator<Fact<'packages'>> {
  // Experiments and marks of a build stand behind a blank: `go1.22.3 X:boringcrypto`.
  const version = /^go\d/.test(release) ? (release.split(' ')[0] as string) : release;
  // A vendor's suffix (`go1.22.3-acme`) is no part of the version (go.dev/doc/toolchain).
  const number = /^go(\d[^-]*)/.exec(version)?.[1] ?? version;
  yield languagePackage(file, { type: 'golang', name: 'stdlib', version, purl: { version: number } });
  for (const module of parseModules(modules)) {
    yield languagePackage(file, { type: 'golang', name: module.path, version: module.version, purl: purlParts(module.path, module.version) });
  }
}

function* readPrograms(file: { readonly path: string }, bytes: Buffer, programs: readonly Executable[]): Generator<Fact<'packages'> | CatalogProblem> {
  for (const program of programs) {
    try {
      const found = readBuildInformation(program);
      if (found !== undefined) yield* packages(file, found);
      else if (isBuiltByGo(program, bytes)) {
        const why = 'it was built by Go and has no build information (Go before 1.13, or it was taken out): what it was built from is not readable';
        yield { problem: { kind: 'unsupported', what: `/${file.path}`, why } };
        return;
      }
    } catch (error) {
      if (!(error instanceof BuildInformationError)) throw error;
      yield unreadable(file, `its Go build information is damaged: ${error.message}`);
    }
  }
}

export default defineCataloger({
  name: 'language/go/go-binary',
  version: 2,
  summary: 'Modules and standard library of programs built by Go, from their build information',
  provides: ['packages'],
  evidence: 'packages',
  ecosystem: 'golang',
  maxBytes: 256 * MiB,
  selects: mayBeExecutable,
  *read(file) {
    const bytes = Buffer.from(file.bytes.buffer, file.bytes.byteOffset, file.bytes.length);
    let programs: Executable[];
    try {
      programs = readExecutables(bytes);
    } catch (error) {
      if (!(error instanceof ExecutableError)) throw error;
      // A damaged program of another language is no matter of Go's.
      if (bytes.includes(buildInformationMark)) yield unreadable(file, `it was built by Go and its headers are damaged: ${error.message}`);
      return;
    }
    if (programs.length > 0 && bytes.subarray(0, 4096).includes(packedMark)) {
      const why = 'it is packed by UPX: what it was built from is not readable';
      yield { problem: { kind: 'unsupported', what: `/${file.path}`, why } };
      return;
    }
    yield* distinct(readPrograms(file, bytes, programs));
  },
});
