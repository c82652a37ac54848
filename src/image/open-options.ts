import type { Limits } from '../archive/index.ts';
import type { Platform } from '../model/index.ts';

/** How to choose among what a reference holds. */
export interface OpenOptions {
  /** null: this machine's, where there is a choice. */
  readonly platform: Platform | null;
  /** Only the image with this tag; null: all images of the archive. */
  readonly tag: string | null;
  readonly limits: Limits;
}
