import type { Evidence } from './evidence.ts';
import type { Digest } from './image.ts';

/**
 * Everything known about the images of a reference, to be judged later without image or feed (`evidence`,
 * `schemas/evidence.v1.json`). Values of environment variables and labels are not kept: `***` stands for them.
 */
export interface EvidenceDocument {
  readonly schema: 'portcullis.evidence.v1';
  readonly tool: { readonly name: 'portcullis'; readonly version: string };
  readonly images: readonly Evidence[];
  /** What read the image: one digest over all names and versions, and the list. */
  readonly readers: { readonly digest: string; readonly list: readonly { readonly name: string; readonly version: number }[] };
  /** Of the advisory store that vulnerabilities were matched with; null: nothing was loaded. */
  readonly advisories: string | null;
  /** RFC 3339: `--now`, else the clock; ends of life were told by it. */
  readonly evaluatedAt: string;
  /** Over everything else: shows that something was taken out or changed, not who wrote it. */
  readonly digest: Digest;
}
