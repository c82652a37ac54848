import type { Problem } from './evidence.ts';
import type { Digest, ImageInput } from './image.ts';
import type { FindingLayer, ImageError, VerdictDocument } from './verdict.ts';
import type { FeedState, Match, VexDocument } from './vulnerability.ts';

/** A match with the layer that brought the package. */
export interface FoundVulnerability extends Match {
  readonly layer: FindingLayer | null;
}

/** The vulnerabilities of one image. */
export interface ImageVulnerabilities {
  readonly reference: string;
  readonly digest: Digest | null;
  readonly imageId: Digest | null;
  readonly platform: string;
  readonly tags: readonly string[];
  readonly verified: boolean;
  /** Absent for an image. */
  readonly input?: ImageInput;
  readonly distribution: { readonly id: string; readonly version: string; readonly name: string } | null;
  /** Worst first. */
  readonly vulnerabilities: readonly FoundVulnerability[];
  /** The ecosystems that the image's packages need, and whether their advisories are there. */
  readonly needed: FeedState['needed'];
  readonly problems: readonly Pick<Problem, 'id' | 'kind' | 'evidence' | 'what' | 'why' | 'location'>[];
}

/** The vulnerabilities document (`vulnerabilities -o json`, `schemas/vulnerabilities.v1.json`). */
export interface VulnerabilitiesDocument {
  readonly schema: 'portcullis.vulnerabilities.v1';
  readonly tool: { readonly name: 'portcullis'; readonly version: string };
  readonly images: readonly (ImageVulnerabilities | ImageError)[];
  readonly advisories: VerdictDocument['advisories'];
  readonly vex?: readonly VexDocument[];
  /** RFC 3339. */
  readonly evaluatedAt: string;
}
