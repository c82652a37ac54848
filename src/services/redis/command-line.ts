/** What redis-server's arguments say (server.c, main). */
export interface RedisCommandLine {
  /** The configuration file; null: none, the defaults are in force. */
  readonly file: string | null;
  /** Lines that come after the file. */
  readonly options: readonly string[];
  /** `-`: more is read from standard input. */
  readonly readsInput: boolean;
}

/** Reads `redis-server FILE --port 0 --save 60 1 …`: each `--name` begins a line, what follows are its words. */
export function readCommandLine(words: readonly string[]): RedisCommandLine {
  const first = words[0];
  const hasFile = first !== undefined && !first.startsWith('-');
  const options: string[] = [];
  let readsInput = false;
  let expectsValue = false;
  for (const word of words.slice(hasFile ? 1 : 0)) {
    if (word === '-') readsInput = true;
    else if (word.startsWith('--') && (!expectsValue || /^--[a-z]/.test(word))) {
      if (expectsValue && options.at(-1) === 'save') options[options.length - 1] = 'save ""';
      options.push(word.slice(2));
      expectsValue = !word.includes(' ');
    } else if (options.length > 0) {
      options[options.length - 1] += ` ${quoted(word)}`;
      expectsValue = false;
    }
  }
  if (expectsValue && options.at(-1) === 'save') options[options.length - 1] = 'save ""';
  return { file: hasFile ? first : null, options, readsInput };
}

function quoted(word: string): string {
  return /^[\w./:*@%+,=-]+$/.test(word) ? word : `"${word.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r')}"`;
}
