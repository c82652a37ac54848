import type { ImageFiles, ServiceProblem } from '../../model/index.ts';

/** A value of an OpenSSL configuration file, variables put in. */
export interface ConfigurationValue {
  readonly name: string;
  readonly value: string;
  readonly path: string;
  readonly line: number;
  readonly layer: number | null;
  /** Values of the same name and section that it replaced, oldest first. */
  readonly replaced: readonly { readonly value: string; readonly path: string; readonly line: number; readonly layer: number | null }[];
}

/** A configuration file with what it includes: section → its values in order of first appearance; none when the library refuses the file. */
export interface Configuration {
  readonly sections: ReadonlyMap<string, ReadonlyMap<string, ConfigurationValue>>;
  readonly problems: readonly ServiceProblem[];
  /** Why a value may differ at run time; null: nothing of that kind stands in it. */
  readonly uncertainty: string | null;
}

const maxIncludeDepth = 32;
const maxFiles = 1000;
const maxLines = 500_000;
const maxValue = 65_536;

/**
 * Reads an OpenSSL configuration file (config(5); conf_def.c): sections, `name = value`, quotes, `\` escapes and
 * continuation, `#` comments, `$name`, `${section::name}`, `$ENV::NAME`, `.include` of a file or of a directory's
 * `.cnf` and `.conf` files, `.pragma`. Nothing is thrown; what the library would refuse is a problem.
 *
 * @param environment the image's variables, for `$ENV::NAME`
 */
export function readConfiguration(files: ImageFiles, path: string, environment: ReadonlyMap<string, string>): Configuration {
  const reader = new Reader(files, environment);
  reader.file(path, 0, undefined);
  // A file that the library refuses is as good as none.
  const sections = reader.refused ? new Map<string, Map<string, ConfigurationValue>>() : reader.sections;
  return { sections, problems: reader.problems, uncertainty: reader.uncertainty };
}

class Reader {
  readonly sections = new Map<string, Map<string, ConfigurationValue>>([['default', new Map()]]);
  readonly problems: ServiceProblem[] = [];
  uncertainty: string | null = null;
  refused = false;
  readonly #files: ImageFiles;
  readonly #environment: ReadonlyMap<string, string>;
  readonly #open = new Set<string>();
  #section = 'default';
  #dollarIsName = false;
  #includeDirectory: string | null = null;
  #read = 0;
  #lines = 0;
  #stopped = false;

  constructor(files: ImageFiles, environment: ReadonlyMap<string, string>) {
    this.#files = files;
    this.#environment = environment;
  }

