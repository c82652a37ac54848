import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { joiningRooms, rooms } from '../scripts/walls.ts';

const root = join(import.meta.dirname, '..');
const rules = [
  'style/noRestrictedImports',
  'style/noRestrictedGlobals',
  'suspicious/noImportCycles',
  'correctness/noPrivateImports',
  'correctness/noUndeclaredDependencies',
];

/** What the linter says of the walls in a directory: `path:line rule message`. */
function wallReport(directory: string): string[] {
  const biome = join(root, 'node_modules', '@biomejs', 'biome', 'bin', 'biome');
  const { stdout } = spawnSync(process.execPath, [biome, 'lint', '--max-diagnostics=none', '--reporter=github', '.'], {
    cwd: directory,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  return stdout.split('\n').flatMap((line) => {
    const [, rule = '', path = '', at, message] = /title=lint\/([^,]*),file=([^,]*),line=(\d+),.*?::(.*)/.exec(line) ?? [];
    return rules.includes(rule) ? [`${relative(realpathSync(directory), path)}:${at} ${rule} ${message}`] : [];
  });
}

// Written from the design, not from the table that the linter's configuration is made of: who imports what, and what is said.
const planted: readonly (readonly [path: string, line: string, expected: string])[] = [
  ['src/gates/packages/planted-1.ts', "import '../../catalog/index.ts';", 'no gate knows a cataloger, a source or the store'],
  ['src/gates/packages/planted-2.ts', "import '../../image/index.ts';", 'no gate knows a cataloger'],
  ['src/gates/packages/planted-3.ts', "import type { Advisories } from '../../advisories/index.ts';", 'no gate knows a cataloger'],
  ['src/gates/packages/planted-4.ts', "import '../image/index.ts';", 'A gate may not import another gate'],
  ['src/gates/packages/planted-5.ts', "import { readFileSync } from 'node:fs';", 'gates may use no module of Node'],
  ['src/gates/packages/planted-6.ts', "export const x = await import('../../layer/index.ts');", 'no gate knows a cataloger'],
  ['src/gates/packages/planted-7.ts', "import { serviceReaders } from '../../services/index.ts';", 'gates may import types of services, not its functions'],
  ['src/gates/packages/planted-8.ts', "import { gate } from '../../gate.ts';", 'no gate knows a cataloger'],
  ['src/gates/planted-9.ts', "import '../catalog/index.ts';", 'no gate knows a cataloger'],
  ['src/gates/packages/planted-10.ts', "export * from '../../policy/index.ts';", 'no gate knows a cataloger'],
  ['src/catalog/os/planted-1.ts', "import '../../policy/index.ts';", 'no judgement'],
  ['src/catalog/os/planted-2.ts', "import '../../versions/index.ts';", 'no judgement'],
  ['src/catalog/os/planted-3.ts', "import 'node:fs';", 'catalog may not open files'],
  ['src/catalog/os/planted-4.ts', "import '../../services/index.ts';", 'no judgement'],
  ['src/catalog/os/planted-5.ts', "import 'https';", 'catalog may not open files, sockets'],
  ['src/catalog/derive/planted-1.ts', "import '../../image/index.ts';", 'parsers of services'],
  ['src/reports/planted-1.ts', "import '../policy/index.ts';", 'A report is written from the verdict alone'],
  ['src/reports/planted-2.ts', "import 'node:fs';", 'reports may use no module of Node'],
  ['src/reports/planted-3.ts', 'export const color = process.stdout.isTTY;', 'global variable process'],
  ['src/policy/planted-1.ts', "import '../reports/index.ts';", 'Judging is pure'],
  ['src/policy/planted-2.ts', "import denylist from '../gates/packages/denylist.ts'; export { denylist };", 'package visibility'],
  ['src/policy/planted-3.ts', "import 'node:fs/promises';", 'policy may not open files'],
  ['src/policy/planted-4.ts', 'export const text = await fetch("https://example.org");', 'global variable fetch'],
  ['src/image/planted-1.ts', "import '../catalog/index.ts';", 'Image finds an image'],
  ['src/image/planted-2.ts', "import { Agent } from 'undici'; export { Agent };", 'HTTP is spoken in transport alone'],
  ['src/layer/planted-1.ts', "import '../image/index.ts';", 'Layer turns'],
  ['src/layer/planted-2.ts', "import 'node:child_process';", 'layer may not open sockets or processes'],
  ['src/archive/planted-1.ts', "import '../layer/index.ts';", 'Archive reads bytes'],
  ['src/archive/planted-2.ts', "import 'node:fs';", 'archive may not open files'],
  ['src/versions/planted-1.ts', "import '../archive/index.ts';", 'A version order stands alone'],
  ['src/services/planted-1.ts', "import '../catalog/index.ts';", 'Services reads configuration'],
  ['src/services/planted-2.ts', "import 'node:child_process';", 'nothing of an image is opened or executed'],
  ['src/advisories/planted-1.ts', "import '../catalog/index.ts';", 'Advisories knows'],
  ['src/advisories/planted-2.ts', "import '../gates/index.ts';", 'Advisories knows'],
  ['src/transport/planted-1.ts', "import '../image/index.ts';", 'Transport moves bytes'],
  ['src/inspect/planted-1.ts', "import '../policy/index.ts';", 'Inspect runs programs outside'],
  ['src/sharing/planted-1.ts', "import '../image/index.ts';", 'Sharing moves policies'],
  ['src/model/planted-1.ts', "import '../gates/index.ts';", 'Model holds the words'],
  ['src/policy/planted-5.ts', "import Database from 'libsql'; export { Database };", 'Databases are opened by the advisory store alone'],
  ['src/policy/planted-6.ts', "import { Command } from 'commander'; export { Command };", 'The command line is the cli'],
  ['src/cli/planted-1.ts', "import table from '../reports/table.ts'; export { table };", 'package visibility'],
  ['src/cli/planted-2.ts', "import leftPad from 'left-pad'; export { leftPad };", "isn't specified in package.json"],
  ['src/reports/planted-4.ts', "import type { B } from './planted-5.ts'; export type A = B;", 'part of a cycle'],
  ['src/reports/planted-5.ts', "import type { A } from './planted-4.ts'; export type B = A | 1;", 'part of a cycle'],
];

let copy = '';
let reported: string[] = [];

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'walls-'));
  for (const name of ['src', 'biome.json', 'package.json', 'tsconfig.json']) cpSync(join(root, name), join(copy, name), { recursive: true });
  for (const [path, line] of planted) {
    mkdirSync(dirname(join(copy, path)), { recursive: true });
    writeFileSync(join(copy, path), `${line}\n`);
  }
  reported = wallReport(copy);
});

afterAll(() => {
  if (copy !== '') rmSync(copy, { recursive: true, force: true });
});

test.each(planted)('%s: %s is refused', (path, _, expected) => {
  const said = reported.filter((line) => line.startsWith(`${path}:`));
  expect(said.join('\n')).toContain(expected);
});

test('nothing in the source breaks a wall', () => {
  expect(wallReport(root)).toEqual([]);
});

test('every room has walls', () => {
  const folders = readdirSync(join(root, 'src'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const known = [...rooms.map(({ name }) => name), ...joiningRooms];
  expect(folders.map(({ name }) => name).filter((name) => !known.includes(name))).toEqual([]);
});
