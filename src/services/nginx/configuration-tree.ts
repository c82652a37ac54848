import type { ServiceProblem } from '../../model/index.ts';
import type { GlobBudget } from '../image-glob.ts';
import { globPaths, hasWildcard } from '../image-glob.ts';
import type { ServiceImage } from '../service-reader.ts';
import type { NginxBuild } from './build.ts';
import { hasModule, mayHaveOtherModules } from './build.ts';
import { ConfigurationLexer } from './configuration-lexer.ts';
import { argumentFault } from './directive-arguments.ts';
import type { Context, Directive } from './directives.ts';
import { allows, directivesNamed } from './directives.ts';

/** A directive where it stands. */
export interface Statement {
  readonly name: string;
  readonly arguments: readonly string[];
  readonly path: string;
  readonly line: number;
  readonly layer: number | null;
  /** null: nginx knows none of that name there (a block of free form, another module). */
  readonly directive: Directive | null;
  readonly block: Block | null;
  /** Why it may be another one at run time; null when it may not. */
  readonly doubt: string | null;
}

export interface Block {
  /** null: a block of free form, such as `map` and `types`. */
  readonly context: Context | null;
  readonly statements: Statement[];
}

export interface ConfigurationTree {
  readonly main: Block;
  readonly problems: readonly ServiceProblem[];
  /** Why anything may be another thing at run time; null when nothing. */
  readonly doubt: string | null;
}

/** Where the texts come from. */
export interface TreeSource {
  readonly image: ServiceImage;
  readonly build: NginxBuild;
  /** The main file. */
  readonly entry: string;
  /** The directives of `-g`. */
  readonly global: string | null;
  /** Release whose directives count. */
  readonly release: string;
  /** Files that are made when the container starts: path → why they are uncertain. */
  readonly generated: ReadonlyMap<string, string>;
}

const maximumDepth = 200;
const maximumIncludeDepth = 64;
const maximumFiles = 20_000;
const maximumBytes = 32 << 20;
const maximumStatements = 300_000;
const maximumProblems = 100;
const free = new Set(['types', 'map', 'geo', 'split_clients', 'charset_map', 'match']);
const mainContext: Context = { family: 'core', letter: 'M' };

/** Reads the whole configuration: the command line's directives, the main file and everything that it includes. */
export function readConfigurationTree(source: TreeSource): ConfigurationTree {
  return new TreeReader(source).read();
}

class TreeReader {
  readonly #source: TreeSource;
  readonly #directory: string;
  readonly #problems: ServiceProblem[] = [];
  readonly #budget: GlobBudget = { names: 200_000 };
  readonly #loaded = new Set<string>();
  readonly #reported = new Set<string>();
  readonly #once = new Map<Block, Set<string>>();
  readonly #including: string[] = [];
  #otherModules: boolean;
  #doubt: string | null = null;
  #files = 0;
  #bytes = 0;
  #statements = 0;
  #stopped = false;

  constructor(source: TreeSource) {
    this.#source = source;
    this.#directory = source.entry.replace(/\/[^/]*$/, '');
    this.#otherModules = mayHaveOtherModules(source.build);
  }

