import { PortcullisError } from '../errors.ts';
import { parserMessage } from '../parser-message.ts';
import { headOf } from './container.ts';
import { afterMark, isBlank } from './document-text.ts';

/** Objects and lists in one another. */
const MAX_DEPTH = 256;
/** Objects and lists together. */
const MAX_CONTAINERS = 5_000_000;
/** Values that are told apart by commas. */
const MAX_VALUES = 30_000_000;
/** Values that stand one after the other, each for itself (JSON Lines). */
const MAX_TEXTS = 1000;

const quote = 0x22;
const backslash = 0x5c;

/** Whether a file may be a JSON object: by its first bytes; a tar archive whose first name begins like one is none. */
export async function looksLikeJsonObject(path: string): Promise<boolean> {
  const head = await headOf(path, 512);
  let at = afterMark(head);
  while (isBlank(head[at])) at++;
  return head[at] === 0x7b && head.toString('latin1', 257, 262) !== 'ustar' && !head.includes(0);
}

/** A name may be written with escapes, and is the same name. */
function nameAt(bytes: Buffer, start: number, end: number): string {
  const key = bytes.toString('utf8', start, end);
  if (!key.includes('\\')) return key;
  try {
    return JSON.parse(`"${key}"`) as string;
  } catch {
    return key;
  }
}

/** The names of an object's members so far, by their hashes: two with one hash are taken for one name. */
type Names = number[] | Set<number>;
/** Above it looking through a list takes longer than a set. */
const FEW = 16;

function hashOf(bytes: Buffer, start: number, end: number, isEscaped: boolean): number {
  const [from, to, text] = isEscaped ? [0, 0, Buffer.from(nameAt(bytes, start, end))] : [start, end, bytes];
  let high = 0x811c9dc5;
  let low = 0x9e3779b1;
  for (let at = from, last = isEscaped ? text.length : to; at < last; at++) {
    const byte = text[at] as number;
    high = Math.imul(high ^ byte, 0x01000193);
    low = Math.imul(low ^ byte, 0x85ebca6b);
  }
  return (high >>> 11) * 0x100000000 + (low >>> 0);
}

/** Keeps a name; true when it was there. */
function isKnown(open: (Names | undefined)[], depth: number, hash: number): boolean {
  const names = open[depth];
  if (names === undefined) {
    open[depth] = [hash];
    return false;
  }
  if (Array.isArray(names)) {
    if (names.includes(hash)) return true;
    names.push(hash);
    if (names.length > FEW) open[depth] = new Set(names);
    return false;
  }
  if (names.has(hash)) return true;
  names.add(hash);
  return false;
}

/**
 * One pass over JSON text before it is parsed: nothing in it may take more than its share, and no object has a member twice.
 * Gives where the values on its outermost level end.
 */
function checkJson(bytes: Buffer, what: string): number[] {
  const limit = (why: string): PortcullisError => new PortcullisError('IMAGE_LIMIT', `${what} ${why}.`, { hint: 'No SBOM of a real image is like that.' });
  const ends: number[] = [];
  const open: (Names | undefined)[] = [];
  let depth = 0;
  let containers = 0;
  let values = 0;
  for (let at = afterMark(bytes); at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === quote) {
      const start = at + 1;
      let isEscaped = false;
      for (at++; at < bytes.length && bytes[at] !== quote; at++) {
        if (bytes[at] === backslash) {
          isEscaped = true;
          at++;
        }
      }
      let next = at + 1;
      while (isBlank(bytes[next])) next++;
      if (bytes[next] !== 0x3a || depth === 0) continue;
      if (!isKnown(open, depth, hashOf(bytes, start, at, isEscaped))) continue;
      const name = nameAt(bytes, start, Math.min(at, start + 1000)).slice(0, 100);
      throw new PortcullisError('IMAGE_INVALID', `${what} has the member "${name}" twice in one object, so programs would read different things in it.`, {
        hint: 'Write it again with one of the two.',
      });
    }
    if (byte === 0x7b || byte === 0x5b) {
      containers++;
      open[++depth] = undefined;
      if (depth > MAX_DEPTH) throw limit(`nests objects and lists deeper than ${MAX_DEPTH}`);
      if (containers > MAX_CONTAINERS) throw limit(`holds more than ${MAX_CONTAINERS} objects and lists`);
    } else if (byte === 0x7d || byte === 0x5d) {
      if (--depth === 0) ends.push(at + 1);
      if (ends.length > MAX_TEXTS) throw limit(`holds more than ${MAX_TEXTS} documents`);
    } else if (byte === 0x2c && ++values > MAX_VALUES) throw limit(`holds more than ${MAX_VALUES} values`);
  }
  return ends;
}

function parse(bytes: Buffer, what: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new PortcullisError('IMAGE_INVALID', `${what} is not valid JSON in UTF-8 (${parserMessage(error)}).`, {
      hint: 'It may have been cut off: write it again.',
      cause: error,
    });
  }
}

/**
 * The values of a JSON text, mostly one: some programs write several, a line each.
 * @param what what it is called in messages
 * @throws PortcullisError IMAGE_INVALID, IMAGE_LIMIT
 */
export function parseJsonTexts(bytes: Buffer, what: string): unknown[] {
  const ends = checkJson(bytes, what);
  const last = ends.at(-1);
  // What isn't closed as it was opened is one text, and the parser says what is wrong with it.
  if (ends.length < 2 || last === undefined || bytes.subarray(last).some((byte) => !isBlank(byte))) return [parse(bytes, what)];
  return ends.map((end, index) => parse(bytes.subarray(ends[index - 1] ?? 0, end), what));
}
