/** A kind of secret and how it is told from other text. */
export interface SecretRule {
  /** `github-token`; stable, policies name it. */
  readonly name: string;
  /** In words, after “it holds”: `a token of GitHub`. */
  readonly what: string;
  readonly confidence: 'high' | 'medium' | 'low';
  /** Texts at which a search begins, three characters at least, in small letters; case doesn't count. */
  readonly keywords: readonly string[];
  /**
   * Sticky, runs from the keyword's place; with `around` global, and runs over what stands around it. Must take time in proportion to what it reads, of which it gets some thousand
   * characters. The group `secret` is what must not be shown; without it the whole match is.
   */
  readonly expression: RegExp;
  /** How many characters at the beginning all such secrets have in common and may be shown. */
  readonly shown?: number;
  /** Bytes behind the keyword that it sees; 1024 otherwise, 4096 at most. */
  readonly reach?: number;
  /** The keyword stands within the secret. */
  readonly around?: boolean;
  /** The keyword stands at the beginning of a word. */
  readonly word?: boolean;
  /** Only in files whose path it fits. */
  readonly path?: RegExp;
  /** Further proof, beyond the shape. */
  readonly check?: (secret: string, match: RegExpExecArray, path: string) => boolean;
  /** Names of the rule in the analyzers of older tools. */
  readonly formerly?: readonly string[];
}