  read(): ConfigurationTree {
    const main: Block = { context: mainContext, statements: [] };
    const { entry, global } = this.#source;
    if (global !== null) this.#readText(new TextEncoder().encode(global), 'the command line', null, main, 0, null);
    this.#readFile(entry, main, 0, undefined);
    if (!this.#stopped && !main.statements.some((statement) => statement.name === 'events' && statement.block !== null)) {
      if (this.#doubt === null) this.#report('invalid', 'no "events" section in configuration', entry);
    }
    return { main, problems: this.#problems, doubt: this.#doubt };
  }

  #report(kind: ServiceProblem['kind'], why: string, path: string, line?: number): void {
    if (this.#problems.length >= maximumProblems) return;
    this.#problems.push({ kind, what: 'the configuration of nginx', why, location: line === undefined ? { path } : { path, line } });
  }

  #stop(why: string, path: string, line?: number): void {
    if (!this.#stopped) this.#report('unreadable', why, path, line);
    this.#doubt ??= why;
    this.#stopped = true;
  }

  /** `from`: where it is included; undefined for the main file. */
  #readFile(path: string, block: Block, depth: number, from: { readonly path: string; readonly line: number } | undefined): void {
    this.#files += 1;
    if (this.#files > maximumFiles) this.#stop(`more than ${maximumFiles} files are included`, path);
    if (this.#stopped) return;
    const read = this.#source.image.files.read(path);
    switch (read.state) {
      case 'pending':
        this.#doubt ??= `${path} has not been read yet`;
        return;
      case 'unreadable':
        this.#report('unreadable', read.why, path);
        this.#doubt ??= `${path} cannot be read`;
        return;
      case 'missing':
        if (from === undefined) this.#report('invalid', 'the file does not exist', path);
        else this.#report('invalid', `the included file ${shown(path)} does not exist`, from.path, from.line);
        return;
      case 'read':
        this.#bytes += read.bytes.byteLength;
        if (this.#bytes > maximumBytes) this.#stop(`the files hold more than ${maximumBytes >> 20} MiB`, path);
        if (this.#stopped) return;
        this.#including.push(path);
        this.#readText(read.bytes, path, read.entry.layer, block, depth, this.#source.generated.get(path) ?? null);
        this.#including.pop();
    }
  }

  #readText(bytes: Uint8Array, path: string, layer: number | null, outer: Block, depth: number, doubt: string | null): void {
    const lexer = new ConfigurationLexer(bytes);
    const open: Block[] = [outer];
    while (!this.#stopped) {
      const lexed = lexer.next();
      const block = open.at(-1) as Block;
      if (lexed === undefined) {
        if (open.length > 1) this.#report('invalid', 'unexpected end of file, expecting "}"', path, lexer.line);
        return;
      }
      if ('error' in lexed) {
        this.#report('invalid', lexed.error, path, lexed.line);
        return;
      }
      if (lexed.end === '}') {
        if (open.length === 1) {
          this.#report('invalid', 'unexpected "}"', path, lexed.line);
          return;
        }
        open.pop();
        continue;
      }
      this.#statements += 1;
      if (this.#statements > maximumStatements) this.#stop(`there are more than ${maximumStatements} directives`, path, lexed.line);
      const [name = '', ...args] = lexed.words;
      const opens = lexed.end === '{';
      if (opens && open.length + depth > maximumDepth) this.#stop(`blocks are nested more than ${maximumDepth} deep`, path, lexed.line);
      if (this.#stopped) return;
      if (name === 'include' && !opens && args.length === 1) {
        this.#include(args[0] as string, block, open.length + depth, path, lexed.line);
        continue;
      }
      const directive = this.#check(name, args, opens, block, path, lexed.line);
      const inner: Block | null = opens ? { context: innerContext(name, block.context, directive), statements: [] } : null;
      block.statements.push({ name, arguments: args, path, line: lexed.line, layer, directive, block: inner, doubt });
      if (name === 'load_module' && args[0] !== undefined) this.#loadModule(args[0], path, lexed.line);
      if (inner === null) continue;
      if (name.endsWith('_by_lua_block')) {
        if (!lexer.skipLua()) this.#report('invalid', 'the Lua block does not end', path, lexed.line);
      } else open.push(inner);
    }
  }

  #include(pattern: string, block: Block, depth: number, path: string, line: number): void {
    const full = pattern.startsWith('/') ? pattern : `${this.#directory}/${pattern}`;
    if (!hasWildcard(full)) {
      this.#includeOne(full, block, depth, path, line);
      return;
    }
    const found = globPaths(this.#source.image.files, full, this.#budget);
    if (found === undefined) this.#stop('the patterns of its includes match too many names', path, line);
    for (const one of found ?? []) this.#includeOne(one, block, depth, path, line);
  }

  #includeOne(file: string, block: Block, depth: number, path: string, line: number): void {
    if (this.#including.includes(file)) this.#report('invalid', `${shown(file)} includes itself`, path, line);
    else if (this.#including.length >= maximumIncludeDepth) this.#stop(`includes are nested more than ${maximumIncludeDepth} deep`, path, line);
    else this.#readFile(file, block, depth, { path, line });
  }

  /** The directive that a statement stands for; reports what nginx would refuse. */
  #check(name: string, args: readonly string[], opens: boolean, block: Block, path: string, line: number): Directive | null {
    const { context } = block;
    if (context === null) return null;
    const named = directivesNamed(name, this.#source.release).filter((one) => hasModule(this.#source.build, one.module, this.#loaded));
    const directive = named.find((one) => allows(one, context));
    if (directive === undefined) {
      if (named.length > 0 && !this.#otherModules) this.#report('invalid', `"${shown(name)}" directive is not allowed here`, path, line);
      else this.#reportUnknown(name, path, line);
      return null;
    }
    const fault = argumentFault(directive, args, opens);
    if (fault !== null) this.#report('invalid', fault, path, line);
    if (directive.oncePerBlock) {
      const seen = this.#once.get(block) ?? new Set();
      if (seen.has(name)) this.#report('invalid', `"${name}" directive is duplicate`, path, line);
      seen.add(name);
      this.#once.set(block, seen);
    }
    return directive;
  }

  #reportUnknown(name: string, path: string, line: number): void {
    if (!this.#otherModules) {
      this.#report('invalid', `unknown directive "${shown(name)}"`, path, line);
      return;
    }
    if (this.#reported.has(name)) return;
    this.#reported.add(name);
    this.#report('uncertain', `"${shown(name)}" is no directive of nginx ${this.#source.release}; another module may know it`, path, line);
  }

  #loadModule(file: string, path: string, line: number): void {
    const full = file.startsWith('/') ? file : `${this.#source.build.prefix}/${file}`;
    if (this.#source.build.options !== null && this.#source.image.files.stat(full) === undefined)
      this.#report('invalid', `the module ${shown(file)} does not exist`, path, line);
    const name = /(?:^|\/)ngx_(\w+)_module\.so$/.exec(file)?.[1];
    if (name === undefined || !ownModules.test(name)) this.#otherModules = true;
    if (name !== undefined) this.#loaded.add(name);
  }
}

/** Modules of nginx itself that can be built to be loaded. */
const ownModules = /^(?:mail|stream|http_xslt_filter|http_image_filter|http_geoip|stream_geoip|http_perl)$/;

function innerContext(name: string, outer: Context | null, directive: Directive | null): Context | null {
  if (outer === null || directive === null || free.has(name) || !directive.opensBlock) return null;
  switch (name) {
    case 'events':
      return { family: 'event', letter: 'e' };
    case 'http':
    case 'stream':
    case 'mail':
      return { family: name, letter: 'm' };
    case 'server':
      return { family: outer.family, letter: 's' };
    case 'upstream':
      return { family: outer.family, letter: 'u' };
    case 'location':
      return { family: 'http', letter: 'l' };
    case 'if':
      return { family: 'http', letter: outer.letter === 's' ? 'i' : 'j' };
    case 'limit_except':
      return { family: 'http', letter: 'x' };
    default:
      return null;
  }
}

function shown(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
