import type { Statement } from './configuration-files.ts';
import { parseConfigurationLine } from './configuration-line.ts';
import type { Keyword } from './keywords.ts';

/** What sshd's options say (sshd(8)). */
export interface SshdCommandLine {
  /** The file of `-f`; null when there is none. */
  readonly file: string | null;
  /** `-o`, `-p`, `-h`, `-g` and others as statements; they come before the file's. */
  readonly statements: readonly Statement[];
  /** What sshd would refuse. */
  readonly invalid: readonly string[];
}

const valued = 'bcCEfghkoputD';

/** Reads the options of `sshd -D -e -f FILE -o Name=value -p 2222`. */
export function readCommandLine(words: readonly string[], keywords: ReadonlyMap<string, Keyword>): SshdCommandLine {
  let file: string | null = null;
  const statements: Statement[] = [];
  const invalid: string[] = [];
  const state = (text: string) => {
    const line = parseConfigurationLine(text, true);
    if (line === undefined) return;
    const keyword = keywords.get(line.keyword.toLowerCase());
    if (keyword === undefined || line.invalid !== null) invalid.push(line.invalid ?? `${line.keyword} is no directive`);
    else statements.push({ keyword, words: line.words, rest: line.rest, path: 'the command line', line: 1, layer: null, matches: [] });
  };
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] as string;
    if (!word.startsWith('-') || word === '-') continue;
    for (let at = 1; at < word.length; at += 1) {
      const option = word[at] as string;
      if (option === 'D' || option === 't' || !valued.includes(option)) {
        if (option === '4' || option === '6') state(`AddressFamily ${option === '4' ? 'inet' : 'inet6'}`);
        continue;
      }
      let value = word.slice(at + 1);
      if (value === '') {
        index += 1;
        value = words[index] ?? '';
      }
      if (option === 'f') file = value;
      else if (option === 'o') state(value);
      else if (option === 'p') state(`Port ${value}`);
      else if (option === 'h') state(`HostKey ${value}`);
      else if (option === 'c') state(`HostCertificate ${value}`);
      else if (option === 'g') state(`LoginGraceTime ${value}`);
      break;
    }
  }
  return { file, statements, invalid };
}
