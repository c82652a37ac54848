import { type CipherTable, type CipherTableData, suiteOf, tables } from './suites.ts';

/** What the expansion of a cipher string depends on: a part of `TlsLibrary`. */
export interface CipherLibrary {
  readonly table: CipherTable;
  /** `3.0.19`; null: unknown. */
  readonly version: string | null;
  /** Encryptions (`Suite.enc`) that the build lacks: `RC4`, `3DES`. */
  readonly absent: readonly string[];
  /** What the word DEFAULT stands for. */
  readonly defaultString: string;
  /**
   * What `PROFILE=SYSTEM` stands for in a library of Fedora's family (the first line of crypto-policies' back-end
   * file); null elsewhere, where it is an unknown name.
   */
  readonly systemProfile: string | null;
}

/** A cipher string's expansion. */
export interface CipherExpansion {
  /** TLS 1.2 and older, OpenSSL's names, in the library's preference order; empty when the library refuses the string. */
  readonly suites: readonly string[];
  /** The last `@SECLEVEL` of the string; null when it has none. */
  readonly secLevel: number | null;
  /** Why the library refuses the string: `no cipher match`, `invalid command …`. Empty: it takes it. */
  readonly errors: readonly string[];
}

/** A string above this many characters is refused: no real one comes near it. */
export const maxCipherString = 65_536;

const separators = new Set([':', ',', ';', ' ']);
const strengthWords = new Set(['HIGH', 'MEDIUM', 'LOW', 'FIPS', 'EXP', 'EXPORT', 'EXPORT40', 'EXPORT56']);
/** Words that a library knows though it has no suite for them. */
const emptyWords: Readonly<Record<CipherTable, ReadonlySet<string>>> = {
  '1.0.2': new Set([
    'SSLv2',
    'EXPORT56',
    'KRB5',
    'kKRB5',
    'aKRB5',
    'kFZA',
    'aFZA',
    'eFZA',
    'FZA',
    'kGOST',
    'aGOST',
    'aGOST94',
    'aGOST01',
    'GOST94',
    'GOST89MAC',
  ]),
  '1.1.1': new Set(['LOW', 'MEDIUM']),
  '3.0': new Set(['LOW', 'MEDIUM']),
};

/**
 * Expands an OpenSSL cipher string (`HIGH:!aNULL:+AES256`) as `SSL_CTX_set_cipher_list` of the given library would:
 * the grammar of ssl_ciph.c (ciphers(1), "CIPHER LIST FORMAT"). Suites of TLS 1.3 are not its business.
 * Nothing is thrown; a string that the library refuses has `errors`.
 */
export function expandCipherString(text: string, library: CipherLibrary): CipherExpansion {
  if (text.length > maxCipherString) return { suites: [], secLevel: null, errors: [`the string is longer than ${maxCipherString} characters`] };
  const list = new CipherList(library);
  let rules = text;
  if (library.systemProfile !== null && rules.startsWith('PROFILE=SYSTEM')) rules = library.systemProfile + rules.slice('PROFILE=SYSTEM'.length);
  rules = suiteB(rules, library) ?? rules;
  if (rules.startsWith('DEFAULT')) {
    list.apply(library.defaultString);
    rules = rules.slice('DEFAULT'.length);
    if (rules.startsWith(':')) rules = rules.slice(1);
  }
  list.apply(rules);
  if (list.errors.length > 0) return { suites: [], secLevel: list.secLevel, errors: list.errors };
  const suites = list.active();
  return suites.length === 0 ? { suites, secLevel: list.secLevel, errors: ['no cipher match'] } : { suites, secLevel: list.secLevel, errors: [] };
}

/** A string that starts with a SUITEB word is replaced as a whole (RFC 6460). */
function suiteB(text: string, library: CipherLibrary): string | undefined {
  const aes128 = 'ECDHE-ECDSA-AES128-GCM-SHA256';
  const aes256 = 'ECDHE-ECDSA-AES256-GCM-SHA384';
  if (text.startsWith('SUITEB128ONLY')) return aes128;
  if (text.startsWith('SUITEB128C2') || text.startsWith('SUITEB192')) return aes256;
  if (text.startsWith('SUITEB128')) return library.table === '1.0.2' && text.startsWith('SUITEB128+') ? undefined : `${aes128}:${aes256}`;
  return undefined;
}

/** Whether the library takes IANA's names too (OpenSSL 3.2, CHANGES). */
function takesIanaNames(library: CipherLibrary): boolean {
  const match = /^(\d+)\.(\d+)/.exec(library.version ?? '');
  return library.table === '3.0' && match !== null && (Number(match[1]) > 3 || Number(match[2]) >= 2);
}

/** Stands for the strength that a suite's own name brings into a joined item. */
const suiteStrength = ' suite';

type Operator = 'add' | 'delete' | 'order' | 'kill';

class CipherList {
  readonly errors: string[] = [];
  secLevel: number | null = null;
  readonly #library: CipherLibrary;
  readonly #table: CipherTableData;
  readonly #iana: boolean;
  /** Bit n: suite n of the table is built. */
  readonly #built: bigint;
  /** Positions in the table, active and inactive ones, in the list's order. */
  #list: number[];
  readonly #active: Uint8Array;

