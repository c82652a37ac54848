import { type Scaffold, unwritten } from './scaffold.ts';

/** A reader of one format: its declaration, a test with the mandatory cases, a folder for fixtures. */
export const cataloger: Scaffold = {
  example: 'language/composer',
  parts: 2,
  files: ([group = '', name = '']) => ({
    [`src/catalog/${group}/${name}.ts`]: declaration(group, name),
    [`src/catalog/${group}/${name}.test.ts`]: cases(name),
    [`src/catalog/${group}/fixtures/${name}/typical`]: 'Put a small real file here; name every other fixture after its case.\n',
  }),
  next: ([group, name]) => [
    `Read the format in src/catalog/${group}/${name}.ts. What can't be used is yielded as a problem, never dropped.`,
    `Put fixtures into src/catalog/${group}/fixtures/${name}, named after their cases, and write the cases.`,
  ],
};

function declaration(group: string, name: string): string {
  return `import { defineCataloger } from '../cataloger.ts';

/** Link the format's specification here. */
export default defineCataloger({
  name: '${group}/${name}',
  version: 1,
  summary: 'Say what it finds in which files.',
  provides: ['packages'],
  evidence: 'packages',
  selects: ({ path, type }) => type === 'file' && path.endsWith('/${name}.lock'),
  *read(file) {
    yield { problem: { kind: 'unsupported', what: \`/\${file.path}\`, why: 'reading this format is not written yet' } };
  },
});
`;
}

function cases(name: string): string {
  return `import { expect, test } from 'vitest';
import { testCataloger } from '../../testing/index.ts';
import cataloger from './${name}.ts';

// Cases are data: title, path, content (a fixture or a text), then facts and problems, of which only what matters is written.
testCataloger(cataloger, { takes: ['usr/share/${name}.lock'], leaves: ['usr/share/${name}.lock.old'], files: [] }, test);

${['a typical file', 'an empty file', 'a corrupt file: a problem, and what can be read is kept', 'hostile content ends soon'].map(unwritten).join('\n')}
`;
}
