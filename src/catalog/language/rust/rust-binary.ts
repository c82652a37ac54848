import { inflateSync } from 'node:zlib';
import { parserMessage } from '../../../parser-message.ts';
import { type CatalogProblem, defineCataloger, type Fact } from '../../cataloger.ts';
import { ExecutableError, mayBeExecutable, readExecutables } from '../../executable/index.ts';
import { type Fields, isFields, text } from '../document.ts';
import { distinct, languagePackage, unreadable } from '../language-package.ts';
import { repository } from '../origin.ts';
import { customSections, isWasm, WasmError } from './wasm.ts';

const MiB = 1024 * 1024;
const sectionName = '.dep-v0';
/** The format's own advice for readers (rust-secure-code/cargo-auditable, PARSING.md). */
const MAX_JSON = 8 * MiB;

function* readSection(file: { readonly path: string }, compressed: Buffer): Generator<Fact<'packages'> | CatalogProblem> {
  let document: unknown;
  try {
    document = JSON.parse(inflateSync(compressed, { maxOutputLength: MAX_JSON }).toString('utf8'));
  } catch (error) {
    yield unreadable(file, `its list of crates is damaged (${parserMessage(error)})`);
    return;
  }
  const list = isFields(document) ? document.packages : undefined;
  if (!Array.isArray(list)) {
    yield unreadable(file, 'its list of crates holds no packages');
    return;
  }
  for (const item of list as unknown[]) {
    const crate: Fields = isFields(item) ? item : {};
    const name = text(crate.name);
    if (name === undefined) yield unreadable(file, 'a crate of its list has no name');
    else {
      // Of a repository it says no more than that.
      const origin = crate.source === 'git' ? repository('git', '') : undefined;
      yield languagePackage(file, { type: 'cargo', name, version: text(crate.version) ?? '', origin });
    }
  }
}

/** The lists in a file: one of each program in it. */
function sectionsOf(bytes: Buffer): Buffer[] {
  if (isWasm(bytes)) return [...customSections(bytes, sectionName)];
  return readExecutables(bytes).flatMap((program) => program.section(sectionName)?.bytes ?? []);
}

export default defineCataloger({
  name: 'language/rust/rust-binary',
  version: 3,
  summary: 'Crates of programs built with cargo auditable, from their section .dep-v0, those that only built them among them',
  provides: ['packages'],
  evidence: 'packages',
  ecosystem: 'cargo',
  maxBytes: 256 * MiB,
  selects: (entry) => mayBeExecutable(entry) || (entry.type === 'file' && entry.path.endsWith('.wasm')),
  *read(file) {
    const bytes = Buffer.from(file.bytes.buffer, file.bytes.byteOffset, file.bytes.length);
    let sections: Buffer[];
    try {
      sections = sectionsOf(bytes);
    } catch (error) {
      if (!(error instanceof ExecutableError || error instanceof WasmError)) throw error;
      // A damaged program of another language is no matter of Rust's.
      if (bytes.includes(sectionName)) yield unreadable(file, `it has a list of crates and its headers are damaged: ${error.message}`);
      return;
    }
    for (const section of sections) yield* distinct(readSection(file, section));
  },
});
