import { assembleAlgorithms } from './algorithm-list.ts';
import type { AlgorithmKeyword } from './default-algorithms.ts';
import { defaultAlgorithms, implementedAlgorithms } from './default-algorithms.ts';
import type { Keyword, OpenSshRelease } from './keywords.ts';

/** A value in one spelling, or why sshd refuses it. */
export type DirectiveValue = { readonly value: string } | { readonly invalid: string };

const levels = ['QUIET', 'FATAL', 'ERROR', 'INFO', 'VERBOSE', 'DEBUG', 'DEBUG1', 'DEBUG2', 'DEBUG3'];
const facilities = ['DAEMON', 'USER', 'AUTH', 'AUTHPRIV', 'LOCAL0', 'LOCAL1', 'LOCAL2', 'LOCAL3', 'LOCAL4', 'LOCAL5', 'LOCAL6', 'LOCAL7'];
const largestInteger = 2 ** 31 - 1;

/**
 * Reads a directive's arguments: `2m` gives `120`, `Without-Password` gives `prohibit-password`, an algorithm list
 * gives the algorithms in force.
 *
 * @param rest the arguments as they are written
 */
export function directiveValue(keyword: Keyword, words: readonly string[], rest: string, context: OpenSshRelease): DirectiveValue {
  if (keyword.kind === 'rest') return restValue(keyword, rest);
  const first = words[0] ?? '';
  const many = keyword.kind === 'words' || keyword.kind === 'cumulative' || keyword.kind === 'subsystem';
  if (keyword.kind === 'ignored') return { value: words.join(' ') };
  if (many) return wordsValue(keyword, words);
  if (first === '') return { invalid: `${keyword.name} has no argument` };
  const used = keyword.kind === 'rekey' ? 2 : 1;
  if (words.length > used) return { invalid: `${keyword.name} has too many arguments` };
  switch (keyword.kind) {
    case 'flag':
      return choiceValue(keyword, ['yes', 'no'], first);
    case 'choice':
      return choiceValue(keyword, keyword.values, first);
    case 'integer':
      return integerValue(keyword, first);
    case 'time':
      return timeValue(keyword, first);
    case 'level':
      return choiceValue(keyword, levels, first);
    case 'facility':
      return choiceValue(keyword, facilities, first);
    case 'octal':
      return /^0*[0-7]{1,3}$/.test(first) ? { value: `0${Number.parseInt(first, 8).toString(8)}` } : { invalid: `${first} is no octal mode` };
    case 'startups':
      return startupsValue(first);
    case 'rekey':
      return rekeyValue(keyword, first, words[1]);
    case 'algorithms':
      return algorithmsValue(keyword, first, context);
    default:
      return stringValue(keyword, first);
  }
}

function choiceValue(keyword: Keyword, values: readonly string[], word: string): DirectiveValue {
  const lower = word.toLowerCase();
  for (const entry of values) {
    const spellings = entry.split('=');
    if (spellings.some((spelling) => spelling.toLowerCase() === lower)) return { value: spellings[0] ?? entry };
  }
  return { invalid: `${keyword.name} cannot be ${word}` };
}

function integerValue(keyword: Keyword, word: string): DirectiveValue {
  const number = /^[0-9]+$/.test(word) ? Number(word) : Number.NaN;
  return number <= largestInteger ? { value: String(number) } : { invalid: `${keyword.name} needs a number, not ${word}` };
}

/** convtime: numbers with units one after another, in seconds. */
function timeValue(keyword: Keyword, word: string): DirectiveValue {
  const units: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };
  if (keyword.name === 'UnusedConnectionTimeout' && word.toLowerCase() === 'none') return { value: '0' };
  if (word === '' || !/^(?:[0-9]+[smhdwSMHDW])*(?:[0-9]+)?$/.test(word)) return { invalid: `${word} is no time` };
  let total = 0;
  for (const [, digits = '', unit = ''] of word.matchAll(/([0-9]+)([smhdwSMHDW]?)/g)) total += Number(digits) * (units[unit.toLowerCase()] ?? 1);
  return total <= largestInteger ? { value: String(total) } : { invalid: `${word} is no time` };
}

