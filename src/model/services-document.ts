import type { Problem } from './evidence.ts';
import type { Digest, ImageInput } from './image.ts';
import type { Service } from './service.ts';
import type { ImageError } from './verdict.ts';

/** The services document (`services -o json`, `schemas/services.v1.json`). */
export interface ServicesDocument {
  readonly schema: 'portcullis.services.v1';
  readonly tool: { readonly name: 'portcullis'; readonly version: string };
  readonly images: readonly (ImageServices | ImageError)[];
}

/** The services of one image. */
export interface ImageServices {
  readonly reference: string;
  readonly digest: Digest | null;
  readonly imageId: Digest | null;
  readonly platform: string;
  readonly tags: readonly string[];
  readonly verified: boolean;
  /** Absent for an image. */
  readonly input?: ImageInput;
  readonly distribution: { readonly id: string; readonly version: string; readonly name: string } | null;
  readonly services: readonly Service[];
  readonly problems: readonly Pick<Problem, 'id' | 'kind' | 'evidence' | 'what' | 'why' | 'location'>[];
}
