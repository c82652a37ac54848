import type { Place } from './place.ts';
import { isRandom, isSampleToken } from './shape.ts';

/** A kind of secret and how it is told from other text. */
export interface SecretRule {
  /** `github-token`; stable, policies name it. */
  readonly name: string;
  /** In words, after “it holds”: `a token of GitHub`. */
  readonly what: string;
  readonly confidence: 'high' | 'medium' | 'low';
  /** Texts at which a search begins, three characters at least, in small letters; case doesn't count. */
  readonly keywords: readonly string[];
  /** The expression is tried at the beginning of each line, keywords or none. Only with `path`. */
  readonly lines?: boolean;
  /**
   * Sticky, runs from the keyword's place, or as many bytes before it as `before` says. Must take time in proportion to what it
   * reads, of which it gets some thousand characters. The group `secret` is what must not be shown; without it the whole match is.
   */
  readonly expression: RegExp;
  /** How many characters at the beginning all such secrets have in common and may be shown. */
  readonly shown?: number;
  /** Bytes behind the keyword that it sees; 1024 otherwise, 4096 at most. */
  readonly reach?: number;
  /** Bytes in front of the keyword that it sees; 80 otherwise, 256 at most. */
  readonly behind?: number;
  /** How many bytes before its keyword the secret may begin, 79 at most: each is tried. */
  readonly before?: readonly number[];
  /** The keyword stands at the beginning of a word. */
  readonly word?: boolean;
  /** What it finds has no form of its own, only the name of a secret: in a package of a language it came with the package. */
  readonly byName?: boolean;
  /** Only in files whose path it fits. */
  readonly path?: RegExp;
  /** Further proof, beyond the shape. */
  readonly check?: (secret: string, match: RegExpExecArray, place: Place) => boolean;
  /** Names of the rule in the analyzers of older tools. */
  readonly formerly?: readonly string[];
}

/** `= "`, `: '`, `":"`, ` => `: what stands between a name and its value. */
export const separator = String.raw`["']?\]?\s{0,10}(?::=|=>|=|:)\s{0,10}`;
const assigned = String.raw`${separator}["'\x60]?`;

/** Nothing that could go on. */
export const end = '(?![A-Za-z0-9_-])';
export const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';

const isToken: NonNullable<SecretRule['check']> = (secret, _, place) => isRandom(secret) && !(place.isDoubtful && isSampleToken(secret));

/** A form that begins with the first of its marks: all of it, and up to `shown` the same in all of them. */
export function prefixed(
  name: string,
  what: string,
  keywords: readonly string[],
  expression: string,
  shown = keywords[0]?.length ?? 0,
  more: Partial<SecretRule> = {},
): SecretRule {
  return { name, what, confidence: 'high', keywords, expression: new RegExp(expression, 'y'), shown, word: true, check: isToken, ...more };
}

/** A value without a mark of its own, beside a name that says of which service it is, and that it is a secret. */
export function named(name: string, what: string, keywords: readonly string[], value: string, more: Partial<SecretRule> = {}): SecretRule {
  const expression = new RegExp(
    String.raw`(?=[\w.-]{0,60}(?:key|token|secret|pass|pwd|auth|cred|api|pat|sas|hec))[\w.-]{3,60}${assigned}(?<secret>${value})`,
    'iy',
  );
  return { name, what, confidence: 'high', keywords, expression, check: isToken, ...more };
}

/** A form whose mark stands in the middle, `before` bytes behind its beginning. */
export function marked(
  name: string,
  what: string,
  keywords: readonly string[],
  before: readonly number[],
  expression: string,
  more: Partial<SecretRule> = {},
): SecretRule {
  return { name, what, confidence: 'high', keywords, before, expression: new RegExp(expression, 'y'), check: isToken, ...more };
}
