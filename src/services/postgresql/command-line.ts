/** What postgres' options say (postgres(1)). */
export interface PostgresCommandLine {
  /** `-D`. */
  readonly dataDirectory: string | null;
  /** Parameters, in order; they beat every file. */
  readonly parameters: readonly { readonly name: string; readonly value: string }[];
}

/** Single letters that stand for a parameter; those with a value of their own take no word. */
const letters: Readonly<Record<string, readonly [name: string, value: string | null]>> = {
  B: ['shared_buffers', null],
  h: ['listen_addresses', null],
  k: ['unix_socket_directories', null],
  N: ['max_connections', null],
  p: ['port', null],
  S: ['work_mem', null],
  F: ['fsync', 'off'],
  i: ['listen_addresses', '*'],
  l: ['ssl', 'on'],
};

/** Reads `postgres -D DIR -c name=value --name=value -p 5433`; `-` in a long name is `_`. */
export function readCommandLine(words: readonly string[]): PostgresCommandLine {
  let dataDirectory: string | null = null;
  const parameters: { name: string; value: string }[] = [];
  const assign = (text: string) => {
    const equals = text.indexOf('=');
    if (equals > 0) parameters.push({ name: text.slice(0, equals).replaceAll('-', '_'), value: text.slice(equals + 1) });
  };
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] as string;
    if (word.startsWith('--')) {
      assign(word.slice(2));
      continue;
    }
    if (!word.startsWith('-') || word.length < 2) continue;
    const letter = word[1] as string;
    const known = Object.hasOwn(letters, letter) ? letters[letter] : undefined;
    if (known !== undefined && known[1] !== null) {
      parameters.push({ name: known[0], value: known[1] });
      continue;
    }
    let value = word.slice(2);
    if (value === '' && (known !== undefined || 'cDdftvr'.includes(letter))) {
      index += 1;
      value = words[index] ?? '';
    }
    if (letter === 'D') dataDirectory = value;
    else if (letter === 'c') assign(value);
    else if (known !== undefined) parameters.push({ name: known[0], value });
  }
  return { dataDirectory, parameters };
}

/** Reads the options of `pg_ctl start -D DIR -o "options of postgres"`. */
export function readControlLine(words: readonly string[]): PostgresCommandLine {
  let dataDirectory: string | null = null;
  const options: string[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] as string;
    const [, letter, attached = ''] = /^-([Do])(.*)$/s.exec(word) ?? [];
    const long = /^--(pgdata|options)(?:=(.*))?$/s.exec(word);
    if (letter === undefined && long === null) continue;
    let value = long === null ? attached : (long[2] ?? '');
    if (value === '') {
      index += 1;
      value = words[index] ?? '';
    }
    if (letter === 'D' || long?.[1] === 'pgdata') dataDirectory = value;
    else
      options.push(
        ...value
          .split(/\s+/)
          .slice(0, 1000)
          .map((option) => option.replace(/^['"]|['"]$/g, '')),
      );
  }
  const line = readCommandLine(options.filter((option) => option !== ''));
  return { ...line, dataDirectory: line.dataDirectory ?? dataDirectory };
}
