import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type GeneratedFile, generatedMark } from './generated-file.ts';

/**
 * A registry: a file that exports the members of its folder. Members are found by looking at the files, not by importing
 * them: one that nobody listed can't be forgotten, and a registry that doesn't compile can be made anew.
 */
interface Registry {
  readonly path: string;
  /**
   * `members`: each file's default export by the file's name. `folders`: each folder's registry as a namespace. `orders`: each file's
   * version order by its own name.
   */
  readonly of: 'members' | 'folders' | 'orders';
}

const fixed: readonly Registry[] = [
  { path: 'src/gates/gates.ts', of: 'folders' },
  { path: 'src/reports/registry.ts', of: 'members' },
  { path: 'src/versions/members.ts', of: 'orders' },
];

/** Rooms whose folders each hold a registry; folders in them too. */
const rooms = ['src/gates', 'src/catalog'];

/** `from-missing` → `fromMissing`. */
export function exportName(file: string): string {
  return file.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}

/**
 * Every registry of the source, as it should be.
 * @param root the repository
 */
export function registries(root: string): GeneratedFile[] {
  const inRooms = rooms.flatMap((room) => folders(root, room)).map((folder): Registry => ({ path: `${folder}/index.ts`, of: 'members' }));
  return [...fixed, ...inRooms].map(({ path, of }) => ({ path, text: makers[of](root, path) }));
}

/** Folders with members, at any depth. */
function folders(root: string, room: string): string[] {
  const inside = subfolders(root, room);
  return inside.flatMap((folder) => [...(members(root, folder).length > 0 ? [folder] : []), ...folders(root, folder)]);
}

function memberRegistry(root: string, path: string): string {
  const folder = path.slice(0, path.lastIndexOf('/'));
  const lines = [
    ...members(root, folder).map((name) => ({ from: `./${name}.ts`, line: `export { default as ${exportName(name)} } from './${name}.ts';` })),
    ...subfolders(root, folder)
      .filter((each) => members(root, each).length > 0)
      .map((each) => each.slice(folder.length + 1))
      .map((name) => ({ from: `./${name}/index.ts`, line: `export * from './${name}/index.ts';` })),
  ];
  return text(lines);
}

function folderRegistry(root: string, path: string): string {
  const room = path.slice(0, path.lastIndexOf('/'));
  const names = subfolders(root, room)
    .filter((folder) => members(root, folder).length > 0)
    .map((folder) => folder.slice(room.length + 1));
  return text(names.map((name) => ({ from: `./${name}/index.ts`, line: `export * as ${exportName(name)} from './${name}/index.ts';` })));
}

function orderRegistry(root: string, path: string): string {
  const folder = path.slice(0, path.lastIndexOf('/'));
  const lines = sourceFiles(root, folder).flatMap((file) => {
    const names = [...readFileSync(join(root, folder, file), 'utf8').matchAll(/^export const (\w+) = defineOrder/gm)].map(([, name = '']) => name);
    return names.length === 0 ? [] : [{ from: `./${file}`, line: `export { ${names.sort().join(', ')} } from './${file}';` }];
  });
  return text(lines);
}

const makers = { members: memberRegistry, folders: folderRegistry, orders: orderRegistry } as const;

function text(lines: readonly { readonly from: string; readonly line: string }[]): string {
  const sorted = [...lines].sort((a, b) => compareNames(a.from, b.from));
  return [`// ${generatedMark}`, ...sorted.map(({ line }) => line), ''].join('\n');
}

/** The linter's order of exports: numbers by their value, a folder before names that go on. */
function compareNames(a: string, b: string): number {
  const key = (name: string) =>
    name
      .replace(/\.ts$/, '')
      .replaceAll('/', '\u0001')
      .replace(/\d+/g, (digits) => digits.padStart(12, '0'));
  return key(a) < key(b) ? -1 : 1;
}

/** Names of the files in a folder that export a member, without `.ts`. */
function members(root: string, folder: string): string[] {
  return sourceFiles(root, folder)
    .filter((name) => /^export default /m.test(readFileSync(join(root, folder, name), 'utf8')))
    .map((name) => name.slice(0, -'.ts'.length));
}

function sourceFiles(root: string, folder: string): string[] {
  return readdirSync(join(root, folder)).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && name !== 'index.ts');
}

function subfolders(root: string, folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'fixtures')
    .map((entry) => `${folder}/${entry.name}`)
    .sort();
}
