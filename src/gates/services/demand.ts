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

/** How a service writes a number with a unit: as a time, or as a size by that table. */
export type Measure = 'time' | Readonly<Record<string, number>>;

const times: Readonly<Record<string, number>> = { us: 1e-6, ms: 0.001, s: 1, m: 60, mi: 60, min: 60, h: 3600, d: 86_400, w: 604_800 };
const bytes = { b: 1, kb: 2 ** 10, mb: 2 ** 20, gb: 2 ** 30, tb: 2 ** 40 };
/** nginx: ngx_parse_size and ngx_parse_offset. */
const nginxSizes = { k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 };
/** Redis: memtoull; a unit without b is decimal. */
const redisSizes = { ...bytes, k: 1e3, m: 1e6, g: 1e9 };
/** Words in the names of nginx's directives that hold a size; in the others m is minutes. */
const nginxSizeNames = /size|buffer|rate|lowat|rcvbuf|sndbuf|chunk|length|offset|directio|window|gzip_hash|gzipping|read_ahead|slice|rlimit_core/;

/** What a unit means in the values of a setting: `m` is minutes in one, and a million bytes in another. */
export function measureOf(service: string, key: string): Measure {
  if (service === 'redis') return redisSizes;
  return service === 'nginx' && nginxSizeNames.test(key) ? nginxSizes : 'time';
}

/**
 * A number, a time in seconds (`90`, `2m`, `1h30m`, `5min`, as sshd, httpd, nginx and PostgreSQL write them) or a size in bytes
 * (`8k` where the measure is a size; `64MB` everywhere); undefined for other texts.
 */
export function numberOf(text: string, measure: Measure = 'time'): number | undefined {
  const word = text.trim().toLowerCase();
  if (/^-?\d{1,15}(?:\.\d{1,9})?$/.test(word)) return Number(word);
  const [, digits, unit] = /^(\d{1,15}) ?([kmgt]?b?)$/.exec(word) ?? [];
  if (digits !== undefined && unit !== undefined) {
    const size = measure === 'time' ? (bytes as Readonly<Record<string, number>>)[unit] : measure[unit];
    if (size !== undefined) return Number(digits) * size;
  }
  if (measure !== 'time' || word.length > 60 || !/^(?:\d{1,15}(?:us|ms|s|min|mi|m|h|d|w))+$/.test(word)) return undefined;
  let seconds = 0;
  for (const [, count = '0', each = 's'] of word.matchAll(/(\d+)([a-z]+)/g)) seconds += Number(count) * (times[each] ?? 1);
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
export function isMet(value: string, demand: Demand, measure: Measure = 'time'): boolean | undefined {
  const { is, oneof, noneof, has, lacks, atleast, atmost } = demand;
  if (is !== undefined && !fits(value, is)) return false;
  if (oneof !== undefined && !oneof.some((each) => fits(value, each))) return false;
  if (noneof?.some((each) => fits(value, each)) === true) return false;
  const words = has === undefined && lacks === undefined ? [] : wordsOf(value);
  if (has !== undefined && !has.every((each) => words.some((word) => fits(word, each)))) return false;
  if (lacks?.some((each) => words.some((word) => fits(word, each))) === true) return false;
  if (atleast === undefined && atmost === undefined) return true;
  const number = numberOf(value, measure);
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
