import { compareReleases } from '../installed-version.ts';
import { isInconsistentNetwork } from './network.ts';

/** The criteria of a Match line. */
export interface MatchCriteria {
  /** In one spelling: `User git Address 10.0.0.0/8`, `all`. */
  readonly text: string;
  readonly isAll: boolean;
  /** Why sshd refuses it; null when it doesn't. */
  readonly invalid: string | null;
}

const names = new Map(
  ['User', 'Group', 'Host', 'LocalAddress', 'LocalPort', 'Address', 'RDomain', 'Version', 'Invalid-User'].map((name) => [name.toLowerCase(), name]),
);
const since: Readonly<Record<string, string>> = { RDomain: '7.7', LocalAddress: '6.1', LocalPort: '6.1', Version: '9.9', 'Invalid-User': '9.9' };

/**
 * Reads what follows `Match` (sshd_config(5)): pairs of criterion and pattern, with blanks or `=` between, or `all` alone.
 *
 * @param rest the rest of the line
 */
export function parseMatch(rest: string, release: string): MatchCriteria {
  const words = criteriaWords(rest);
  const fail = (invalid: string): MatchCriteria => ({ text: words.join(' '), isAll: false, invalid });
  if (words.length === 0) return fail('Match needs at least one criterion');
  const parts: string[] = [];
  for (let at = 0; at < words.length; at += 2) {
    const word = (words[at] as string).toLowerCase();
    if (word === 'all') {
      return words.length === 1 ? { text: 'all', isAll: true, invalid: null } : fail('all cannot be combined with other criteria');
    }
    const name = names.get(word);
    if (name === undefined) return fail(`unsupported criterion ${words[at]}`);
    const from = since[name];
    if (from !== undefined && compareReleases(release, from) < 0) return fail(`unsupported criterion ${words[at]} before OpenSSH ${from}`);
    if (name === 'Invalid-User') {
      parts.push(name);
      at -= 1;
      continue;
    }
    const value = words[at + 1];
    if (value === undefined || value === '') return fail(`no pattern after ${name}`);
    if (name === 'LocalPort' && !(/^[0-9]+$/.test(value) && Number(value) > 0 && Number(value) < 65536)) return fail(`${value} is no port`);
    if ((name === 'Address' || name === 'LocalAddress') && value.split(',').some(isInconsistentNetwork))
      return fail(`${value} has a network whose mask does not fit its address`);
    parts.push(/[ \t"]/.test(value) ? `${name} "${value}"` : `${name} ${value}`);
  }
  return { text: parts.join(' '), isAll: false, invalid: null };
}

/** strdelim: blanks and one `=` separate, `"…"` is one word, `#` at the start of a word ends the line. */
function criteriaWords(rest: string): string[] {
  const words: string[] = [];
  const pattern = /[ \t]*(?:"([^"]*)"|([^ \t"=]+))(?:[ \t]*=)?/y;
  for (let found = pattern.exec(rest); found !== null; found = pattern.exec(rest)) {
    if (found[2]?.startsWith('#')) break;
    words.push(found[1] ?? found[2] ?? '');
  }
  return words;
}
