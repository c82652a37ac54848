import type { ServiceProblem, Setting } from '../../model/index.ts';
import type { RedisStatement } from './configuration-files.ts';
import type { RedisDirective } from './directives.ts';

/** The settings in force and what the server would refuse. */
export interface RedisSettings {
  readonly settings: readonly Setting[];
  readonly problems: readonly ServiceProblem[];
}

export interface RedisSettingsOptions {
  /** Why any value may be another one at run time; null when none. */
  readonly doubt: string | null;
  /** `redis 7.0.15`. */
  readonly named: string;
  /** Defaults that the build changes: value and why. */
  readonly builtDefaults: ReadonlyMap<string, { readonly value: string; readonly why: string }>;
  /** Whether a name that isn't in the table is an error, or may belong to another release. */
  readonly knowsAll: boolean;
}

/** Passwords: that they are set is shown, their value isn't. */
const secrets = new Set(['requirepass', 'masterauth', 'tls-key-file-pass', 'tls-client-key-file-pass']);
/** Statements that add up, with the number of words that they need. */
const collected: Readonly<Record<string, number>> = { user: 1, 'rename-command': 2, loadmodule: 1 };

/** The last statement of a name wins, `user`, `rename-command`, `loadmodule` and `save` add up; every directive has a value. */
export function effectiveSettings(
  statements: readonly RedisStatement[],
  directives: ReadonlyMap<string, RedisDirective>,
  options: RedisSettingsOptions,
): RedisSettings {
  const problems: ServiceProblem[] = [];
  const report = (kind: ServiceProblem['kind'], why: string, statement: RedisStatement) => {
    if (problems.length < 100) problems.push({ kind, what: 'the configuration of redis', why, location: { path: statement.path, line: statement.line } });
  };
  const stated = new Map<string, { value: string; statement: RedisStatement }[]>();
  const settings: Setting[] = [];
  const certainty = options.doubt === null ? { certain: true } : { certain: false, uncertainty: options.doubt };
  for (const statement of statements) {
    const directive = directives.get(statement.name);
    if (directive === undefined) {
      const needed = collected[statement.name];
      if (needed !== undefined && statement.words.length >= needed) {
        const origin = { path: statement.path, line: statement.line, layer: statement.layer };
        settings.push({ key: statement.name, value: statement.words.map(withoutPassword).join(' '), origin, ...certainty, shadowed: [] });
      } else if (statement.name.includes('.') || statement.name === 'sentinel') continue;
      else if (options.knowsAll || needed !== undefined) report('invalid', 'bad directive or wrong number of arguments', statement);
      else report('uncertain', `${statement.name.slice(0, 60)} is no directive of ${options.named} that is known`, statement);
      continue;
    }
    const read = readValue(directive, statement.words);
    if ('invalid' in read) report('invalid', read.invalid, statement);
    else {
      const list = stated.get(directive.name) ?? [];
      // `save` lines add up until an empty one (config.c, setConfigSaveOption).
      const previous = directive.name === 'save' ? list.at(-1)?.value : undefined;
      list.push({ value: previous === undefined || previous === '' || read.value === '' ? read.value : `${previous} ${read.value}`, statement });
      stated.set(directive.name, list);
    }
  }
  for (const directive of new Set(directives.values())) {
    const list = stated.get(directive.name) ?? [];
    const last = list.at(-1);
    const built = options.builtDefaults.get(directive.name);
    const fallback = { value: built?.value ?? directive.default, origin: { default: built?.why ?? options.named } };
    const lost = list.slice(0, -1).slice(-20);
    const place = (statement: RedisStatement) => ({ path: statement.path, line: statement.line, layer: statement.layer });
    settings.push({
      key: directive.name,
      value: hidden(directive, last?.value ?? fallback.value),
      origin: last === undefined ? fallback.origin : place(last.statement),
      ...certainty,
      shadowed: lost.map(({ value, statement }) => ({ value: hidden(directive, value), origin: place(statement) })),
    });
  }
  return { settings, problems };
}

function hidden(directive: RedisDirective, value: string): string {
  return secrets.has(directive.name) && value !== '' ? '***' : value;
}

/** ACL rules `>password`, `<password` and hashes (ACL SETUSER). */
function withoutPassword(word: string): string {
  return /^[><#!]./.test(word) ? `${word[0]}***` : word;
}

function readValue(directive: RedisDirective, words: readonly string[]): { readonly value: string } | { readonly invalid: string } {
  if (directive.many) {
    const all = words.length === 1 ? (words[0] ?? '').split(/\s+/).filter((word) => word !== '') : words;
    if (words.length === 0) return { invalid: 'wrong number of arguments' };
    const wrong = directive.kind === 'enum' ? all.find((word) => !directive.values.includes(word.toLowerCase())) : undefined;
    return wrong === undefined ? { value: all.join(' ') } : { invalid: `${directive.name} cannot be ${wrong.slice(0, 60)}` };
  }
  const word = words[0];
  if (word === undefined || words.length !== 1) return { invalid: 'wrong number of arguments' };
  const lower = word.toLowerCase();
  const refused = { invalid: `${directive.name} cannot be ${word.slice(0, 60)}` };
  switch (directive.kind) {
    case 'flag':
      return lower === 'yes' || lower === 'no' ? { value: lower } : refused;
    case 'enum':
      return directive.values.includes(lower) ? { value: lower } : refused;
    case 'int': {
      const isPort = directive.name === 'port' || directive.name === 'tls-port';
      return /^-?[0-9]{1,19}$/.test(word) && !(isPort && (Number(word) < 0 || Number(word) > 65_535)) ? { value: word } : refused;
    }
    case 'memory': {
      const bytes = memoryOf(lower);
      return bytes === null ? refused : { value: bytes };
    }
    default:
      return { value: word };
  }
}

/** memtoull: `100mb` is 104857600, `1g` is 1000000000; a percentage stays. */
function memoryOf(text: string): string | null {
  const [, digits = '', unit = ''] = /^(-?[0-9]{1,18})([a-z]*|%)$/.exec(text) ?? [];
  if (digits === '') return null;
  if (unit === '%') return text;
  const units: Readonly<Record<string, number>> = { '': 1, b: 1, k: 1000, kb: 1024, m: 1e6, mb: 1024 ** 2, g: 1e9, gb: 1024 ** 3 };
  const factor = Object.hasOwn(units, unit) ? units[unit] : undefined;
  return factor === undefined ? null : String(BigInt(digits) * BigInt(factor));
}
