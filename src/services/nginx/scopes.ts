import type { Setting, SettingOrigin } from '../../model/index.ts';
import type { Block, Statement } from './configuration-tree.ts';
import { defaultValue, isShownWithServers } from './default-values.ts';
import type { Context, Directive } from './directives.ts';
import { allows, directivesIn } from './directives.ts';
import type { NginxListen } from './listen.ts';

/** A block that is a scope of its own, with what is in force in it. */
export interface ScopeFrame {
  readonly path: readonly string[];
  readonly context: Context;
  readonly block: Block;
  readonly parent: ScopeFrame | null;
  /** Statements in force, by directive: the block's own, or those of a block around it. */
  readonly inForce: ReadonlyMap<string, readonly Statement[]>;
  readonly settings: readonly Setting[];
  /** Of a server. */
  readonly listens: readonly NginxListen[];
}

export interface ScopeOptions {
  readonly release: string;
  /** Whether the build has a directive's module. */
  readonly has: (directive: Directive) => boolean;
  /** Why anything may be another thing at run time; null when nothing. */
  readonly doubt: string | null;
  /** The listens of a server block. */
  readonly listensOf: (block: Block, context: Context) => readonly NginxListen[];
}

const maximumSettings = 300_000;
/** What a block around doesn't hand down, though the directive may stand in both. */
const notInherited = new Set(
  'server_name listen return rewrite set break if location try_files proxy_pass fastcgi_pass uwsgi_pass scgi_pass grpc_pass memcached_pass tunnel_pass alias internal stub_status status empty_gif flv mp4 perl limit_except server upstream types map geo split_clients charset_map'.split(
    ' ',
  ),
);

/**
 * The scopes of a configuration, outermost first: main, events, http, stream, mail, servers, upstreams, locations, and
 * blocks within them. A directive in an inner block replaces the outer ones as a whole; only `ssl_protocols` given
 * twice in one block is united. With `add_header_inherit merge` (1.29.3) outer headers stay.
 *
 * @returns the frames, and whether there were too many settings to show them all
 */
export function scopesOf(main: Block, options: ScopeOptions): { readonly frames: readonly ScopeFrame[]; readonly cut: boolean } {
  const frames: ScopeFrame[] = [];
  let left = maximumSettings;
  const defaults = new Map<string, readonly Setting[]>();

  function defaultsOf(context: Context): readonly Setting[] {
    const key = `${context.family} ${context.letter}`;
    const known = defaults.get(key);
    if (known !== undefined) return known;
    const settings: Setting[] = [];
    for (const directive of directivesIn(context, options.release)) {
      if (!options.has(directive) || directive.opensBlock) continue;
      if (context.letter === 's' && !isShownWithServers(directive)) continue;
      const value = defaultValue(directive, options.release);
      const certainty = options.doubt === null ? { certain: true } : { certain: false, uncertainty: options.doubt };
      if (value !== null) settings.push({ key: directive.name, value, origin: { default: `nginx ${options.release}` }, ...certainty, shadowed: [] });
    }
    defaults.set(key, settings);
    return settings;
  }

  interface Work {
    readonly path: readonly string[];
    readonly block: Block;
    readonly context: Context;
    readonly parent: ScopeFrame | null;
    readonly known: ReadonlyMap<string, readonly Setting[]>;
    readonly listens: readonly NginxListen[];
  }
  const queue: Work[] = [{ path: [], block: main, context: { family: 'core', letter: 'M' }, parent: null, known: new Map(), listens: [] }];
  let cut = false;
  while (queue.length > 0) {
    const work = queue.pop() as Work;
    const { block, context, parent } = work;
    const own = groupStatements(block.statements);
    const inForce = new Map<string, readonly Statement[]>();
    const shown = new Map<string, readonly Setting[]>();
    const whole = context.letter !== 'i' && context.letter !== 'j' && context.letter !== 'x' && context.letter !== 'u';
    for (const [key, statements] of parent?.inForce ?? []) {
      if (own.has(key) || !isInherited(statements, context, parent)) continue;
      inForce.set(key, statements);
      if (whole) shown.set(key, work.known.get(key) ?? []);
    }
    const merges = (own.get('add_header_inherit') ?? inForce.get('add_header_inherit'))?.[0]?.arguments[0] === 'merge';
    for (const [key, statements] of own) {
      const outer = parent?.inForce.get(key);
      const kept = merges && (key === 'add_header' || key === 'add_trailer') && outer !== undefined ? [...outer, ...statements] : statements;
      const reached = outer !== undefined && isInherited(outer, context, parent) && kept === statements;
      inForce.set(key, kept);
      shown.set(key, settingsOf(key, kept, reached ? (work.known.get(key) ?? []) : [], options.doubt));
    }
    const settings: Setting[] = [];
    for (const group of shown.values()) for (const setting of group) settings.push(setting);
    if ('Mems'.includes(context.letter)) for (const setting of defaultsOf(context)) if (!inForce.has(setting.key)) settings.push(setting);
    left -= settings.length + 1 + Math.floor(inForce.size / 10);
    if (left < 0) {
      cut = true;
      break;
    }
    const frame: ScopeFrame = { path: work.path, context, block, parent, inForce, settings, listens: work.listens };
    frames.push(frame);
    const inner: Work[] = [];
    for (const statement of block.statements) {
      if (statement.block === null || statement.block.context === null) continue;
      const listens = statement.name === 'server' ? options.listensOf(statement.block, statement.block.context) : [];
      const name = scopeName(statement, statement.block, listens);
      inner.push({ path: [...work.path, name], block: statement.block, context: statement.block.context, parent: frame, known: shown, listens });
    }
    for (const one of inner.reverse()) queue.push(one);
  }
  return { frames, cut };
}

