import { defineCataloger } from '../../cataloger.ts';
import { isFields, text } from '../document.ts';
import { isInsidePackage } from '../inside-package.ts';
import { distinct, languagePackage, unreadable } from '../language-package.ts';
import { lockedRepository } from '../origin.ts';
import { tomlDocument } from '../toml-document.ts';

export default defineCataloger({
  name: 'language/rust/cargo-lock',
  version: 2,
  summary: 'Crates that a Cargo.lock names, the workspace’s own among them',
  provides: ['packages'],
  evidence: 'packages',
  ecosystem: 'cargo',
  maxBytes: 32 * 1024 * 1024,
  selects: ({ path, type }) => type === 'file' && /(?:^|\/)Cargo\.lock$/.test(path) && !isInsidePackage(path),
  *read(file) {
    const document = tomlDocument(file);
    if (document.problem !== undefined) {
      yield document.problem;
      return;
    }
    // Until 2017 the crate itself stood in `root`.
    const { package: list = [], root } = document.value;
    // Not even a crate of its own: cargo writes no such file.
    if (!Array.isArray(list) || (list.length === 0 && root === undefined)) {
      yield unreadable(file, 'it has no packages');
      return;
    }
    yield* distinct(
      [...(list as unknown[]), ...(root === undefined ? [] : [root])].map((item) => {
        const crate = isFields(item) ? item : {};
        const name = text(crate.name);
        if (name === undefined) return unreadable(file, 'a package has no name');
        const source = text(crate.source);
        const origin = source?.startsWith('git+') ? lockedRepository(source) : undefined;
        return languagePackage(file, { type: 'cargo', name, version: text(crate.version) ?? '', lockfile: true, origin });
      }),
    );
  },
});
