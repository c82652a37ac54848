import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type GeneratedFile, generatedMark, staleFiles, writeFiles } from '../scripts/generated-file.ts';
import { sources } from '../scripts/sources.ts';

const root = join(import.meta.dirname, '..');

describe('generated files are what the declarations say (npm run generate writes them)', () => {
  test('registries and the linter’s configuration', () => {
    expect(staleFiles(root, sources(root), [])).toEqual([]);
  });

  test('pages and schemas', async () => {
    const { documentFolders, documents } = await import('../scripts/documents.ts');
    expect(staleFiles(root, documents(), documentFolders)).toEqual([]);
  });

  test('a difference and a left-over are noticed', () => {
    const page: GeneratedFile = { path: 'docs/errors.md', text: 'other' };
    expect(staleFiles(root, [page], [])).toEqual(['docs/errors.md']);
    expect(staleFiles(root, [], ['docs'])).toContain('docs/errors.md');
  });
});

test('what was written by hand is not overwritten', () => {
  const directory = mkdtempSync(join(tmpdir(), 'generated-'));
  try {
    writeFileSync(join(directory, 'index.ts'), 'export const x = 1;\n');
    expect(() => writeFiles(directory, [{ path: 'index.ts', text: `// ${generatedMark}\n` }], [])).toThrow(/Written by hand.*index\.ts/);
    expect(readFileSync(join(directory, 'index.ts'), 'utf8')).toBe('export const x = 1;\n');
    expect(writeFiles(directory, [{ path: 'other/index.ts', text: `// ${generatedMark}\n` }], [])).toEqual(['other/index.ts']);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

/** Source files that declare a member, found in the text. */
function declaring(declaration: string): string[] {
  return (readdirSync(join(root, 'src'), { recursive: true }) as string[])
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts') && !path.includes('testing'))
    .filter((path) => readFileSync(join(root, 'src', path), 'utf8').includes(declaration));
}

describe('no declared member is out of reach', () => {
  test('triggers', async () => {
    const { catalogue } = await import('../src/gates/index.ts');
    expect(catalogue.triggers).toHaveLength(declaring('export default defineTrigger(').length);
    expect(new Set(catalogue.triggers).size).toBe(catalogue.triggers.length);
  });

  test('catalogers', async () => {
    const { catalogers } = await import('../src/catalog/index.ts');
    expect(catalogers).toHaveLength(declaring('export default defineCataloger(').length);
    expect(new Set(catalogers.map(({ name }) => name)).size).toBe(catalogers.length);
  });

  test('reporters', async () => {
    const { reporters } = await import('../src/reports/index.ts');
    expect(reporters).toHaveLength(declaring('export default defineReporter(').length);
    expect(new Set(reporters.map(({ name }) => name)).size).toBe(reporters.length);
  });

  test('service readers', async () => {
    const { serviceReaders } = await import('../src/services/index.ts');
    expect(serviceReaders).toHaveLength(declaring(' defineServiceReader({').length);
    expect(new Set(serviceReaders.map(({ name }) => name)).size).toBe(serviceReaders.length);
  });
});
