/** What a shell file sets. */
export interface ShellVariables {
  readonly values: ReadonlyMap<string, string>;
  /** Names whose value hangs on a command or a condition that isn't decided here. */
  readonly uncertain: ReadonlySet<string>;
}

const maxStatements = 10_000;
const maxValue = 65_536;

/**
 * The variables that a shell file of assignments leaves behind when it is sourced: Debian's
 * `/etc/apache2/envvars`. Nothing is run. Understood are `[export] NAME=value`, `: ${NAME:=value}`, `unset NAME`,
 * quotes, `$NAME`, `${NAME}`, `${NAME:-…}`, `${NAME#…}`, `${NAME%…}` and `if`/`elif`/`else` on `[ … ]` and `test`;
 * what hangs on anything else is uncertain.
 */
export function shellVariables(text: string, initial: ReadonlyMap<string, string>): ShellVariables {
  const values = new Map(initial);
  const uncertain = new Set<string>();
  /** One for each open `if`: whether the branch is taken (null: unknown) and whether an earlier one was. */
  const branches: { taken: boolean | null; done: boolean | null }[] = [];
  const state = (): boolean | null => {
    if (branches.some((branch) => branch.taken === false)) return false;
    return branches.some((branch) => branch.taken === null) ? null : true;
  };
  const assign = (name: string, value: string, doubtful: boolean): void => {
    const active = state();
    if (active === false) return;
    values.set(name, value.slice(0, maxValue));
    if (active === null || doubtful) uncertain.add(name);
    else uncertain.delete(name);
  };

  let left = maxStatements;
  for (const statement of statements(text)) {
    left -= 1;
    if (left < 0) break;
    const condition = /^(?:if|elif)\s+(.*)$/s.exec(statement);
    if (condition !== null) {
      const result = test(condition[1] ?? '', values, uncertain);
      const top = branches.at(-1);
      if (statement.startsWith('if')) branches.push({ taken: result, done: result });
      else if (top !== undefined) {
        top.taken = top.done === true ? false : top.done === null ? null : result;
        top.done = top.done === true || result === true ? true : top.done === null || result === null ? null : false;
      }
      continue;
    }
    if (statement === 'fi') {
      branches.pop();
      continue;
    }
    const body = statement.replace(/^(?:then|else)\b\s*/, '');
    if (/^else\b/.test(statement)) {
      const top = branches.at(-1);
      if (top !== undefined) top.taken = top.done === null ? null : !top.done;
    }
    if (/^(?:case|for|while|until)\b/.test(body)) branches.push({ taken: null, done: null });
    else if (/^(?:esac|done)$/.test(body)) branches.pop();
    else if (body !== '') run(body, values, uncertain, assign, state);
  }
  return { values, uncertain };
}

function run(
  body: string,
  values: Map<string, string>,
  uncertain: Set<string>,
  assign: (name: string, value: string, doubtful: boolean) => void,
  state: () => boolean | null,
): void {
  const unset = /^unset\s+(.*)$/.exec(body);
  if (unset !== null) {
    if (state() === true) for (const name of (unset[1] ?? '').split(/\s+/)) values.delete(name);
    return;
  }
  const standing = /^:\s+"?\$\{([A-Za-z_]\w*):?=([\s\S]*)\}"?$/.exec(body);
  if (standing !== null) {
    const name = standing[1] ?? '';
    if ((values.get(name) ?? '') === '') {
      const value = expand(standing[2] ?? '', values, uncertain);
      assign(name, value.text, value.doubtful);
    }
    return;
  }
  let rest = body.replace(/^(?:export|readonly)\s+/, '');
  for (let count = 0; count < 1000; count += 1) {
    const name = /^([A-Za-z_]\w*)=/.exec(rest)?.[1];
    if (name === undefined) return;
    const value = expandWord(rest.slice(name.length + 1), values, uncertain);
    assign(name, value.text, value.doubtful);
    rest = value.rest.trimStart();
  }
}

/** Commands between line ends and `;`, comments off; quotes keep both inside. */
function* statements(text: string): Iterable<string> {
  let current = '';
  let quote = '';
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] ?? '';
    if (quote === '' && char === '#' && (current === '' || /\s$/.test(current))) {
      const end = text.indexOf('\n', at);
      at = (end < 0 ? text.length : end) - 1;
    } else if (quote === '' && (char === '\n' || char === ';')) {
      if (current.trim() !== '') yield current.trim();
      current = '';
    } else if (char === '\\' && quote !== "'") {
      if (text[at + 1] !== '\n') current += char + (text[at + 1] ?? '');
      at += 1;
    } else {
      if (quote === '' && (char === '"' || char === "'")) quote = char;
      else if (char === quote) quote = '';
      current += char;
    }
  }
  if (current.trim() !== '') yield current.trim();
}

interface Expanded {
  readonly text: string;
  readonly doubtful: boolean;
}

