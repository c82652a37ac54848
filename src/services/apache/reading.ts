import type { ImageFiles, ServiceProblem } from '../../model/index.ts';
import { type Directive, missing, origin, type Place } from './directive.ts';
import { includedFiles } from './includes.ts';
import { firstWord, type LogicalLine, logicalLines, wordsOf } from './lines.ts';
import { type Macro, substitute } from './macro.ts';
import { Modules } from './modules.ts';
import { Variables } from './variables.ts';
import { versionMatches } from './version-condition.ts';

/** What reading depends on beside the files. */
export interface ReadingOptions {
  readonly serverRoot: string;
  /** httpd's version; null: unknown. */
  readonly version: string | null;
  /** Source files of the modules that are compiled in. */
  readonly compiledIn: readonly string[];
  /** Names given by `-D`. */
  readonly defines: readonly string[];
  readonly environment: ReadonlyMap<string, string>;
  /** Variables of the environment whose value isn't certain. */
  readonly uncertainEnvironment: ReadonlySet<string>;
  /** Directives of `-C` and `-c`. */
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** A configuration as read. */
export interface Reading {
  readonly directives: readonly Directive[];
  readonly problems: readonly ServiceProblem[];
  /** Loaded and compiled-in modules' source files. */
  readonly sources: ReadonlySet<string>;
  /** Modules that aren't httpd's own, by name: they may bring directives that aren't known here. */
  readonly foreignModules: readonly string[];
  /** ServerRoot in the end. */
  readonly serverRoot: string;
  /** Reading ended early at a limit. */
  readonly cut: boolean;
}

const maxIncludeDepth = 128;
const maxSections = 1000;
const maxFiles = 20_000;
const maxBytes = 16 * 1024 * 1024;
const maxLine = 1024 * 1024;
const maxLines = 300_000;
const maxMacroDepth = 64;
const maxMacroParameters = 500;
const maxMismatches = 100;
const maxProblems = 200;
const commandLine = 'command line';
const conditions = new Set(['<ifmodule', '<ifdefine', '<iffile', '<ifdirective', '<ifsection', '<ifversion']);

/** Reads httpd's configuration from its entry file, as ap_read_config would. Nothing is thrown. */
export function readHttpdConfiguration(files: ImageFiles, entry: string, options: ReadingOptions): Reading {
  return new Reader(files, options).run(entry);
}

interface Source {
  readonly lines: Iterator<LogicalLine>;
  readonly path: string;
  readonly layer: number | null;
  readonly macro: string | null;
}

interface Section {
  readonly name: string;
  /** Where directives inside go: its own, or those of the section around a condition that holds. */
  readonly children: Directive[];
  /** Of it and all around it. */
  readonly doubt: string | null;
  readonly line: number;
  /** It was a condition that holds. */
  readonly condition: boolean;
}

/** Ends the reading at a limit. */
class Stop extends Error {}

class Reader {
  readonly #files: ImageFiles;
  readonly #options: ReadingOptions;
  readonly #problems: ServiceProblem[] = [];
  readonly #macros = new Map<string, Macro>();
  readonly #variables: Variables;
  readonly #modules: Modules;
  #serverRoot: string;
  #read = 0;
  #bytes = 0;
  #lines = 0;
  #mismatches = 0;
  /** The first thing that could not be read: modules and defines may come from it. */
  #unknown: string | null = null;
  #dropped = 0;

  constructor(files: ImageFiles, options: ReadingOptions) {
    this.#files = files;
    this.#options = options;
    this.#serverRoot = options.serverRoot;
    this.#modules = new Modules(options.compiledIn);
    this.#variables = new Variables(options.defines, options.environment, options.uncertainEnvironment);
  }