function startupsValue(word: string): DirectiveValue {
  const [, begin, rate, full] = /^([0-9]+)(?::([0-9]+):([0-9]+))?/.exec(word) ?? [];
  if (begin === undefined || (full === undefined && /^[0-9]+:[0-9]/.test(word))) return { invalid: `MaxStartups cannot be ${word}` };
  const all = full === undefined ? Number(begin) : Number(full);
  if (full !== undefined && (Number(begin) > all || Number(rate) < 1 || Number(rate) > 100)) return { invalid: `MaxStartups cannot be ${word}` };
  return all > 0 && Number(begin) > 0
    ? { value: `${Number(begin)}:${rate === undefined ? 30 : Number(rate)}:${all}` }
    : { invalid: `MaxStartups cannot be ${word}` };
}

function rekeyValue(keyword: Keyword, amount: string, time: string | undefined): DirectiveValue {
  const scaled = /^([0-9]+)(?:\.[0-9]*)?([KMGTPEkmgtpeB]?)$/.exec(amount);
  if (amount !== 'default' && scaled === null) return { invalid: `RekeyLimit cannot be ${amount}` };
  if (scaled !== null && scaled[2] === '' && Number(scaled[1]) > 0 && Number(scaled[1]) < 16) return { invalid: 'RekeyLimit is too small' };
  if (time === undefined || time === 'none') return { value: `${amount} none` };
  const seconds = timeValue(keyword, time);
  return 'value' in seconds ? { value: `${amount} ${seconds.value}` } : seconds;
}

/** The lists of a release, worked out once for each reading. */
const known = new WeakMap<OpenSshRelease, Map<AlgorithmKeyword, { readonly defaults: readonly string[]; readonly implemented: readonly string[] }>>();

function algorithmsOf(name: AlgorithmKeyword, context: OpenSshRelease) {
  const lists = known.get(context) ?? new Map();
  known.set(context, lists);
  const found = lists.get(name) ?? { defaults: defaultAlgorithms(name, context), implemented: implementedAlgorithms(name, context.release) };
  lists.set(name, found);
  return found;
}

function algorithmsValue(keyword: Keyword, word: string, context: OpenSshRelease): DirectiveValue {
  const name = keyword.name.toLowerCase() as AlgorithmKeyword;
  const plain = name === 'ciphers' || name === 'macs' || name === 'kexalgorithms';
  const { defaults, implemented } = algorithmsOf(name, context);
  const list = assembleAlgorithms(word, defaults, implemented, !plain);
  if ('unknown' in list)
    return { invalid: `${keyword.name} names ${list.unknown === '' ? 'nothing' : list.unknown.slice(0, 80)}, which OpenSSH ${context.release} doesn't know` };
  return { value: list.names.join(',') };
}

function stringValue(keyword: Keyword, word: string): DirectiveValue {
  if (keyword.default === 'none' && word.toLowerCase() === 'none') return { value: 'none' };
  if (keyword.name === 'PerSourceMaxStartups' && word !== 'none') return integerValue(keyword, word);
  if (keyword.name === 'PerSourceNetBlockSize') {
    const [, four, six] = /^([0-9]+)(?::([0-9]+))?$/.exec(word) ?? [];
    if (four === undefined || Number(four) > 32 || Number(six ?? 0) > 128) return { invalid: `PerSourceNetBlockSize cannot be ${word}` };
  }
  return { value: word };
}

function restValue(keyword: Keyword, rest: string): DirectiveValue {
  if (/^Authorized.*Command$/.test(keyword.name) && !rest.startsWith('/') && rest.toLowerCase() !== 'none')
    return { invalid: `${keyword.name} must be an absolute path` };
  return { value: rest.toLowerCase() === 'none' ? 'none' : rest };
}

