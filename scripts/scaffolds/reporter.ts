import { type Scaffold, unwritten } from './scaffold.ts';

/** A report: its file and a test; the goldens of all reports take it in by themselves. */
export const reporter: Scaffold = {
  example: 'markdown',
  parts: 1,
  files: ([name = '']) => ({
    [`src/reports/${name}.ts`]: declaration(name),
    [`src/reports/${name}.test.ts`]: cases(name),
  }),
  next: ([name]) => [
    `Write src/reports/${name}.ts. If its language is new, give it a neutralising function in src/reports/neutralize.ts.`,
    'Run `npm run golden` and read what it writes to src/reports/fixtures.',
  ],
};

function declaration(name: string): string {
  return `import { neutralizeForTerminal } from './neutralize.ts';
import { defineReporter } from './reporter.ts';

/** Say who reads it, and link the format's specification. */
export default defineReporter({
  name: '${name}',
  summary: 'Say in one sentence what it is for.',
  mediaType: 'text/plain',
  *render(document) {
    for (const image of document.images) yield \`\${neutralizeForTerminal(image.reference)}\\n\`;
    yield \`\${document.verdict === null ? 'ERROR' : document.verdict.toUpperCase()}\\n\`;
  },
});
`;
}

function cases(name: string): string {
  return `import { expect, test } from 'vitest';
import reporter from './${name}.ts';

test('it is found by its name', () => expect(reporter.name).toBe('${name}'));

${['what a reader of this format relies on'].map(unwritten).join('\n')}
`;
}
