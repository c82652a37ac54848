import type { Problem } from './evidence.ts';
import type { Digest, ImageInput } from './image.ts';
import type { Action } from './policy.ts';
import type { ExploitationState, FeedSource, Severity, VexDocument, VexMark } from './vulnerability.ts';

export type FindingState = 'fired' | 'undecided' | 'excepted';

export interface FindingLayer {
  readonly index: number;
  readonly diffId: Digest | null;
  readonly createdBy: string | null;
}

export interface Finding {
  /** Built from gate, trigger, subject and location, never from the message. */
  readonly id: string;
  /** In the policy author's words. */
  readonly gate: string;
  readonly trigger: string;
  /** What it counts as: an undecided one may count as less than its rule's action. */
  readonly action: Action;
  readonly state: FindingState;
  readonly message: string;
  readonly rule: { readonly line: number };
  readonly package: { readonly purl: string; readonly name: string; readonly version: string; readonly type: string } | null;
  readonly vulnerability: { readonly id: string; readonly aliases: readonly string[]; readonly severity: Severity; readonly fixedIn: string | null } | null;
  readonly file: { readonly path: string; readonly line: number | null } | null;
  readonly layer: FindingLayer | null;
  /** What to do about it. */
  readonly remediation: string | null;
  readonly exception: {
    readonly source: string;
    /** `vex`: a VEX statement, which is then told in `statement`. */
    readonly scope: 'global' | 'image' | 'vex';
    readonly statement?: Omit<VexMark, 'source'>;
  } | null;
}

export interface Counts {
  readonly stop: number;
  readonly warn: number;
  readonly go: number;
  /** Of the three above, how many are undecided. */
  readonly undecided: number;
  readonly excepted: number;
}

export type VerdictReason = 'policy' | 'denied-image' | 'allowed-image' | 'no-mapping' | 'no-rules';

/** The verdict of one image. */
export interface ImageVerdict {
  readonly reference: string;
  readonly digest: Digest | null;
  readonly imageId: Digest | null;
  /** `linux/amd64`, `linux/arm/v7`. */
  readonly platform: string;
  readonly tags: readonly string[];
  /** False: nothing was checked against a digest (a directory). */
  readonly verified: boolean;
  /** Absent for an image. */
  readonly input?: ImageInput;
  readonly distribution: { readonly id: string; readonly version: string; readonly name: string } | null;
  readonly policy: { readonly name: string; readonly version: string | null; readonly format: string; readonly source: string; readonly digest: string };
  readonly verdict: Action;
  readonly reason: VerdictReason;
  readonly counts: Counts;
  readonly findings: readonly Finding[];
  readonly problems: readonly Pick<Problem, 'id' | 'kind' | 'evidence' | 'what' | 'why' | 'location'>[];
}

/** An image that could not be judged. */
export interface ImageError {
  readonly reference: string;
  readonly error: { readonly code: string; readonly message: string; readonly hint: string | null };
}

/** A setting that can change a verdict, and where it came from. */
export interface VerdictSetting {
  readonly name: string;
  readonly value: string;
  readonly origin: string;
}

/** The document that `-o json` prints (`schemas/verdict.v1.json`). */
export interface VerdictDocument {
  readonly schema: 'portcullis.verdict.v1';
  readonly tool: { readonly name: 'portcullis'; readonly version: string };
  /** Worst of all images that could be judged; null when none could. */
  readonly verdict: Action | null;
  readonly images: readonly (ImageVerdict | ImageError)[];
  readonly advisories: {
    readonly digest: string | null;
    readonly sources: readonly Pick<FeedSource, 'ecosystem' | 'records' | 'asOf'>[];
    readonly exploitation?: ExploitationState;
  };
  /** The VEX documents that were given; absent when none was. */
  readonly vex?: readonly VexDocument[];
  readonly settings: readonly VerdictSetting[];
  /** RFC 3339. */
  readonly evaluatedAt: string;
}

export interface ErrorDocument {
  readonly schema: 'portcullis.error.v1';
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
}