function wordsValue(keyword: Keyword, words: readonly string[]): DirectiveValue {
  const needed = /^(?:Port|ListenAddress|HostKey|HostCertificate|Subsystem|PermitOpen|PermitListen|AuthenticationMethods|IPQoS)$/.test(keyword.name);
  if (needed && (words[0] ?? '') === '') return { invalid: `${keyword.name} has no argument` };
  if (words.some((word) => word === '')) return { invalid: `${keyword.name} has an empty argument` };
  switch (keyword.name) {
    case 'Port':
      if (words.length > 1) return { invalid: 'Port has too many arguments' };
      return isPort(words[0] ?? '') ? { value: words[0] ?? '' } : { invalid: `${words[0]} is no port` };
    case 'ListenAddress':
      return listenValue(words);
    case 'HostKey':
    case 'HostCertificate':
      return words.length > 1 ? { invalid: `${keyword.name} has too many arguments` } : { value: words[0] ?? '' };
    case 'AcceptEnv': {
      const wrong = words.find((word) => word.includes('='));
      return wrong === undefined ? { value: words.join(' ') } : { invalid: `${wrong} is no name of a variable` };
    }
    case 'SetEnv': {
      const wrong = words.find((word) => !word.includes('='));
      return wrong === undefined ? { value: words.join(' ') } : { invalid: `${wrong} is no NAME=value` };
    }
    case 'Subsystem':
      return words.length < 2 ? { invalid: 'Subsystem has no command' } : { value: words.join(' ') };
    case 'PermitOpen':
    case 'PermitListen':
      return permitValue(keyword, words);
    case 'AuthenticationMethods':
      return methodsValue(words);
    case 'PubkeyAuthOptions': {
      const wrong = words.find((word) => !['none', 'touch-required', 'verify-required'].includes(word.toLowerCase()));
      return wrong === undefined ? { value: words.join(' ').toLowerCase() } : { invalid: `PubkeyAuthOptions cannot be ${wrong}` };
    }
    case 'IPQoS':
      return words.length > 2 ? { invalid: 'IPQoS has too many arguments' } : { value: `${words[0]} ${words[1] ?? words[0]}` };
    case 'LogVerbose':
    case 'ChannelTimeout':
      if (words.length > 1 && words.some((word) => word.toLowerCase() === 'none')) return { invalid: `none must stand alone in ${keyword.name}` };
      if (keyword.name === 'ChannelTimeout' && words.some((word) => word.toLowerCase() !== 'none' && !/^[^=]+=[0-9]+/.test(word))) {
        return { invalid: 'ChannelTimeout needs type=time' };
      }
      return { value: words.join(' ') };
    default:
      return { value: words.join(' ') };
  }
}

function listenValue(words: readonly string[]): DirectiveValue {
  const [address = '', word, domain] = words;
  if (words.length > 3 || (word !== undefined && (word !== 'rdomain' || domain === undefined))) return { invalid: 'ListenAddress has too many arguments' };
  const bare = !address.includes('[') && (address.match(/:/g)?.length ?? 0) > 1;
  const port = bare ? undefined : /^(?:\[[^\]]*\]|[^:[\]]*):(.*)$/s.exec(address)?.[1];
  if (port !== undefined && !isPort(port)) return { invalid: `${port} is no port` };
  return { value: words.join(' ') };
}

function permitValue(keyword: Keyword, words: readonly string[]): DirectiveValue {
  if (words[0] === 'any' || words[0] === 'none') return words.length > 1 ? { invalid: `${keyword.name} has too many arguments` } : { value: words[0] };
  const values: string[] = [];
  for (const word of words) {
    const [, afterHost] = /^(?:\[[^\]]*\]|[^:]*):(.*)$/s.exec(word) ?? [];
    const port = afterHost ?? word;
    if (port !== '*' && !isPort(port)) return { invalid: `${word} is no host:port` };
    if (!word.includes(':') && keyword.name === 'PermitOpen') return { invalid: `${word} is no host:port` };
    values.push(word.includes(':') ? word : `*:${word}`);
  }
  return { value: values.join(' ') };
}

function methodsValue(words: readonly string[]): DirectiveValue {
  const methods = new Set(['none', 'publickey', 'password', 'keyboard-interactive', 'hostbased', 'gssapi-with-mic', 'gssapi-keyex']);
  if (words.includes('any')) return words.length > 1 ? { invalid: 'any must stand alone in AuthenticationMethods' } : { value: 'any' };
  for (const word of words) {
    const parts = word.split(',');
    if (!parts.every((part) => methods.has(part.split(':')[0] ?? '') && part !== 'none')) return { invalid: `AuthenticationMethods cannot be ${word}` };
  }
  return { value: words.join(' ') };
}

/** a2port: a number or a name of a service; names can't be looked up, `ssh` is the usual one. */
function isPort(word: string): boolean {
  return /^[0-9]+$/.test(word) ? Number(word) > 0 && Number(word) < 65_536 : /^[a-z][a-z0-9-]*$/i.test(word);
}
