import type { ServiceProblem, SettingOrigin } from '../../model/index.ts';
import { type Directive, missingInclude } from './directive.ts';
import { directiveOf, serverWide } from './directives.ts';
import { joinWords, wordsOf } from './lines.ts';
import { valueFault } from './value-faults.ts';

/** A directive that counts in a context. */
export interface Statement {
  /** Canonical name. */
  readonly key: string;
  readonly words: readonly string[];
  readonly value: string;
  readonly origin: SettingOrigin;
  /** Place in reading order. */
  readonly order: number;
  readonly doubt: string | null;
}

/** The main server, a virtual host, or a section inside one of them. */
export interface Context {
  /** `null` for the main server, else the section's name without `<`: `VirtualHost`, `Directory`. */
  readonly section: string | null;
  readonly args: string;
  readonly origin: SettingOrigin | null;
  readonly statements: Statement[];
  /** Where an include could not be read: what stands before it may be overridden. */
  readonly gaps: { readonly order: number; readonly why: string }[];
  /** Directory, Location, Files… sections, in reading order. */
  readonly sections: Context[];
  /** Why the section itself may not be there. */
  readonly doubt: string | null;
}

/** A server with its virtual hosts. */
export interface HttpdServer {
  readonly main: Context;
  readonly hosts: readonly Context[];
  readonly problems: readonly ServiceProblem[];
}

/** What decides whether a directive is known. */
export interface Knowledge {
  /** Source files of the modules that are there. */
  readonly sources: ReadonlySet<string>;
  /** Modules that may bring directives of their own. */
  readonly foreignModules: readonly string[];
  /** The table of directives fits this httpd: 2.4 with compiled-in modules that are known. */
  readonly complete: boolean;
}

const maxSectionDepth = 100;
const maxProblems = 100;
/** Directives that are dealt with while reading and leave nothing to see. */
const silent = new Set(['loadfile', 'error', 'ifmodule']);

/** Puts what was read into contexts, and finds what httpd would refuse: unknown directives, wrong places, wrong values. */
export function serverOf(directives: readonly Directive[], knowledge: Knowledge): HttpdServer {
  const walk = new Walk(knowledge);
  const main = contextOf(null, '', null, null);
  walk.context(directives, main, 0);
  return { main, hosts: walk.hosts, problems: walk.problems() };
}

function contextOf(section: string | null, args: string, origin: SettingOrigin | null, doubt: string | null): Context {
  return { section, args, origin, statements: [], gaps: [], sections: [], doubt };
}

class Walk {
  readonly hosts: Context[] = [];
  readonly #problems: ServiceProblem[] = [];
  readonly #knowledge: Knowledge;
  #order = 0;
  #dropped = 0;

  constructor(knowledge: Knowledge) {
    this.#knowledge = knowledge;
  }

