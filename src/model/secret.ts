import type { Location } from './location.ts';

export type SecretConfidence = 'high' | 'medium' | 'low';

/** A secret that lies open. What it is stays where it was found: only a masked form and a keyed fingerprint are kept. */
export interface Secret {
  /** Name of the rule that found it: `github-token`. */
  readonly rule: string;
  /** What it is, in words: `a token of GitHub`. */
  readonly what: string;
  readonly confidence: SecretConfidence;
  readonly source: 'file' | 'env' | 'label' | 'command' | 'history';
  /** The variable's or label's name, `entrypoint`, `cmd` or `healthcheck`, the number of the history line from 1; null in a file. */
  readonly name: string | null;
  /** null for what stands in the configuration. */
  readonly location: Location | null;
  /** The part that all such secrets have in common, and how long it is: `ghp_… (40 characters)`. */
  readonly masked: string;
  /** The same for the same secret, as long as the key is: that of the installation's cache, or else of the run. */
  readonly fingerprint: string;
  /** True when a later layer deletes or replaces its file: whoever has the image has it all the same. */
  readonly deleted: boolean;
}
