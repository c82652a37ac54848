/** What nginx's options say (nginx(8)). */
export interface NginxCommandLine {
  /** `-c`. */
  readonly file: string | null;
  /** `-p`. */
  readonly prefix: string | null;
  /** `-g`: directives. */
  readonly global: string | null;
}

/** Reads the options of `nginx -c FILE -p PREFIX -g "directives"`; the last of a kind counts. */
export function readCommandLine(words: readonly string[]): NginxCommandLine {
  let file: string | null = null;
  let prefix: string | null = null;
  let global: string | null = null;
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] as string;
    if (!word.startsWith('-')) continue;
    for (let at = 1; at < word.length; at += 1) {
      const option = word[at] as string;
      if (!'cpges'.includes(option)) continue;
      let value = word.slice(at + 1);
      if (value === '') {
        index += 1;
        value = words[index] ?? '';
      }
      if (option === 'c') file = value;
      else if (option === 'p') prefix = value;
      else if (option === 'g') global = value;
      break;
    }
  }
  return { file, prefix, global };
}
