import { type BinaryRule, VERSION_WINDOW } from './rules.ts';

/** More places than any program repeats its version at. */
const MAX_PLACES = 10_000;
/** More versions than a file can say without meaning none of them. */
const MAX_VERSIONS = 1_000;

/**
 * Every version, once, that a file says by the rule. Each place costs a bounded look, so that the whole is linear.
 * @param series what the path says that the version begins with
 */
export function versionsIn(bytes: Buffer, rule: BinaryRule, series: string | undefined): string[] {
  if (rule.contains !== undefined && !bytes.includes(Buffer.from(rule.contains, 'latin1'))) return [];
  const version = new RegExp(`^(?:${rule.version})`, 'i');
  const found = new Set<string>();
  let places = 0;
  for (const at of series === undefined ? marked(bytes, rule.before ?? '\0') : beginning(bytes, `${series}.`)) {
    const text = version.exec(look(bytes, at))?.[0];
    if (text === undefined) continue;
    found.add(text);
    if (++places === MAX_PLACES || found.size === MAX_VERSIONS) break;
  }
  const { again } = rule;
  return again === undefined ? [...found] : [...found].filter((text) => standsBefore(bytes, text, new RegExp(`^(?:${again})`)));
}

function look(bytes: Buffer, at: number): string {
  return bytes.toString('latin1', at, at + VERSION_WINDOW);
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

/** Where a digit follows the mark. */
function* marked(bytes: Buffer, mark: string): Generator<number> {
  if (mark === '\0') {
    // A program has millions of zero bytes: a search for each would be slow.
    for (let at = 0; at < bytes.length; at++) if (bytes[at] === 0 && isDigit(bytes[at + 1])) yield at + 1;
    return;
  }
  for (const at of places(bytes, mark)) if (isDigit(bytes[at + mark.length])) yield at + mark.length;
}

/** Where the text stands, not as the end of a longer number. */
function* beginning(bytes: Buffer, text: string): Generator<number> {
  for (const at of places(bytes, text)) if (!isDigit(bytes[at - 1]) && bytes[at - 1] !== 0x2e) yield at;
}

function standsBefore(bytes: Buffer, text: string, pattern: RegExp): boolean {
  for (const at of places(bytes, text)) if (pattern.test(look(bytes, at + text.length))) return true;
  return false;
}

function* places(bytes: Buffer, text: string): Generator<number> {
  const sought = Buffer.from(text, 'latin1');
  for (let at = bytes.indexOf(sought); at !== -1; at = bytes.indexOf(sought, at + sought.length)) yield at;
}
