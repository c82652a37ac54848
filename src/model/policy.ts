import type { Request } from './evidence.ts';

/** Ordered: `go` < `warn` < `stop`. */
export type Action = 'go' | 'warn' | 'stop';

/** A rule in the one policy model: which check, with which parameters, what it means when it fires. */
export interface Rule {
  /** Gate and trigger of the catalogue: `packages`, `denylist`. */
  readonly gate: string;
  readonly trigger: string;
  readonly action: Action;
  /** Validated by the trigger's declaration. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** The author's own words, for reports. */
  readonly written: { readonly gate: string; readonly trigger: string; readonly line: number };
  readonly requests: readonly Request[];
}

/** Suppresses findings by id, visibly. */
export interface Exception {
  /** The gate as written in the policy; null: any. */
  readonly gate: string | null;
  /** The trigger as written in the policy; absent: any. */
  readonly trigger?: string;
  /** Only for the image with this id (hex of its configuration's digest); absent: any image. */
  readonly imageId?: string;
  /** A finding's id; `*` stands for any text. */
  readonly id: string;
  /** On whose word: file and line. */
  readonly source: string;
  /** `global` or `image`. */
  readonly scope: 'global' | 'image';
}

export interface Policy {
  readonly name: string;
  readonly version: string | null;
  readonly format: 'classic';
  /** `builtin:basic-policy`, or the file as typed. */
  readonly source: string;
  /** Of the policy's text. */
  readonly digest: `sha256:${string}`;
  readonly rules: readonly Rule[];
  readonly exceptions: readonly Exception[];
}