  file(path: string, depth: number, from: { readonly path: string; readonly line: number } | undefined): void {
    if (this.#stopped) return;
    const refuse = (what: string, why: string) => this.#problem('unreadable', what, why, from ?? { path });
    if (depth > maxIncludeDepth) {
      refuse('An include is too deep.', `more than ${maxIncludeDepth} files include each other`);
      return;
    }
    if (this.#read >= maxFiles) {
      refuse('Too many files are included.', `the limit is ${maxFiles}`);
      return;
    }
    const entry = this.#files.stat(path);
    if (entry?.type === 'directory') {
      for (const name of this.#files.list(path)) if (/\.(?:cnf|conf)$/.test(name)) this.file(`${path.replace(/\/$/, '')}/${name}`, depth + 1, from);
      return;
    }
    const real = entry?.path ?? path;
    if (this.#open.has(real)) {
      this.#problem('invalid', 'A file includes itself.', 'the inclusion is endless', from ?? { path });
      return;
    }
    this.#read += 1;
    const file = this.#files.read(path);
    if (file.state === 'missing') return;
    if (file.state === 'pending') return;
    if (file.state === 'unreadable') {
      this.uncertainty = `${path} could not be read`;
      refuse(`${path} could not be read.`, file.why);
      return;
    }
    this.#open.add(real);
    this.#text(new TextDecoder().decode(file.bytes), path, file.entry.layer, depth);
    this.#open.delete(real);
  }

  #text(text: string, path: string, layer: number | null, depth: number): void {
    let line = 0;
    let logical = '';
    let start = 1;
    for (const physical of lines(text)) {
      line += 1;
      this.#lines += 1;
      if (this.#lines > maxLines) {
        this.#problem('unreadable', 'The configuration is too long.', `more than ${maxLines} lines`, { path, line });
        this.#stopped = true;
        return;
      }
      if (logical === '') start = line;
      // An odd number of backslashes at the end continues the line.
      const slashes = /\\*$/.exec(physical.slice(-64))?.[0].length ?? 0;
      if (slashes % 2 === 1) {
        logical += physical.slice(0, -1);
        if (logical.length > 1024 * 1024) break;
        continue;
      }
      this.#statement(withoutComment(logical + physical).trim(), { path, line: start, layer }, depth);
      if (this.#stopped) return;
      logical = '';
    }
    if (logical !== '') this.#statement(withoutComment(logical).trim(), { path, line: start, layer }, depth);
  }

  #statement(text: string, at: { path: string; line: number; layer: number | null }, depth: number): void {
    if (text === '') return;
    if (text.startsWith('[')) {
      const close = text.indexOf(']');
      if (close < 0) {
        this.#invalid('A section has no closing bracket.', at);
        return;
      }
      this.#section = text.slice(1, close).trim();
      if (!this.sections.has(this.#section)) this.sections.set(this.#section, new Map());
      return;
    }
    const directive = /^\.(include|pragma)(?:\s*=\s*|\s+)(.*)$/s.exec(text);
    if (directive !== null) {
      const value = this.#value(directive[2] ?? '', this.#section, at);
      if (value === undefined) return;
      if (directive[1] === 'include') this.#include(value, at, depth);
      else this.#pragma(value);
      return;
    }
    const equals = text.indexOf('=');
    if (equals < 0) {
      this.#invalid('A line has no equal sign.', at);
      return;
    }
    let name = text.slice(0, equals).trim();
    let section = this.#section;
    const separator = name.indexOf('::');
    if (separator >= 0) {
      section = name.slice(0, separator);
      name = name.slice(separator + 2);
    }
    if (name === '') {
      this.#invalid('A line has no name.', at);
      return;
    }
    const value = this.#value(text.slice(equals + 1).trim(), section, at);
    if (value === undefined) return;
    const values = this.sections.get(section) ?? new Map<string, ConfigurationValue>();
    this.sections.set(section, values);
    const before = values.get(name);
    const replaced =
      before === undefined ? [] : [...before.replaced, { value: before.value, path: before.path, line: before.line, layer: before.layer }].slice(-100);
    values.set(name, { name, value, path: at.path, line: at.line, layer: at.layer, replaced });
  }

  #include(value: string, at: { path: string; line: number }, depth: number): void {
    const directory = this.#environment.get('OPENSSL_CONF_INCLUDE') ?? this.#includeDirectory;
    if (!value.startsWith('/') && directory === null) {
      this.uncertainty ??= `${at.path}:${at.line} includes ${value}, relative to the working directory`;
      return;
    }
    this.file(value.startsWith('/') ? value : `${directory}/${value}`, depth + 1, at);
  }

  #pragma(value: string): void {
    const [name = '', argument = ''] = value.split(/[:=]/, 2).map((part) => part.trim());
    if (name === 'dollarid') this.#dollarIsName = /^(?:true|on|yes|1)$/i.test(argument);
    if (name === 'includedir') this.#includeDirectory = argument;
  }

  /** Quotes, escapes and variables of a value; undefined: the library refuses the file here. */
  #value(text: string, section: string, at: { path: string; line: number }): string | undefined {
    let out = '';
    let index = 0;
    while (index < text.length) {
      const char = text[index] ?? '';
      if (char === '"' || char === "'" || char === '`') {
        const end = text.indexOf(char, index + 1);
        out += text.slice(index + 1, end < 0 ? text.length : end).replaceAll(/\\(.)/gs, '$1');
        index = end < 0 ? text.length : end + 1;
      } else if (char === '\\') {
        out += escapes[text[index + 1] ?? ''] ?? text[index + 1] ?? '';
        index += 2;
      } else if (char === '$' && !(this.#dollarIsName && text[index + 1] !== '{' && text[index + 1] !== '(')) {
        const found = variable.exec(text.slice(index, index + 1000));
        const resolved = found === null ? undefined : this.#variable(found[2] ?? section, found[3] ?? '', section);
        if (found === null || resolved === undefined) {
          this.#invalid(`The variable ${found?.[0] ?? '$'} has no value.`, at);
          return undefined;
        }
        out += resolved;
        index += found[0].length;
      } else {
        out += char;
        index += 1;
      }
      if (out.length > maxValue) {
        this.#invalid('A value is too long.', at);
        return undefined;
      }
    }
    return out;
  }

  #variable(section: string, name: string, current: string): string | undefined {
    if (section === 'ENV') {
      const value = this.#environment.get(name);
      if (value === undefined) this.uncertainty ??= `$ENV::${name} is decided at run time`;
      return value ?? '';
    }
    return (this.sections.get(section) ?? this.sections.get(current))?.get(name)?.value ?? this.sections.get('default')?.get(name)?.value;
  }

  /** The library stops at the first fault, and programs then run without the file. */
  #invalid(what: string, at: { path: string; line: number }): void {
    this.#problem('invalid', what, 'OpenSSL refuses the whole file, and programs run without its policy', at);
    this.refused = true;
    this.#stopped = true;
  }

  #problem(kind: ServiceProblem['kind'], what: string, why: string, location: { readonly path: string; readonly line?: number }): void {
    if (this.problems.length < 100)
      this.problems.push({ kind, what, why, location: { path: location.path, ...(location.line === undefined ? {} : { line: location.line }) } });
  }
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b' };
const variable = /^\$([{(]?)(?:([A-Za-z0-9_]+)::)?([A-Za-z0-9_]+)[})]?/;

function* lines(text: string): Iterable<string> {
  let start = 0;
  while (start < text.length) {
    const end = text.indexOf('\n', start);
    const stop = end < 0 ? text.length : end;
    yield text.slice(start, text[stop - 1] === '\r' ? stop - 1 : stop);
    start = stop + 1;
  }
}

/** Cuts a `#` comment; one inside quotes or after a backslash is text. */
function withoutComment(text: string): string {
  let quote = '';
  for (let index = 0; index < text.length; index += 1) {
    const char = text[index] ?? '';
    if (char === '\\') index += 1;
    else if (quote !== '') quote = char === quote ? '' : quote;
    else if (char === '"' || char === "'" || char === '`') quote = char;
    else if (char === '#') return text.slice(0, index);
  }
  return text;
}
