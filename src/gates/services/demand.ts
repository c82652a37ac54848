/** What a policy demands of a setting's effective value; every part that is there must hold. */
export interface Demand {
  /** The value itself. */
  readonly is?: string | undefined;
  /** One of these. */
  readonly oneof?: readonly string[] | undefined;
  /** None of these. */
  readonly noneof?: readonly string[] | undefined;
  /** The value's words hold each of these. */
  readonly has?: readonly string[] | undefined;
  /** The value's words hold none of these. */
  readonly lacks?: readonly string[] | undefined;
  readonly atleast?: number | undefined;
  readonly atmost?: number | undefined;
}

const units: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/**
 * A number, or a time in seconds (`90`, `2m`, `1h30m`, as sshd, nginx and PostgreSQL write them); undefined for other
 * texts. Sizes have no common unit letters with times and are compared as they are: a plain number.
 */
export function numberOf(text: string): number | undefined {
  const word = text.trim().toLowerCase();
  if (/^-?\d{1,15}(?:\.\d{1,9})?$/.test(word)) return Number(word);
  if (word.length > 60 || !/^(?:\d{1,15}(?:ms|s|m|h|d|w))+$/.test(word)) return undefined;
  let seconds = 0;
  for (const [, count = '0', unit = 's'] of word.matchAll(/(\d+)(ms|s|m|h|d|w)/g)) seconds += Number(count) * (units[unit] ?? 1);
  return seconds;
}

/** Whether a text is a pattern's, where `*` stands for any text and `\*` for itself; case doesn't matter. Linear for each piece. */
function fits(text: string, pattern: string): boolean {
  const pieces = pattern
    .toLowerCase()
    .split(/(?<!\\)\*/)
    .map((piece) => piece.replaceAll('\\*', '*'));
  const value = text.toLowerCase();
  const first = pieces[0] ?? '';
  const last = pieces.at(-1) ?? '';
  if (pieces.length === 1) return value === first;
  if (!value.startsWith(first) || !value.endsWith(last) || value.length < first.length + last.length) return false;
  let at = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = value.indexOf(piece, at);
    if (found === -1 || found + piece.length > value.length - last.length) return false;
    at = found + piece.length;
  }
  return true;
}

const wordsOf = (value: string): string[] =>
  value
    .split(/[\s,:;]+/)
    .map((word) => word.replace(/^["'+]+|["']+$/g, ''))
    .filter((word) => word !== '');

/** Whether a value is what is demanded; undefined when it is no number where one is compared. `*` stands for any text. */
export function isMet(value: string, demand: Demand): boolean | undefined {
  const { is, oneof, noneof, has, lacks, atleast, atmost } = demand;
  if (is !== undefined && !fits(value, is)) return false;
  if (oneof !== undefined && !oneof.some((each) => fits(value, each))) return false;
  if (noneof?.some((each) => fits(value, each)) === true) return false;
  const words = has === undefined && lacks === undefined ? [] : wordsOf(value);
  if (has !== undefined && !has.every((each) => words.some((word) => fits(word, each)))) return false;
  if (lacks?.some((each) => words.some((word) => fits(word, each))) === true) return false;
  if (atleast === undefined && atmost === undefined) return true;
  const number = numberOf(value);
  if (number === undefined) return undefined;
  return !((atleast !== undefined && number < atleast) || (atmost !== undefined && number > atmost));
}

/** A demand in words: `no`, `one of a, b`, `at most 4`. */
export function demandWords({ is, oneof, noneof, has, lacks, atleast, atmost }: Demand): string {
  const parts = [
    is,
    oneof && `one of ${oneof.join(', ')}`,
    noneof && (noneof.includes('') ? 'set' : `not ${noneof.join(' or ')}`),
    has && `with ${has.join(', ')}`,
    lacks && `without ${lacks.join(', ')}`,
    atleast === undefined ? undefined : `at least ${atleast}`,
    atmost === undefined ? undefined : `at most ${atmost}`,
  ];
  return parts.filter((part) => part !== undefined).join(' and ');
}
