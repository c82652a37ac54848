import type { ServiceScope, Setting, SettingOrigin } from '../model/index.ts';
import { neutralizeForTerminal as clean } from './neutralize.ts';
import { type Cells, layOut } from './table-layout.ts';

/** Where a value was set, or which default it is, for people. Not neutralised. */
export function settingOriginText(origin: SettingOrigin): string {
  return `${place(origin)}${'default' in origin || origin.layer === null ? '' : `, layer ${origin.layer}`}`;
}

function place(origin: SettingOrigin): string {
  if ('default' in origin) return `default: ${origin.default}`;
  // A command line has no lines.
  return origin.path.startsWith('/') ? `${origin.path}:${origin.line}` : origin.path;
}

/** The cells of an origin: place, layer. */
function placeCells(origin: SettingOrigin, before = ''): Cells[number][] {
  return [[clean(`${before}${place(origin)}`)], ['default' in origin || origin.layer === null ? '' : String(origin.layer)]];
}

/** More statements of one directive than this are one row. */
const mostStatements = 4;

const columns = [
  { heading: 'Setting', comfortable: 24 },
  { heading: 'Value', comfortable: 24 },
  { heading: 'Set at', comfortable: 24 },
  { heading: 'Layer', comfortable: 6 },
];

/**
 * The settings of a scope in columns, with the statements that lost below each. Unless `verbose`, left out and counted in a last
 * line are defaults and what an enclosing scope says already, and many statements of one directive are one row.
 * @param enclosing the scopes around this one
 */
export function* settingsTable(
  { settings }: ServiceScope,
  enclosing: readonly ServiceScope[],
  { width, verbose }: { readonly width: number; readonly verbose: boolean },
): Iterable<string> {
  const outside = new Set(verbose ? [] : enclosing.flatMap((scope) => scope.settings.map(identity)));
  const inherited = settings.filter((setting) => outside.has(identity(setting)) && !isDefault(setting)).length;
  const shown = settings.filter((setting) => verbose || !(isDefault(setting) || outside.has(identity(setting))));
  if (shown.length > 0) {
    const rows = verbose ? shown.flatMap((setting) => settingRows(setting)) : rowsByKey(shown);
    yield* layOut(columns, rows, width, (_row, _column, text) => text);
  }
  const defaults = verbose ? 0 : settings.filter(isDefault).length;
  const left = [...(inherited === 0 ? [] : [`${inherited} inherited`]), ...(defaults === 0 ? [] : [`${defaults} ${defaults === 1 ? 'default' : 'defaults'}`])];
  if (left.length > 0) yield `and ${left.join(', ')} (-v lists them)`;
}

function isDefault({ origin }: Setting): boolean {
  return 'default' in origin;
}

function identity({ key, value, origin }: Setting): string {
  return JSON.stringify([key, value, origin]);
}

/** Rows in the settings' order; a directive with many statements is one row at the place of its first. */
function rowsByKey(settings: readonly Setting[]): Cells[] {
  const groups = new Map<string, Setting[]>();
  for (const setting of settings) {
    const group = groups.get(setting.key);
    if (group === undefined) groups.set(setting.key, [setting]);
    else group.push(setting);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined || group.length <= mostStatements) return group.flatMap(settingRows);
    return [[[clean(first.key)], [`${group.length} statements (-v lists them)`], ...placeCells(first.origin, 'from ')]];
  });
}

function settingRows({ key, value, origin, certain, uncertainty, shadowed }: Setting): Cells[] {
  const doubt = certain ? [] : [clean(`uncertain: ${uncertainty ?? 'it may change at run time'}`)];
  return [
    [[clean(key)], [clean(value === '' ? '(empty)' : value), ...doubt], ...placeCells(origin)],
    ...shadowed.map((lost): Cells => [[''], [clean(`shadowed: ${lost.value}`)], ...placeCells(lost.origin)]),
  ];
}
