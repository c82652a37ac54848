import type { Digest } from './image.ts';
import type { Location } from './location.ts';
import type { FindingLayer, ImageError, VerdictDocument } from './verdict.ts';
import type { FoundVulnerability, ImageVulnerabilities } from './vulnerabilities-document.ts';

/** How one advisory's entry about a package was judged. */
export interface Comparison {
  /** purl of the package. */
  readonly purl: string;
  /** The advisory's own id. */
  readonly advisory: string;
  readonly withdrawn: boolean;
  /** Whose entry it is: `Debian:12`. */
  readonly ecosystem: string;
  /** The name that was looked up, and whether it is the package's own or its source's. */
  readonly name: string;
  readonly through: 'package' | 'source';
  /** The version that was compared. */
  readonly version: string;
  /** Where the advisory came from: the file that was imported, or the address. */
  readonly origin: string;
  /** By which order; null: there is none for the ecosystem. */
  readonly order: { readonly name: string; readonly specification: string } | null;
  readonly ranges: readonly {
    readonly type: string;
    /** As the advisory has them; how the package's version stands to each. */
    readonly events: readonly { readonly event: string; readonly version: string; readonly comparison: '<' | '=' | '>' | '?' }[];
  }[];
  /** How many versions the entry lists, and whether this one is among them. */
  readonly listed: { readonly count: number; readonly contains: boolean };
  readonly result: 'affected' | 'unaffected' | 'incomparable';
}

/** A package that an explanation is about, with where it came from. */
export interface ExplainedPackage {
  readonly purl: string;
  readonly name: string;
  readonly version: string;
  readonly source: { readonly name: string; readonly version: string } | null;
  readonly ownedBy: string | null;
  readonly places: readonly { readonly location: Location; readonly layer: FindingLayer | null }[];
  /** What would resolve it, one way a line; empty where it isn't affected. */
  readonly resolutions: readonly string[];
}

/** What is known of a finding in one image. */
export interface ImageExplanation extends Omit<ImageVulnerabilities, 'vulnerabilities' | 'digest'> {
  readonly digest: Digest | null;
  readonly vulnerabilities: readonly FoundVulnerability[];
  readonly comparisons: readonly Comparison[];
  readonly packages: readonly ExplainedPackage[];
}

/** The explanation document (`explain -o json`, `schemas/explanation.v1.json`). */
export interface ExplanationDocument {
  readonly schema: 'portcullis.explanation.v1';
  readonly tool: { readonly name: 'portcullis'; readonly version: string };
  /** As the caller typed it. */
  readonly finding: string;
  readonly images: readonly (ImageExplanation | ImageError)[];
  readonly advisories: VerdictDocument['advisories'];
  /** RFC 3339. */
  readonly evaluatedAt: string;
}
