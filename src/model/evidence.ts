import type { Account, Group } from './account.ts';
import type { BinaryRule } from './binary-rule.ts';
import type { Certificate, PrivateKey } from './certificate.ts';
import type { Dockerfile } from './dockerfile.ts';
import type { ContentMatch, DriftedFile, FileDigestAlgorithm, FileFact, FileSelection } from './file-fact.ts';
import type { ImageConfiguration, ImageFacts } from './image.ts';
import type { Location } from './location.ts';
import type { MalwareScan } from './malware.ts';
import type { Distribution, Package, PackageType } from './package.ts';
import type { Secret } from './secret.ts';
import type { Service } from './service.ts';
import type { FeedState, Match } from './vulnerability.ts';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** What can be known about an image, by kind. A kind that nobody asked for is absent from `Evidence.facts`. */
export interface Facts {
  readonly image: ImageFacts;
  readonly configuration: ImageConfiguration;
  readonly dockerfile: Dockerfile;
  /** null: a truly bare image (no os-release and no relative of it). */
  readonly distribution: Distribution | null;
  readonly packages: readonly Package[];
  readonly accounts: readonly Account[];
  readonly groups: readonly Group[];
  readonly files: readonly FileFact[];
  /** Lines that the request's patterns fit. */
  readonly contents: readonly ContentMatch[];
  readonly secrets: readonly Secret[];
  readonly certificates: readonly Certificate[];
  readonly keys: readonly PrivateKey[];
  readonly drift: readonly DriftedFile[];
  /** What a scanner outside found. */
  readonly malware: MalwareScan;
  readonly services: readonly Service[];
  readonly vulnerabilities: readonly Match[];
  readonly feeds: FeedState;
}
export type EvidenceKind = keyof Facts;

/** What a request of a kind may narrow. */
export interface RequestDetail {
  /** packages: only these types. */
  readonly types?: readonly PackageType[];
  /** packages: licences too where a package database doesn't hold them (Debian's copyright files). */
  readonly licenses?: boolean;
  /** packages: also which distribution package owns a language package. Set by the catalogue where it matters. */
  readonly ownership?: boolean;
  /** packages: also every file that a distribution package put there, with its checksum. Set by the catalogue where it matters. */
  readonly checksums?: boolean;
  /** packages: programs recognised by these rules too. */
  readonly binaryRules?: readonly BinaryRule[];
  /** services: only these. */
  readonly services?: readonly string[];
  /** files: only these. */
  readonly files?: FileSelection;
  /** files: also which package put what is kept there. */
  readonly owners?: boolean;
  /** files: the digests of what is kept, by these algorithms. */
  readonly digests?: readonly FileDigestAlgorithm[];
  /** contents: expressions that are searched from the beginning of each line; none finds nothing. */
  readonly patterns?: readonly string[];
}

/** What a rule asks for: plain data, so that it crosses to worker threads and hashes canonically. */
export interface Request<K extends EvidenceKind = EvidenceKind> {
  readonly kind: K;
  readonly detail?: RequestDetail;
}

export type ProblemKind = 'unreadable' | 'unsupported' | 'incomparable' | 'limit' | 'removed' | 'contradiction' | 'no-data' | 'stale';

/** What could not be known, and what it touches. */
export interface Problem {
  /** Stable: from kind, evidence and place, never from the wording. */
  readonly id: string;
  readonly kind: ProblemKind;
  readonly evidence: EvidenceKind;
  /** Without an ecosystem it touches all; `ecosystems`: each of several. */
  readonly scope: { readonly ecosystem?: string; readonly ecosystems?: readonly string[]; readonly path?: string; readonly layer?: number };
  /** `image`: the reason lies in the image; `outside`: missing feed, an input that can't hold it. */
  readonly cause: 'image' | 'outside';
  readonly what: string;
  readonly why: string;
  readonly location: Location | null;
}

/** What became of a request. */
export interface Coverage {
  readonly request: Request;
  readonly state: 'collected' | 'not-asked' | 'not-applicable' | 'incomplete';
  /** Ids of problems. */
  readonly problems: readonly string[];
}

/** Everything known about one image. */
export interface Evidence {
  readonly image: ImageFacts;
  readonly facts: Partial<Facts>;
  readonly coverage: readonly Coverage[];
  readonly problems: readonly Problem[];
}