  constructor(library: CipherLibrary) {
    this.#library = library;
    this.#table = tables[library.table];
    this.#iana = takesIanaNames(library);
    const absent = new Set(library.absent);
    this.#list = this.#table.order.flatMap((name, index) => (absent.has(suiteOf(name)?.enc ?? '') ? [] : [index]));
    this.#built = this.#list.reduce((mask, index) => mask | (1n << BigInt(index)), 0n);
    this.#active = new Uint8Array(this.#table.order.length);
  }

  active(): string[] {
    return this.#list.flatMap((index) => (this.#active[index] === 1 ? [this.#table.order[index] ?? ''] : []));
  }

  /** Runs the items of a string; stops at nothing, as the library does, and collects what is invalid. */
  apply(rules: string): void {
    const isName = (at: number): boolean =>
      /^[A-Za-z0-9.-]$/.test(rules[at] ?? '') || (rules[at] === '=' && this.#library.table !== '1.0.2') || (rules[at] === '_' && this.#iana);
    const skipItem = (from: number): number => {
      let end = from;
      while (end < rules.length && !separators.has(rules[end] ?? '')) end += 1;
      return end;
    };
    let at = 0;
    while (at < rules.length) {
      const char = rules[at] ?? '';
      if (separators.has(char)) {
        at += 1;
        continue;
      }
      const operator: Operator | 'special' = char === '-' ? 'delete' : char === '+' ? 'order' : char === '!' ? 'kill' : char === '@' ? 'special' : 'add';
      if (operator !== 'add') at += 1;
      let selected: bigint | undefined;
      let strength: string | undefined;
      let notDefault: bigint | undefined;
      let found = true;
      for (;;) {
        const start = at;
        while (at < rules.length && isName(at)) at += 1;
        const name = rules.slice(start, at);
        if (name === '') {
          this.errors.push(`invalid command at character ${at + 1}`);
          found = false;
          at += 1;
          break;
        }
        if (operator === 'special') {
          this.#special(name);
          found = false;
          break;
        }
        const joined = rules[at] === '+';
        if (joined) at += 1;
        const members = this.#members(name);
        if (members === undefined) {
          found = false;
          break;
        }
        const isSuite = this.#table.position.has(suiteOf(name)?.name ?? name);
        if (strengthWords.has(name)) {
          if (strength !== undefined && strength !== suiteStrength && strength !== name) {
            found = false;
            break;
          }
        }
        if (strengthWords.has(name) || isSuite) {
          // The library assigns the first strength and so forgets a COMPLEMENTOFDEFAULT that stood before it.
          if (strength === undefined) notDefault = undefined;
          if (strength === undefined || !isSuite) strength = isSuite ? suiteStrength : name;
        }
        if (name === 'COMPLEMENTOFDEFAULT' && this.#library.table !== '1.0.2') {
          notDefault = members;
          selected ??= this.#built;
        } else selected = selected === undefined ? members : selected & members;
        if (!joined) break;
      }
      if (found && selected !== undefined) this.#apply(operator as Operator, notDefault === undefined ? selected : selected & notDefault);
      else at = skipItem(at);
    }
  }

  #members(name: string): bigint | undefined {
    const synonym = suiteOf(name)?.name;
    const position =
      this.#table.position.get(name) ?? (synonym !== undefined && (this.#iana || !name.includes('_')) ? this.#table.position.get(synonym) : undefined);
    if (position !== undefined) {
      const bit = 1n << BigInt(position);
      return (bit & this.#built) === 0n ? undefined : bit;
    }
    const group = this.#table.groups.get(name);
    if (group === undefined) return emptyWords[this.#library.table].has(name) ? 0n : undefined;
    const built = group & this.#built;
    return built === 0n && !emptyWords[this.#library.table].has(name) ? undefined : built;
  }

  #special(name: string): void {
    if (name === 'STRENGTH') {
      const strength = (index: number): number => suiteOf(this.#table.order[index] ?? '')?.strengthBits ?? 0;
      const active = this.#list.filter((index) => this.#active[index] === 1).sort((a, b) => strength(b) - strength(a));
      this.#list = [...this.#list.filter((index) => this.#active[index] === 0), ...active];
      return;
    }
    const level = /^SECLEVEL=(.)$/.exec(name)?.[1];
    if (this.#library.table !== '1.0.2' && level !== undefined && level >= '0' && level <= '5') this.secLevel = Number(level);
    else this.errors.push(`invalid command @${name.slice(0, 40)}`);
  }

  #apply(operator: Operator, selected: bigint): void {
    const chosen = new Uint8Array(this.#active.length);
    for (let index = 0, rest = selected; rest !== 0n; index += 1, rest >>= 1n) chosen[index] = Number(rest & 1n);
    const wanted = operator === 'add' ? 0 : 1;
    const moves = (index: number): boolean => chosen[index] === 1 && (operator === 'kill' || this.#active[index] === wanted);
    const moved = this.#list.filter(moves);
    if (moved.length === 0) return;
    const rest = this.#list.filter((index) => !moves(index));
    this.#list = operator === 'kill' ? rest : operator === 'delete' ? [...moved, ...rest] : [...rest, ...moved];
    for (const index of moved) this.#active[index] = operator === 'add' || operator === 'order' ? 1 : 0;
  }
}
