import type { Setting } from '../../model/index.ts';
import type { DefaultValue } from './defaults.ts';
import { wordsOf } from './lines.ts';
import type { Context, Statement } from './server.ts';
import { certainty, effective, sectionSettings } from './settings.ts';

/** Directives that a directory takes over from the nearest directory around it. */
const inheritedKeys = [
  'AllowOverride',
  'AllowOverrideList',
  'Require',
  'Order',
  'FileETag',
  'ServerSignature',
  'DirectoryIndex',
  'AuthType',
  'LimitRequestBody',
];

/** The plain `<Directory PATH>` sections of a server by path; what stands later for one path comes later. */
export type DirectoryIndex = ReadonlyMap<string, readonly Context[]>;

/** Path of a plain `<Directory>` section without slash at the end; undefined for patterns and other sections. */
export function directoryPath(section: Context): string | undefined {
  if (section.section !== 'Directory') return undefined;
  const words = wordsOf(section.args);
  const path = words[0] ?? '';
  if (words.length !== 1 || !path.startsWith('/') || /[*?[]/.test(path)) return undefined;
  return path.replaceAll(/\/+/g, '/').replace(/\/$/, '');
}

/** All plain directory sections of the main server, then those of a virtual host. */
export function directoryIndex(contexts: readonly Context[]): DirectoryIndex {
  const index = new Map<string, Context[]>();
  for (const context of contexts) {
    for (const section of context.sections) {
      const path = directoryPath(section);
      if (path === undefined) continue;
      const list = index.get(path);
      if (list === undefined) index.set(path, [section]);
      else list.push(section);
    }
  }
  return index;
}

/**
 * The settings in force in a `<Directory>`: its own, and from the directories around it, shortest path first, `Options`
 * with `+` and `-` counted out (httpd's "How the sections are merged"). Other sections: their own.
 */
export function directorySettings(
  section: Context,
  server: Context,
  parent: Context | null,
  index: DirectoryIndex,
  defaults: readonly DefaultValue[],
): Setting[] {
  const own = sectionSettings(section);
  const path = directoryPath(section);
  if (path === undefined) return own;
  const chain = ancestors(path, index);
  const settings = own.filter((setting) => setting.key !== 'Options');
  const options = mergedOptions(chain, server, parent, defaults);
  if (options !== undefined) settings.push(options);
  for (const key of inheritedKeys) {
    if (settings.some((setting) => setting.key === key)) continue;
    const nearest = chain.findLast((context) => context.statements.some((statement) => statement.key === key));
    if (nearest !== undefined) settings.push(...sectionSettings(nearest).filter((setting) => setting.key === key));
    else
      for (const { value, rule } of defaults.filter((one) => one.key === key && one.place === 'directory'))
        settings.push({ key, value, origin: { default: rule }, certain: true, shadowed: [] });
  }
  return settings;
}

/** The sections from `/` to the path itself. */
function ancestors(path: string, index: DirectoryIndex): readonly Context[] {
  const chain: Context[] = [...(index.get('') ?? [])];
  let at = '';
  for (const part of path.split('/').slice(1, 100)) {
    at += `/${part}`;
    chain.push(...(index.get(at) ?? []).slice(-100));
  }
  return chain;
}

function mergedOptions(chain: readonly Context[], server: Context, parent: Context | null, defaults: readonly DefaultValue[]): Setting | undefined {
  const outside = effective('Options', server, parent);
  const fallback = defaults.find((one) => one.key === 'Options');
  let current = apply(new Set(), outside.won[0]?.words ?? fallback?.value.split(' ') ?? []);
  let origin = outside.won[0]?.origin ?? { default: fallback?.rule ?? 'httpd default' };
  let doubt = outside.doubt;
  const shadowed: { value: string; origin: Setting['origin'] }[] = [];
  for (const context of chain) {
    const statements: Statement[] = context.statements.filter((statement) => statement.key === 'Options');
    for (const statement of statements) {
      shadowed.push({ value: [...current].join(' ') || 'None', origin });
      current = apply(current, statement.words);
      origin = statement.origin;
      doubt = statement.doubt;
    }
  }
  return { key: 'Options', value: [...current].join(' ') || 'None', origin, ...certainty(doubt), shadowed: shadowed.slice(-100) };
}

const names = ['Indexes', 'Includes', 'IncludesNOEXEC', 'FollowSymLinks', 'SymLinksIfOwnerMatch', 'ExecCGI', 'MultiViews'];
const all = ['Indexes', 'Includes', 'FollowSymLinks', 'SymLinksIfOwnerMatch', 'ExecCGI'];

function apply(before: ReadonlySet<string>, words: readonly string[]): Set<string> {
  const replaces = !words.some((word) => /^[+-]/.test(word));
  const result = new Set(replaces ? [] : before);
  for (const word of words) {
    const name = word.replace(/^[+-]/, '').toLowerCase();
    const known = names.find((one) => one.toLowerCase() === name);
    const targets = name === 'all' ? all : known === undefined ? [] : [known];
    for (const target of targets) {
      if (word.startsWith('-')) result.delete(target);
      else result.add(target);
    }
    if (name === 'none') result.clear();
  }
  return result;
}
