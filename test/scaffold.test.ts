import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const parts = ['src', 'scripts', 'test', 'docs', 'schemas', 'policies', 'binary-rules', 'package.json', 'tsconfig.json', 'biome.json', 'vitest.config.ts'];

const members: readonly (readonly [kind: string, name: string, files: readonly string[]])[] = [
  ['trigger', 'packages/scaffolded-check', ['src/gates/packages/scaffolded-check.ts', 'src/gates/packages/scaffolded-check.test.ts']],
  ['trigger', 'scaffolded/other-check', ['src/gates/scaffolded/gate.ts', 'src/gates/scaffolded/other-check.ts', 'src/gates/scaffolded/other-check.test.ts']],
  ['cataloger', 'language/scaffolded', ['src/catalog/language/scaffolded.ts', 'src/catalog/language/scaffolded.test.ts']],
  ['order', 'scaffolded', ['src/versions/scaffolded.ts', 'src/versions/fixtures/scaffolded.txt']],
  ['reporter', 'scaffolded-report', ['src/reports/scaffolded-report.ts', 'src/reports/scaffolded-report.test.ts']],
];

let copy = '';
const scaffold = (kind: string, name: string) =>
  spawnSync(process.execPath, ['scripts/run.mjs', 'scripts/new.ts', kind, name], { cwd: copy, encoding: 'utf8' });
const binary = (name: string) => join(root, 'node_modules', ...name.split('/'));

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'scaffold-'));
  for (const part of parts) if (existsSync(join(root, part))) cpSync(join(root, part), join(copy, part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
});

afterAll(() => {
  if (copy !== '') rmSync(copy, { recursive: true, force: true });
});

test.each(members)('%s %s begins with its files', (kind, name, files) => {
  const { status, stderr } = scaffold(kind, name);
  expect(stderr).toBe('');
  expect(status).toBe(0);
  for (const file of files) expect(existsSync(join(copy, file)), file).toBe(true);
});

test.each([
  ['an unknown kind', 'gadget', 'x', /There is no kind of member 'gadget'/],
  ['a name with too few parts', 'trigger', 'denylist', /'denylist' is not a name for a trigger/],
  ['a name that leads out', 'trigger', '../x', /is not a name/],
  ['capital letters', 'order', 'Hex', /is not a name/],
  ['no name', 'reporter', '', /is not a name/],
  ['a member that is there', 'reporter', 'table', /It is there already: src\/reports\/table.ts/],
])('%s is refused', (_, kind, name, message) => {
  const { status, stderr } = scaffold(kind, name);
  expect(stderr).toMatch(message);
  expect(status).toBe(3);
});

test('what was scaffolded is in the registries and pages', () => {
  expect(readFileSync(join(copy, 'src/gates/packages/index.ts'), 'utf8')).toContain('scaffoldedCheck');
  expect(readFileSync(join(copy, 'src/gates/gates.ts'), 'utf8')).toContain('scaffolded');
  expect(readFileSync(join(copy, 'docs/gates/scaffolded.md'), 'utf8')).toContain('## other-check');
  expect(readFileSync(join(copy, 'src/catalog/language/index.ts'), 'utf8')).toContain('scaffolded');
  expect(readFileSync(join(copy, 'src/reports/registry.ts'), 'utf8')).toContain('scaffoldedReport');
});

test('it passes the compiler and the linter', () => {
  const compiler = spawnSync(process.execPath, [binary('typescript/bin/tsc')], { cwd: copy, encoding: 'utf8' });
  expect(compiler.stdout.split('\n').filter((line) => line.includes('scaffolded'))).toEqual([]);
  const linter = spawnSync(process.execPath, [binary('@biomejs/biome/bin/biome'), 'check', '--reporter=github', '--max-diagnostics=none', '.'], {
    cwd: copy,
    encoding: 'utf8',
  });
  expect(linter.stdout.split('\n').filter((line) => line.includes('scaffolded'))).toEqual([]);
});

test('every test passes but those that are still to be written', () => {
  const filters = ['src/gates', 'src/versions/contract', 'src/versions/fixtures', 'src/reports/goldens', 'test/generated', 'scaffolded'];
  const output = join(copy, 'results.json');
  spawnSync(process.execPath, [binary('vitest/vitest.mjs'), 'run', '--update=new', '--reporter=json', `--outputFile=${output}`, ...filters], {
    cwd: copy,
    encoding: 'utf8',
  });
  const results = JSON.parse(readFileSync(output, 'utf8')) as {
    testResults: { name: string; message: string; assertionResults: { status: string; fullName: string; failureMessages: string[] }[] }[];
  };
  expect(results.testResults.filter(({ assertionResults }) => assertionResults.length === 0).map(({ name, message }) => `${name}: ${message}`)).toEqual([]);
  const failed = results.testResults.flatMap(({ assertionResults }) => assertionResults.filter(({ status }) => status === 'failed'));
  const unwritten = failed.filter(({ failureMessages }) => failureMessages.join().includes('write the case'));
  expect(unwritten).toHaveLength(4 + 4 + 4 + 1);
  // An order's cases are lines and a generator, whose absence the contract notices.
  expect(failed.filter((each) => !unwritten.includes(each)).map(({ fullName }) => fullName)).toEqual([
    'scaffolded its generator makes versions',
    'scaffolded.txt all lines hold',
  ]);
});

test('the scripts of package.json name files that are there', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
  const files = Object.values(scripts).flatMap((command) => command.match(/(scripts|bench)\/\S+/g) ?? []);
  expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
});
