import type { Setting } from '../../model/index.ts';
import type { DefaultValue } from './defaults.ts';
import { isAdditive, serverWide } from './directives.ts';
import type { Context, Statement } from './server.ts';

/** The statements of a directive that count in a context, from it or the server around it. */
export interface Effective {
  readonly won: readonly Statement[];
  readonly lost: readonly Statement[];
  /** Why it may be different at run time; null: it is certain. */
  readonly doubt: string | null;
}

/** A context's statements by lower-case key. */
const groupsByContext = new WeakMap<Context, Map<string, Statement[]>>();

function groups(context: Context): Map<string, Statement[]> {
  const known = groupsByContext.get(context);
  if (known !== undefined) return known;
  const made = new Map<string, Statement[]>();
  for (const statement of context.statements) {
    const key = statement.key.toLowerCase();
    const list = made.get(key);
    if (list === undefined) made.set(key, [statement]);
    else list.push(statement);
  }
  groupsByContext.set(context, made);
  return made;
}

/** What counts for a key in a virtual host (`parent`: the main server) or in the main server itself (`parent`: null). */
export function effective(key: string, own: Context, parent: Context | null): Effective {
  const lower = key.toLowerCase();
  const mine = groups(own).get(lower) ?? [];
  const inherited = parent === null ? [] : (groups(parent).get(lower) ?? []);
  if (isAdditive(key)) {
    const won = [...inherited, ...mine];
    return {
      won,
      lost: [],
      doubt: won.find((statement) => statement.doubt !== null)?.doubt ?? gapAfter(own, -1) ?? (parent === null ? null : gapAfter(parent, -1)),
    };
  }
  const last = mine.at(-1) ?? inherited.at(-1);
  const lost = mine.length > 0 ? [...inherited, ...mine.slice(0, -1)] : inherited.slice(0, -1);
  if (last === undefined) return { won: [], lost, doubt: gapAfter(own, -1) ?? (parent === null ? null : gapAfter(parent, -1)) };
  const doubt = mine.length > 0 ? gapAfter(own, last.order) : (gapAfter(own, -1) ?? (parent === null ? null : gapAfter(parent, last.order)));
  return { won: [last], lost, doubt: last.doubt ?? own.doubt ?? doubt };
}

/** An include that is missing after a statement may override it. */
function gapAfter(context: Context, order: number): string | null {
  const gap = context.gaps.findLast((one) => one.order > order);
  return gap === undefined ? null : gap.why;
}

/** Every setting of the main server (`parent` null) or of a virtual host, own and inherited ones and defaults. */
export function settingsOf(own: Context, parent: Context | null, defaults: readonly DefaultValue[]): Setting[] {
  const keys = new Map<string, string>();
  for (const context of parent === null ? [own] : [parent, own]) {
    for (const [lower, [first]] of groups(context)) {
      if (context === parent && serverWide.has(lower)) continue;
      if (first !== undefined) keys.set(lower, first.key);
    }
  }
  const settings: Setting[] = [];
  for (const key of keys.values()) settings.push(...settingsFor(key, effective(key, own, parent)));
  for (const { key, value, rule, place } of defaults) {
    if (keys.has(key.toLowerCase()) || place === 'directory' || (place === 'server' && parent !== null)) continue;
    const { doubt } = effective(key, own, parent);
    settings.push({ key, value, origin: { default: rule }, ...certainty(doubt), shadowed: [] });
  }
  return settings;
}

/** The settings that a section of a server makes itself. */
export function sectionSettings(section: Context): Setting[] {
  const settings: Setting[] = [];
  for (const [first] of groups(section).values()) if (first !== undefined) settings.push(...settingsFor(first.key, effective(first.key, section, null)));
  return settings;
}

const maxShadowed = 100;

export function settingsFor(key: string, { won, lost, doubt }: Effective): Setting[] {
  const shadowed = lost.slice(-maxShadowed).map(({ value, origin }) => ({ value, origin }));
  return won.map(({ value, origin, doubt: own }) => ({ key, value, origin, ...certainty(isAdditive(key) ? (own ?? null) : doubt), shadowed }));
}

export function certainty(doubt: string | null): { readonly certain: boolean; readonly uncertainty?: string } {
  return doubt === null ? { certain: true } : { certain: false, uncertainty: doubt };
}
