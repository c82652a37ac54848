import { camelCase, type Scaffold } from './scaffold.ts';

/** A version order: its file, and fixtures that one runner reads. */
export const order: Scaffold = {
  example: 'hex',
  parts: 1,
  files: ([name = '']) => ({
    [`src/versions/${name}.ts`]: declaration(name),
    [`src/versions/fixtures/${name}.txt`]: '# Write the cases: lines `a < b`, `a = b`, `! a` (not valid).\n',
  }),
  next: ([name]) => [
    `Write src/versions/${name}.ts after its specification, and say in src/versions/ecosystems.ts whom it serves.`,
    `Write the cases in src/versions/fixtures/${name}.txt; add a generator of its versions in src/versions/testing/generators.ts.`,
  ],
};

function declaration(name: string): string {
  return `import { defineOrder } from './order.ts';

/** Say how versions of this ecosystem are ordered, and what is not valid. */
export const ${camelCase(name)} = defineOrder<readonly number[]>({
  name: '${name}',
  specification: 'https://link.to/the/specification',
  parse: (text) => (/^\\d{1,15}(\\.\\d{1,15})*$/.test(text) ? text.split('.').map(Number) : undefined),
  compare(a, b) {
    const different = a.findIndex((part, index) => part !== b[index]);
    return different < 0 ? a.length - b.length : (a[different] ?? 0) - (b[different] ?? -1);
  },
});
`;
}