  problems(): readonly ServiceProblem[] {
    if (this.#dropped === 0) return this.#problems;
    return [
      ...this.#problems,
      { kind: 'invalid', what: `${this.#dropped} further directives would be refused.`, why: `only ${maxProblems} are shown`, location: null },
    ];
  }

  context(directives: readonly Directive[], context: Context, depth: number): void {
    for (const directive of directives) {
      this.#order += 1;
      if (directive.name === missingInclude) context.gaps.push({ order: this.#order, why: directive.doubt ?? 'an include is missing' });
      else if (directive.children !== null) this.#section(directive, directive.children, context, depth);
      else this.#statement(directive, context);
    }
  }

  #section(directive: Directive, children: readonly Directive[], context: Context, depth: number): void {
    const key = directive.name.toLowerCase();
    const known = directiveOf(key);
    const name = (known?.name ?? directive.name).slice(1);
    if (!this.#allowed(directive, context)) return;
    if (depth >= maxSectionDepth) {
      this.#refuse(directive, `<${name}> is nested too deep.`, `sections are read ${maxSectionDepth} deep`, 'unreadable');
      return;
    }
    if (key === '<virtualhost') {
      if (context.section !== null) {
        this.#refuse(directive, `<VirtualHost> stands inside <${context.section}>.`, 'httpd refuses it there');
        return;
      }
      if (directive.args === '') this.#refuse(directive, '<VirtualHost> has no address.', 'httpd refuses the line');
      const host = contextOf('VirtualHost', directive.args, directive.origin, directive.doubt);
      this.hosts.push(host);
      this.context(children, host, depth + 1);
      return;
    }
    const inner = contextOf(name, directive.args, directive.origin, directive.doubt);
    context.sections.push(inner);
    this.context(children, inner, depth + 1);
  }

  #statement(directive: Directive, context: Context): void {
    const known = directiveOf(directive.name);
    const lower = directive.name.toLowerCase();
    if (silent.has(lower) || !this.#allowed(directive, context)) return;
    const words = wordsOf(directive.args);
    const key = known?.name ?? directive.name;
    const fault = known === undefined ? undefined : valueFault(key, words);
    if (fault !== undefined) this.#refuse(directive, `${key} has a value that httpd refuses: ${joinWords(words).slice(0, 200)}.`, fault);
    // SSLCipherSuite is two settings: one for TLS 1.3 and one for what is older.
    const family = key === 'SSLCipherSuite' && words.length === 2 ? words[0] : undefined;
    if (family === 'TLSv1.3' && isDirectory(context))
      this.#refuse(directive, 'SSLCipherSuite TLSv1.3 stands in a directory section.', 'httpd refuses it there');
    const named = family === 'TLSv1.3' ? 'SSLCipherSuite TLSv1.3' : key;
    const kept = family === undefined ? words : words.slice(1);
    context.statements.push({ key: named, words: kept, value: joinWords(kept), origin: directive.origin, order: this.#order, doubt: directive.doubt });
  }

  /** Whether httpd takes a directive at this place; it says why not. */
  #allowed(directive: Directive, context: Context): boolean {
    const known = directiveOf(directive.name);
    const shown = directive.name.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 80);
    if (!this.#knowledge.complete) return true;
    const present = known?.modules.some((source) => this.#knowledge.sources.has(source)) ?? false;
    if (!present) {
      if (this.#knowledge.foreignModules.length > 0 && known === undefined) return true;
      const why = known === undefined ? 'no module of httpd has this directive' : `its module (${known.modules.join(' or ')}) is not loaded`;
      this.#refuse(directive, `Invalid command "${shown}".`, why);
      return false;
    }
    const inDirectory = isDirectory(context);
    if (known?.place === 'server' && inDirectory) {
      this.#refuse(directive, `${shown} is not allowed inside <${context.section}>.`, 'httpd refuses it there');
      return false;
    }
    if (known?.place === 'directory' && !inDirectory) {
      this.#refuse(directive, `${shown} is not allowed outside of a directory section.`, 'httpd refuses it there');
      return false;
    }
    if (context.section === 'VirtualHost' && onlyMain.has(directive.name.toLowerCase())) {
      this.#refuse(directive, `${shown} is not allowed inside <VirtualHost>.`, 'httpd refuses it there');
      return false;
    }
    return true;
  }

  #refuse(directive: Directive, what: string, why: string, kind: ServiceProblem['kind'] = 'invalid'): void {
    if (this.#problems.length >= maxProblems) {
      this.#dropped += 1;
      return;
    }
    const { path, line } = directive.origin as { path: string; line: number };
    this.#problems.push({ kind, what, why, location: path.startsWith('/') ? { path, line } : null });
  }
}

/** Directory, Location, Files… and what stands inside them. */
function isDirectory(context: Context): boolean {
  return context.section !== null && context.section !== 'VirtualHost';
}

/** Server-wide directives that httpd takes in a virtual host all the same. */
const tolerated = new Set(['serverroot', 'defaultruntimedir', 'namevirtualhost', 'loadmodule', 'loadfile']);
const onlyMain = new Set([...serverWide].filter((name) => !tolerated.has(name)));