/** One shell word, quotes off and variables put in; `rest` is what follows it. */
function expandWord(text: string, values: ReadonlyMap<string, string>, uncertain: ReadonlySet<string>, depth = 0): Expanded & { readonly rest: string } {
  let out = '';
  let doubtful = false;
  let at = 0;
  let quote = '';
  while (at < text.length) {
    const char = text[at] ?? '';
    if (quote === '' && /\s/.test(char)) break;
    if (quote !== "'" && char === '\\') {
      out += text[at + 1] ?? '';
      at += 2;
    } else if (quote === '' ? char === '"' || char === "'" : char === quote) {
      quote = quote === '' ? char : '';
      at += 1;
    } else if (quote !== "'" && char === '`') {
      doubtful = true;
      const end = text.indexOf('`', at + 1);
      at = end < 0 ? text.length : end + 1;
    } else if (quote !== "'" && char === '$') {
      const found = parameter(text, at, values, uncertain, depth);
      out += found.text;
      doubtful ||= found.doubtful;
      at = found.end;
    } else {
      out += char;
      at += 1;
    }
    if (out.length > maxValue) break;
  }
  return { text: out, doubtful, rest: text.slice(at) };
}

/** The text of `${NAME:-text}`: blanks don't end it. */
function expand(text: string, values: ReadonlyMap<string, string>, uncertain: ReadonlySet<string>, depth = 0): Expanded {
  return expandWord(text.replaceAll(/\s+/g, ' ').replaceAll(' ', '\\ '), values, uncertain, depth);
}

const maxDepth = 10;
const maxParameter = 4096;

function parameter(
  text: string,
  at: number,
  values: ReadonlyMap<string, string>,
  uncertain: ReadonlySet<string>,
  depth: number,
): Expanded & { readonly end: number } {
  if (text[at + 1] === '(') return { text: '', doubtful: true, end: closing(text, at + 1, '(', ')') };
  const plain = /^\$([A-Za-z_]\w*)/.exec(text.slice(at, at + 256));
  if (plain !== null) return { text: values.get(plain[1] ?? '') ?? '', doubtful: uncertain.has(plain[1] ?? ''), end: at + plain[0].length };
  if (text[at + 1] !== '{') return { text: '$', doubtful: false, end: at + 1 };
  const end = closing(text, at + 1, '{', '}');
  const parts = /^([A-Za-z_]\w*)(?:(:?[-=+?]|##?|%%?)([\s\S]*))?$/.exec(text.slice(at + 2, end - 1));
  if (parts === null || depth > maxDepth) return { text: '', doubtful: true, end };
  const [, name = '', operator = '', operand = ''] = parts;
  const value = values.get(name) ?? '';
  const own = uncertain.has(name);
  const word = expand(operand, values, uncertain, depth + 1);
  const doubtful = own || word.doubtful;
  if (/[-=?]/.test(operator)) return value === '' ? { text: word.text, doubtful, end } : { text: value, doubtful: own, end };
  if (operator.endsWith('+')) return { text: value === '' ? '' : word.text, doubtful, end };
  if (operator === '') return { text: value, doubtful: own, end };
  // What a pattern cuts off isn't worked out; plain text is.
  if (/[*?[]/.test(word.text)) return { text: value, doubtful: true, end };
  if (operator.startsWith('#')) return { text: value.startsWith(word.text) ? value.slice(word.text.length) : value, doubtful, end };
  return { text: word.text !== '' && value.endsWith(word.text) ? value.slice(0, -word.text.length) : value, doubtful, end };
}

/** Where what opens at `at` ends. */
function closing(text: string, at: number, open: string, close: string): number {
  const limit = Math.min(text.length, at + maxParameter);
  let depth = 0;
  for (let index = at; index < limit; index += 1) {
    if (text[index] === open) depth += 1;
    else if (text[index] === close) depth -= 1;
    if (depth === 0) return index + 1;
  }
  return limit;
}

/** `[ A = B ]`, `!=`, `-z`, `-n`; null: not decided here. */
function test(text: string, values: ReadonlyMap<string, string>, uncertain: ReadonlySet<string>): boolean | null {
  const inner = /^(?:\[\s+([\s\S]*?)\s+\]|test\s+([\s\S]*?))\s*(?:then)?$/.exec(text.trim());
  if (inner === null) return null;
  const words: Expanded[] = [];
  let rest = (inner[1] ?? inner[2] ?? '').trimStart();
  while (rest !== '' && words.length < 10) {
    const word = expandWord(rest, values, uncertain);
    words.push(word);
    rest = word.rest.trimStart();
  }
  if (words.some((word) => word.doubtful)) return null;
  const [a, b, c] = words.map((word) => word.text);
  if (words.length === 3 && (b === '=' || b === '==')) return a === c;
  if (words.length === 3 && b === '!=') return a !== c;
  if (words.length === 2 && a === '-z') return b === '';
  if (words.length === 2 && a === '-n') return b !== '';
  return words.length === 1 ? a !== '' : null;
}
