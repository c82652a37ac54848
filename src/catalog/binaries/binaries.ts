import { defineCataloger } from '../cataloger.ts';
import { isExecutable } from '../executable/index.ts';
import { type BinaryRule, binaryRules } from './rules.ts';
import { versionsIn } from './version-mark.ts';

const compiled = binaryRules.map((rule) => ({ rule, path: new RegExp(`(?:^|/)(?:${rule.path})$`) }));
/** Most paths end in none of these: one test in place of one for each rule. */
const any = new RegExp(`(?:^|/)(?:${binaryRules.map(({ path }) => path.replace(/\((?!\?)/g, '(?:')).join('|')})$`);

function matching(path: string): { readonly rule: BinaryRule; readonly series: string | undefined }[] {
  return compiled.flatMap(({ rule, path: pattern }) => {
    const match = pattern.exec(path);
    return match === null ? [] : [{ rule, series: match[1] }];
  });
}

export default defineCataloger({
  name: 'binaries/binaries',
  version: 1,
  summary: 'Common interpreters, servers and libraries that no package manager knows, by what their programs say of themselves',
  provides: ['packages'],
  evidence: 'packages',
  ecosystem: 'generic',
  maxBytes: 256 * 1024 * 1024,
  selects: ({ path, type }) => type === 'file' && any.test(path),
  *read(file) {
    const bytes = Buffer.from(file.bytes.buffer, file.bytes.byteOffset, file.bytes.length);
    // A script of the same name that starts the program.
    if (!isExecutable(bytes)) return;
    for (const { rule, series } of matching(file.path)) {
      const versions = versionsIn(bytes, rule, series);
      if (versions.length > 1) {
        const why = `it says more than one version of ${rule.name}: ${versions.slice(0, 5).join(', ')}`;
        yield { problem: { kind: 'contradiction', what: `/${file.path}`, why } };
      }
      if (versions.length !== 1) continue;
      yield {
        kind: 'packages',
        fact: {
          type: 'generic',
          name: rule.name,
          version: versions[0] as string,
          source: null,
          architecture: null,
          licenses: [],
          locations: [{ path: `/${file.path}` }],
          lockfile: false,
        },
      };
    }
  },
});
