import type { Directive } from './directives.ts';

/**
 * What nginx would refuse of a directive's arguments (ngx_conf_handler and the slot functions): their number, the
 * missing or needless block, a value that is none of its kind. null: nothing.
 */
export function argumentFault(directive: Directive, args: readonly string[], opens: boolean): string | null {
  const { name } = directive;
  if (!directive.opensBlock && opens) return `directive "${name}" is not terminated by ";"`;
  if (directive.opensBlock && !opens) return `directive "${name}" has no opening "{"`;
  if (!isNumberOfArguments(directive.arguments, args.length)) return `invalid number of arguments in "${name}" directive`;
  const first = args[0] ?? '';
  switch (directive.kind) {
    case 'flag':
      return /^(?:on|off)$/i.test(first) ? null : `invalid value "${shown(first)}" in "${name}" directive, it must be "on" or "off"`;
    case 'num':
      return /^[0-9]{1,18}$/.test(first) ? null : `"${name}" directive invalid number`;
    case 'size':
      return isSize(first, 'kKmM') ? null : `"${name}" directive invalid value`;
    case 'off':
      return isSize(first, 'kKmMgG') ? null : `"${name}" directive invalid value`;
    case 'msec':
      return isTime(first, false) ? null : `"${name}" directive invalid value`;
    case 'sec':
      return isTime(first, true) ? null : `"${name}" directive invalid value`;
    case 'bufs':
      return /^[1-9][0-9]{0,9}$/.test(first) && isSize(args[1] ?? '', 'kKmM') ? null : `"${name}" directive invalid value`;
    case 'enum':
      return directive.values.some((value) => value.toLowerCase() === first.toLowerCase()) ? null : `invalid value "${shown(first)}"`;
    case 'mask': {
      const wrong = args.find((argument) => !directive.values.some((value) => value.toLowerCase() === argument.toLowerCase()));
      return wrong === undefined || directive.values.length === 0 ? null : `invalid value "${shown(wrong)}"`;
    }
    default:
      return ownFault(directive, args);
  }
}

/** What the code of single directives checks. */
function ownFault(directive: Directive, args: readonly string[]): string | null {
  if (directive.name === 'if') return isCondition(args) ? null : `invalid condition "${shown(args.join(' '))}"`;
  if (directive.name === 'location' && args.length === 2 && !/^(?:=|\^~|~|~\*)$/.test(args[0] ?? ''))
    return `invalid location modifier "${shown(args[0] ?? '')}"`;
  if (directive.name === 'allow' || directive.name === 'deny') {
    return /^(?:all|unix:|[0-9a-fA-F:.]+(?:\/[0-9]{1,3})?)$/.test(args[0] ?? '') ? null : `invalid parameter "${shown(args[0] ?? '')}"`;
  }
  if (directive.name === 'protocol' && directive.family === 'mail')
    return /^(?:imap|pop3|smtp)$/.test(args[0] ?? '') ? null : `unknown protocol "${shown(args[0] ?? '')}"`;
  if (directive.name === 'server' && directive.contexts === 'u') {
    const wrong = args
      .slice(1)
      .find((word) => !/^(?:backup|down|resolve|drain|(?:weight|max_conns|max_fails|fail_timeout|slow_start|route|service)=.+)$/.test(word));
    return wrong === undefined ? null : `invalid parameter "${shown(wrong)}"`;
  }
  return null;
}

/** ngx_http_rewrite_if_condition: a variable alone, compared or matched, or a test of a file. */
function isCondition(args: readonly string[]): boolean {
  const first = args[0] ?? '';
  const last = args.at(-1) ?? '';
  if (!first.startsWith('(') || !last.endsWith(')')) return false;
  const words = args.map((word, index) => (index === 0 ? word.slice(1) : word)).map((word, index) => (index === args.length - 1 ? word.slice(0, -1) : word));
  if (words[0] === '') words.shift();
  if (words.at(-1) === '') words.pop();
  const [subject = '', operator] = words;
  if (/^!?-[fdex]$/.test(subject)) return words.length === 2;
  if (!subject.startsWith('$') || subject.length < 2) return false;
  return words.length === 1 || (words.length === 3 && /^(?:=|!=|~|~\*|!~|!~\*)$/.test(operator ?? ''));
}

function isNumberOfArguments(allowed: string, count: number): boolean {
  switch (allowed) {
    case '*':
      return true;
    case 'f':
      return count === 1;
    case '1+':
      return count >= 1;
    case '2+':
      return count >= 2;
    default:
      return count <= 7 && allowed.includes(String(count));
  }
}

function isSize(text: string, units: string): boolean {
  const digits = units.includes(text.at(-1) ?? ' ') ? text.slice(0, -1) : text;
  return /^[0-9]{1,18}$/.test(digits);
}

/** ngx_parse_time: units from large to small, each once. */
function isTime(text: string, seconds: boolean): boolean {
  if (text.length > 100) return false;
  const large = seconds ? '(?:[0-9]+y *)?(?:[0-9]+M *)?' : '';
  const small = seconds ? '' : '(?:[0-9]+ms *)?';
  return new RegExp(`^(?=.*[0-9])${large}(?:[0-9]+w *)?(?:[0-9]+d *)?(?:[0-9]+h *)?(?:[0-9]+m(?!s) *)?(?:[0-9]+s *)?${small}(?:[0-9]+ *)?$`).test(text);
}

function shown(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
