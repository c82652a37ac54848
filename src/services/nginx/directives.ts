import { compareReleases } from '../installed-version.ts';
import { directiveTable } from './directive-table.ts';

/** The part of nginx that a directive belongs to. */
export type Family = 'core' | 'event' | 'http' | 'stream' | 'mail';

export interface Directive {
  readonly name: string;
  readonly family: Family;
  /** `http_ssl`. */
  readonly module: string;
  /** Letters of `directiveTable`. */
  readonly contexts: string;
  /** `12`, `f`, `1+`, `*`. */
  readonly arguments: string;
  readonly opensBlock: boolean;
  /** `flag`, `num`, `size`, `off`, `msec`, `sec`, `str`, `enum`, `mask`, `bufs`, `array`, `keyval`, `path`, `access` or `x`. */
  readonly kind: string;
  readonly oncePerBlock: boolean;
  readonly values: readonly string[];
  /** null: none, or it isn't a plain value. */
  readonly default: string | null;
  readonly since: string | null;
  readonly until: string | null;
}

const orNull = (text: string | undefined) => (text === undefined || text === '-' ? null : text);

const directives: ReadonlyMap<string, readonly Directive[]> = (() => {
  const map = new Map<string, Directive[]>();
  for (const line of directiveTable.trim().split('\n')) {
    const [name = '', family = '', module = '', contexts = '', args = '', kind = '', values = '', fallback, since, until] = line.split(' ');
    const directive: Directive = {
      name,
      family: family as Family,
      module,
      contexts,
      arguments: args.replace('{', ''),
      opensBlock: args.endsWith('{'),
      kind: kind.replace('!', ''),
      oncePerBlock: kind.endsWith('!'),
      values: values === '-' ? [] : values.split('|'),
      default: orNull(fallback)?.replaceAll('_', kind.startsWith('mask') ? ' ' : '_') ?? null,
      since: orNull(since),
      until: orNull(until),
    };
    map.set(name, [...(map.get(name) ?? []), directive]);
  }
  return map;
})();

/** Where a directive may stand: a family and one letter of `directiveTable`. */
export interface Context {
  readonly family: Family;
  readonly letter: string;
}

/** Every directive of that name that a release has (a name can belong to several families). */
export function directivesNamed(name: string, release: string): readonly Directive[] {
  return (directives.get(name) ?? []).filter((directive) => isOf(directive, release));
}

/** All directives that a release has in a context. */
export function directivesIn(context: Context, release: string): readonly Directive[] {
  return [...directives.values()].flat().filter((directive) => isOf(directive, release) && allows(directive, context));
}

/** Whether a directive may stand in a context (ngx_conf_handler). */
export function allows(directive: Directive, context: Context): boolean {
  if (directive.contexts === 'a') return true;
  if (context.letter === 'M') return directive.contexts.includes('M');
  return directive.family === context.family && directive.contexts.includes(context.letter);
}

function isOf(directive: Directive, release: string): boolean {
  if (directive.since !== null && compareReleases(release, directive.since) < 0) return false;
  return directive.until === null || compareReleases(release, directive.until) < 0;
}
