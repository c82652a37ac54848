import { inflateSync } from 'node:zlib';
import { type CatalogProblem, defineCataloger, type Fact } from '../../cataloger.ts';
import { type Executable, ExecutableError, mayBeExecutable, readExecutables } from '../../executable/index.ts';
import { type Fields, isFields, text } from '../document.ts';
import { distinct, languagePackage, unreadable } from '../language-package.ts';

const MiB = 1024 * 1024;
const sectionName = '.dep-v0';
/** The format's own advice for readers (rust-secure-code/cargo-auditable, PARSING.md). */
const MAX_JSON = 8 * MiB;

function* readSection(file: { readonly path: string }, compressed: Buffer): Generator<Fact<'packages'> | CatalogProblem> {
  let document: unknown;
  try {
    document = JSON.parse(inflateSync(compressed, { maxOutputLength: MAX_JSON }).toString('utf8'));
  } catch (error) {
    yield unreadable(file, `its list of crates is damaged (${(error as Error).message.slice(0, 100)})`);
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
    else yield languagePackage(file, { type: 'cargo', name, version: text(crate.version) ?? '' });
  }
}

export default defineCataloger({
  name: 'language/rust/rust-binary',
  version: 1,
  summary: 'Crates of programs built with cargo auditable, from their section .dep-v0',
  provides: ['packages'],
  evidence: 'packages',
  ecosystem: 'cargo',
  maxBytes: 256 * MiB,
  selects: mayBeExecutable,
  *read(file) {
    const bytes = Buffer.from(file.bytes.buffer, file.bytes.byteOffset, file.bytes.length);
    let sections: (ReturnType<Executable['section']> | undefined)[];
    try {
      sections = readExecutables(bytes).map((program) => program.section(sectionName));
    } catch (error) {
      if (!(error instanceof ExecutableError)) throw error;
      // A damaged program of another language is no matter of Rust's.
      if (bytes.includes(sectionName)) yield unreadable(file, `it has a list of crates and its headers are damaged: ${error.message}`);
      return;
    }
    for (const section of sections) {
      if (section !== undefined) yield* distinct(readSection(file, section.bytes));
    }
  },
});
