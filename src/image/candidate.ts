import type { Image } from '../model/index.ts';

/** An image that can be opened; one that can't be doesn't keep the others of its archive from it. */
export interface ImageCandidate {
  readonly tags: readonly string[];
  /** Which of the image's platforms it is, where all were asked for. */
  readonly platform?: string;
  /** Verifies manifest and configuration. @throws PortcullisError IMAGE_INVALID, IMAGE_DIGEST, IMAGE_FORMAT, IMAGE_LIMIT, IMAGE_CHOICE */
  open(): Promise<Image>;
}
