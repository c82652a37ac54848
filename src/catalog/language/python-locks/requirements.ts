import { defineCataloger } from '../../cataloger.ts';
import { plainText } from '../document.ts';
import { isInsidePackage } from '../inside-package.ts';
import { distinct, languagePackage } from '../language-package.ts';

/**
 * One pinned requirement (PEP 508, PEP 440): name, extras, `==` or `===` with a whole version; then nothing but a marker, options or a
 * comment. A range, a wildcard or several conditions pin nothing.
 */
const pinned = /^([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[[^\]]*\])?\s*\(?\s*===?\s*([A-Za-z0-9][\w.!+-]*)\s*\)?\s*(?:[;#].*|--.*|\\)?$/s;

/** Lines as pip joins them: one that ends in a backslash goes on. With the number of their first line, from 1. */
function* logicalLines(source: string): Generator<{ readonly text: string; readonly line: number }> {
  let pending: string[] = [];
  let start = 1;
  for (const [index, raw] of source.split(/\r\n|\r|\n/).entries()) {
    if (pending.length === 0) start = index + 1;
    const isContinued = raw.endsWith('\\') && !raw.trimStart().startsWith('#');
    pending.push(isContinued ? raw.slice(0, -1) : raw);
    if (isContinued) continue;
    yield { text: oneBlank(pending.join('')), line: start };
    pending = [];
  }
  if (pending.length > 0) yield { text: oneBlank(pending.join('')), line: start };
}

/** Long runs of blanks would cost the pattern the square of their length. */
function oneBlank(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

export default defineCataloger({
  name: 'language/python-locks/requirements',
  version: 1,
  summary: 'Python packages that a requirements file pins with ==; ranges name no version and are left out',
  provides: ['packages'],
  evidence: 'packages',
  ecosystem: 'pypi',
  maxBytes: 8 * 1024 * 1024,
  selects: ({ path, type }) =>
    type === 'file' &&
    path.endsWith('.txt') &&
    /(?:^|\/)(?:[^/]*requirements?[^/]*|requirements\/[^/]+)\.txt$/i.test(path) &&
    !/\.(?:dist|egg)-info\//.test(path) &&
    !isInsidePackage(path),
  *read(file) {
    const source = plainText(file);
    if (source.problem !== undefined) {
      yield source.problem;
      return;
    }
    const found = [];
    for (const { text, line } of logicalLines(source.value)) {
      if (text === '' || text.startsWith('#') || text.startsWith('-')) continue;
      const match = pinned.exec(text);
      if (match !== null) found.push(languagePackage(file, { type: 'pypi', name: match[1] as string, version: match[2] as string, lockfile: true, line }));
    }
    yield* distinct(found);
  },
});
