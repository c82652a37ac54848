/** One word of a shell command. */
export interface ShellWord {
  /** With quotes removed and the variables that are known put in. */
  readonly text: string;
  /** Names of variables and `$(…)` that decide the word at run time; empty for a plain word. */
  readonly variables: readonly string[];
  /** The word is `"$@"` or `$*`: the arguments that the script was given. */
  readonly passesArguments: boolean;
}

const operators = new Set([';', '&', '|', '\n', '(', ')']);
const maximumWords = 20_000;

/**
 * The simple commands of a shell text (POSIX shell grammar, 2.2 and 2.10): what stands between `;`, `&`, `|`,
 * parentheses and line ends, as words. Reserved words (`if`, `then`, …) are words like others. Nothing is run:
 * a variable takes its value from `environment` and is named in `variables`; `$(…)` becomes nothing and is named too.
 * At most 20,000 words are read.
 */
export function shellCommands(text: string, environment: ReadonlyMap<string, string>): ShellWord[][] {
  const commands: ShellWord[][] = [];
  let words: ShellWord[] = [];
  let total = 0;
  let word = '';
  let inWord = false;
  let variables: string[] = [];
  let passes = false;
  let at = 0;

  const endWord = () => {
    if (inWord) {
      words.push({ text: word, variables, passesArguments: passes });
      total += 1;
    }
    word = '';
    inWord = false;
    variables = [];
    passes = false;
  };
  const endCommand = () => {
    endWord();
    if (words.length > 0) commands.push(words);
    words = [];
  };
  const expand = () => {
    const parameter = parameterAt(text, at);
    inWord = true;
    if (parameter === undefined) {
      word += '$';
      at += 1;
      return;
    }
    at = parameter.end;
    if (parameter.name === '@' || parameter.name === '*') {
      passes = true;
      return;
    }
    variables.push(parameter.name);
    word += environment.get(parameter.name) ?? parameter.fallback;
  };

  while (at < text.length && total < maximumWords) {
    const char = text[at] as string;
    if (char === '\\') {
      const next = text[at + 1];
      if (next !== undefined && next !== '\n') {
        word += next;
        inWord = true;
      }
      at += 2;
    } else if (char === "'") {
      const end = text.indexOf("'", at + 1);
      word += text.slice(at + 1, end < 0 ? text.length : end);
      inWord = true;
      at = end < 0 ? text.length : end + 1;
    } else if (char === '"') {
      inWord = true;
      at += 1;
      while (at < text.length && text[at] !== '"') {
        if (text[at] === '\\' && '$`"\\\n'.includes(text[at + 1] ?? ' ')) {
          if (text[at + 1] !== '\n') word += text[at + 1];
          at += 2;
        } else if (text[at] === '$' || text[at] === '`') {
          expand();
        } else {
          word += text[at];
          at += 1;
        }
      }
      at += 1;
    } else if (char === '$' || char === '`') {
      expand();
    } else if (char === '#' && !inWord) {
      const end = text.indexOf('\n', at);
      at = end < 0 ? text.length : end;
    } else if (operators.has(char)) {
      endCommand();
      at += 1;
    } else if (char === ' ' || char === '\t' || char === '\r') {
      endWord();
      at += 1;
    } else {
      word += char;
      inWord = true;
      at += 1;
    }
  }
  endCommand();
  return commands;
}

/** The parameter or command substitution at `at`: its name, the text of `${name:-text}`, and where it ends. */
function parameterAt(text: string, at: number): { name: string; fallback: string; end: number } | undefined {
  if (text[at] === '`') {
    const end = text.indexOf('`', at + 1);
    return { name: 'a command', fallback: '', end: end < 0 ? text.length : end + 1 };
  }
  const next = text[at + 1];
  if (next === '(') return { name: 'a command', fallback: '', end: closingAt(text, at + 1, '(', ')') };
  if (next === '{') {
    const end = closingAt(text, at + 1, '{', '}');
    const inner = text.slice(at + 2, end - 1);
    const parts = /^[#!]?([A-Za-z_][A-Za-z0-9_]*|[@*?$0-9])(?::?[-=](.*))?/s.exec(inner);
    return { name: parts?.[1] ?? inner.slice(0, 40), fallback: plain(parts?.[2] ?? ''), end };
  }
  const name = /^(?:[A-Za-z_][A-Za-z0-9_]*|[@*#?$!0-9-])/.exec(text.slice(at + 1, at + 200))?.[0];
  return name === undefined ? undefined : { name, fallback: '', end: at + 1 + name.length };
}

function plain(text: string): string {
  return /^[^$`"'\\]*$/.test(text) ? text : text.replace(/["']/g, '');
}

function closingAt(text: string, at: number, open: string, close: string): number {
  let depth = 0;
  const limit = Math.min(text.length, at + 4096);
  for (let index = at; index < limit; index += 1) {
    if (text[index] === open) depth += 1;
    else if (text[index] === close) {
      depth -= 1;
      if (depth === 0) return index + 1;
    }
  }
  return limit;
}