  run(entry: string): Reading {
    const directives: Directive[] = [];
    let cut = false;
    try {
      this.#text(this.#options.before.join('\n'), commandLine, null, directives, 0);
      const at = { path: entry, line: 1, layer: null };
      if (!this.#file(entry, directives, 0, at)) this.#problem('invalid', `${entry} is not in the image.`, 'httpd has no configuration to start from', at);
      this.#text(this.#options.after.join('\n'), commandLine, null, directives, 0);
    } catch (error) {
      if (!(error instanceof Stop)) throw error;
      cut = true;
    }
    if (this.#dropped > 0) {
      const what = `${this.#dropped} further problems are left out.`;
      this.#problems.push({ kind: 'unreadable', what, why: `the limit is ${maxProblems}`, location: { path: entry } });
    }
    return {
      directives,
      problems: this.#problems,
      sources: this.#modules.sources,
      foreignModules: [...this.#modules.foreign],
      serverRoot: this.#serverRoot,
      cut,
    };
  }

  /** False: no such file. */
  #file(path: string, out: Directive[], depth: number, at: Place): boolean {
    if (path === '/dev/null') return true;
    if (depth > maxIncludeDepth) {
      this.#problem('invalid', `Includes are nested deeper than ${maxIncludeDepth}.`, 'httpd refuses this; there seems to be a cycle', at);
      out.push(missing('the includes are nested too deep', at));
      // What a cycle repeats grows without end.
      throw new Stop();
    }
    this.#read += 1;
    if (this.#read > maxFiles) this.#limit(`More than ${maxFiles} files are included.`, at);
    const entry = this.#files.stat(path);
    const file = this.#files.read(path);
    if (file.state === 'pending') return true;
    if (file.state === 'unreadable') {
      this.#problem('unreadable', `${path} could not be read.`, file.why, { path, line: 1, layer: null });
      this.#gap(`${path} could not be read`, out, at);
      return true;
    }
    if (file.state === 'missing') {
      if (entry === undefined) return false;
      this.#problem('invalid', `${path} is no regular file.`, 'httpd refuses to read it', at);
      return true;
    }
    this.#bytes += file.bytes.byteLength;
    if (this.#bytes > maxBytes) this.#limit(`The configuration is larger than ${maxBytes / 1024 / 1024} MiB.`, at);
    this.#text(new TextDecoder().decode(file.bytes), path, file.entry.layer, out, depth);
    return true;
  }

  #text(text: string, path: string, layer: number | null, out: Directive[], depth: number): void {
    const sources: Source[] = [{ lines: logicalLines(text), path, layer, macro: null }];
    const sections: Section[] = [];
    /** Names of the sections inside one whose condition doesn't hold, that one first. */
    const skipped: string[] = [];
    let macro: { definition: Omit<Macro, 'body'>; body: LogicalLine[]; depth: number } | null = null;
    const children = (): Directive[] => sections.at(-1)?.children ?? out;

    for (;;) {
      const source = sources.at(-1);
      if (source === undefined) break;
      const next = source.lines.next();
      if (next.done === true) {
        sources.pop();
        continue;
      }
      const { text: raw, line } = next.value;
      this.#lines += 1;
      const at: Place = { path: source.path, line, layer: source.layer };
      if (this.#lines > maxLines) this.#limit(`The configuration has more than ${maxLines} lines.`, at);

      if (raw.length > maxLine) {
        this.#problem('unreadable', `A line is longer than ${maxLine} characters.`, 'the line was not read', at);
        this.#gap(`${at.path}:${line} is too long to be read`, children(), at);
        continue;
      }
      if (macro !== null) {
        const word = raw.startsWith('<') ? firstWord(raw).word.toLowerCase() : '';
        if (word === '</macro>' && macro.depth === 0) {
          this.#macros.set(macro.definition.name, { ...macro.definition, body: macro.body });
          macro = null;
          continue;
        }
        if (word === '<macro') macro.depth += 1;
        if (word === '</macro>') macro.depth -= 1;
        macro.body.push(next.value);
        continue;
      }
      if (skipped.length > 0) {
        if (raw.startsWith('<')) this.#skip(raw, skipped, at);
        continue;
      }

      // A macro's argument can make a comment or nothing of a line.
      if (raw === '' || raw.startsWith('#')) continue;
      const resolved = this.#resolve(raw, at);
      const first = firstWord(resolved.text);
      const doubt = resolved.doubt ?? sections.at(-1)?.doubt ?? null;
      if (first.word.startsWith('</')) this.#close(first.word, sections, at);
      else if (first.word.startsWith('<')) {
        const name = first.word.endsWith('>') ? first.word.slice(0, -1) : first.word;
        const whole = first.word.endsWith('>') ? '>' : first.rest;
        const end = whole.lastIndexOf('>');
        if (end < 0) this.#problem('invalid', `${name} has no closing ">".`, 'httpd refuses this line', at);
        const args = end < 0 ? whole : whole.slice(0, end).trim();
        const key = name.toLowerCase();
        if (sections.length >= maxSections) this.#limit(`Sections are nested deeper than ${maxSections}.`, at);
        if (key === '<macro') {
          const [macroName = '', ...parameters] = wordsOf(args);
          if (parameters.length > maxMacroParameters) this.#limit(`A macro has more than ${maxMacroParameters} parameters.`, at);
          macro = {
            definition: { name: macroName.toLowerCase(), parameters: parameters.filter((word) => word !== ''), path: at.path, layer: at.layer },
            body: [],
            depth: 0,
          };
          continue;
        }
        const condition = this.#condition(key, args, at);
        if (condition === undefined) {
          const own: Directive[] = [];
          children().push({ name, args, origin: origin(at), children: own, doubt });
          sections.push({ name: key, children: own, doubt, line, condition: false });
        } else if (condition === false) {
          // A module or define that isn't there may come from what could not be read.
          if (this.#unknown !== null && !args.startsWith('!') && (key === '<ifmodule' || key === '<ifdefine')) this.#gap(this.#unknown, children(), at);
          skipped.push(key);
        } else sections.push({ name: key, children: children(), doubt: condition === true ? doubt : (doubt ?? condition), line, condition: true });
      } else this.#directive(first.word, first.rest, doubt, at, children(), sources, depth);
    }

    // The end of a file ends a condition that holds, and httpd doesn't look at what is open inside it.
    const open = sections.findIndex((section) => section.condition);
    for (const section of open < 0 ? sections : sections.slice(0, open))
      this.#problem('invalid', `${section.name}> is not closed.`, 'httpd refuses the file', { path, line: section.line, layer });
    if (skipped.length > 0) this.#problem('invalid', `${skipped[0]}> is not closed.`, 'httpd refuses the file', { path, line: 1, layer });
    if (macro !== null) this.#problem('invalid', 'A macro is not closed.', 'httpd refuses the file', { path, line: 1, layer });
  }

  /** Inside a condition that doesn't hold only the nesting of sections counts. */
  #skip(raw: string, skipped: string[], at: Place): void {
    const { word } = firstWord(raw);
    if (!word.startsWith('</')) {
      if (skipped.length >= 100_000) this.#limit('Sections are nested too deep.', at);
      skipped.push((word.endsWith('>') ? word.slice(0, -1) : word).toLowerCase());
      return;
    }
    const name = `<${word.slice(2).replace(/>$/, '').toLowerCase()}`;
    if (skipped.at(-1) === name) {
      skipped.pop();
      return;
    }
    this.#mismatch(`${skipped.at(-1)}> is closed by ${word.slice(0, 100)}.`, at);
    const open = skipped.lastIndexOf(name);
    if (open >= 0) skipped.length = open;
  }

  #close(word: string, sections: Section[], at: Place): void {
    const name = `<${word.slice(2).replace(/>$/, '').toLowerCase()}`;
    if (sections.at(-1)?.name === name) {
      sections.pop();
      return;
    }
    const open = sections.findLastIndex((section) => section.name === name);
    if (open < 0) this.#mismatch(`${word.slice(0, 100)} closes a section that is not open.`, at);
    else {
      this.#mismatch(`${sections.at(-1)?.name}> is closed by ${word.slice(0, 100)}.`, at);
      sections.length = open;
    }
  }

  #mismatch(what: string, at: Place): void {
    this.#problem('invalid', what, 'httpd refuses the file', at);
    this.#mismatches += 1;
    if (this.#mismatches > maxMismatches) this.#limit('Too many sections are closed wrongly.', at);
  }

  /** Of a section decided while reading: whether it holds, or the doubt under which it is read; undefined: no condition. */
  #condition(key: string, args: string, at: Place): boolean | string | undefined {
    const [word = ''] = wordsOf(args);
    const negated = word.startsWith('!');
    const name = negated ? word.slice(1) : word;
    if (word === '' && conditions.has(key)) this.#problem('invalid', `${key}> has no argument.`, 'httpd refuses the line', at);
    switch (key) {
      case '<ifmodule':
        return this.#unless(this.#modules.has(name), negated);
      case '<ifdefine':
        return this.#unless(this.#variables.isDefined(name), negated);
      case '<iffile':
        return (this.#files.stat(this.#path(name)) !== undefined) !== negated;
      case '<ifdirective':
        return this.#modules.knows(name) !== negated;
      case '<ifsection':
        return this.#modules.knows(name.startsWith('<') ? name : `<${name}`) !== negated;
      case '<ifversion': {
        if (!this.#modules.has('mod_version.c')) return undefined;
        if (this.#options.version === null) return 'the version of httpd is not known';
        const holds = versionMatches(wordsOf(args), this.#options.version);
        if (holds === undefined) this.#problem('invalid', `<IfVersion ${args.slice(0, 100)}> is no condition.`, 'httpd refuses the line', at);
        return holds ?? false;
      }
      default:
        return undefined;
    }
  }

  /** A condition on something that may come from what could not be read holds under doubt when it's negated. */
  #unless(present: boolean, negated: boolean): boolean | string {
    if (present || !negated) return present !== negated;
    return this.#unknown ?? true;
  }

  #directive(name: string, args: string, doubt: string | null, at: Place, out: Directive[], sources: Source[], depth: number): void {
    const words = wordsOf(args);
    const [first = ''] = words;
    switch (name.toLowerCase()) {
      case 'include':
      case 'includeoptional': {
        if (words.length !== 1) this.#problem('invalid', `${name} takes one argument.`, 'httpd refuses the line', at);
        else this.#include(first, name.toLowerCase() === 'includeoptional', out, depth, at);
        return;
      }
      case 'define': {
        if (words.length === 0 || words.length > 2) this.#problem('invalid', 'Define takes one or two arguments.', 'httpd refuses the line', at);
        else if (first.includes(':')) this.#problem('invalid', `Define: "${first.slice(0, 100)}" may not hold a colon.`, 'httpd refuses the line', at);
        else this.#variables.define(first, words[1] ?? '');
        return;
      }
      case 'undefine':
        this.#variables.undefine(first);
        return;
      case 'use':
        if (!this.#modules.has('mod_macro.c')) break;
        this.#use(words, sources, at);
        return;
      case 'undefmacro':
        if (!this.#modules.has('mod_macro.c')) break;
        this.#macros.delete(first.toLowerCase());
        return;
      case 'loadmodule':
        this.#loadModule(words, at);
        break;
      case 'serverroot':
        if (first !== '') this.#serverRoot = first;
        break;
      default:
    }
    out.push({ name, args, origin: origin(at), children: null, doubt });
  }

  #loadModule(words: readonly string[], at: Place): void {
    const [name = '', file = ''] = words;
    if (words.length !== 2) {
      this.#problem('invalid', 'LoadModule takes two arguments.', 'httpd refuses the line', at);
      return;
    }
    const path = this.#path(file);
    const directory = path.slice(0, path.lastIndexOf('/'));
    // Where the image has other modules beside it, a file that isn't there stops the server.
    if (this.#files.stat(path) === undefined && this.#files.list(directory).some((entry) => entry.endsWith('.so'))) {
      this.#problem('invalid', `The module ${path} is not in the image.`, 'httpd refuses to start without a module that it is told to load', at);
      return;
    }
    this.#modules.load(name, file);
  }

  #use(words: readonly string[], sources: Source[], at: Place): void {
    const [name = '', ...values] = words;
    const macro = this.#macros.get(name.toLowerCase());
    const refuse = (what: string): void => this.#problem('invalid', what, 'httpd refuses the line', at);
    if (macro === undefined) {
      refuse(`The macro ${name.slice(0, 100)} is not defined.`);
      return;
    }
    if (values.length !== macro.parameters.length) {
      refuse(`The macro ${macro.name} takes ${macro.parameters.length} arguments and is used with ${values.length}.`);
      return;
    }
    if (sources.some((source) => source.macro === macro.name)) {
      refuse(`The macro ${macro.name} uses itself.`);
      return;
    }
    if (sources.length > maxMacroDepth) {
      refuse('Macros use each other too deeply.');
      return;
    }
    const replaced = substitute(macro, values, (characters) => {
      this.#bytes += characters + 64;
      if (this.#bytes > maxBytes) this.#limit('Macros make the configuration too large.', at);
    });
    sources.push({ lines: replaced, path: macro.path, layer: macro.layer, macro: macro.name });
  }

  #include(pattern: string, optional: boolean, out: Directive[], depth: number, at: Place): void {
    const absent = (what: string): void => {
      if (optional) return;
      this.#problem('invalid', what, 'httpd refuses to start; if it is brought at run time, what it says is not known', at);
      this.#gap(what.replace(/\.$/, ''), out, at);
    };
    for (const found of includedFiles(this.#files, this.#path(pattern))) {
      this.#bytes += 1;
      if ('absent' in found) absent(found.absent);
      else if ('refused' in found) this.#problem('invalid', found.refused, 'httpd refuses this', at);
      else if (!this.#file(found.file, out, depth + 1, at)) absent(`${found.file} is not in the image.`);
    }
  }

  /** Marks a place where something may stand that isn't known. */
  #gap(why: string, out: Directive[], at: Place): void {
    this.#unknown ??= why;
    out.push(missing(why, at));
  }

  #path(path: string): string {
    return path.startsWith('/') ? path : `${this.#serverRoot.replace(/\/+$/, '')}/${path}`;
  }

  #resolve(text: string, at: Place): ReturnType<Variables['resolve']> {
    const resolved = this.#variables.resolve(text);
    if (resolved.text !== text) this.#bytes += resolved.text.length;
    if (this.#bytes > maxBytes) this.#limit('Variables make the configuration too large.', at);
    return resolved;
  }

  #limit(what: string, at: Place): never {
    this.#problem('unreadable', what, 'the rest of the configuration was not read', at);
    throw new Stop();
  }

  #problem(kind: ServiceProblem['kind'], what: string, why: string, at: Place): void {
    if (this.#problems.length < maxProblems)
      this.#problems.push({ kind, what, why, location: at.path === commandLine ? null : { path: at.path, line: at.line } });
  }
}