/** Statements of a block by directive, blocks left out. */
function groupStatements(statements: readonly Statement[]): Map<string, Statement[]> {
  const groups = new Map<string, Statement[]>();
  for (const statement of statements) {
    if (statement.block !== null) continue;
    const group = groups.get(statement.name);
    if (group === undefined) groups.set(statement.name, [statement]);
    else group.push(statement);
  }
  return groups;
}

function isInherited(statements: readonly Statement[], context: Context, parent: ScopeFrame | null): boolean {
  const first = statements[0];
  if (first === undefined || notInherited.has(first.name)) return false;
  if (first.name === 'error_log') return context.letter !== 'e' && context.letter !== 'u';
  if (parent?.context.letter === 'M') return false;
  return first.directive === null ? context.letter !== 'u' : allows(first.directive, context);
}

function settingsOf(key: string, statements: readonly Statement[], outer: readonly Setting[], doubt: string | null): readonly Setting[] {
  const shadowed = outer
    .slice(0, 20)
    .flatMap((setting) => [{ value: setting.value, origin: setting.origin }, ...setting.shadowed])
    .slice(0, 20);
  const united = key === 'ssl_protocols' && statements.length > 1;
  const shown = united ? [[...new Set(statements.flatMap((statement) => statement.arguments))]] : statements.map((statement) => statement.arguments);
  return shown.map((words, index): Setting => {
    const statement = statements[index] as Statement;
    const why = doubt ?? statement.doubt;
    const certainty = why === null ? { certain: true } : { certain: false, uncertainty: why };
    return { key, value: words.map(quoted).join(' '), origin: originOf(statement), ...certainty, shadowed };
  });
}

/** A value of several words keeps its quotes where there are several arguments. */
function quoted(word: string, _: number, words: readonly string[]): string {
  return words.length > 1 && (word === '' || /[\s;{}"']/.test(word)) ? `"${word.replace(/["\\]/g, '\\$&')}"` : word;
}

/** Where a statement stands. */
export function originOf(statement: Statement): SettingOrigin {
  return { path: statement.path, line: statement.line, layer: statement.layer };
}

function scopeName(statement: Statement, block: Block, listens: readonly NginxListen[]): string {
  if (statement.name === 'server') {
    const name = block.statements.find((one) => one.name === 'server_name' && one.block === null)?.arguments.find((one) => one !== '');
    const listen = listens[0];
    if (listen === undefined) return name === undefined ? 'server' : `server ${name}`;
    if (name === undefined) return `server ${listen.address}`;
    return listen.address.startsWith('unix:') ? `server ${name} ${listen.address}` : `server ${name}:${listen.port}`;
  }
  return [statement.name, ...statement.arguments].join(' ');
}
